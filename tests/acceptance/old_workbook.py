"""A workbook from before 2007 goes through the reading process like any other file, and every row is accounted for.

usage: old_workbook.py HUIYIN DATA ROUND [REAL]      REAL: a folder with .xls files nobody here wrote

Dry run, import, the same again, cut anywhere; the rows are counted by a reader of its own (tests/independent).
"""
import json, pathlib, subprocess, sys, tempfile

binary, data, round_id = sys.argv[1:4]
root = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(root / "tests" / "bench"))
from hotline_file import REJECTED

BOOK = root / "crates" / "rating-import" / "tests" / "files" / "orders.xls"


def imported(path, *more):
    done = subprocess.run([binary, "import", "hotline", str(path), "--round", round_id, "--data", data, "--json", *more], capture_output=True, text=True, timeout=120)
    assert "panicked" not in done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout) if done.returncode in (0, 3) else done.stderr


def counts(report):
    return {key: report[key] for key in ("rows_total", "new", "same", "changed", "duplicate", "rejected")}


counted = json.loads(subprocess.run([sys.executable, str(root / "tests" / "independent" / "count_old_workbook.py"), str(BOOK), "工单"], capture_output=True, text=True, check=True).stdout)
orders, again, wrong = counted["orders"], counted["orders"] - counted["numbers"], len(REJECTED)
good = orders - again - wrong
wanted = {"rows_total": orders, "new": good, "same": 0, "changed": 0, "duplicate": again, "rejected": wrong}
for how in (["--dry-run"], []):
    code, report = imported(BOOK, *how)
    assert (code, counts(report)) == (3, wanted), (code, report, wanted)
assert report["found"]["form"]["encoding"] == "XLS" and report["found"]["skipped_sheets"] == ["说明"], report["found"]
assert [check["agrees"] for check in report["found"]["totals_check"]] == [True], report["found"]["totals_check"]
code, report = imported(BOOK)
assert counts(report) == {**wanted, "new": 0, "same": good}, report

whole, refused = BOOK.read_bytes(), 0
with tempfile.TemporaryDirectory() as folder:
    for end in range(600, len(whole), len(whole) // 12):
        cut = pathlib.Path(folder) / "cut.xls"
        cut.write_bytes(whole[:end])
        code, told = imported(cut)
        refused += code == 1
        assert code in (0, 1, 3) and (code != 1 or "没有导入" in told), (end, code, told)
        assert code == 1 or told["new"] == told["changed"] == 0, (end, told)

foreign = sorted(pathlib.Path(sys.argv[4]).rglob("*.xls")) if len(sys.argv) > 4 else []
for path in foreign:
    code, told = imported(path)
    assert code == 1 and "RI-0" in told and "RI-023" not in told, (path.name, code, told)
print(f"{orders} orders of an old workbook: {good} taken, {again} twice, {wrong} refused; {refused} of 12 cut files and {len(foreign)} foreign workbooks refused with a reason")
