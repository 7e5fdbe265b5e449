//! Which kind of file the bytes are, whatever the name says.

use super::decode::TextFile;
use super::{
    Content, Input, Listed, SheetFile, Visibility, archive, dialect, old_workbook, web_table,
    workbook,
};
use crate::refused::Refusal;
use crate::{FileRefused, Limits};
use std::io::{Read, Seek, SeekFrom};
use survey_design::TextForm;

/// Looks into a workbook's archive, counting what is really there, without opening the workbook.
///
/// # Errors
/// [`FileRefused`] when the archive holds anything a table does not need, or too much.
pub fn inspect_archive(mut input: impl Read + Seek, limits: &Limits) -> Result<(), FileRefused> {
    let size = input
        .seek(SeekFrom::End(0))
        .map_err(|_| Refusal::Unreadable)?;
    archive::inspect(input, size, limits)?;
    Ok(())
}

pub(super) fn open(
    mut input: Box<dyn Input>,
    file_name: &str,
    form: &TextForm,
    limits: &Limits,
) -> Result<SheetFile, Refusal> {
    let size = input
        .seek(SeekFrom::End(0))
        .map_err(|_| Refusal::Unreadable)?;
    if size == 0 {
        return Err(Refusal::Empty);
    }
    if size > limits.bytes {
        return Err(Refusal::TooLarge {
            limit: limits.bytes,
        });
    }
    let head = head_of(&mut input)?;
    if head.starts_with(b"PK\x03\x04") {
        return workbook::open(input, size, limits);
    }
    if head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return old_workbook::open(input, size, limits);
    }
    refuse_foreign(&head)?;
    let listed = vec![Listed {
        name: stem(file_name).to_owned(),
        visibility: Visibility::Shown,
    }];
    let page = web_table::is_page(&head);
    let hint = page.then(|| web_table::declared_encoding(&head)).flatten();
    let mut text = TextFile::examine(input, form, hint)?;
    let mut found = text.form();
    if page {
        return Ok(SheetFile::new(
            found,
            listed,
            Content::WebTable(text),
            limits,
        ));
    }
    let dialect = dialect::detect(text.reader()?, form)?;
    (found.delimiter, found.quote) = (
        Some(dialect.delimiter.into()),
        dialect.quote.map(char::from),
    );
    Ok(SheetFile::new(
        found,
        listed,
        Content::Delimited(text),
        limits,
    ))
}

/// The first 4096 bytes; the input then stands at its start again.
fn head_of(input: &mut dyn Input) -> Result<Vec<u8>, Refusal> {
    let mut head = Vec::new();
    input
        .seek(SeekFrom::Start(0))
        .and_then(|_| Read::take(&mut *input, 4096).read_to_end(&mut head))
        .and_then(|_| input.seek(SeekFrom::Start(0)))
        .map_err(|_| Refusal::Unreadable)?;
    Ok(head)
}

fn stem(file_name: &str) -> &str {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Formats that officials send under a table's name.
fn refuse_foreign(head: &[u8]) -> Result<(), Refusal> {
    let foreign: [&[u8]; 7] = [
        b"PK",
        b"%PDF",
        b"{\\rtf",
        b"\x7FELF",
        b"\x89PNG",
        b"\x1F\x8B",
        b"Rar!",
    ];
    if foreign.iter().any(|magic| head.starts_with(magic)) {
        return Err(Refusal::NotATable);
    }
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let spreadsheet_xml = text.contains("urn:schemas-microsoft-com:office:spreadsheet")
        && !text.contains("<table>")
        && !text.contains("<html");
    if spreadsheet_xml || text.starts_with("mime-version:") {
        return Err(Refusal::SavedAsXml);
    }
    Ok(())
}
