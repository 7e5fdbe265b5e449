//! Reads hotline orders twice and says how long each took: `read_file FILE`.
//!
//! Once with the `csv` crate alone, which neither decodes nor checks nor numbers anything, and once as an import does, up
//! to the lines of JSON that leave the child process. Units are D01 to D12. Run it built for release.

use rating_import::{Handed, Limits, SheetFile, TextForm, parse_hotline};
use std::fs::File;
use std::io::{self, BufReader, Write};
use std::time::Instant;

fn main() -> io::Result<()> {
    let path = std::env::args().nth(1).ok_or(io::ErrorKind::InvalidInput)?;
    if path.ends_with(".csv") {
        let start = Instant::now();
        let rows = with_csv_alone(&path)?;
        println!(
            "csv alone: {rows} records, {:.2} s",
            start.elapsed().as_secs_f64()
        );
    }
    let start = Instant::now();
    let lines = as_an_import(&path)?;
    println!("import: {lines}, {:.2} s", start.elapsed().as_secs_f64());
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find(|line| line.starts_with("VmHWM"));
    println!("{}", peak.unwrap_or_default());
    Ok(())
}

fn with_csv_alone(path: &str) -> io::Result<u64> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(BufReader::new(File::open(path)?));
    let mut record = csv::ByteRecord::new();
    let mut rows = 0;
    while reader.read_byte_record(&mut record)? {
        rows += 1;
    }
    Ok(rows)
}

fn as_an_import(path: &str) -> io::Result<String> {
    let units = (1..=12)
        .map(|n| (format!("D{n:02}"), format!("D{n:02}").as_str().into()))
        .collect();
    let input = BufReader::new(File::open(path)?);
    let mut file = SheetFile::open(input, path, &TextForm::default(), &Limits::default())
        .map_err(io::Error::other)?;
    let mut out = io::sink();
    let read = parse_hotline(&mut file, &units, None, &mut |handed| {
        match handed {
            Handed::Row(row) => serde_json::to_writer(&mut out, &row)?,
            Handed::Issue(issue) => serde_json::to_writer(&mut out, &issue)?,
        }
        out.write_all(b"\n")
    });
    let found = read.map_err(|stopped| io::Error::other(format!("{stopped:?}")))?;
    Ok(format!(
        "{} rows, {} taken, {} rejected, {} duplicates, {} issues",
        found.rows_total, found.rows_taken, found.rejected, found.duplicates, found.issues
    ))
}
