use crate::{
    SnapshotError, read_psu_table, read_ratings, sample::ratings, tally_ratings, write_psu_table,
    write_ratings, write_ratings_csv,
};
use analytics::{Moments, RatingRow};
use std::{fs, num::NonZeroUsize, path::PathBuf};
use vocabulary::{Channel, Level, Weight};

/// The sample's ratings, with the rows that count nowhere: other channels, abstentions, no weight.
fn rows() -> Vec<RatingRow> {
    let mut rows = ratings();
    for (index, row) in rows.iter_mut().enumerate() {
        match index % 10 {
            0 => row.level = Level::Abstain,
            1 => row.weight = Weight::from_steps(-1),
            2 => row.channel = Channel::Hall,
            3 => row.psu = u64::MAX - row.psu,
            _ => {}
        }
    }
    rows
}

fn threads(number: usize) -> NonZeroUsize {
    NonZeroUsize::new(number).unwrap()
}

#[test]
fn files_threads_order_and_cutting_change_no_digit() {
    let dir = tempfile::tempdir().unwrap();
    let rows = rows();
    let expected = Moments::from_rows(&rows);
    assert!(expected.left_out() > 0);
    let whole = dir.path().join("whole.parquet");
    write_ratings(&whole, &rows).unwrap();
    let shards: Vec<PathBuf> = (0..7)
        .map(|n| dir.path().join(format!("{n}.parquet")))
        .collect();
    for (number, shard) in shards.iter().enumerate() {
        let part: Vec<_> = rows.iter().skip(number).step_by(7).cloned().collect();
        write_ratings(shard, &part).unwrap();
    }

    let one = tally_ratings(&[&whole], threads(1)).unwrap();
    let two = tally_ratings(&[&whole], threads(2)).unwrap();
    let seven = tally_ratings(&shards, threads(2)).unwrap();

    assert_eq!(one.into_moments(), expected);
    assert_eq!(two.into_moments(), expected);
    assert_eq!(seven.into_moments(), expected);
}

#[test]
fn sums_written_and_read_again_are_the_same_in_any_parts() {
    let dir = tempfile::tempdir().unwrap();
    let (ratings, table) = (
        dir.path().join("ratings.parquet"),
        dir.path().join("moments.csv"),
    );
    write_ratings(&ratings, &rows()).unwrap();
    write_psu_table(&table, tally_ratings(&[&ratings], threads(2)).unwrap()).unwrap();
    let text = fs::read_to_string(&table).unwrap();
    let (header, lines) = text.split_once('\n').unwrap();
    let parts: Vec<PathBuf> = (0..3)
        .map(|n| dir.path().join(format!("{n}.csv")))
        .collect();
    for (number, part) in parts.iter().enumerate() {
        let lines: Vec<&str> = lines.lines().skip(number).step_by(3).collect();
        fs::write(part, format!("\u{feff}{header}\n{}\n", lines.join("\n"))).unwrap();
    }

    let expected = Moments::from_rows(&rows());
    assert_eq!(read_psu_table(&[&table]).unwrap().into_moments(), expected);
    assert_eq!(read_psu_table(&parts).unwrap().into_moments(), expected);
}

#[test]
fn a_table_that_is_none_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let table = dir.path().join("moments.csv");
    let header = "unit,item,rater_group,stratum,psu,n_5,n_4,n_3,n_2,n_1,n_dk,left_out,w_5,w_4,w_3,w_2,w_1,w_dk";
    let refused = |line: &str| {
        fs::write(&table, format!("{header}\n{line}\n")).unwrap();
        read_psu_table(&[&table]).unwrap_err().to_string()
    };

    assert!(refused("D01,q,citizens,s,1,0,0,0,0,-1,0,0,0,0,0,0,0,0").contains("“n_1”"));
    assert!(refused("D01,q,nobody,s,1,0,0,0,0,0,0,0,0,0,0,0,0,0").contains("“rater_group”"));
    assert!(refused("D01,q,citizens,s,1,0,0,0,0,0,0,0,1.5,0,0,0,0,0").contains("“w_5”"));
    let most = u64::MAX;
    let twice = format!("D01,q,citizens,s,1,1,1,0,0,0,0,0,{most},{most},0,0,0,0");
    assert!(refused(&twice).contains("SN-112"));
    fs::write(&table, "unit,item\nD01,q\n").unwrap();
    assert!(matches!(
        read_psu_table(&[&table]),
        Err(SnapshotError::NoColumn { .. })
    ));
    fs::write(&table, header).unwrap();
    assert!(matches!(
        read_psu_table(&[&table, &table]),
        Err(SnapshotError::SameFile(_))
    ));
}

#[test]
fn ratings_as_csv_have_the_columns_of_the_parquet_file() {
    let dir = tempfile::tempdir().unwrap();
    let (csv, parquet) = (dir.path().join("r.csv"), dir.path().join("r.parquet"));
    let rows = rows();

    assert_eq!(write_ratings_csv(&csv, &rows).unwrap(), rows.len() as u64);

    write_ratings(&parquet, &rows).unwrap();
    let text = fs::read_to_string(&csv).unwrap();
    let first = &read_ratings(&parquet).unwrap()[0];
    let line = format!("{},{},", first.unit, first.item);
    assert!(
        text.starts_with("unit,item,channel,rater_group,stratum,psu,weight_millionths,level\n")
    );
    assert!(text.lines().nth(1).unwrap().starts_with(&line));
}

#[test]
fn something_else_than_parquet_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ratings.parquet");
    fs::write(&path, b"PAR1").unwrap();

    assert!(matches!(
        tally_ratings(&[&path], threads(1)),
        Err(SnapshotError::Parquet { .. })
    ));
}
