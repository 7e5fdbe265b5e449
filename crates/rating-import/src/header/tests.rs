use super::Need::{Optional, Required};
use super::*;
use crate::Limits;
use crate::batch::TotalsCheck;
use crate::batch::{SkipReason, SkippedRow};
use crate::cell::plain_text;
use crate::sheet::SheetFile;
use rust_xlsxwriter::{Format, Workbook};

fn fields() -> Vec<Field> {
    vec![
        Field::new("unit", Required, &["单位", "单位名称"]),
        Field::new("on_time", Required, &["12345热线/按时办结", "按时办结"]),
        Field::new("rate", Optional, &["满意率"]),
    ]
}

fn csv(text: &str) -> Sheet {
    let mut file = SheetFile::of_bytes(text.as_bytes(), "表.csv", &Limits::default()).unwrap();
    file.sheets().unwrap().remove(0)
}

/// A table that was read to its end.
struct Read {
    found: HeaderFound,
    labels: Vec<String>,
    rows: u64,
    units: Vec<String>,
    skipped: Vec<SkippedRow>,
    totals: Vec<TotalsCheck>,
}

fn read(mut file: SheetFile) -> Read {
    let Found::Table(mut table) = Table::find(file.rows(0).unwrap(), &fields()).unwrap() else {
        panic!("the sheet holds the table");
    };
    let mut units = Vec::new();
    while let Some(row) = table.next_row().unwrap() {
        units.extend(table.views(&row).map(|view| plain_text(view.cell("unit"))));
    }
    Read {
        totals: table.totals(),
        rows: table.rows,
        labels: table.header.labels,
        found: table.header.found,
        skipped: table.skipped,
        units,
    }
}

fn column(sheet: &Sheet, key: &str) -> Option<usize> {
    find(sheet, &fields()).unwrap().blocks[0].get(key).copied()
}

#[test]
fn a_header_is_found_below_titles() {
    let sheet = csv(
        "云溪市热线办理情况表,,\n填报单位：热线中心,,填报日期：2026-07\n\n单位,按时办结,满意率\n市教育局,3,97.5%\n",
    );

    let header = find(&sheet, &fields()).unwrap();

    assert_eq!((header.found.first_row, header.found.rows), (4, 1));
    assert_eq!(header.labels, ["单位", "按时办结", "满意率"]);
}

#[test]
fn two_header_rows_of_a_csv_are_joined() {
    let sheet = csv(
        "标题,,,,\n单位,12345热线,,政民互动,\n,按时办结,超时办结,按时办结,超时办结\n市教育局,3,1,2,0\n",
    );

    let header = find(&sheet, &fields()).unwrap();

    assert_eq!((header.found.first_row, header.found.rows), (2, 2));
    assert_eq!(
        header.labels,
        [
            "单位",
            "12345热线/按时办结",
            "12345热线/超时办结",
            "政民互动/按时办结",
            "政民互动/超时办结"
        ]
    );
    assert_eq!(header.blocks[0]["on_time"], 1);
}

#[test]
fn merged_headers_of_a_workbook_are_joined() {
    let mut workbook = Workbook::new();
    let format = Format::new();
    let page = workbook.add_worksheet();
    page.merge_range(0, 0, 0, 3, "云溪市热线", &format).unwrap();
    page.merge_range(1, 0, 2, 0, "单位", &format).unwrap();
    page.merge_range(1, 1, 1, 2, "办理", &format).unwrap();
    page.merge_range(1, 3, 2, 3, "满意率", &format).unwrap();
    page.write(2, 1, "按时办结").unwrap();
    page.write(2, 2, "超时办结").unwrap();
    page.merge_range(3, 0, 4, 0, "市教育局", &format).unwrap();
    page.write(3, 1, 3).unwrap();
    page.write(4, 1, 4).unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let file = SheetFile::of_bytes(&bytes, "a.xlsx", &Limits::default()).unwrap();

    let table = read(file);

    assert_eq!(
        table.labels,
        ["单位", "办理/按时办结", "办理/超时办结", "满意率"]
    );
    assert_eq!((table.found.first_row, table.found.rows), (2, 2));
    assert_eq!(table.units, ["市教育局", "市教育局"]);
}

#[test]
fn a_missing_required_header_is_named() {
    let sheet = csv("部门,满意率\nx,1\n");

    assert_eq!(
        find(&sheet, &fields()).err(),
        Some(vec!["单位".to_owned(), "12345热线/按时办结".to_owned()])
    );
}

#[test]
fn a_table_printed_twice_side_by_side_has_two_blocks() {
    let sheet = csv("单位,按时办结,单位,按时办结\n甲局,1,乙局,2\n丙局,3,,\n");

    let table = read(SheetFile::of_sheets(vec![sheet]));

    assert_eq!(table.found.blocks, 2);
    assert_eq!(table.units.len(), 3);
}

#[test]
fn a_header_that_stands_twice_in_one_block_is_taken_once() {
    let sheet = csv("单位,按时办结,按时办结\n甲局,1,2\n");

    assert_eq!(column(&sheet, "on_time"), Some(1));
    let header = find(&sheet, &fields()).unwrap();
    assert_eq!(header.dropped[0].why, DropReason::Repeated);
}

#[test]
fn rows_that_are_no_data_are_passed_over_and_listed() {
    let sheet = csv(
        "表一,,\n单位,按时办结,满意率\n甲局,1,90%\n小计,1,\n单位,按时办结,满意率\n乙局,2,80%\n合计,3,85%\n注：数据来自热线平台,,\n填表人：王某,,审核人：李某\n",
    );

    let table = read(SheetFile::of_sheets(vec![sheet]));

    let skipped: Vec<(u32, SkipReason)> = table.skipped.iter().map(|s| (s.row, s.why)).collect();
    assert_eq!(
        skipped,
        [
            (1, SkipReason::Title),
            (4, SkipReason::Totals),
            (5, SkipReason::RepeatedHeader),
            (7, SkipReason::Totals),
            (8, SkipReason::Note),
            (9, SkipReason::Note),
        ]
    );
    assert_eq!(table.rows, 2);
}

#[test]
fn the_files_own_totals_are_compared_and_rates_are_not_summed() {
    let sheet = csv("单位,按时办结,满意率\n甲局,1,90%\n乙局,2,80%\n合计,4,85%\n共计：2件,,\n");

    let table = read(SheetFile::of_sheets(vec![sheet]));

    let checks: Vec<(&str, &str, &str, bool)> = table
        .totals
        .iter()
        .map(|c| {
            (
                c.column.as_str(),
                c.stated.as_str(),
                c.computed.as_str(),
                c.agrees,
            )
        })
        .collect();
    assert_eq!(
        checks,
        [("按时办结", "4", "3", false), ("单位", "2", "2", true)]
    );
}

#[test]
fn four_header_rows_are_joined() {
    let sheet = csv(
        "表一,,\n热线,热线,评价\n办理,办理,回访\n情况,情况,结果\n单位,按时办结,满意率\n甲局,1,90%\n",
    );

    let table = read(SheetFile::of_sheets(vec![sheet]));

    assert_eq!((table.found.first_row, table.found.rows), (2, 4));
    assert_eq!(table.labels[0], "热线/办理/情况/单位");
    assert_eq!(table.units, ["甲局"]);
}

#[test]
fn a_table_longer_than_its_head_loses_no_row() {
    let rows: String = (0..200).map(|n| format!("甲局,{n},90%\n")).collect();
    let sheet = csv(&format!(
        "单位,按时办结,满意率\n{rows}合计,19900,\n注：无,,\n"
    ));

    let table = read(SheetFile::of_sheets(vec![sheet]));

    assert_eq!((table.rows, table.units.len()), (200, 200));
    assert!(table.totals[0].agrees, "{:?}", table.totals);
}
