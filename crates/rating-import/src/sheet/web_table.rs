//! Tables of a web page that a system saved under the name of a spreadsheet.
//!
//! All tables of the page are one sheet, as a spreadsheet shows them. In a table inside a cell the inner rows are
//! the rows: pages that lay themselves out with tables put their data there.

use super::decode::TextReader;
use super::{Cell, Merge, Row, RowSource, refuse_column};
use crate::Limits;
use crate::refused::Refusal;
use encoding_rs::{Encoding, GB18030, UTF_8};
use html5gum::{DefaultEmitter, IoReader, StartTag, Token, Tokenizer};
use std::collections::{BTreeMap, VecDeque};

/// Whether a file is a web page rather than text between separators.
pub(super) fn is_page(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let text = text.trim_start_matches(['\u{feff}', ' ', '\r', '\n', '\t']);
    let starts = [
        "<html",
        "<!doctype",
        "<table",
        "<?xml",
        "<meta",
        "<head",
        "<style",
        "<div",
        "<!--",
    ];
    starts.iter().any(|tag| text.starts_with(tag))
}

/// The encoding the page names; it decides only where the bytes leave it open.
pub(super) fn declared_encoding(head: &[u8]) -> Option<&'static Encoding> {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let (_, named) = text.split_once("charset=")?;
    let named = named.trim_start_matches(['"', '\'', ' ']);
    let end = named.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
    match Encoding::for_label(&named.as_bytes()[..end.unwrap_or(named.len())])? {
        encoding if encoding == UTF_8 => Some(UTF_8),
        encoding if encoding.name().starts_with("GB") || encoding == GB18030 => Some(GB18030),
        _ => None,
    }
}

/// Text of the cell that is open; text elsewhere is no value.
enum Place {
    Outside,
    InCell(String),
    /// Inside a script, a style or the head.
    Unseen,
}

/// The rows of a page's tables.
pub(super) struct Tables<'f> {
    tokens: Tokenizer<IoReader<TextReader<'f>>, DefaultEmitter>,
    limits: &'f Limits,
    number: u32,
    row: Option<Row>,
    column: usize,
    place: Place,
    /// Rows that are still covered by a cell from above, by column.
    covered: BTreeMap<usize, u32>,
    merges: Vec<Merge>,
    ready: VecDeque<Row>,
    ended: bool,
}

impl<'f> Tables<'f> {
    pub fn new(text: TextReader<'f>, limits: &'f Limits) -> Self {
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(true);
        Self {
            tokens: Tokenizer::new_with_emitter(IoReader::new(text), emitter),
            limits,
            number: 0,
            row: None,
            column: 0,
            place: Place::Outside,
            covered: BTreeMap::new(),
            merges: Vec::new(),
            ready: VecDeque::new(),
            ended: false,
        }
    }

    fn take(&mut self, token: Token) -> Result<(), Refusal> {
        match token {
            Token::StartTag(tag) => self.start(&tag)?,
            Token::EndTag(tag) => match &*tag.name.0 {
                b"td" | b"th" => self.end_cell()?,
                b"tr" | b"table" => self.end_row()?,
                b"head" | b"script" | b"style" => self.place = Place::Outside,
                _ => {}
            },
            Token::String(text) => {
                if let Place::InCell(held) = &mut self.place {
                    held.push_str(&String::from_utf8_lossy(&text));
                }
            }
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
        Ok(())
    }

    fn start(&mut self, tag: &StartTag<()>) -> Result<(), Refusal> {
        match &*tag.name.0 {
            b"table" => {
                self.place = Place::Outside;
                self.end_row()?;
                self.covered.clear();
            }
            b"tr" => {
                self.end_row()?;
                self.begin_row();
            }
            b"td" | b"th" => {
                self.end_cell()?;
                self.begin_row();
                self.begin_cell(tag)?;
            }
            b"br" | b"p" | b"div" => {
                if let Place::InCell(held) = &mut self.place
                    && !held.trim().is_empty()
                {
                    held.push('\n');
                }
            }
            b"head" | b"script" | b"style" => self.place = Place::Unseen,
            b"body" => self.place = Place::Outside,
            _ => {}
        }
        Ok(())
    }

    fn begin_row(&mut self) {
        if self.row.is_none() {
            self.number = self.number.saturating_add(1);
            self.column = 0;
            self.row = Some(Row {
                number: self.number,
                cells: Vec::new(),
            });
        }
    }

    /// Takes the next free column and what the cell covers to the right and below.
    fn begin_cell(&mut self, tag: &StartTag<()>) -> Result<(), Refusal> {
        let covers = |until: &u32| *until >= self.number;
        while self.covered.get(&self.column).is_some_and(covers) {
            self.column += 1;
        }
        refuse_column(self.column, self.limits)?;
        let (width, height) = (span(tag, b"colspan"), span(tag, b"rowspan"));
        let last_column = self.column + (width as usize).min(self.limits.columns as usize) - 1;
        let last_row = self.number.saturating_add(height - 1);
        if width > 1 || height > 1 {
            self.merges.push(Merge {
                first_row: self.number,
                last_row,
                first_column: self.column,
                last_column,
            });
        }
        for column in self.column..=last_column {
            self.covered.insert(column, last_row);
        }
        self.place = Place::InCell(String::new());
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), Refusal> {
        let place = std::mem::replace(&mut self.place, Place::Outside);
        if let (Place::InCell(text), Some(row)) = (place, &mut self.row) {
            refuse_column(self.column, self.limits)?;
            row.put(self.column, Cell::of_text(text.trim()));
        }
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), Refusal> {
        self.end_cell()?;
        self.ready.extend(self.row.take());
        Ok(())
    }
}

/// A span of 1 to 65,534, the bounds of the HTML standard.
fn span(tag: &StartTag<()>, name: &[u8]) -> u32 {
    let value = tag.attributes.get(name);
    value
        .and_then(|value| String::from_utf8_lossy(value).trim().parse().ok())
        .unwrap_or(1)
        .clamp(1, 65_534)
}

impl RowSource for Tables<'_> {
    fn next_row(&mut self) -> Result<Option<Row>, Refusal> {
        while self.ready.is_empty() && !self.ended {
            match self.tokens.next() {
                Some(Ok(token)) => self.take(token)?,
                Some(Err(error)) => return Err(Refusal::of_text(&error, self.number + 1)),
                None => {
                    self.end_row()?;
                    self.ended = true;
                }
            }
        }
        Ok(self.ready.pop_front())
    }

    fn merges(&self) -> &[Merge] {
        &self.merges
    }
}

#[cfg(test)]
mod tests {
    use crate::sheet::{Cell, Sheet, SheetFile};
    use crate::{FileRefused, Limits};
    use encoding_rs::GB18030;

    fn read(bytes: &[u8]) -> Result<Sheet, FileRefused> {
        let mut file = SheetFile::of_bytes(bytes, "热线.xls", &Limits::default())?;
        assert_eq!(file.form().delimiter, None);
        Ok(file.sheets()?.remove(0))
    }

    fn texts(sheet: &Sheet) -> Vec<Vec<&str>> {
        let text = |cell: &'_ Cell| match cell {
            Cell::Text(text) => text.clone().leak() as &str,
            _ => "",
        };
        sheet
            .rows
            .iter()
            .map(|row| row.cells.iter().map(text).collect())
            .collect()
    }

    #[test]
    fn a_page_saved_as_xls_is_a_sheet() {
        let page = "<html><head><meta charset=gbk><style>td{x:y}</style><title>热线</title></head><body>说明\
            <TABLE border=1><tr><th>工单编号<th>承办单位</tr>\n<tr><td>A&amp;1</td><td> 市教育局<br>一科&nbsp;</td></tr></TABLE>";

        for bytes in [
            page.as_bytes().to_vec(),
            GB18030.encode(page).0.into_owned(),
        ] {
            let sheet = read(&bytes).unwrap();
            assert_eq!(
                texts(&sheet),
                [vec!["工单编号", "承办单位"], vec!["A&1", "市教育局\n一科"]]
            );
        }
    }

    #[test]
    fn cells_over_several_rows_and_columns_push_others_aside() {
        let sheet = read(
            b"<table><tr><td rowspan=2>a<td colspan=2>b<tr><td>c<td>d<tr><td>e<td>f<td>g</table>",
        )
        .unwrap();

        assert_eq!(
            texts(&sheet),
            [vec!["a", "b"], vec!["", "c", "d"], vec!["e", "f", "g"]]
        );
        assert_eq!(sheet.merges.len(), 2);
    }

    #[test]
    fn a_table_inside_a_layout_gives_its_rows() {
        let sheet = read(
            b"<div><table><tr><td>menu</td><td><table><tr><td>1</td><td>2</td></tr></table></td></tr></table></div>",
        )
        .unwrap();

        assert_eq!(texts(&sheet), [vec!["menu"], vec!["1", "2"]]);
    }

    #[test]
    fn absurd_spans_do_no_harm() {
        let sheet = read(b"<table><tr><td colspan=99999999 rowspan=-1>a<tr><td>b</table>").unwrap();

        assert_eq!(texts(&sheet), [vec!["a"], vec!["b"]]);
        assert!(read(format!("<table><tr>{}</table>", "<td>x".repeat(300)).as_bytes()).is_err());
    }
}
