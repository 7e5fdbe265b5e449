//! A list of matters as a workbook: real dates and numbers, typed text, a sheet that explains the columns.

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

/// One matter as its reader sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MatterLine {
    /// Its number.
    pub number: String,
    /// Title.
    pub title: String,
    /// The problem in the office's words.
    pub problem: String,
    /// The unit in charge.
    pub unit: String,
    /// Units that help.
    pub helping: String,
    /// How much time it needs.
    pub kind: String,
    /// Where it stands.
    pub state: String,
    /// The last day for the next step.
    pub due: Option<NaiveDate>,
    /// Working days to that day; negative when passed.
    pub days_left: Option<i32>,
    /// How many said so; none where they are too few to be counted.
    pub voices: Option<u32>,
    /// How often it was found unsolved.
    pub reopenings: u16,
}

/// Heading, kind and meaning of each column.
const COLUMNS: [(&str, &str, &str); 11] = [
    ("编号", "文本", "事项的编号，一件一个，不会改变"),
    ("事项", "文本", "标题"),
    ("问题", "文本", "评价办概括的问题"),
    (
        "主办单位",
        "文本",
        "签收、报方案、报结果的单位；待交办的是拟定的单位",
    ),
    (
        "协办单位",
        "文本",
        "看得到事项、可以上传材料的单位，几个用顿号隔开",
    ),
    (
        "类别",
        "文本",
        "立行立改、限期整改或者长期整改，决定最长期限",
    ),
    ("状态", "文本", "现在办到哪一步"),
    ("期限", "日期", "下一步的最后一天；没有期限的空着"),
    ("剩余工作日", "整数", "到期限还有几个工作日，已超期的是负数"),
    (
        "同类意见",
        "整数",
        "这件事项由几条意见归并而来；太少时空着，以免认出是谁说的",
    ),
    ("退回重办", "整数", "核查没有解决、退回重办的次数"),
];

/// A list of matters as XLSX: one sheet with a row for each in the order given, one that explains the columns and holds the
/// `facts` of the list (name and value).
///
/// The same list of the same day gives the same bytes. Text is never run as a formula.
///
/// # Errors
/// [`XlsxError`] when the writer refuses a cell, for example a text above 32,767 characters.
pub fn matters_xlsx(
    lines: &[MatterLine],
    facts: &[(&str, String)],
    today: NaiveDate,
) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let properties = DocProperties::new().set_creation_datetime(&date(today)?);
    workbook.set_properties(&properties);
    let heading = Format::new().set_bold().set_text_wrap();
    let sheet = workbook.add_worksheet();
    sheet.set_name("整改事项")?;
    write_headings(sheet, &COLUMNS.map(|(name, _, _)| name), &heading)?;
    let day = Format::new().set_num_format("yyyy-mm-dd");
    for (row, line) in (1_u32..).zip(lines) {
        write_line(sheet, row, line, &day)?;
    }
    for (column, width) in [
        (0, 18),
        (1, 30),
        (2, 40),
        (3, 16),
        (4, 20),
        (6, 16),
        (7, 12),
    ] {
        sheet.set_column_width(column, width)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    write_meanings(workbook.add_worksheet(), facts, &heading)?;
    workbook.save_to_buffer()
}

fn write_line(
    sheet: &mut Worksheet,
    row: u32,
    line: &MatterLine,
    day: &Format,
) -> Result<(), XlsxError> {
    let texts = [
        &line.number,
        &line.title,
        &line.problem,
        &line.unit,
        &line.helping,
        &line.kind,
        &line.state,
    ];
    for (column, text) in (0_u16..).zip(texts) {
        sheet.write_string(row, column, text)?;
    }
    if let Some(due) = line.due {
        sheet.write_datetime_with_format(row, 7, &date(due)?, day)?;
    }
    if let Some(left) = line.days_left {
        sheet.write_number(row, 8, left)?;
    }
    if let Some(voices) = line.voices {
        sheet.write_number(row, 9, voices)?;
    }
    sheet.write_number(row, 10, line.reopenings)?;
    Ok(())
}

fn write_meanings(
    sheet: &mut Worksheet,
    facts: &[(&str, String)],
    heading: &Format,
) -> Result<(), XlsxError> {
    sheet.set_name("字段说明")?;
    write_headings(sheet, &["字段", "类型", "含义"], heading)?;
    let facts = facts
        .iter()
        .map(|(name, value)| (*name, "", value.as_str()));
    for (row, (name, kind, meaning)) in (1_u32..).zip(COLUMNS.into_iter().chain(facts)) {
        for (column, text) in (0_u16..).zip([name, kind, meaning]) {
            sheet.write_string(row, column, text)?;
        }
    }
    sheet.set_column_width(2, 80)?;
    Ok(())
}

fn write_headings(
    sheet: &mut Worksheet,
    headings: &[&str],
    format: &Format,
) -> Result<(), XlsxError> {
    for (column, text) in (0_u16..).zip(headings) {
        sheet.write_string_with_format(0, column, *text, format)?;
    }
    Ok(())
}

fn date(day: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(day.year()).unwrap_or(1900);
    let month = u8::try_from(day.month()).unwrap_or(1);
    ExcelDateTime::from_ymd(year, month, u8::try_from(day.day()).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Data, Reader, Xlsx};
    use std::io::Cursor;

    fn lines() -> Vec<MatterLine> {
        vec![
            MatterLine {
                number: "ZG-2026Q3-0001".into(),
                title: "=HYPERLINK(\"http://evil.example\")".into(),
                due: "2026-10-20".parse().ok(),
                days_left: Some(-3),
                voices: Some(12),
                ..MatterLine::default()
            },
            MatterLine::default(),
        ]
    }

    fn book() -> Xlsx<Cursor<Vec<u8>>> {
        let facts = [("筛选", "待我处理".to_owned())];
        let bytes = matters_xlsx(&lines(), &facts, "2026-10-23".parse().unwrap()).unwrap();
        Xlsx::new(Cursor::new(bytes)).unwrap()
    }

    #[test]
    fn dates_are_dates_numbers_are_numbers_and_nothing_runs() {
        let mut book = book();
        let sheet = book.worksheet_range("整改事项").unwrap();

        let due = sheet.get_value((1, 7)).unwrap();
        let day = matches!(due, Data::DateTime(day) if day.as_f64() == 46_315.0);
        assert!(day, "20 October 2026, not {due:?}");
        assert_eq!(sheet.get_value((1, 8)), Some(&Data::Float(-3.0)));
        assert_eq!(sheet.get_value((1, 9)), Some(&Data::Float(12.0)));
        let few = sheet.get_value((2, 9)).cloned().unwrap_or_default();
        assert_eq!(few, Data::Empty);
        let title = Data::String(lines()[0].title.clone());
        assert_eq!(sheet.get_value((1, 1)), Some(&title));
        let formulas = book.worksheet_formula("整改事项").unwrap();
        assert!(formulas.used_cells().next().is_none());
    }

    #[test]
    fn every_column_is_explained_and_the_list_says_what_it_is() {
        let mut book = book();
        let sheet = book.worksheet_range("整改事项").unwrap();
        let meanings = book.worksheet_range("字段说明").unwrap();

        for (row, heading) in (1_u32..).zip(sheet.rows().next().unwrap()) {
            assert_eq!(meanings.get_value((row, 0)), Some(heading));
        }
        let last = meanings.rows().next_back().unwrap();
        assert_eq!(last[2], Data::String("待我处理".into()));
    }
}
