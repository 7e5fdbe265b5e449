"""Damaged files through the real child process: hostile_files.py HUIYIN [FILES] [SEED].

Seeds of every format (UTF-8, GBK and UTF-16 text, a web table, an XLSX with merged headers) are damaged in seeded ways:
bytes flipped, cut, repeated, spliced from another seed, numbers made huge, XML parts of the workbook damaged before they
are packed. Of each file the child must answer rows or a refusal, or die by its own limits; it may neither take more than
512 MB and 30 s of processor time nor write a line that is not JSON. Controls: every seed undamaged is read with its rows,
and the files known to kill spreadsheet readers are refused or end the child, never the caller; of a sample library broken at its end no row is handed on.
"""

import collections
import io
import json
import os
import random
import resource
import socket
import subprocess
import sys
import tempfile
import zipfile

HEADER = "工单编号,承办单位,登记时间,办理时限,办结时间,是否解决,处理结果满意度,标题"
ROWS = ["A{0},D01,2026-07-01 08:00:00,2026-07-04,2026-07-0{1},1,满意,路灯".format(n, n % 9 + 1) for n in range(40)]
TEXT = "\n".join([HEADER, *ROWS]) + "\n"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HUGE = [b"4294967295", b"-1", b"0", b"99999999999999999999", b"1048576", b"NaN", b"1e308", b"&#0;", b"A0", b"XFE1"]


def parts(sheet: str, strings: str = "") -> dict:
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>',
        "xl/sharedStrings.xml": strings or f'<sst xmlns="{MAIN}" count="0" uniqueCount="0"></sst>',
    }


def packed(contents: dict, megabytes: int = 0) -> bytes:
    """A workbook, with a part of so many megabytes; never whole in memory, as a child's peak counts its caller's."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in contents.items():
            book.writestr(name, content)
        if megabytes:
            with book.open("xl/comments1.xml", "w", force_zip64=True) as part:
                for _ in range(megabytes):
                    part.write(b"a" * 2**20)
    return out.getvalue()


def sheet_of(text: str) -> dict:
    strings = {}
    rows = [f'<row r="1"><c r="A1" t="s"><v>{strings.setdefault("工单明细", 0)}</v></c></row>']
    for number, line in enumerate(text.splitlines(), 2):
        cells = "".join(f'<c r="{chr(65 + i)}{number}" t="s"><v>{strings.setdefault(t, len(strings))}</v></c>' for i, t in enumerate(line.split(",")))
        rows.append(f'<row r="{number}">{cells}</row>')
    listed = "".join(f"<si><t>{text}</t></si>" for text in strings)
    merges = '<mergeCells count="1"><mergeCell ref="A1:H1"/></mergeCells>'
    sst = f'<sst xmlns="{MAIN}" count="{len(strings)}" uniqueCount="{len(strings)}">{listed}</sst>'
    return parts(f'<dimension ref="A1:H41"/><sheetData>{"".join(rows)}</sheetData>{merges}', sst)


def page(text: str) -> str:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line.split(",")) + "</tr>" for line in text.splitlines())
    return f'<html><head><meta charset="gbk"></head><body><table border=1><tr><td colspan=8>工单明细</td></tr>{rows}</table></body></html>'


SEEDS = {
    "utf8.csv": TEXT.encode(),
    "mark.csv": b"\xef\xbb\xbf" + TEXT.replace(",", ";").encode(),
    "gbk.csv": TEXT.encode("gb18030"),
    "utf16.csv": TEXT.replace(",", "\t").encode("utf-16"),
    "page.xls": page(TEXT).encode("gb18030"),
    "book.xlsx": packed(sheet_of(TEXT)),
}
LIBRARY = "姓名,身份类别,手机号,区县\n" + "".join(f"某人,群众,138{n:08},望湖区\n" for n in range(3000))
HOTLINE = {"Hotline": None}
ONE = '<c r="A1"><v>1</v></c>'
KILLERS = {
    "corners": packed(parts(f'<sheetData><row r="1">{ONE}</row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData>')),
    "strings": packed(parts(f'<sheetData><row r="1">{ONE}</row></sheetData>', f'<sst xmlns="{MAIN}" count="4294967295" uniqueCount="4294967295"><si><t>a</t></si></sst>')),
    "entity": packed({**parts(""), "xl/worksheets/sheet1.xml": '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet/>'}),
    "bomb": packed(parts(f'<sheetData><row r="1">{ONE}</row></sheetData>'), megabytes=300),
    "macro": packed({**parts(f"<sheetData>{ONE}</sheetData>"), "xl/vbaProject.bin": "x"}),
    "path": packed({**parts(""), "xl/../../etc/passwd": "x"}),
    "old": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + b"\xff" * 4000,
    "quote": b'a,b\n1,"x\n' + b"3,4\n" * 2_000_000,
    "spans": b"<table>" + b"<tr><td rowspan=65534 colspan=65534>x" * 20_000,
}


def damaged(draw: random.Random) -> bytes:
    name = draw.choice(list(SEEDS))
    if name == "book.xlsx" and draw.random() < 0.7:
        contents = {part: text.encode() for part, text in sheet_of(TEXT).items()}
        part = draw.choice(list(contents))
        contents[part] = hurt(bytearray(contents[part]), draw)
        return packed(contents)
    return hurt(bytearray(SEEDS[name]), draw)


def hurt(data: bytearray, draw: random.Random) -> bytes:
    for _ in range(draw.randrange(1, 9)):
        at = draw.randrange(len(data) + 1)
        end = min(len(data), at + draw.randrange(1, 64))
        match draw.randrange(7):
            case 0 if data:
                data[at % len(data)] = draw.randrange(256)
            case 1:
                del data[at:end]
            case 2:
                data[at:at] = data[at:end] * draw.randrange(1, 200)
            case 3:
                data[at:end] = draw.randbytes(draw.randrange(1, 32))
            case 4:
                data[at:at] = draw.choice(HUGE)
            case 5:
                other = SEEDS[draw.choice(list(SEEDS))]
                start = draw.randrange(len(other))
                data[at:at] = other[start:start + 200]
            case 6:
                del data[draw.randrange(len(data) + 1):]
    return bytes(data)


def child(binary: str, data: bytes, reading: object = HOTLINE) -> tuple:
    """What became of one file, and the child's peak memory in MB and processor seconds."""
    request = {"reading": reading, "form": {}, "file_name": "a.csv", "units": {"spellings": {"d01": {"shown": "D01", "found": ["D01"]}, "D01": {"shown": "D01", "found": ["D01"]}}}}
    ours, theirs = socket.socketpair()
    with tempfile.TemporaryFile() as file, ours, theirs:
        file.write(data)
        file.seek(0)
        process = subprocess.Popen([binary, "import-worker"], stdin=file, stdout=theirs, stderr=subprocess.DEVNULL, env={})
        theirs.close()
        ours.sendall(json.dumps(request).encode() + b"\n")
        lines = b""
        while piece := ours.recv(1 << 16):
            lines += piece
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = status
    return verdict(lines, status), used.ru_maxrss / 1024, used.ru_utime + used.ru_stime


def verdict(lines: bytes, status: int) -> str:
    found = [json.loads(line) for line in lines.splitlines() if line.endswith(b"}")]
    if not found or not ({"refused", "end"} & found[-1].keys()):
        return f"died {status}"
    last = found[-1]
    assert status == 0, status
    if "refused" in last:
        assert all(last["refused"][key] for key in ("code", "message", "remedy")), last
        rows = sum("row" in line for line in found)
        return "refused " + last["refused"]["code"] + (" after rows" if rows else "")
    for issue in (line["issue"] for line in found if "issue" in line):
        assert issue["row"] > 0 and issue["code"] and issue["message"] and issue["remedy"], issue
    return "read"


def main() -> None:
    binary, files = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 500
    draw = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 20_261_122)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name, data in SEEDS.items():
        found, _, _ = child(binary, data)
        assert found == "read", f"the seed {name} must be read: {found}"
    for name, data in KILLERS.items():
        found, memory, seconds = child(binary, data)
        assert found != "read" and memory <= 512 and seconds <= 31, (name, found, memory, seconds)
        print(f"  {name}: {found}, {memory:.0f} MB, {seconds:.1f} s")
    whole, broken = (child(binary, text.encode(), "Pool")[0] for text in (LIBRARY, LIBRARY + '某人,"群众\n1,2\n'))
    assert (whole, broken) == ("read", "refused RI-010"), (whole, broken)
    found, worst = collections.Counter(), (0.0, 0.0)
    for _ in range(files):
        what, memory, seconds = child(binary, damaged(draw))
        found[what] += 1
        worst = max(worst[0], memory), max(worst[1], seconds)
        assert memory <= 512 and seconds <= 31, (what, memory, seconds)
    print(f"hostile files: {files}; worst child {worst[0]:.0f} MB, {worst[1]:.1f} s; {dict(found.most_common())}")


if __name__ == "__main__":
    main()
