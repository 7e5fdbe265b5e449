"""A telephone number, an identity number and a name placed in many imports leave no trace: canary.py HUIYIN DATA ROUND [IMPORTS].

Each import is a hall or hotline file as another system writes it (UTF-8, GBK, a web table, an XLSX workbook) with the three
canaries in one or several places: columns nobody asked for, columns with the wrong kind of value, unit names, titles and
notes around the table, free text. Some files are refused whole, some rows are rejected. Afterwards every file of the data
directory, everything the program printed, its log and its temporary folder are searched byte by byte, in UTF-8, GBK and
UTF-16, for each canary. Only the identity vault may hold them; the sample library is imported last and put there.
The search is tried on a planted file first: one that finds nothing proves nothing.
"""

import importlib.util
import io
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import zipfile

PHONE, IDENTITY, NAME = "13900004417", "330000195003070018", "司徒雪莹"
CANARIES = [PHONE, IDENTITY, NAME]
HOTLINE = ["工单编号", "承办单位", "登记时间", "办结时间", "是否解决", "处理结果满意度", "来电人", "来电号码", "标题", "诉求内容"]
HALL = ["办件编号", "受理部门", "整体满意度", "评价时间", "申请人", "证件号码", "手机号", "评价内容"]
WORDS = ["路灯不亮", "电梯停运", "排队太久", "噪声扰民", "材料重复提交"]


def loaded(name: str):
    """The maker of workbooks and pages of the damaged files."""
    spec = importlib.util.spec_from_file_location(name, pathlib.Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def table(draw: random.Random, number: int) -> tuple:
    kind = draw.choice(["hotline", "hall"])
    header = list(HOTLINE if kind == "hotline" else HALL)
    rows = []
    for line in range(draw.randrange(2, 6)):
        key, unit, level = f"{number:04}{line}", f"D{draw.randrange(1, 13):02}", draw.choice(["满意", "不满意", "非常满意"])
        text = draw.choice(WORDS)
        if kind == "hotline":
            rows.append([key, unit, "2026-07-01", "2026-07-05", "1", level, "", "", text, f"反映{text}"])
        else:
            rows.append([key, unit, level, "2026-07-02", "", "", "", text])
    above, below = [], []
    for _ in range(draw.randrange(1, 4)):
        row, canary = draw.choice(rows), draw.choice(CANARIES)
        told = {PHONE: f"请打{PHONE}，谢谢", IDENTITY: f"身份证号{IDENTITY}，请核对", NAME: f"我叫{NAME}，请回复"}[canary]
        match draw.randrange(8):
            case 0 | 1:
                row[draw.choice([6, 7] if kind == "hotline" else [4, 5, 6])] = canary
            case 2:
                row[8 if kind == "hotline" else 7] = told
            case 3:
                row[-1] = told
            case 4:
                row[draw.randrange(1, 4)] = draw.choice([canary, told])
            case 5:
                above = [f"云溪市工单明细 填表人：{NAME} 电话{PHONE}"]
            case 6:
                below = [f"注：有疑问请联系{NAME}，{PHONE}"]
            case 7:
                header.append("备注")
                for other in rows:
                    other.append("")
                row[-1] = canary
    blank = [""] * (len(header) - 1)
    lines = [*([*above, *blank] for _ in above[:1]), header, *rows, *([*below, *blank] for _ in below[:1])]
    return kind, [",".join(cell.replace(",", "，") for cell in line) for line in lines]


def written(lines: list, draw: random.Random, maker) -> tuple:
    text = "\n".join(lines) + "\n"
    match draw.randrange(4):
        case 0:
            return ".csv", text.encode()
        case 1:
            return ".csv", text.encode("gb18030")
        case 2:
            return ".xls", maker.page(text).encode("gb18030")
    return ".xlsx", maker.packed(maker.sheet_of(text))


def forms(canary: str) -> set:
    return {canary.encode(code) for code in ("utf-8", "gb18030", "utf-16-le", "utf-16-be")} | {canary.encode("unicode_escape")}


def hits(folder: pathlib.Path, but: tuple = ()) -> list:
    wanted = set().union(*map(forms, CANARIES))
    found = []
    for path in folder.rglob("*"):
        if path.is_file() and not path.name.startswith(but):
            data = path.read_bytes()
            found += [f"{path}: {want!r}" for want in wanted if want in data]
            if zipfile.is_zipfile(io.BytesIO(data)):
                found += [f"{path}!{part}" for part in zipfile.ZipFile(path).namelist() for want in wanted if want in zipfile.ZipFile(path).read(part)]
    return found


def main() -> None:
    binary, data, round_id = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
    imports = int(sys.argv[4]) if len(sys.argv) > 4 else 500
    draw, maker, codes = random.Random(4417), loaded("hostile_files"), {}
    with tempfile.TemporaryDirectory() as sent, tempfile.TemporaryDirectory() as out, tempfile.TemporaryDirectory() as scratch:
        sent, out, scratch = map(pathlib.Path, (sent, out, scratch))
        (out / "planted").write_bytes(f"x{IDENTITY}".encode("utf-16-le"))
        assert hits(out), "the search must find what is there"
        (out / "planted").unlink()
        environment = {**os.environ, "TMPDIR": str(scratch), "HUIYIN_LOG": "trace", "RUST_BACKTRACE": "1"}

        def huiyin(name: str, *arguments) -> int:
            with (out / name).open("wb") as told:
                done = subprocess.run([binary, *map(str, arguments), "--data", str(data)], stdout=told, stderr=told, env=environment)
            codes[done.returncode] = codes.get(done.returncode, 0) + 1
            return done.returncode

        for number in range(imports):
            kind, lines = table(draw, number)
            ending, content = written(lines, draw, maker)
            file = sent / f"{number}{ending}"
            file.write_bytes(content)
            code = huiyin(f"{number}.txt", "import", kind, file, "--round", round_id, *(["--json"] if number % 2 else []))
            assert code in (0, 1, 3), (number, code, (out / f"{number}.txt").read_text())
        people = sent / "people.csv"
        people.write_text(f"姓名,身份类别,单位职务,手机号,区县\n{NAME},群众,{IDENTITY},{PHONE},望湖区\n")
        assert huiyin("people.txt", "import", "pool", people) == 0
        found = hits(data, but=("vault",)) + hits(out) + hits(scratch)
        assert not found, "\n".join(found[:20])
        searched = sum(path.stat().st_size for path in data.rglob("*") if path.is_file())
    assert codes.get(0, 0) > imports / 10, codes
    print(f"canaries: {imports} imports, exit codes {dict(sorted(codes.items()))}, {searched / 1e6:.1f} MB searched, 0 hits")


main()
