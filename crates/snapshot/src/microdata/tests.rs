use super::*;
use analytics::{
    analysis::{DesignColumns, Request, Ruler, Statistic, analyze, analyze_cells},
    estimation::LonelyPsu,
};
use parquet::{
    data_type::{BoolType, ByteArrayType, DoubleType, Int32Type},
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::parser::parse_message_type,
};
use std::{fs, num::NonZeroUsize, path::PathBuf, sync::Arc};
use tempfile::TempDir;

fn file(bytes: &[u8]) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("answers");
    fs::write(&path, bytes).unwrap();
    (dir, path)
}

fn wanted(columns: &[(&str, ColumnKind)]) -> Vec<(String, ColumnKind)> {
    columns
        .iter()
        .map(|(name, kind)| ((*name).to_owned(), *kind))
        .collect()
}

fn texts(table: &Table, column: &str) -> Vec<String> {
    let labels = table.labels(column).unwrap();
    let text = |id: &Option<u32>| id.map_or_else(String::new, |id| labels.name(id).to_owned());
    labels.ids().iter().map(text).collect()
}

fn refusal(bytes: &[u8], columns: &[(&str, ColumnKind)]) -> MicrodataError {
    let (_dir, path) = file(bytes);
    read_columns(&path, &wanted(columns)).unwrap_err()
}

#[test]
fn any_usual_delimiter_is_found_outside_quotation_marks() {
    for delimiter in [",", ";", "\t", "|"] {
        let text =
            format!("\u{feff}\"id,;\"{delimiter}q1\n007{delimiter} 4 \r\n\"0\n8\"{delimiter}NA\n");
        let (_dir, path) = file(text.as_bytes());

        let columns = wanted(&[("id,;", ColumnKind::Label), ("q1", ColumnKind::Number)]);
        let table = read_columns(&path, &columns).unwrap();

        assert_eq!(table.rows, 2, "{delimiter}");
        assert_eq!(texts(&table, "id,;"), ["007", "0\n8"]);
        assert_eq!(table.numbers("q1").unwrap(), [Some(4.0), None]);
    }
}

#[test]
fn a_file_without_rows_is_a_table_without_rows() {
    let (_dir, path) = file(b"q1\n");

    let table = read_columns(&path, &wanted(&[("q1", ColumnKind::Number)])).unwrap();

    assert_eq!(table.rows, 0);
}

#[test]
fn every_broken_file_is_refused_with_its_place() {
    let q1 = [("q1", ColumnKind::Number)];
    let missing = read_columns(Path::new("/nowhere/at.all"), &wanted(&q1));
    assert!(matches!(missing, Err(MicrodataError::Io { .. })));
    assert!(matches!(refusal(b"", &q1), MicrodataError::NoHeader(_)));
    assert!(matches!(
        refusal(b"q1,a\n4,\xb1\n", &[("a", ColumnKind::Label)]),
        MicrodataError::NotUtf8 { line: 2 }
    ));
    assert!(matches!(
        refusal(b"q1,a\n4,1\n4\n", &q1),
        MicrodataError::Uneven {
            line: 3,
            found: 1,
            expected: 2
        }
    ));
    assert!(matches!(
        refusal(b"q1,q1\n4,4\n", &q1),
        MicrodataError::ColumnTwice(_)
    ));
    assert!(
        refusal(b"Q1,a\n4,4\n", &q1)
            .to_string()
            .contains("是不是“Q1”")
    );
    for cell in ["four", "1e999", "inf"] {
        let text = format!("q1\n4\n{cell}\n");
        assert!(matches!(
            refusal(text.as_bytes(), &q1),
            MicrodataError::NotANumber { row: 2, cell: found, .. } if found == cell
        ));
    }
}

const SCHEMA: &str = "message answers {
    optional binary dept (string);
    required int32 q1;
    optional double w;
    required boolean done;
    required int32 day (date);
}";

/// Two row groups of two rows.
fn parquet_file() -> (TempDir, PathBuf) {
    let (dir, path) = file(b"");
    let out = fs::File::create(&path).unwrap();
    let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
    let properties = Arc::new(WriterProperties::builder().build());
    let mut writer = SerializedFileWriter::new(out, schema, properties).unwrap();
    for numbers in [[1, 2], [3, 9]] {
        let mut group = writer.next_row_group().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column
            .typed::<ByteArrayType>()
            .write_batch(&["01".into()], Some(&[1, 0]), None)
            .unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column
            .typed::<Int32Type>()
            .write_batch(&numbers, None, None)
            .unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column
            .typed::<DoubleType>()
            .write_batch(&[0.5], Some(&[0, 1]), None)
            .unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column
            .typed::<BoolType>()
            .write_batch(&[true, false], None, None)
            .unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column
            .typed::<Int32Type>()
            .write_batch(&[1, 1], None, None)
            .unwrap();
        column.close().unwrap();
        group.close().unwrap();
    }
    writer.close().unwrap();
    (dir, path)
}

#[test]
fn parquet_gives_the_same_columns() {
    let (_dir, path) = parquet_file();

    let columns = wanted(&[
        ("dept", ColumnKind::Label),
        ("q1", ColumnKind::Label),
        ("q1", ColumnKind::Number),
        ("w", ColumnKind::Number),
        ("done", ColumnKind::Number),
    ]);
    let table = read_columns(&path, &columns).unwrap();

    assert_eq!(texts(&table, "dept"), ["01", "", "01", ""]);
    assert_eq!(texts(&table, "q1"), ["1", "2", "3", "9"]);
    assert_eq!(table.numbers("q1").unwrap()[3], Some(9.0));
    assert_eq!(
        table.numbers("w").unwrap(),
        [None, Some(0.5), None, Some(0.5)]
    );
    assert_eq!(table.numbers("done").unwrap()[..2], [Some(1.0), Some(0.0)]);
}

#[test]
fn parquet_that_is_no_table_of_numbers_and_texts_is_refused() {
    let (_dir, path) = parquet_file();

    assert!(matches!(
        read_columns(&path, &wanted(&[("day", ColumnKind::Number)])),
        Err(MicrodataError::OtherType { column, .. }) if column == "day"
    ));
    assert!(matches!(
        refusal(b"PAR1 and no more PAR1", &[("q1", ColumnKind::Number)]),
        MicrodataError::Parquet { .. }
    ));
}

#[test]
fn sums_are_taken_only_from_parquet_that_can_be_summed() {
    let (_dir, path) = parquet_file();
    let (_csv_dir, csv) = file(b"w,q1,p\n1,5,a\n");
    let mut request = request("w");

    // Every other weight is blank: no number can stand for it.
    assert!(matches!(
        level_cells(&path, &request, NonZeroUsize::MIN),
        Err(crate::WideError::BadWeight { row: 1, .. })
    ));
    request.design.weight = Some("nowhere".into());
    let sums = level_cells(&path, &request, NonZeroUsize::MIN);
    assert!(sums.unwrap().is_none());
    let sums = level_cells(&csv, &request, NonZeroUsize::MIN);
    assert!(sums.unwrap().is_none());
}

#[test]
fn sums_of_a_parquet_file_answer_as_its_rows_do() {
    let (_dir, path) = parquet_file();
    let request = request("q1");

    let sums = level_cells(&path, &request, NonZeroUsize::MIN)
        .unwrap()
        .unwrap();
    let table = read_columns(&path, &request.columns()).unwrap();

    // Weights 1, 2 | 3, 9; the answer 9 is a missing code.
    let domain = sums.domains().next().unwrap();
    let item = &domain.items[0];
    assert_eq!((item.answers, item.silent), (3, 1));
    assert!((item.squares - 14.0).abs() < 1e-12);
    assert_eq!(sums.sample().psus.len(), 4);
    assert_eq!(
        analyze_cells(&request, sums.sample(), sums.domains()),
        analyze(&request, &table)
    );
}

fn request(weight: &str) -> Request {
    Request {
        design: DesignColumns {
            weight: Some(weight.to_owned()),
            psu: Some("q1".to_owned()),
            ..DesignColumns::default()
        },
        by: Vec::new(),
        statistics: vec![Statistic::Mean("q1".to_owned())],
        ruler: Ruler {
            scale: Some((1, 5)),
            missing: vec![9.0],
            points: Vec::new(),
        },
        confidence: 0.95,
        lonely: LonelyPsu::Adjust,
        ranks: None,
        margins: Vec::new(),
    }
}

#[test]
fn cutting_a_file_short_never_panics() {
    let (_dir, path) = parquet_file();
    let whole = fs::read(&path).unwrap();

    for length in 0..whole.len() {
        let (_dir, cut) = file(&whole[..length]);
        assert!(read_columns(&cut, &wanted(&[("q1", ColumnKind::Number)])).is_err());
    }
}
