"""Imports of large files, beside what reading them costs at all: imports.py HUIYIN READ_FILE [CSV_ROWS XLSX_ROWS].

Hotline orders as another system exports them, GBK, three rows in a hundred dirty in every way; each row must become what the
generator says. For each file, in one run: the `csv` crate alone (reads records and does nothing with them), a naive read of
the whole file (Polars for CSV, pandas with openpyxl for XLSX), our dry run and our import. Memory is the sum of the peaks of
the program and of the child process that reads; both are looked at until they end.
"""
import json, pathlib, re, subprocess, sys, tempfile, time

binary, read_file = sys.argv[1], sys.argv[2]
CSV_ROWS, XLSX_ROWS = (int(word) for word in (sys.argv[3:5] if len(sys.argv) > 4 else ("500000", "160000")))
HERE = pathlib.Path(__file__).parent
NAIVE = {
    ".csv": "import polars, sys; t = polars.read_csv(sys.argv[1], encoding='gb18030', infer_schema=False, truncate_ragged_lines=True, has_header=False); print(t.height)",
    ".xlsx": "import pandas, sys; t = pandas.read_excel(sys.argv[1], dtype=str, header=None); print(len(t))",
}


def peak(pid):
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", pathlib.Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(found.group(1)) if found else 0


def children(pid):
    found = []
    for tasks in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, tasks.read_text().split())
        except OSError:
            pass
    return found


def measured(*command):
    """Seconds, MB of the process and of its children, and what it printed."""
    peaks, began = {}, time.perf_counter()
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        while process.poll() is None:
            for pid in [process.pid, *children(process.pid)]:
                peaks[pid] = max(peaks.get(pid, 0), peak(pid))
            time.sleep(0.01)
        seconds = time.perf_counter() - began
        out.seek(0)
        own = peaks.pop(process.pid, 0) / 1024
        return seconds, own, sum(peaks.values()) / 1024, out.read(), process.returncode


def one(path, wanted, data):
    rows, naive = wanted["rows"], None
    print(f"\n{path.name}: {rows:,} rows, {path.stat().st_size / 1e6:.0f} MB")
    seconds, own, _, _, code = measured(sys.executable, "-c", NAIVE[path.suffix], str(path))
    naive = None if code else seconds
    print(f"   naive read ({'Polars' if path.suffix == '.csv' else 'pandas, openpyxl'})   {seconds:7.2f} s  {own:5.0f} MB" if naive else "   naive read: failed")
    alone = None
    if path.suffix == ".csv":
        told = measured(read_file, str(path))[3]
        alone = float(re.search(r"csv alone: \d+ records, ([\d.]+) s", told).group(1))
        print(f"   csv crate alone                {alone:7.2f} s")
    for name, words in (("dry run", ["--dry-run"]), ("import", []), ("import again", [])):
        seconds, own, child, told, code = measured(binary, "import", "hotline", str(path), "--round", "2026Q3", "--data", data, "--json", *words)
        report = json.loads(told)
        found = {"taken": report["new"] + report["same"] + report["changed"], "rejected": report["rejected"], "duplicate": report["duplicate"]}
        assert found == {key: wanted[key] for key in found}, (name, found, wanted)
        assert name != "import again" or report["same"] == found["taken"], report
        ratios = "".join(f"  {seconds / other:5.1f} x {what}" for other, what in ((alone, "csv alone"), (naive, "naive read")) if other)
        print(f"   {name:12s} {rows / seconds:9,.0f} rows/s  {seconds:7.2f} s  {own:4.0f} + {child:3.0f} MB (goal 300){ratios}", flush=True)


with tempfile.TemporaryDirectory(prefix="huiyin-imports-") as work:
    for rows, suffix in ((CSV_ROWS, ".csv"), (XLSX_ROWS, ".xlsx")):
        subprocess.run([sys.executable, str(HERE / "hotline_file.py"), str(rows), work], check=True, stdout=subprocess.DEVNULL)
        path = pathlib.Path(work) / f"hotline_{rows}{suffix}"
        data = f"{work}/data{suffix}"
        for words in (["migrate", "--world", "yunxi"], ["round", "create", "2026Q3"]):
            subprocess.run([binary, *words, "--data", data], check=True, stdout=subprocess.DEVNULL)
        one(path, json.loads(path.with_suffix(".json").read_text()) | {"rows": rows}, data)
