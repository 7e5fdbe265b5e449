"""Rakes four margins with ipfn on the table of cells and spreads to rows: rake_ipfn.py FILE MARGINS.csv (written for the others)."""

import csv
import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")
import numpy as np
import pandas as pd
from ipfn import ipfn

SIZES = {"grp": 4, "district": 10, "age": 5, "sex": 2}
d = pd.read_parquet(sys.argv[1], columns=[*SIZES, "w"])
totals = {}
with open(sys.argv[2], "w", newline="") as file:
    rows = csv.writer(file)
    rows.writerow(["margin", "level", "count"])
    for name in SIZES:
        sums = d.groupby(name).w.sum()
        sums *= 1 + 0.08 * np.sin((np.arange(len(sums)) + 1) * 2.1)
        totals[name] = (sums / sums.sum() * d.w.sum()).round(6)
        rows.writerows((name, level, f"{total:.6f}") for level, total in totals[name].items())
wall, cpu = time.perf_counter(), time.process_time()
place = np.ravel_multi_index([d[name].values - 1 for name in SIZES], tuple(SIZES.values()))
cells = np.bincount(place, weights=d.w, minlength=400).reshape(tuple(SIZES.values()))
targets = [totals[name].values for name in SIZES]
raked = ipfn.ipfn(cells.copy(), targets, [[0], [1], [2], [3]], convergence_rate=1e-9, max_iteration=100, rate_tolerance=0).iteration()
weights = d.w.values * (raked / np.where(cells > 0, cells, 1)).ravel()[place]
print(json.dumps({"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall, "check": [float(weights.sum())]}))
