"""Us against the peers, whole processes, in one run: run.py HUIYIN DATA [--quick].

Each line is the least CPU of its repeats, with its wall time and peak memory. We and the engines that read Parquet are measured as whole
processes from the same file. R, svy, ipfn and numpy say themselves what they spent: reading their file is not counted, and neither is
ours where raking or drawing alone is compared: those are the examples built beside the binary. The last table has every ratio, its goal and whether it is reached.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
MILLION, TEN = 1_000_000, 10_000_000
ITEMS = [f"q{k}" for k in range(1, 13)]
REPEATS = 3


def measure(command: list[str], repeats: int) -> dict:
    """CPU, wall, memory and output of the repeat with the least CPU."""
    best: dict = {}
    for _ in range(repeats):
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        output = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"failed: {' '.join(command)}")
        cpu = used.ru_utime + used.ru_stime
        if not best or cpu < best["cpu"]:
            best = {"cpu": cpu, "wall": time.perf_counter() - start, "mb": used.ru_maxrss / 1024, "output": output}
    return best


def reported(command: list[str], repeats: int) -> dict:
    """What a process says it spent, where it does: a JSON object per measurement, the last lines of its output."""
    best: dict = {}
    for _ in range(repeats):
        found = measure(command, 1)
        for line in found["output"].strip().splitlines():
            said = json.loads(line) if line.startswith("{") else {}
            candidate = {**found, **said}
            if said and (not best or candidate["cpu"] < best["cpu"]):
                best = candidate
    return best


def in_turn(measurements: list, repeats: int) -> list[dict]:
    """The least CPU of each of some measurements, taken one after the other again and again: a machine that slows down slows all of them."""
    rounds = [[take() for take in measurements] for _ in range(repeats)]
    return [min(found, key=lambda it: it["cpu"]) for found in zip(*rounds)]


def peer(name: str, *arguments: object, repeats: int = REPEATS) -> dict:
    runner = "Rscript" if name.endswith(".R") else sys.executable
    return reported([runner, str(HERE / "peers" / name), *map(str, arguments)], repeats)


def analyze(binary: str, file: pathlib.Path, *extra: str, repeats: int = REPEATS) -> dict:
    command = [binary, "analyze", str(file), "--weight", "w", "--strata", "stratum", "--psu", "psu", "--scale", "1..5", "--missing", "9", "--json"]
    found = measure([*command, *extra], repeats)
    found["rows"] = json.loads(found["output"])
    return found


def means(binary: str, file: pathlib.Path, repeats: int = REPEATS) -> dict:
    found = analyze(binary, file, "--by", "dept", "--mean", ",".join(ITEMS), "--points", "0,25,50,75,100", repeats=repeats)
    assert len(found["rows"]) == 60 * len(ITEMS)
    first = next(row for row in found["rows"] if (row["domain"], row["variable"]) == ("1", "q1"))
    found["check"] = [first["estimate"], first["se"]]
    return found


class Report:
    def __init__(self) -> None:
        self.ratios: list[tuple[str, float, float | None]] = []

    def title(self, text: str) -> None:
        print(f"\n{text}", flush=True)

    def line(self, name: str, found: dict) -> dict:
        print(f"  {name:52} CPU {found['cpu']:9.3f} s  wall {found['wall']:9.3f} s  {found['mb']:6.0f} MB", flush=True)
        return found

    def ratio(self, name: str, value: float, goal: float | None = None) -> None:
        self.ratios.append((name, value, goal))

    def table(self) -> int:
        """Prints all ratios; the number of goals missed."""
        print(f"\n{'ratio':72} {'value':>9} {'goal':>6}")
        missed = 0
        for name, value, goal in self.ratios:
            reached = goal is None or value >= goal
            missed += not reached
            verdict = "" if goal is None else f"{goal:6g}  {'reached' if reached else 'NOT REACHED'}"
            print(f"{name:72} {value:9.2f} {verdict}")
        return missed


def built(binary: str, example: str) -> str | None:
    """The example beside the binary, if it has been built."""
    path = pathlib.Path(binary).parent / "examples" / example
    if path.exists():
        return str(path)
    print(f"  ours is skipped: build the example {example} (see run.sh)")
    return None


def agree(name: str, mine: dict, other: dict, tolerance: float = 1e-9) -> None:
    for a, b in zip(mine["check"], other["check"], strict=True):
        if abs(a - b) > tolerance * abs(b):
            raise SystemExit(f"{name} has other figures: {mine['check']} against {other['check']}")


def compare_means(report: Report, binary: str, data: pathlib.Path, quick: bool) -> None:
    report.title("60 units x 12 items: means with design SE")
    files = {rows: data / f"wide_{rows}.parquet" for rows in (MILLION, TEN)}
    pair = [lambda: peer("means_sql.py", "duckdb", files[TEN], repeats=1), lambda: means(binary, files[TEN], repeats=1)]
    duckdb, ten = in_turn(pair, 2 * REPEATS)
    report.line("DuckDB and numpy, 10,000,000 rows", duckdb)
    polars = report.line("Polars and numpy, 10,000,000 rows", peer("means_sql.py", "polars", files[TEN], repeats=1 if quick else REPEATS))
    svy = report.line("svy, 1,000,000 rows", peer("means_svy.py", files[MILLION], repeats=1 if quick else REPEATS))
    items = 1 if quick else len(ITEMS)
    r = report.line(f"R svyby, 1,000,000 rows, {items} of {len(ITEMS)} items", peer("means.R", data / f"wide_{MILLION}.csv", items, repeats=1))
    mine = {MILLION: means(binary, files[MILLION], 2 * REPEATS), TEN: ten}
    for rows, found in mine.items():
        report.line(f"huiyin analyze, {rows:,} rows", found)
    for name, rows, other in [("R", MILLION, r), ("svy", MILLION, svy), ("DuckDB", TEN, duckdb), ("Polars", TEN, polars)]:
        agree(name, mine[rows], other)
    one = mine[MILLION]
    r_name = "R svyby over ours, CPU at 1 M" + (" (its first item, times twelve)" if quick else "")
    report.ratio(r_name, r["cpu"] * len(ITEMS) / items / one["cpu"], 200)
    report.ratio("svy over ours, CPU at 1 M", svy["cpu"] / one["cpu"], 50)
    report.ratio("DuckDB over ours, CPU at 10 M", duckdb["cpu"] / ten["cpu"], 3)
    report.ratio("Polars over ours, CPU at 10 M", polars["cpu"] / ten["cpu"], 3)
    report.ratio("400 MB over our memory at 10 M", 400 / ten["mb"], 1)
    report.ratio("our cost of a row at 1 M over that at 10 M", one["cpu"] * 10 / ten["cpu"], 0.95)


def compare_raking(report: Report, binary: str, data: pathlib.Path) -> None:
    report.title("raking a million rows to four margins of 4, 10, 5 and 2 levels")
    file = data / f"wide_{MILLION}.parquet"
    with tempfile.TemporaryDirectory() as folder:
        margins = pathlib.Path(folder) / "margins.csv"
        ipfn = report.line("ipfn on the table of cells, spread to rows", peer("rake_ipfn.py", file, margins))
        report.line("huiyin analyze --rake, whole process with SE", analyze(binary, file, "--mean", "q1", "--rake", str(margins)))
        r = report.line("R rake", peer("rake.R", data / f"wide_{MILLION}.csv", repeats=1))
        if not (example := built(binary, "rake_file")):
            return
        mine = report.line("analytics::weighting::rake, spread to rows", reported([example, str(file), str(margins), "w"], 1))
    agree("ipfn", mine, ipfn, 1e-8)
    agree("R", mine, r, 1e-8)
    report.ratio("R rake over ours, CPU", r["cpu"] / mine["cpu"], 100)
    report.ratio("ipfn over ours, CPU", ipfn["cpu"] / mine["cpu"])


def compare_draw(report: Report, binary: str) -> None:
    report.title("drawing 10,000 of a million in 40 strata")
    numpy = report.line("numpy choice per stratum", peer("draw_numpy.py", repeats=1))
    r = report.line("R sampling::strata", peer("draw.R", repeats=1))
    if example := built(binary, "draw_million"):
        draw = measure([example], 1)
        spent = [line.split() for line in draw["output"].splitlines()]
        few, many = (min(float(wall) for wall, _, drawn in spent if drawn == people) for people in ("10000", "100000"))
        draw["wall"] = draw["cpu"] = few  # one thread
        report.line("huiyin draw", draw)
        report.ratio("numpy over ours, wall", numpy["wall"] / few, 1)
        report.ratio("a second over our draw of 100,000 in 20 strata", 1 / many, 1)
        report.ratio("R sampling::strata over ours, wall", r["wall"] / draw["wall"])


def main(binary: str, data: pathlib.Path, quick: bool) -> None:
    report = Report()
    compare_means(report, binary, data, quick)
    compare_raking(report, binary, data)
    compare_draw(report, binary)
    sys.exit(1 if report.table() else 0)


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]), "--quick" in sys.argv[3:])
