//! The shipped folder, read once per test.

use std::{fs, path::Path};

/// Every file under `survey-templates`, sorted, with its path from there.
pub fn shipped() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../survey-templates");
    let mut files = Vec::new();
    collect(&root, "", &mut files);
    files.sort();
    files
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &format!("{path}/"), files);
        } else {
            files.push((path, fs::read(entry.path()).unwrap()));
        }
    }
}

/// The bytes of one shipped file.
pub fn file(path: &str) -> Vec<u8> {
    let found = shipped().into_iter().find(|(name, _)| name == path);
    found.unwrap_or_else(|| panic!("no {path}")).1
}

/// The shipped folder with one file's bytes replaced.
pub fn with(path: &str, bytes: Vec<u8>) -> Vec<(String, Vec<u8>)> {
    let mut files = shipped();
    match files.iter_mut().find(|(name, _)| name == path) {
        Some((_, old)) => *old = bytes,
        None => files.push((path.to_owned(), bytes)),
    }
    files
}
