"""Draws 250 people from each of 40 strata of a million, numpy: the least of five."""

import json
import time

import numpy as np
import pandas as pd

people = 1_000_000
stratum = pd.Series(np.array([f"{h:02d}" for h in range(40)])[np.random.default_rng(0).integers(0, 40, people)])
rng = np.random.default_rng(1)
spent = []
for _ in range(5):
    wall, cpu = time.perf_counter(), time.process_time()
    code, labels = pd.factorize(stratum, sort=True)
    order = np.argsort(code, kind="stable")
    start = np.r_[0, np.cumsum(np.bincount(code))]
    drawn = np.concatenate([rng.choice(order[start[h] : start[h + 1]], 250, replace=False) for h in range(len(labels))])
    spent.append((time.perf_counter() - wall, time.process_time() - cpu))
print(json.dumps({"wall": min(s[0] for s in spent), "cpu": min(s[1] for s in spent), "check": [len(drawn)]}))
