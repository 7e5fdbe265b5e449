"""Makes old.xls and orders.xls with xlwt 1.3.0, the format before 2007: make.py DIR. Nobody in the files exists.

orders.xls: 160 hotline orders as tests/bench/hotline_file.py draws them, with every kind of its dirt once, one order twice,
real dates where the orders have plain ones, a title, a total, and a sheet of another kind before them.
"""

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

sys.path.insert(0, str(pathlib.Path(__file__).parents[4] / "tests" / "bench"))
import hotline_file  # noqa: E402

orders = list(hotline_file.rows(31, {}))
orders = [order for order in orders if order[0].startswith("YX")]
for number, change in enumerate([*hotline_file.TAKEN.values(), *hotline_file.REJECTED.values()]):
    order = list(orders[number % len(orders)])
    order[0] = f"YX9{number:08}"
    for column, text in change(order).items():
        order[column] = text
    orders.append(order)
orders.append(orders[0])
for number, order in enumerate(hotline_file.rows(160 - len(orders), {})):
    orders.append([f"YX8{number:08}", *order[1:]])

book = xlwt.Workbook(encoding="utf-8")
book.add_sheet("说明").write(0, 0, "本表由热线平台导出")
sheet = book.add_sheet("工单")
moment = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm:ss")
sheet.write_merge(0, 0, 0, 13, "云溪市12345热线工单明细")
for column, label in enumerate(hotline_file.HEADER):
    sheet.write(1, column, label)
for row, order in enumerate(orders, 2):
    for column, text in enumerate(order):
        try:
            sheet.write(row, column, datetime.datetime.fromisoformat(text), moment)
        except ValueError:
            sheet.write(row, column, int(text) if column == 5 and text.isdigit() else text)
sheet.write(len(orders) + 2, 0, f"合计：{len(orders)}件")
book.save(str(pathlib.Path(sys.argv[1]) / "orders.xls"))
