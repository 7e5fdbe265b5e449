"""Makes old.xls with xlwt 1.3.0, the format before 2007: make.py DIR. Nobody in the file exists."""

import datetime
import pathlib
import sys

import xlwt

book = xlwt.Workbook(encoding="utf-8")
book.dates_1904 = True
sheet = book.add_sheet("工单")
day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
sheet.write_merge(0, 0, 0, 4, "云溪市热线工单")
sheet.write_merge(1, 2, 0, 0, "工单编号")
sheet.write_merge(1, 2, 1, 1, "承办单位")
sheet.write_merge(1, 1, 2, 3, "时间")
sheet.write(2, 2, "登记时间")
sheet.write(2, 3, "办结时间")
sheet.write_merge(1, 2, 4, 4, "处理结果满意度")
for number in range(3):
    sheet.write(3 + number, 0, f"A{number}")
    sheet.write(3 + number, 2, datetime.date(2024, 3, 5), day)
    sheet.write(3 + number, 3, "2024年3月6日")
    sheet.write(3 + number, 4, 5 - number)
sheet.write_merge(3, 5, 1, 1, "市教育局")
sheet.write(6, 0, "合计")
sheet.write(6, 1, "3件")
hidden = book.add_sheet("字典")
hidden.visibility = 1
hidden.write(0, 0, "工单编号")
book.save(str(pathlib.Path(sys.argv[1]) / "old.xls"))
