//! A file that was sent up, given back with what is wrong beside each row.

use super::ROLES;
use crate::{Page, PageError, WebState, session::signed_in};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Bytes, Data, Path},
};
use futures_util::stream;
use publication::safe_cell;
use rating_import::{ImportIssue, Incoming, RawRow};
use std::{collections::BTreeMap, io};
use tokio::sync::mpsc;
use workflows::{Preview, UploadReport, lists_people, take_out_upload, upload_report};

/// Rows written in one go.
const PART: usize = 1000;
/// Parts that are read ahead.
const AHEAD: usize = 2;

/// What is wrong, by sheet and row.
type Notes = BTreeMap<(String, u32), String>;

/// The file as CSV with the columns 工作表, 行 and 错误说明 before its own; of a list of people those three alone.
pub async fn download(state: Data<WebState>, request: HttpRequest, id: Path<String>) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let (upload, received) = take_out_upload(&state.app, &actor, &id, state.now()).await?;
    let notes = match upload_report(&upload) {
        Some(UploadReport::Read(report)) => notes(&report.issues),
        _ => Notes::new(),
    };
    let rows = match lists_people(&upload) {
        true => named_rows(&notes),
        false => (state.preview)(received, Preview::Rows).map_err(|_| PageError::Failed)?,
    };
    let (parts, received) = mpsc::channel(AHEAD);
    actix_web::rt::task::spawn_blocking(move || write(rows, &notes, &parts));
    let body = stream::unfold(received, async |mut parts: mpsc::Receiver<_>| {
        Some((parts.recv().await?, parts))
    });
    let name = format!(
        "attachment; filename=\"upload-{}.csv\"",
        &upload.file_sha256[..8]
    );
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, name))
        .streaming(Box::pin(body)))
}

/// Where something is wrong and nothing of what stands there: people do not come back out of the vault.
fn named_rows(notes: &Notes) -> Incoming<RawRow> {
    let row = |(sheet, row): &(String, u32)| RawRow {
        sheet: sheet.clone(),
        row: *row,
        cells: Vec::new(),
    };
    Incoming::of_rows(notes.keys().map(row).collect())
}

fn notes(issues: &[ImportIssue]) -> Notes {
    let mut notes = Notes::new();
    for issue in issues {
        let note = notes.entry((issue.sheet.clone(), issue.row)).or_default();
        let column = match issue.column.as_str() {
            "" => String::new(),
            column => format!("{column}："),
        };
        *note += &format!(
            "{column}{}{}（{}）",
            issue.message, issue.remedy, issue.code
        );
    }
    notes
}

/// Writes until there are no more rows or nobody takes them; a reader that dies cuts the download off, so that it is not
/// taken for the whole file.
fn write(mut rows: Incoming<RawRow>, notes: &Notes, parts: &mpsc::Sender<io::Result<Bytes>>) {
    let head = "\u{FEFF}工作表,行,错误说明\r\n";
    let mut text = head.as_bytes().to_vec();
    loop {
        let part = rows
            .next_chunk(PART)
            .map_err(|_| io::ErrorKind::UnexpectedEof.into());
        let part = part.and_then(|part| {
            for row in &part.rows {
                line(&mut text, row, notes)?;
            }
            Ok(Bytes::from(std::mem::take(&mut text)))
        });
        let last = part.as_ref().map_or(true, Bytes::is_empty);
        if parts.blocking_send(part).is_err() || last {
            return;
        }
    }
}

fn line(text: &mut Vec<u8>, row: &RawRow, notes: &Notes) -> io::Result<()> {
    let key = (row.sheet.clone(), row.row);
    let note = notes.get(&key).map_or("", String::as_str);
    let own = row.cells.iter().map(|cell| safe_cell(cell));
    let before = [safe_cell(&row.sheet), row.row.to_string(), safe_cell(note)];
    let mut csv = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(text);
    csv.write_record(before.into_iter().chain(own))?;
    csv.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_stands_beside_its_row_and_nothing_runs_as_a_formula() {
        let issue = |row, column: &str| ImportIssue {
            sheet: "工单".into(),
            row,
            column: column.into(),
            code: "RI-109".into(),
            message: "不认识的等级。".into(),
            remedy: "请改成满意等五级。".into(),
        };
        let raw = |row, cells: &[&str]| RawRow {
            sheet: "工单".into(),
            row,
            cells: cells.iter().map(ToString::to_string).collect(),
        };
        let rows = Incoming::of_rows(vec![
            raw(1, &["编号", "满意度"]),
            raw(2, &["1", "还行, 吧"]),
            raw(3, &["=1+1", "满意"]),
        ]);
        let (parts, mut received) = mpsc::channel(9);

        write(rows, &notes(&[issue(2, "满意度"), issue(2, "")]), &parts);

        let mut text = Vec::new();
        while let Ok(part) = received.try_recv() {
            text.extend(part.unwrap());
        }
        let text = String::from_utf8(text).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "\u{FEFF}工作表,行,错误说明");
        assert_eq!(lines[1], "工单,1,,编号,满意度");
        let note = "不认识的等级。请改成满意等五级。（RI-109）";
        assert_eq!(
            lines[2],
            format!("工单,2,满意度：{note}{note},1,\"还行, 吧\"")
        );
        assert_eq!(lines[3], "工单,3,,'=1+1,满意");
    }

    #[test]
    fn the_name_of_a_sheet_and_of_a_column_do_not_run_either() {
        let row = RawRow {
            sheet: "=1+1".into(),
            row: 2,
            cells: vec!["满意".into()],
        };
        let told = Notes::from([(("=1+1".into(), 2), "=2+2：不认识的等级。".into())]);
        let mut text = Vec::new();

        line(&mut text, &row, &told).unwrap();

        let text = String::from_utf8(text).unwrap();
        assert_eq!(text, "'=1+1,2,'=2+2：不认识的等级。,满意\r\n");
    }
}
