"""Means with design SE by svy: means_svy.py FILE; reading the file is not counted."""

import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")
import polars as pl
import svy

items = range(1, 13)
d = pl.read_parquet(sys.argv[1], columns=["stratum", "psu", "dept", "w", *(f"q{k}" for k in items)])
score = lambda k: pl.when(pl.col(f"q{k}") == 9).then(None).otherwise(25.0 * (pl.col(f"q{k}").cast(pl.Float64) - 1)).alias(f"s{k}")
d = d.with_columns([score(k) for k in items])
wall, cpu = time.perf_counter(), time.process_time()
sample = svy.Sample(data=d, design=svy.Design(stratum="stratum", psu="psu", wgt="w"))
results = [sample.estimation.mean(y=f"s{k}", by="dept", drop_nulls=True) for k in items]
spent = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
row = next(row for row in results[0].to_polars().to_dicts() if row["dept"] == 1)
print(json.dumps({**spent, "check": [row["est"], row["se"]]}))
