use super::super::Sheet as InMemorySheet;
use super::*;
use crate::FileRefused;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn book(fill: impl FnOnce(&mut Workbook)) -> Vec<InMemorySheet> {
    let mut workbook = Workbook::new();
    fill(&mut workbook);
    let bytes = workbook.save_to_buffer().unwrap();
    read(&bytes).unwrap()
}

fn read(bytes: &[u8]) -> Result<Vec<InMemorySheet>, FileRefused> {
    SheetFile::of_bytes(bytes, "a.xlsx", &Limits::default())?.sheets()
}

/// A workbook of one sheet whose XML is given, as no spreadsheet would write it.
fn handmade(sheet: &str) -> Result<Vec<InMemorySheet>, String> {
    let parts = [
        (
            "[Content_Types].xml",
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#,
        ),
        (
            "_rels/.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    let bytes = writer.finish().unwrap().into_inner();
    read(&bytes).map_err(|refused| refused.code)
}

fn sheet(cells: &str) -> String {
    format!("<worksheet><sheetData>{cells}</sheetData></worksheet>")
}

#[test]
fn cells_keep_their_kind_and_rows_their_number() {
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let file = book(|workbook| {
        let sheet = workbook.add_worksheet().set_name("好差评").unwrap();
        sheet.write(2, 0, "编号").unwrap();
        sheet.write(2, 2, 4.5).unwrap();
        sheet.write(5, 1, true).unwrap();
        let day = ExcelDateTime::from_ymd(2024, 3, 5).unwrap();
        sheet.write_with_format(5, 2, &day, &date).unwrap();
        sheet
            .merge_range(7, 0, 8, 1, "合并", &Format::new())
            .unwrap();
    });

    let found = &file[0];
    assert_eq!((found.name.as_str(), found.rows.len()), ("好差评", 3));
    assert_eq!(found.rows[0].number, 3);
    assert_eq!(
        found.rows[0].cells,
        [Cell::Text("编号".into()), Cell::Blank, Cell::Number(4.5)]
    );
    assert_eq!(
        found.rows[1].cells[1..],
        [Cell::Truth(true), Cell::Serial(45356.0)]
    );
    assert_eq!(
        found.merges,
        [Merge {
            first_row: 8,
            last_row: 9,
            first_column: 0,
            last_column: 1
        }]
    );
}

#[test]
fn hidden_sheets_are_marked() {
    let file = book(|workbook| {
        workbook.add_worksheet().write(0, 0, "a").unwrap();
        workbook.add_worksheet().set_hidden(true);
    });

    assert_eq!(file[1].visibility, Visibility::Hidden);
}

#[test]
fn two_cells_far_apart_cost_nothing_between_them() {
    let tall = sheet(
        r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>2</v></c></row>"#,
    );
    let numbers: Vec<u32> = handmade(&tall).unwrap()[0]
        .rows
        .iter()
        .map(|row| row.number)
        .collect();
    assert_eq!(numbers, [1, 1_048_576]);

    let wide = sheet(r#"<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c></row>"#);
    assert_eq!(handmade(&wide).unwrap_err(), "RI-031");
}

#[test]
fn rows_out_of_order_are_refused_rather_than_held_in_memory() {
    let mixed =
        sheet(r#"<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>"#);

    assert_eq!(handmade(&mixed).unwrap_err(), "RI-021");
}

#[test]
fn cells_that_carry_only_a_format_do_not_count_wherever_they_are() {
    let phantom = sheet(
        r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>"#,
    );

    let file = handmade(&phantom).unwrap();

    assert_eq!(file[0].rows.len(), 1);
}

#[test]
fn references_that_make_the_library_panic_are_a_broken_workbook() {
    for reference in ["AAAAAAAAAAAAAA1", "A99999999999999999999", "??", ""] {
        let broken = sheet(&format!(
            r#"<row r="1"><c r="{reference}"><v>1</v></c></row>"#
        ));
        assert_eq!(handmade(&broken).unwrap_err(), "RI-021", "{reference}");
    }
}

#[test]
fn a_sheet_cut_short_is_a_broken_workbook() {
    assert_eq!(
        handmade(r#"<worksheet><sheetData><row r="1"><c r="A1"><v>1"#).unwrap_err(),
        "RI-021"
    );
}
