use super::*;
use crate::Key;
use parquet::{
    column::writer::ColumnWriter,
    data_type::ByteArray,
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::parser::parse_message_type,
};
use std::{
    fs::File,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Stratum, PSU, unit, weight, two answers.
type Row = (
    &'static str,
    i32,
    Option<i64>,
    f64,
    Option<i32>,
    Option<i32>,
);

const SCHEMA: &str = "message wide {
    required binary stratum (string);
    required int32 psu;
    optional int64 dept;
    required double w;
    optional int32 q1;
    optional int32 q2;
}";

const COLUMNS: WideColumns<'_> = WideColumns {
    stratum: Some("stratum"),
    psu: "psu",
    by: &["dept"],
    weight: "w",
    items: &["q1", "q2"],
    lowest: 1,
    missing: &[9],
};

fn write(path: &Path, groups: &[&[Row]]) {
    let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
    let properties = Arc::new(WriterProperties::builder().build());
    let mut writer =
        SerializedFileWriter::new(File::create(path).unwrap(), schema, properties).unwrap();
    for rows in groups {
        let mut group = writer.next_row_group().unwrap();
        for place in 0.. {
            let Some(mut column) = group.next_column().unwrap() else {
                break;
            };
            write_column(column.untyped(), rows, place);
            column.close().unwrap();
        }
        group.close().unwrap();
    }
    writer.close().unwrap();
}

fn write_column(column: &mut ColumnWriter<'_>, rows: &[Row], place: usize) {
    let written = match column {
        ColumnWriter::ByteArrayColumnWriter(column) => {
            let texts: Vec<_> = rows.iter().map(|row| ByteArray::from(row.0)).collect();
            column.write_batch(&texts, None, None)
        }
        ColumnWriter::Int32ColumnWriter(column) if place == 1 => {
            let psus: Vec<_> = rows.iter().map(|row| row.1).collect();
            column.write_batch(&psus, None, None)
        }
        ColumnWriter::Int64ColumnWriter(column) => {
            let present: Vec<_> = rows.iter().filter_map(|row| row.2).collect();
            let levels: Vec<_> = rows.iter().map(|row| i16::from(row.2.is_some())).collect();
            column.write_batch(&present, Some(&levels), None)
        }
        ColumnWriter::DoubleColumnWriter(column) => {
            let weights: Vec<_> = rows.iter().map(|row| row.3).collect();
            column.write_batch(&weights, None, None)
        }
        ColumnWriter::Int32ColumnWriter(column) => {
            let answer = |row: &Row| if place == 4 { row.4 } else { row.5 };
            let present: Vec<_> = rows.iter().filter_map(answer).collect();
            let levels: Vec<_> = rows
                .iter()
                .map(|row| i16::from(answer(row).is_some()))
                .collect();
            column.write_batch(&present, Some(&levels), None)
        }
        _ => unreachable!("no other type in the schema"),
    };
    written.unwrap();
}

fn sums(files: &[PathBuf], threads: usize) -> Result<PsuSums, WideError> {
    psu_sums(files, &COLUMNS, NonZeroUsize::new(threads).unwrap())
}

fn of_rows(rows: &[Row]) -> Result<PsuSums, WideError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("wide.parquet");
    write(&path, &[rows]);
    sums(&[path], 1)
}

/// Every sum with its labels, for comparing.
fn spelled(sums: &PsuSums) -> Vec<(String, String, String, LevelCell, DomainSums)> {
    let mut all = Vec::new();
    for item in &sums.items {
        for (domain, label) in sums.domains.iter().enumerate() {
            for (psu, cell) in cells(sums, item, domain) {
                let psu = format!("{:?}", sums.psus[psu]);
                all.push((
                    item.name.clone(),
                    format!("{label:?}"),
                    psu,
                    cell,
                    item.domains[domain],
                ));
            }
        }
    }
    all
}

/// Cells of one item in one domain with the number of their PSU.
fn cells(sums: &PsuSums, item: &ItemSums, domain: usize) -> Vec<(usize, LevelCell)> {
    let cells = sums.domain_cells(domain);
    cells
        .map(|(psu, place)| (psu, *sums.cell(item, place)))
        .collect()
}

/// A thousand rows by a rule that repeats nothing.
fn many() -> Vec<Row> {
    let answer = |turn: u32| match turn % 11 {
        0 => None,
        10 => Some(9),
        level => i32::try_from(level % 5 + 1).ok(),
    };
    (0..1000_u32)
        .map(|i| {
            let stratum = ["东城", "west", "n"][(i % 3) as usize];
            let dept = (i % 17 != 0).then_some(i64::from(i * i % 7) - 2);
            (
                stratum,
                i32::try_from(i % 29).unwrap(),
                dept,
                f64::from(i % 13) / 8.0,
                answer(i * 7),
                answer(i * i + 1),
            )
        })
        .collect()
}

#[test]
fn three_rows_by_hand() {
    let sums = of_rows(&[
        ("a", 1, Some(7), 2.5, Some(5), Some(1)),
        ("a", 1, Some(7), 1.0, Some(5), None),
        ("b", 1, Some(7), 0.5, Some(9), Some(2)),
    ])
    .unwrap();

    assert_eq!(sums.domains, [[Key::Number(7)]]);
    let psu = |stratum: &str| (Some(Key::Text(stratum.into())), Key::Number(1));
    assert_eq!(sums.psus, [psu("a"), psu("b")]);
    let cells = cells(&sums, &sums.items[0], 0);
    let first = [0, 0, 0, 0, 3_500_000];
    let second = [0; LEVELS];
    assert_eq!(cells, [(0, first), (1, second)]);
    let domain = DomainSums {
        answers: 2,
        silent: 1,
        squares: 7_250_000_000_000,
    };
    assert_eq!(sums.items[0].domains, [domain]);
    let second = sums.items[1].domains[0];
    assert_eq!((second.answers, second.silent), (2, 1));
}

#[test]
fn rows_without_weight_or_domain_only_make_their_psu_known() {
    let sums = of_rows(&[
        ("a", 1, Some(7), 1.0, Some(5), Some(1)),
        ("a", 2, Some(7), 0.0, Some(5), Some(1)),
        ("a", 3, None, 1.0, Some(5), Some(1)),
    ])
    .unwrap();

    assert_eq!(sums.psus.len(), 3);
    assert_eq!(sums.domain_cells(0).count(), 1);
}

#[test]
fn threads_order_and_cutting_change_no_sum() {
    let dir = tempfile::tempdir().unwrap();
    let (whole, turned) = (dir.path().join("whole"), dir.path().join("turned"));
    let rows = many();
    write(&whole, &[&rows]);
    let expected = spelled(&sums(std::slice::from_ref(&whole), 1).unwrap());
    assert!(expected.len() > 500);

    let mut shuffled = rows.clone();
    shuffled.sort_by_key(|row| (row.3.to_bits() % 7, row.1 * 31 % 17));
    write(
        &turned,
        &[&shuffled[..1], &shuffled[1..700], &shuffled[700..]],
    );
    let shards: Vec<PathBuf> = (0..7)
        .map(|shard| dir.path().join(format!("{shard}")))
        .collect();
    for (shard, path) in shards.iter().enumerate() {
        let part: Vec<Row> = rows.iter().skip(shard).step_by(7).copied().collect();
        write(path, &[&part]);
    }

    assert_eq!(spelled(&sums(&[whole], 2).unwrap()), expected);
    assert_eq!(
        spelled(&sums(std::slice::from_ref(&turned), 1).unwrap()),
        expected
    );
    assert_eq!(spelled(&sums(&[turned], 3).unwrap()), expected);
    assert_eq!(spelled(&sums(&shards, 2).unwrap()), expected);
}

#[test]
fn more_items_than_fit_together_have_the_same_sums() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("wide");
    write(&path, &[&many()]);
    let items: Vec<&str> = (0..45).map(|turn| ["q1", "q2"][turn % 2]).collect();
    let columns = WideColumns {
        items: &items,
        ..COLUMNS
    };

    let pair = sums(std::slice::from_ref(&path), 1).unwrap();
    let all = psu_sums(&[path], &columns, NonZeroUsize::MIN).unwrap();

    for (turn, item) in all.items.iter().enumerate() {
        let expected = &pair.items[turn % 2];
        assert_eq!(
            (&item.name, &item.domains),
            (&expected.name, &expected.domains)
        );
        for domain in 0..all.domains.len() {
            assert_eq!(cells(&all, item, domain), cells(&pair, expected, domain));
        }
    }
}

#[test]
fn no_rows_are_no_cells() {
    let sums = of_rows(&[]).unwrap();

    assert_eq!((sums.rows, sums.psus.len(), sums.domains.len()), (0, 0, 0));
}

#[test]
fn a_rounded_weight_is_counted() {
    let third = of_rows(&[("a", 1, Some(7), 1.0 / 3.0, Some(5), Some(1))]).unwrap();
    let tenth = of_rows(&[("a", 1, Some(7), 20.1234, Some(5), Some(1))]).unwrap();

    assert_eq!((third.rounded, tenth.rounded), (1, 0));
}

#[test]
fn bad_cells_are_refused_with_their_row() {
    let good: Row = ("a", 1, Some(7), 1.0, Some(5), Some(1));
    for weight in [-1.0, f64::NAN, f64::INFINITY, 1e300] {
        let refused = of_rows(&[good, (good.0, 1, Some(7), weight, None, None)]).unwrap_err();
        assert!(
            matches!(refused, WideError::BadWeight { row: 2, .. }),
            "{refused}"
        );
    }
    for answer in [0, 6, -3, i32::MAX, i32::MIN] {
        let refused = of_rows(&[good, good, ("a", 1, Some(7), 1.0, None, Some(answer))]);
        let refused = refused.unwrap_err();
        assert!(
            matches!(&refused, WideError::OffScale { row: 3, column, .. } if column == "q2"),
            "{refused}"
        );
    }
}

#[test]
fn wrong_columns_and_wrong_files_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("wide.parquet");
    write(&path, &[&many()]);
    let refused = |columns: WideColumns<'_>| {
        psu_sums(&[&path], &columns, NonZeroUsize::MIN)
            .unwrap_err()
            .to_string()
    };

    assert!(
        refused(WideColumns {
            psu: "house",
            ..COLUMNS
        })
        .contains("SN-303")
    );
    assert!(
        refused(WideColumns {
            psu: "w",
            ..COLUMNS
        })
        .contains("SN-304")
    );
    assert!(
        refused(WideColumns {
            items: &["stratum"],
            ..COLUMNS
        })
        .contains("SN-304")
    );
    assert!(
        refused(WideColumns {
            psu: "dept",
            ..COLUMNS
        })
        .contains("SN-307")
    );
    let absent = sums(&[dir.path().join("none")], 1).unwrap_err();
    assert!(matches!(absent, WideError::Io { .. }));
    std::fs::write(&path, b"PAR1 no parquet PAR1").unwrap();
    assert!(matches!(sums(&[path], 1), Err(WideError::Parquet { .. })));
}
