//! The sample library in parts, so that a file of a million people needs no more memory than its text.

use crate::pool::{PoolRow, parse_pool};
use crate::sheet::delimited::{Rows, stem};
use crate::sheet::{Opened, Row, Sheet, SheetFile, Visibility, opened};
use crate::{FileRefused, Imported, Limits, read_rows};

/// Rows of one part.
const PART: usize = 20_000;

/// Limits of a sample library: 256 MB, as many rows as a workbook has.
#[must_use]
pub fn pool_limits() -> Limits {
    Limits {
        bytes: 256 * 1024 * 1024,
        inflated_bytes: 1024 * 1024 * 1024,
        shared_strings: 8_000_000,
        rows: 1_048_576,
        cells: 12_000_000,
        ..Limits::default()
    }
}

/// Reads people as [`parse_pool`] does and hands them on in parts. A text is checked to its end before the first part is.
///
/// # Errors
/// What `take` says; inside, [`FileRefused`] when the file cannot be used.
pub fn pool_parts<E>(
    bytes: &[u8],
    file_name: &str,
    limits: &Limits,
    mut take: impl FnMut(Imported<PoolRow>) -> Result<(), E>,
) -> Result<Result<(), FileRefused>, E> {
    let text = match opened(bytes, limits) {
        Err(refusal) => return Ok(Err(refusal.into())),
        Ok(Opened::Workbook) => match read_rows(bytes, file_name, limits) {
            Err(refused) => return Ok(Err(refused)),
            Ok(file) => return sheets(file, &mut take),
        },
        Ok(Opened::Text(text)) => text.text,
    };
    if let Some(Err(refusal)) = Rows::of(&text, limits).find(Result::is_err) {
        return Ok(Err(refusal.into()));
    }
    let sheet = Sheet {
        name: stem(file_name).to_owned(),
        ..Sheet::default()
    };
    let rows = Rows::of(&text, limits).filter_map(Result::ok);
    one_sheet(&sheet, rows, &mut take)
}

/// Sheets of another kind are passed over, as long as one is a sample library.
fn sheets<E>(
    file: SheetFile,
    take: &mut impl FnMut(Imported<PoolRow>) -> Result<(), E>,
) -> Result<Result<(), FileRefused>, E> {
    if file
        .sheets
        .iter()
        .map(|sheet| sheet.rows.len())
        .sum::<usize>()
        <= PART
    {
        return match parse_pool(&file) {
            Ok(imported) => take(imported).map(Ok),
            Err(refused) => Ok(Err(refused)),
        };
    }
    let (mut taken, mut first) = (false, None);
    for mut sheet in file.sheets {
        if sheet.visibility == Visibility::Hidden {
            continue;
        }
        let rows = std::mem::take(&mut sheet.rows).into_iter();
        match one_sheet(&sheet, rows, take)? {
            Ok(()) => taken = true,
            Err(refused) => first = first.or(Some(refused)),
        }
    }
    Ok(match first {
        Some(refused) if !taken => Err(refused),
        _ => Ok(()),
    })
}

/// Each part after the first begins with the header of the first.
fn one_sheet<E>(
    sheet: &Sheet,
    mut rows: impl Iterator<Item = Row>,
    take: &mut impl FnMut(Imported<PoolRow>) -> Result<(), E>,
) -> Result<Result<(), FileRefused>, E> {
    let mut header: Vec<Row> = Vec::new();
    let mut is_first = true;
    loop {
        let mut part = SheetFile {
            sheets: vec![Sheet {
                rows: header.clone(),
                ..sheet.clone()
            }],
            encoding: String::new(),
        };
        let own = &mut part.sheets[0].rows;
        own.extend(rows.by_ref().take(PART));
        if own.len() == header.len() && !is_first {
            return Ok(Ok(()));
        }
        let imported = match parse_pool(&part) {
            Ok(imported) => imported,
            Err(refused) if is_first => return Ok(Err(refused)),
            // Nothing but notes and totals at the end of the file.
            Err(_) => continue,
        };
        if is_first && let Some(found) = imported.headers.first() {
            let lines = found.first_row..found.first_row + found.rows;
            let all = std::mem::take(&mut part.sheets[0].rows);
            header = all
                .into_iter()
                .filter(|row| lines.contains(&row.number))
                .collect();
        }
        is_first = false;
        take(imported)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;
    use std::fmt::Write;

    fn parts(text: &str) -> Result<Vec<Imported<PoolRow>>, FileRefused> {
        let mut parts = Vec::new();
        let Ok(read) = pool_parts(text.as_bytes(), "库.csv", &pool_limits(), |part| {
            parts.push(part);
            Ok::<(), Infallible>(())
        });
        read.map(|()| parts)
    }

    fn library(people: u32) -> String {
        let mut text = "云溪市样本库\n\n姓名,身份类别,手机号,区县\n".to_owned();
        for number in 0..people {
            let _ = writeln!(text, "某人,群众,138{number:08},东城区");
        }
        text
    }

    #[test]
    fn parts_together_are_the_whole_file() {
        let mut text = library(45_000);
        text.push_str("某人,群众,1381,东城区\n");

        let parts = parts(&text).unwrap();

        let whole = read_rows(text.as_bytes(), "库.csv", &pool_limits()).unwrap();
        let whole = parse_pool(&whole).unwrap();
        let rows: Vec<PoolRow> = parts.iter().flat_map(|part| part.rows.clone()).collect();
        assert_eq!(parts.len(), 3);
        assert!(rows == whole.rows);
        let total: u64 = parts.iter().map(|part| part.rows_total).sum();
        assert_eq!(total, whole.rows_total);
        let issues: Vec<_> = parts.iter().flat_map(|part| part.issues.clone()).collect();
        assert_eq!(issues, whole.issues);
        assert_eq!(issues.len(), 2, "{issues:?}");
    }

    #[test]
    fn a_file_broken_at_its_end_is_refused_before_anything_is_taken() {
        let mut text = library(25_000);
        text.push_str("某人,\"群众\n,13900000000,东城区\n");

        assert_eq!(parts(&text).unwrap_err().code, "RI-010");
        assert_eq!(parts("a,b\n1,2\n").unwrap_err().code, "RI-040");
    }
}
