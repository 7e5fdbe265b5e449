//! Files that show what was done: sent up, opened and taken back from the page of a matter.

use super::{Desk, Entry, Side};
use crate::{
    Page, PageError, WebState, answer,
    parts::{file_name, next_part, whole},
    session::signed_in,
    unit::{EvidenceItem, EvidenceList},
    wording::{self, encoded},
};
use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, http::header, web::Path};
use rectification::{EvidenceKind, evidence::MOST_BYTES};
use storage::evidence::{self, EvidenceFile};
use vocabulary::{MatterId, Role};
use workflows::{
    Actor, NewEvidence, Refusal, VerbError, add_evidence, open_evidence, withdraw_evidence,
};

/// The end of the address files are sent to; their bodies are read as they come.
pub const EVIDENCE: &str = "/evidence";

/// Takes a file that was sent; gives the reason in words when it was not taken.
///
/// # Errors
/// When the matter is not this official's, or the file did not arrive.
pub async fn receive(
    state: &WebState,
    actor: &Actor,
    id: &str,
    mut parts: Multipart,
) -> Result<Option<String>, PageError> {
    let (mut name, mut sent) = (String::new(), Some(Vec::new()));
    while let Some(mut part) = next_part(&mut parts).await? {
        name = file_name(&part);
        sent = whole(&mut part, MOST_BYTES + 1).await?;
    }
    // A file that is too large is as good as one byte too many.
    let bytes = sent.unwrap_or_else(|| vec![0; MOST_BYTES + 1]);
    let new = NewEvidence {
        name: &name,
        bytes,
        virus_check: state.virus_check.as_deref(),
    };
    let (id, now) = (MatterId::new(id), state.now());
    said(add_evidence(&state.app, actor, &id, new, now, &mut (state.rng)()).await)
}

/// Takes a file back; gives the reason in words when that was not possible.
///
/// # Errors
/// When the matter is not this official's, or the database fails.
pub async fn withdraw(
    state: &WebState,
    actor: &Actor,
    (id, file): (&str, &str),
) -> Result<Option<String>, PageError> {
    said(withdraw_evidence(&state.app, actor, &MatterId::new(id), file, state.now()).await)
}

fn said(done: workflows::Verb<()>) -> Result<Option<String>, PageError> {
    match done {
        Ok(()) => Ok(None),
        Err(VerbError::Refused(
            refusal @ (Refusal::Evidence(_) | Refusal::Contradiction(_) | Refusal::Missing(_)),
        )) => Ok(Some(format!("{refusal}（{}）", refusal.code()))),
        Err(other) => Err(other.into()),
    }
}

/// Sends a file down; browsers keep it and never show it as a page of ours.
///
/// # Errors
/// When the matter is not this official's, or the file was taken back.
pub async fn open(
    state: &WebState,
    request: &HttpRequest,
    path: Path<(String, String)>,
    roles: &[Role],
) -> Page {
    let actor = signed_in(state, request, roles).await?;
    let (id, file) = path.into_inner();
    let (now, id) = (state.now(), MatterId::new(id));
    let opened = open_evidence(&state.app, &actor, &id, &file, now, &mut (state.rng)()).await;
    let (row, kind, bytes) = match opened {
        Err(VerbError::Refused(Refusal::Missing(_) | Refusal::NotYours)) => {
            return Err(PageError::NotFound);
        }
        other => other?,
    };
    Ok(HttpResponse::Ok()
        .content_type(kind.media_type())
        .insert_header((header::CONTENT_DISPOSITION, attachment(&row)))
        .body(bytes))
}

/// The name in percent-encoded UTF-8, and a plain one for browsers that do not know it.
fn attachment(row: &EvidenceFile) -> String {
    let (kind, name) = (&row.kind, encoded(&row.name));
    format!("attachment; filename=\"evidence.{kind}\"; filename*=UTF-8''{name}")
}

/// The files of a matter and what the reader may do with them; none for those who only watch.
///
/// # Errors
/// When the database fails.
pub async fn files(
    desk: Desk<'_>,
    entry: &Entry,
    problem: Option<&String>,
) -> Result<Option<EvidenceList>, PageError> {
    if desk.side == Side::Watcher {
        return Ok(None);
    }
    let address = format!("{}/matters/{}{EVIDENCE}", desk.base, entry.matter.id);
    let open = entry.state.stage().takes_evidence();
    let mut items = Vec::new();
    for row in evidence::list_evidence(desk.app.store(), &entry.matter.id).await? {
        let by = crate::known::account_name(desk.app, &row.added_by).await?;
        let kind = EvidenceKind::from_code(&row.kind).map_or("", EvidenceKind::label);
        let role = Role::from_code(&row.added_role);
        let own_side = (role == Some(Role::UnitLiaison)) == (desk.side == Side::Unit)
            && (!entry.assists || row.added_by == desk.account);
        let size = wording::file_size(row.bytes.unsigned_abs());
        let added = wording::moment(row.added_at);
        let gone = row.withdrawn_at.map(wording::moment);
        items.push(EvidenceItem {
            href: match gone {
                None => format!("{address}/{}", row.id),
                Some(_) => String::new(),
            },
            withdraw: match gone.is_none() && open && own_side {
                true => format!("{address}/{}/withdraw", row.id),
                false => String::new(),
            },
            remark: match gone {
                Some(gone) => format!("{by} {added} 上传，{gone} 撤回"),
                None => format!("{kind}，{size}，{by} {added} 上传"),
            },
            name: row.name,
        });
    }
    Ok(Some(EvidenceList {
        action: if open { address } else { String::new() },
        problem: problem.cloned(),
        items,
    }))
}

/// The page of a matter after something was done with its files.
pub fn done(base: &str, id: &str, what: &str) -> Page {
    Ok(answer::go_to(&format!(
        "{base}/matters/{id}?done={what}#files"
    )))
}
