"""Writes a wide microdata file to measure with: N ratings of 60 units on 12 items, 40 strata of 50 PSUs each.

    generate.py ROWS DIR [--csv]      -> DIR/wide_ROWS.parquet (and .csv for the peers that read nothing else)

Every row is one rater on one unit: strata, psu, unit, rater group, district, age, sex, weight and q1..q12 (1..5,
9 = don't know, null = not answered). All of it is drawn; nothing in it was ever anybody's answer. The same ROWS
give the same file.
"""

import pathlib
import sys

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

UNITS, ITEMS, STRATA, PSUS = 60, 12, 40, 50
CHUNK = 1_000_000
ROW_GROUP = 250_000
CUTS = (-1.9, -1.05, -0.15, 1.0)


def main(rows: int, folder: pathlib.Path, csv: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(9_000_000 + rows % 1_000_003)
    city = City(rng)
    path = folder / f"wide_{rows}"
    writers = []
    for first in range(0, rows, CHUNK):
        table = city.ratings(rng, first, min(CHUNK, rows - first))
        if not writers:
            writers.append((pa.parquet.ParquetWriter(f"{path}.parquet", table.schema, compression="zstd"), ROW_GROUP))
            if csv:
                writers.append((pa.csv.CSVWriter(f"{path}.csv", table.schema), CHUNK))
        for writer, size in writers:
            writer.write_table(table, size)
    for writer, _ in writers:
        writer.close()
    print(path)


class City:
    """What units, items and PSUs are really like; drawn once per file."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.unit = rng.normal(0.55, 0.3, UNITS)
        self.item = rng.normal(0, 0.18, ITEMS)
        self.psu = rng.normal(0, 0.28, STRATA * PSUS)
        popularity = rng.gamma(1.6, 1, UNITS) + 0.25
        self.popularity = popularity / popularity.sum()
        sizes = np.linspace(1, 3, STRATA)
        self.stratum = sizes / sizes.sum()

    def ratings(self, rng: np.random.Generator, first: int, rows: int) -> pa.Table:
        stratum = rng.choice(STRATA, rows, p=self.stratum)
        psu = stratum * PSUS + rng.integers(0, PSUS, rows)
        unit = rng.choice(UNITS, rows, p=self.popularity)
        columns = {
            "rid": pa.array(np.arange(first + 1, first + rows + 1), pa.int64()),
            "quarter": pa.array(rng.integers(1, 5, rows), pa.int8()),
            "channel": pa.array(rng.integers(1, 6, rows), pa.int8()),
            "stratum": pa.array(stratum + 1, pa.int16()),
            "psu": pa.array(psu + 1, pa.int32()),
            "dept": pa.array(unit + 1, pa.int16()),
            "grp": pa.array(stratum % 4 + 1, pa.int8()),
            "district": pa.array(stratum // 4 + 1, pa.int8()),
            "age": pa.array(rng.integers(1, 6, rows), pa.int8()),
            "sex": pa.array(rng.integers(1, 3, rows), pa.int8()),
            "w": pa.array(np.round(np.exp(rng.normal(3, 0.5, rows)) * (1 + stratum / 20), 4)),
        }
        opinion = self.unit[unit] + self.psu[psu] + rng.normal(0, 0.55, rows)
        for k in range(ITEMS):
            answer = 1 + np.searchsorted(CUTS, opinion + self.item[k] + rng.normal(0, 0.75, rows))
            luck = rng.random(rows)
            answer[luck < 0.08] = 9
            columns[f"q{k + 1}"] = pa.array(answer, pa.int8(), mask=luck > 0.97)
        return pa.table(columns)


if __name__ == "__main__":
    main(int(sys.argv[1]), pathlib.Path(sys.argv[2]), "--csv" in sys.argv[3:])
