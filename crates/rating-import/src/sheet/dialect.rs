//! What separates the cells of a text file, and what stands around those that hold a separator.

use super::FileForm;
use crate::refused::Refusal;
use csv::{ReaderBuilder, StringRecord};
use std::io::Read;
use survey_design::TextForm;

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// How much of the file is looked at.
const HEAD: u64 = 64 * 1024;
/// How many rows are compared.
const ROWS: usize = 50;

/// Delimiter and quote; a file without a quote sign has its cells as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    pub delimiter: u8,
    pub quote: Option<u8>,
}

impl Dialect {
    pub fn of(form: &FileForm) -> Self {
        let ascii = |found: Option<char>| found.and_then(|c| u8::try_from(c).ok());
        Self {
            delimiter: ascii(form.delimiter).unwrap_or(b','),
            quote: ascii(form.quote),
        }
    }

    pub fn reader<R: Read>(self, text: R) -> csv::Reader<R> {
        ReaderBuilder::new()
            .delimiter(self.delimiter)
            .quote(self.quote.unwrap_or(b'"'))
            .quoting(self.quote.is_some())
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(64 * 1024)
            .from_reader(text)
    }
}

/// Decides by the first rows; a delimiter of the mapping, or a first line `sep=;`, goes before.
pub(super) fn detect(text: impl Read, form: &TextForm) -> Result<Dialect, Refusal> {
    let mut head = Vec::new();
    // A damaged text is refused where its rows are read.
    let _ = text.take(HEAD).read_to_end(&mut head);
    let head = String::from_utf8_lossy(&head);
    let declared = match form.delimiter {
        Some(delimiter) => {
            let delimiter = u8::try_from(delimiter).ok().filter(u8::is_ascii);
            Some(delimiter.ok_or(Refusal::MappingField {
                field: "file.delimiter".to_owned(),
            })?)
        }
        None => sep_line(&head),
    };
    let quote = quote_of(&head);
    let dialect = |delimiter| Dialect { delimiter, quote };
    Ok(declared.map_or_else(
        || {
            DELIMITERS
                .map(dialect)
                .into_iter()
                .max_by_key(|dialect| (agreement(&head, *dialect), dialect.delimiter == b','))
                .unwrap_or(dialect(b','))
        },
        dialect,
    ))
}

/// `sep=;` as spreadsheets write it for each other.
fn sep_line(head: &str) -> Option<u8> {
    let line = head.lines().next()?.trim_matches('"');
    let found = line.strip_prefix("sep=")?.bytes().next()?;
    DELIMITERS.contains(&found).then_some(found)
}

/// Rows of the most frequent width above one, and that width.
fn agreement(head: &str, dialect: Dialect) -> (usize, usize) {
    let widths: Vec<usize> = dialect
        .reader(head.as_bytes())
        .into_records()
        .take(ROWS)
        .filter_map(Result::ok)
        .map(|record: StringRecord| record.len())
        .filter(|width| *width > 1)
        .collect();
    let rows_of = |width: usize| widths.iter().filter(|other| **other == width).count();
    widths
        .iter()
        .map(|width| (rows_of(*width), *width))
        .max()
        .unwrap_or_default()
}

/// The sign around cells: `"` unless whole cells stand in `'` and none in `"`.
///
/// An apostrophe before a number (`'0012`) has no partner and is no quote.
fn quote_of(head: &str) -> Option<u8> {
    let around = |quote: char| {
        head.lines()
            .flat_map(|line| line.split([',', ';', '\t', '|']))
            .filter(|cell| cell.len() >= 2 && cell.starts_with(quote) && cell.ends_with(quote))
            .count()
    };
    match around('"') == 0 && around('\'') >= 2 {
        true => Some(b'\''),
        false => Some(b'"'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(head: &str) -> (char, char) {
        let dialect = detect(head.as_bytes(), &TextForm::default()).unwrap();
        (dialect.delimiter.into(), dialect.quote.unwrap().into())
    }

    #[test]
    fn the_separator_is_found_even_when_texts_hold_others() {
        for (head, delimiter) in [
            ("a,b;c\n1,2\n3,4", ','),
            ("a;b\n1;2,5\n3;4,5", ';'),
            ("a\tb\n1,0\t2\n", '\t'),
            (
                "编号|单位|满意度\n1|市,教育局|满意\n2|市,水务局|满意\n",
                '|',
            ),
            ("sep=;\na;b,c,d\n", ';'),
            ("only one\ncolumn\n", ','),
        ] {
            assert_eq!(found(head).0, delimiter, "{head}");
        }
    }

    #[test]
    fn single_quotes_are_quotes_only_around_whole_cells() {
        assert_eq!(found("'a','b,c'\n'1','2'\n").1, '\'');
        assert_eq!(found("a,b\n'0012,x\n'0013,y\n").1, '"');
        assert_eq!(found("\"a\",'b'\n").1, '"');
    }

    #[test]
    fn a_mapping_decides_and_must_name_one_plain_sign() {
        let form = |delimiter| TextForm {
            delimiter: Some(delimiter),
            ..TextForm::default()
        };

        assert_eq!(detect(&b"a,b\n"[..], &form('^')).unwrap().delimiter, b'^');
        assert!(detect(&b"a,b\n"[..], &form('，')).is_err());
    }
}
