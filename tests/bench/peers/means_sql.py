"""Sums per PSU by DuckDB or Polars, finished in numpy: means_sql.py duckdb|polars FILE. The whole process is measured."""

import json
import sys

import numpy as np

engine, file = sys.argv[1:3]
K, STRATA, PSUS, UNITS = 12, 40, 50, 60
if engine == "duckdb":
    import duckdb

    sums = ",".join(
        f"sum(case when q{k} between 1 and 5 then w end) w{k}, sum(case when q{k} between 1 and 5 then w * 25 * (q{k} - 1) end) y{k}"
        for k in range(1, K + 1)
    )
    cells = duckdb.execute(f"select dept, stratum, psu, {sums} from '{file}' group by all").fetchnumpy()
else:
    import polars as pl

    sums = []
    for k in range(1, K + 1):
        valid = pl.col(f"q{k}").is_between(1, 5)
        sums += [pl.col("w").filter(valid).sum().alias(f"w{k}"), (pl.col("w") * 25.0 * (pl.col(f"q{k}") - 1)).filter(valid).sum().alias(f"y{k}")]
    table = pl.scan_parquet(file).group_by("dept", "stratum", "psu").agg(sums).collect(engine="streaming")
    cells = {name: table[name].to_numpy() for name in table.columns}

columns = lambda letter: np.nan_to_num(np.stack([np.ma.filled(np.ma.asarray(cells[f"{letter}{k}"], dtype=float), 0.0) for k in range(1, K + 1)], 1))
unit, stratum, weight, value = np.asarray(cells["dept"]).astype(int), np.asarray(cells["stratum"]).astype(int), columns("w"), columns("y")
means, errors = np.zeros((UNITS + 1, K)), np.zeros((UNITS + 1, K))
for d in range(1, UNITS + 1):
    rows = unit == d
    w, y, h = weight[rows], value[rows], stratum[rows]
    whole = w.sum(0)
    means[d] = y.sum(0) / whole
    z = (y - means[d] * w) / whole
    first, second = np.zeros((STRATA + 1, K)), np.zeros((STRATA + 1, K))
    np.add.at(first, h, z)
    np.add.at(second, h, z * z)
    errors[d] = np.sqrt((PSUS / (PSUS - 1) * (second - first * first / PSUS)).sum(0))
print(json.dumps({"check": [means[1, 0], errors[1, 0]]}))
