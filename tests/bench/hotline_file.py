"""Writes hotline orders as systems export them, three in a hundred of them dirty, and how many rows must come out.

    hotline_file.py ROWS DIR   -> DIR/hotline_ROWS.csv (GBK) and .xlsx, and .json with the counts that must result

Every kind of dirt of domain.md F.5 that can stand in a row is drawn in turn; the JSON says for each whether the row is
taken, rejected or a duplicate. Nothing needs more memory than one row. The same ROWS give the same files. Units are
those of the world "yunxi"; nobody in the file exists.
"""

import json
import pathlib
import random
import sys
import zipfile
from xml.sax.saxutils import escape

HEADER = ["工单编号", "承办单位", "登记时间", "办理时限", "办结时间", "是否解决", "处理结果满意度", "话务员满意度",
          "是否纳入考核", "是否重复", "来电人", "来电号码", "标题", "诉求内容"]
LEVELS = ["非常满意", "满意", "基本满意", "不满意", "非常不满意"]
WORDS = "路灯不亮 校车停运 小区停水 道路破损 噪声扰民 垃圾清运 公交线路 物业收费 医保报销 违规停车".split()

TAKEN = {
    "full width": lambda row: {0: row[0].translate({i: i + 0xFEE0 for i in range(0x30, 0x3A)})},
    "apostrophe": lambda row: {0: "'" + row[0]},
    "no-break space": lambda row: {1: "\u3000" + row[1] + " "},
    "slashes": lambda row: {2: row[2].replace("-", "/")},
    "run of digits": lambda row: {2: "".join(c for c in row[2] if c.isdigit())},
    "year month day": lambda row: {2: "{}年{}月{}日{}".format(*row[2][:10].split("-"), row[2][10:])},
    "serial": lambda row: {4: "46350.75", 3: "46352"},
    "blank done": lambda row: {4: ""},
    "digits": lambda row: {6: "4"},
    "stars": lambda row: {6: "★★★★☆"},
    "default": lambda row: {6: "系统默认好评"},
    "not answered": lambda row: {6: "/"},
    "no statement": lambda row: {5: "2"},
    "flag": lambda row: {5: "Y", 9: "否"},
    "line break": lambda row: {13: row[13] + "\n第二行,有逗号"},
    "personal": lambda row: {13: "我叫林某，电话13900000001，车牌浙Z12345"},
}
REJECTED = {
    "scientific": lambda row: {0: "3.3070E+19"},
    "unknown unit": lambda row: {1: "云溪市并不存在局"},
    "blank unit": lambda row: {1: ""},
    "two readings": lambda row: {2: "3/5/2026"},
    "no date": lambda row: {2: "昨天上午"},
    "closed before": lambda row: {4: "2026-01-01 00:00:00"},
    "unknown level": lambda row: {6: "还行吧"},
    "kiosk digit": lambda row: {6: "7"},
    "not a flag": lambda row: {5: "可能"},
    "fault": lambda row: {4: "#N/A"},
}


def rows(count: int, kinds: dict) -> list:
    """One row after the other; kinds counts what they must become."""
    draw = random.Random(20_261_122)
    dirt = [("taken", name) for name in TAKEN] + [("rejected", name) for name in REJECTED] + [("duplicate", "again")]
    before = None
    for number in range(count):
        day, month = draw.randrange(1, 28), draw.randrange(7, 10)
        unit = f"D{draw.randrange(1, 13):02}"
        word = draw.choice(WORDS)
        start = f"2026-{month:02}-{day:02} {draw.randrange(8, 18):02}:{draw.randrange(60):02}:{draw.randrange(60):02}"
        end = f"2026-{month + 1:02}-{day:02} 10:00:00"
        row = [f"YX{number:09}", unit, start, end, end, draw.choice("01"), draw.choice(LEVELS), "满意", "1", "",
               "林某", "13900000001", word, f"反映{word}的情况，希望尽快处理，编号{number}。"]
        fate, kind = "taken", "clean"
        if number % 100 in (31, 61, 91) and before:
            fate, kind = dirt[number // 33 % len(dirt)]
            changes = {"taken": TAKEN, "rejected": REJECTED}.get(fate, {})
            for column, text in (changes[kind](row) if changes else {}).items():
                row[column] = text
            row = before if fate == "duplicate" else row
        elif fate == "taken":
            before = row
        kinds[f"{fate}: {kind}"] = kinds.get(f"{fate}: {kind}", 0) + 1
        yield row


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n') else text


def write_csv(path: pathlib.Path, count: int) -> dict:
    kinds = {}
    with path.open("w", encoding="gb18030", newline="") as file:
        file.write("云溪市12345热线工单明细" + "," * (len(HEADER) - 1) + "\r\n" + ",".join(HEADER) + "\r\n")
        for row in rows(count, kinds):
            file.write(",".join(map(quoted, row)) + "\r\n")
        file.write(f"合计：{count}件" + "," * (len(HEADER) - 1) + "\r\n注：数据来自热线平台" + "," * (len(HEADER) - 1) + "\r\n")
    return kinds


def write_xlsx(path: pathlib.Path, count: int) -> None:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        kinds = {"xl/workbook.xml": "sheet.main", "xl/worksheets/sheet1.xml": "worksheet", "xl/sharedStrings.xml": "sharedStrings"}
        parts = "".join(f'<Override PartName="/{part}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>' for part, kind in kinds.items())
        book.writestr("[Content_Types].xml", f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{parts}</Types>')
        book.writestr("_rels/.rels", f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        book.writestr("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="工单" sheetId="1" r:id="rId1"/></sheets></workbook>')
        book.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>')
        shared = {}
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'<worksheet xmlns="{main}"><dimension ref="A1:N1048576"/><sheetData>'.encode())
            for number, row in enumerate(table(count), 1):
                cells = (f'<c r="{chr(65 + column)}{number}" t="s"><v>{shared.setdefault(text, len(shared))}</v></c>'
                         for column, text in enumerate(row) if text)
                sheet.write(f'<row r="{number}">{"".join(cells)}</row>'.encode())
            sheet.write(b"</sheetData></worksheet>")
        with book.open("xl/sharedStrings.xml", "w") as strings:
            strings.write(f'<sst xmlns="{main}" count="{len(shared)}" uniqueCount="{len(shared)}">'.encode())
            for text in shared:
                strings.write(f'<si><t xml:space="preserve">{escape(text)}</t></si>'.encode())
            strings.write(b"</sst>")


def table(count: int):
    yield HEADER
    yield from rows(count, {})


if __name__ == "__main__":
    count, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"hotline_{count}"
    kinds = write_csv(path.with_suffix(".csv"), count)
    write_xlsx(path.with_suffix(".xlsx"), count)
    fates = {fate: sum(n for kind, n in kinds.items() if kind.startswith(fate)) for fate in ("taken", "rejected", "duplicate")}
    path.with_suffix(".json").write_text(json.dumps(fates | {"kinds": kinds}, ensure_ascii=False, indent=1))
    print(path, fates)
