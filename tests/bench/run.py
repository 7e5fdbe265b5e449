"""Us against the peers, whole processes, in one run: run.py HUIYIN DATA [--quick].

Every line is one process: CPU and wall seconds and peak memory, the smallest CPU of its repeats. Peers read the same Parquet file,
R the same rows as CSV, for it reads nothing else; its reading is not counted.
"""

import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
MILLION, TEN = 1_000_000, 10_000_000
ITEMS = [f"q{k}" for k in range(1, 13)]


def measure(command: list[str], repeats: int = 1) -> dict:
    """CPU, wall, memory of the best repeat; `counted` is what a peer says it spent without reading, `check` its first figures."""
    best: dict = {}
    for _ in range(repeats):
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        output = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"failed: {' '.join(command)}")
        found = {"cpu": used.ru_utime + used.ru_stime, "wall": time.perf_counter() - start, "mb": used.ru_maxrss / 1024, "output": output}
        if not best or found["cpu"] < best["cpu"]:
            best = found
    return best


def peer(name: str, *arguments: object, repeats: int = 1) -> dict:
    script = HERE / "peers" / name
    runner = "Rscript" if name.endswith(".R") else sys.executable
    found = measure([runner, str(script), *map(str, arguments)], repeats)
    last = json.loads(found["output"].strip().splitlines()[-1])
    found["check"] = last.get("check")
    if "cpu" in last:
        found["cpu"], found["wall"] = last["cpu"], last["wall"]
    return found


def ours(binary: str, file: pathlib.Path, *extra: str, repeats: int = 3) -> dict:
    command = [binary, "analyze", str(file), "--weight", "w", "--strata", "stratum", "--psu", "psu", "--by", "dept"]
    command += ["--mean", ",".join(ITEMS), "--scale", "1..5", "--missing", "9", "--points", "0,25,50,75,100", "--json", *extra]
    found = measure(command, repeats)
    rows = json.loads(found["output"])
    first = next(row for row in rows if row["domain"] in ("1", "dept=1") and "q1" == row["variable"].strip("mean()"))
    found["check"] = [first["estimate"], first["se"]]
    return found


class Report:
    def __init__(self) -> None:
        self.missed = 0

    def line(self, name: str, found: dict) -> None:
        memory = f"{found['mb']:6.0f} MB" if "mb" in found else ""
        print(f"{name:44} CPU {found['cpu']:8.3f} s  wall {found['wall']:8.3f} s  {memory}", flush=True)

    def goal(self, text: str, value: float, least: float) -> None:
        met = value >= least
        self.missed += not met
        print(f"  {'ok    ' if met else 'MISSED'} {text}: {value:.1f}, goal {least:g}", flush=True)


def agree(mine: dict, other: dict, name: str) -> None:
    for a, b in zip(mine["check"], other["check"]):
        if abs(a - b) > 1e-9 * abs(b):
            raise SystemExit(f"{name} has other figures: {mine['check']} against {other['check']}")


def main(binary: str, data: pathlib.Path, quick: bool) -> None:
    report = Report()
    files = {rows: data / f"wide_{rows}.parquet" for rows in (MILLION, TEN)}
    csv = data / f"wide_{MILLION}.csv"

    print("60 units x 12 items, means with design SE")
    mine = {rows: ours(binary, file) for rows, file in files.items()}
    for rows, found in mine.items():
        report.line(f"huiyin analyze, {rows:,} rows", found)
    items = 1 if quick else 12
    r = peer("means.R", csv, items)
    report.line(f"R svyby, 1,000,000 rows, {items} of 12 items", r)
    r["cpu"] *= 12 / items
    svy = peer("means_svy.py", files[MILLION])
    report.line("svy, 1,000,000 rows", svy)
    duckdb = peer("means_sql.py", "duckdb", files[TEN], repeats=2)
    report.line("DuckDB and numpy, 10,000,000 rows", duckdb)
    polars = peer("means_sql.py", "polars", files[TEN])
    report.line("Polars and numpy, 10,000,000 rows", polars)
    agree(mine[MILLION], r, "R")
    agree(mine[MILLION], svy, "svy")
    agree(mine[TEN], duckdb, "DuckDB")
    agree(mine[TEN], polars, "Polars")
    report.goal("times R" + (" (one item, times twelve)" if quick else ""), r["cpu"] / mine[MILLION]["cpu"], 200)
    report.goal("times svy", svy["cpu"] / mine[MILLION]["cpu"], 50)
    report.goal("times DuckDB", duckdb["cpu"] / mine[TEN]["cpu"], 3)
    report.goal("times Polars", polars["cpu"] / mine[TEN]["cpu"], 3)
    report.goal("400 MB over our memory", 400 / mine[TEN]["mb"], 1)
    flat = mine[MILLION]["cpu"] * 10 / mine[TEN]["cpu"]
    report.goal("cost per row at 1 M over that at 10 M", flat, 0.9)

    print("\nraking a million rows to four margins")
    with tempfile.TemporaryDirectory() as folder:
        margins = pathlib.Path(folder) / "margins.csv"
        ipfn = peer("rake_ipfn.py", files[MILLION], margins)
        plain = measure([*rake_command(binary, files[MILLION])], 3)
        raked = measure([*rake_command(binary, files[MILLION]), "--rake", str(margins)], 3)
    r = peer("rake.R", csv)
    step = {key: max(raked[key] - plain[key], 1e-3) for key in ("cpu", "wall")}
    report.line("huiyin analyze --rake, whole process", raked)
    report.line("  of which raking and its standard errors", step)
    report.line("R rake", r)
    report.line("ipfn on the table of cells", ipfn)
    report.goal("times R rake (ours with its standard errors)", r["cpu"] / step["cpu"], 100)

    print("\ndrawing 10,000 of a million in 40 strata")
    numpy = peer("draw_numpy.py")
    report.line("numpy choice per stratum", numpy)
    report.line("R sampling::strata", peer("draw.R"))
    if example := os.environ.get("HUIYIN_DRAW_EXAMPLE"):
        draw = measure([example])
        seconds = min(float(line.split()[0]) for line in draw["output"].splitlines())
        print(f"{'huiyin draw':44} wall {seconds:.3f} s")
        report.goal("numpy's wall over ours", numpy["wall"] / seconds, 1)
    else:
        print("skipped: HUIYIN_DRAW_EXAMPLE is not set (cargo build --release -p response-collection --example draw_million)")
    sys.exit(1 if report.missed else 0)


def rake_command(binary: str, file: pathlib.Path) -> list[str]:
    return [binary, "analyze", str(file), "--weight", "w", "--strata", "stratum", "--psu", "psu", "--mean", "q1", "--scale", "1..5", "--missing", "9", "--json"]


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]), "--quick" in sys.argv[3:])
