"""Counts messages in workbooks by their XML alone and compares with what the import said: count_messages.py FOLDER REPORTS."""

import json
import pathlib
import sys
import zipfile
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
folder, reports = map(pathlib.Path, sys.argv[1:])


def numbers(path: pathlib.Path) -> list:
    """The first column below the header, for rows that hold a value."""
    with zipfile.ZipFile(path) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    values = ((cell.get("r"), cell.findtext(f"{MAIN}v")) for cell in sheet.iter(f"{MAIN}c"))
    return [value for place, value in values if value is not None and place[0] == "A" and place[1:].isdigit()][1:]


for name in ("labelled_messages", "messages_small", "messages_with_replies_small"):
    found = numbers(folder / f"{name}.xlsx")
    report = json.loads((reports / f"{name}.json").read_text())
    told = (report["rows_total"], report["new"], report["duplicate"], report["rejected"])
    assert told == (len(found), len(set(found)), len(found) - len(set(found)), 0), (name, told, len(found))
    print(f"{name}: {len(found)} messages, {len(set(found))} numbers", report.get("reply_lag", ""))
assert report["reply_lag"]["replies"] == 120, report["reply_lag"]
