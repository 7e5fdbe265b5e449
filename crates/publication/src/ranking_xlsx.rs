//! The ranking as a workbook: real numbers, typed text, a sheet that explains the columns.

use crate::{
    BulletinBody, ClassTable, field_dictionary::FIELDS, row::Cell, table_csv::labelled_cells,
};
use analytics::Status;
use chrono::Datelike;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

/// Name of the sheet that explains the columns.
const CODEBOOK: &str = "字段说明";

/// The formats of the number cells.
struct Formats {
    heading: Format,
    count: Format,
    decimal: Format,
    bracketed: Format,
}

/// The class tables of a bulletin as XLSX: one sheet with all classes and one with the field dictionary.
///
/// The same bulletin gives the same bytes; the creation date of the file is the last day of the period.
///
/// # Errors
/// [`XlsxError`] when the writer refuses a cell, for example a text above 32,767 characters.
pub fn ranking_xlsx(body: &BulletinBody) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(body)?);
    let formats = Formats {
        heading: Format::new().set_bold().set_text_wrap(),
        count: Format::new().set_num_format("0"),
        decimal: Format::new().set_num_format("0.00"),
        bracketed: Format::new().set_num_format("(0.00)"),
    };
    write_ranking(workbook.add_worksheet(), body, &formats)?;
    write_codebook(workbook.add_worksheet(), body, &formats)?;
    workbook.save_to_buffer()
}

fn properties(body: &BulletinBody) -> Result<DocProperties, XlsxError> {
    let end = body.period.end;
    let year = u16::try_from(end.year()).unwrap_or(1900);
    let month = u8::try_from(end.month()).unwrap_or(1);
    let day = u8::try_from(end.day()).unwrap_or(1);
    Ok(DocProperties::new()
        .set_title(format!("{} {}", body.round_title, body.result_id))
        .set_creation_datetime(&ExcelDateTime::from_ymd(year, month, day)?))
}

fn write_ranking(
    sheet: &mut Worksheet,
    body: &BulletinBody,
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.set_name("排名")?;
    write_headings(sheet, &FIELDS.map(|field| field.heading), formats)?;
    let lines = body
        .classes
        .iter()
        .flat_map(|table| table.rows.iter().map(move |line| (table, line)));
    for (index, (table, line)) in (1_u32..).zip(lines) {
        let bracketed = line.row.status == Status::Bracketed;
        let cells = labelled_cells(table, line, body.hidden_below);
        for (column, cell) in (0_u16..).zip(&cells) {
            let decimal = if bracketed {
                &formats.bracketed
            } else {
                &formats.decimal
            };
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => drop(sheet.write_string(index, column, text)?),
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "counts of ratings stay far below 2^53"
                )]
                Cell::Count(number) => {
                    sheet.write_number_with_format(
                        index,
                        column,
                        *number as f64,
                        &formats.count,
                    )?;
                }
                Cell::Decimal(number) => {
                    sheet.write_number_with_format(index, column, *number, decimal)?;
                }
            }
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn write_codebook(
    sheet: &mut Worksheet,
    body: &BulletinBody,
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.set_name(CODEBOOK)?;
    write_headings(sheet, &["字段", "英文名", "类型", "含义"], formats)?;
    for (index, field) in (1_u32..).zip(FIELDS) {
        for (column, text) in (0_u16..).zip([field.heading, field.name, field.kind, field.meaning])
        {
            sheet.write_string(index, column, text)?;
        }
    }
    let below = u32::try_from(FIELDS.len()).expect("a table has a few columns") + 2;
    for (index, (name, text)) in (below..).zip(facts(body)) {
        sheet.write_string(index, 0, name)?;
        sheet.write_string(index, 3, text)?;
    }
    sheet.set_column_width(3, 80)?;
    Ok(())
}

/// What a reader needs to find the bulletin again and to check it.
fn facts(body: &BulletinBody) -> Vec<(&'static str, String)> {
    let means = |table: &ClassTable| {
        let mean = table
            .mean
            .map_or_else(|| "—".to_owned(), |mean| Cell::Decimal(mean).text());
        format!("{}：{mean}", table.name)
    };
    let classes: Vec<String> = body.classes.iter().map(means).collect();
    vec![
        ("结果编号", body.result_id.clone()),
        ("本类平均分", classes.join("；")),
        ("抽样种子", body.seed.to_string()),
        ("规则摘要", body.rules_digest.clone()),
        ("排名表摘要", body.table_digest.clone()),
    ]
}

fn write_headings(
    sheet: &mut Worksheet,
    headings: &[&str],
    formats: &Formats,
) -> Result<(), XlsxError> {
    for (column, heading) in (0_u16..).zip(headings) {
        sheet.write_string_with_format(0, column, *heading, &formats.heading)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{CODEBOOK, ranking_xlsx};
    use crate::sample;
    use calamine::{Data, Reader, Xlsx};
    use std::io::Cursor;

    fn open(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
        Xlsx::new(Cursor::new(bytes)).unwrap()
    }

    #[test]
    fn numbers_are_numbers_and_hidden_samples_are_text() {
        let mut book = open(ranking_xlsx(&sample::body()).unwrap());
        let sheet = book.worksheet_range("排名").unwrap();

        assert_eq!(sheet.get_value((2, 5)), Some(&Data::Float(88.95)));
        assert_eq!(sheet.get_value((2, 4)), Some(&Data::Float(140.0)));
        assert_eq!(
            sheet.get_value((3, 4)),
            Some(&Data::String("<10".to_owned()))
        );
        assert_eq!(
            sheet.get_value((3, 5)).cloned().unwrap_or_default(),
            Data::Empty
        );
    }

    #[test]
    fn a_formula_in_a_name_is_typed_text() {
        let mut body = sample::body();
        body.classes[0].rows[0].unit_name = "=1+1".to_owned();

        let mut book = open(ranking_xlsx(&body).unwrap());

        assert!(
            book.worksheet_formula("排名")
                .unwrap()
                .used_cells()
                .next()
                .is_none()
        );
        let sheet = book.worksheet_range("排名").unwrap();
        assert_eq!(
            sheet.get_value((1, 3)),
            Some(&Data::String("=1+1".to_owned()))
        );
    }

    #[test]
    fn the_codebook_names_every_column() {
        let mut book = open(ranking_xlsx(&sample::body()).unwrap());
        let (ranking, codebook) = (
            book.worksheet_range("排名").unwrap(),
            book.worksheet_range(CODEBOOK).unwrap(),
        );

        for (index, heading) in (1_u32..).zip(ranking.rows().next().unwrap()) {
            assert_eq!(codebook.get_value((index, 0)), Some(heading));
        }
    }

    #[test]
    fn the_same_bulletin_gives_the_same_bytes() {
        assert_eq!(
            ranking_xlsx(&sample::body()).unwrap(),
            ranking_xlsx(&sample::body()).unwrap()
        );
    }
}
