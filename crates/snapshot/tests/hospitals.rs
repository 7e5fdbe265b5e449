//! Every hospital of the US fiscal year 2015: the published points give the published scores.

use analytics::{
    analysis::{ColumnKind, Table},
    base_score, dimension_score,
};
use snapshot::microdata::{column_names, read_columns};
use std::path::PathBuf;

const FILE: &str = "hospital-ranking-2015/hvbp_hcahps_05_28_2015.csv";
const DIMENSION: &str = " Dimension Score";

fn file() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("HUIYIN_REAL_DATA") {
        return Some(PathBuf::from(folder).join(FILE));
    }
    let in_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!in_ci, "HUIYIN_REAL_DATA must be set in CI");
    println!("skipped: HUIYIN_REAL_DATA not set");
    None
}

/// `4 out of 10` is 4, `17` is 17, `Not Available` is nothing; anything else fails the test.
fn points<T: std::str::FromStr>(table: &Table, column: &str, row: usize) -> Option<T> {
    let labels = table.labels(column).expect("every column was read");
    let cell = labels.ids()[row].expect("no cell is blank");
    let text = labels.name(cell);
    if text == "Not Available" {
        return None;
    }
    let number = text
        .split_once(" out of ")
        .map_or(text, |(number, _)| number);
    Some(
        number
            .parse()
            .unwrap_or_else(|_| panic!("{column}: {text}")),
    )
}

#[test]
fn the_published_points_give_the_published_scores() {
    let Some(file) = file() else { return };
    let names = column_names(&file).unwrap();
    let wanted: Vec<_> = names
        .iter()
        .map(|name| (name.clone(), ColumnKind::Label))
        .collect();
    let table = read_columns(&file, &wanted).unwrap();
    let dimensions: Vec<&str> = names
        .iter()
        .filter_map(|name| name.strip_suffix(DIMENSION))
        .collect();
    let (mut reproduced, mut missed) = (0, Vec::new());
    for row in 0..table.rows {
        let mut scores = Vec::new();
        for dimension in &dimensions {
            let column = |suffix: &str| format!("{dimension}{suffix}");
            let score = dimension_score(
                points(&table, &column(" Achievement Points"), row),
                points(&table, &column(" Improvement Points"), row),
            );
            let published = points(&table, &column(DIMENSION), row);
            if score == published {
                reproduced += 1;
            } else {
                missed.push((row, *dimension));
            }
            scores.push(score);
        }
        if base_score(&scores) == points(&table, "HCAHPS Base Score", row) {
            reproduced += 1;
        } else {
            missed.push((row, "base score"));
        }
    }

    println!(
        "{} hospitals: reproduced {reproduced}, not reproduced {}",
        table.rows,
        missed.len()
    );
    assert_eq!((table.rows, dimensions.len()), (3_074, 8));
    assert_eq!(missed, []);
    assert_eq!(reproduced, 3_074 * 9);
    let ids = table.labels("Provider Number").unwrap();
    assert_eq!(ids.name(0), "010001", "leading zeros stay");
}
