//! Attackers: each looks at one side of a pair from one angle and guesses that both sides lie in the same order there.

use crate::city::texts;
use sea_orm::DatabaseConnection;
use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
};

/// Keys of one side in the order an attacker sees them.
pub type View = (String, Vec<String>);

/// One side of the pairs.
pub struct Side {
    pub table: &'static str,
    pub key: &'static str,
}

/// All angles SQL gives on a table: as it comes, by hidden row number, by transaction, by place.
pub async fn by_sql(raw: &DatabaseConnection, side: &Side) -> Vec<View> {
    let Side { table, key } = side;
    let mut views = Vec::new();
    for (name, order) in [
        ("as it comes", ""),
        ("rowid", "ORDER BY rowid"),
        ("xmin", "ORDER BY age(xmin) DESC, ctid"),
        ("ctid", "ORDER BY ctid"),
    ] {
        // An angle the database does not have gives nothing to look at.
        if let Ok(mut keys) = texts(raw, &format!("SELECT {key} FROM {table} {order}")).await {
            keys.dedup();
            views.push((format!("{table} by {name}"), keys));
        }
    }
    views
}

/// The keys in the order in which their text first lies in these files, and last.
pub fn by_bytes(what: &str, files: &[Vec<u8>], keys: &[String]) -> Vec<View> {
    let Some(length) = keys.first().map(String::len) else {
        return Vec::new();
    };
    let wanted: HashMap<&[u8], usize> = keys
        .iter()
        .enumerate()
        .map(|(index, key)| (key.as_bytes(), index))
        .collect();
    let hex = |byte: &u8| byte.is_ascii_hexdigit();
    let (mut first, mut last) = (BTreeMap::new(), BTreeMap::new());
    let mut before = 0_usize;
    for file in files {
        let mut start = 0;
        while let Some(window) = file.get(start..start + length) {
            // No key lies across a byte that is no hex digit.
            if let Some(gap) = window.iter().rposition(|byte| !hex(byte)) {
                start += gap + 1;
                continue;
            }
            if let Some(index) = wanted.get(window) {
                first.entry(*index).or_insert(before + start);
                last.insert(*index, before + start);
            }
            start += 1;
        }
        before += file.len();
    }
    let ordered = |places: BTreeMap<usize, usize>| {
        let mut order: Vec<_> = places
            .into_iter()
            .map(|(index, place)| (place, index))
            .collect();
        order.sort_unstable();
        order
            .into_iter()
            .map(|(_, index)| keys[index].clone())
            .collect()
    };
    vec![
        (format!("{what}, first copy"), ordered(first)),
        (format!("{what}, last copy"), ordered(last)),
    ]
}

/// Every file in a folder whose name begins like this, by name.
pub fn files(folder: &Path, beginning: &str) -> Vec<Vec<u8>> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.is_file()
                && path
                    .file_name()
                    .unwrap()
                    .to_string_lossy()
                    .starts_with(beginning)
        })
        .collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// The tables of a database whose bytes lie in files of the server, in order of the file.
pub async fn heap_files(raw: &DatabaseConnection, table: &str) -> Vec<Vec<u8>> {
    let path = format!(
        "SELECT current_setting('data_directory') || '/' || pg_relation_filepath('{table}')"
    );
    let path = texts(raw, &path).await.unwrap().remove(0);
    vec![fs::read(path).unwrap()]
}

/// How many pairs are guessed right when each attacker knows in which batch each key lies.
pub fn hits(
    left: &[String],
    right: &[String],
    person_left: &HashMap<String, usize>,
    person_right: &HashMap<String, usize>,
    batch: &dyn Fn(usize) -> usize,
) -> usize {
    let people = |keys: &[String], who: &HashMap<String, usize>| {
        let mut batches: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for person in keys.iter().filter_map(|key| who.get(key)) {
            batches.entry(batch(*person)).or_default().push(*person);
        }
        batches
    };
    let (left, right) = (people(left, person_left), people(right, person_right));
    let in_batch = |(number, left): (&usize, &Vec<usize>)| {
        let right = right.get(number).map_or(&[][..], Vec::as_slice);
        left.iter()
            .zip(right)
            .filter(|(one, other)| one == other)
            .count()
    };
    left.iter().map(in_batch).sum()
}
