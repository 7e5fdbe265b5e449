//! Words typed for a matter and not sent yet: kept for who typed them until the step is taken.

use crate::{Actor, App, Refusal, Verb, evidence::own_matter};
use chrono::{DateTime, Utc};
use std::{collections::BTreeMap, io};
use storage::matter_drafts::{self, MatterDraft};
use vocabulary::MatterId;

/// Most bytes of everything typed for one act.
const MOST: usize = 32 * 1024;

/// Keeps what is typed for an act.
///
/// # Errors
/// When the matter is another unit's, or there are too many words.
pub async fn save_draft(
    app: &App,
    actor: &Actor,
    id: &MatterId,
    act: &str,
    fields: &BTreeMap<String, String>,
    now: DateTime<Utc>,
) -> Verb<()> {
    own_matter(app, actor, id).await?;
    let fields = serde_json::to_string(fields).map_err(io::Error::other)?;
    if fields.len() > MOST {
        return Err(Refusal::Text("草稿").into());
    }
    let tx = app.store.begin().await?;
    let draft = MatterDraft {
        matter_id: id.to_string(),
        account_id: actor.account.to_string(),
        act: act.to_owned(),
        fields,
        saved_at: now,
    };
    matter_drafts::save_draft(&tx, draft).await?;
    Ok(tx.commit().await?)
}

/// What this official typed for an act, and when it was kept.
///
/// # Errors
/// When the database does not answer.
pub async fn find_draft(
    app: &App,
    account: &str,
    id: &str,
    act: &str,
) -> Verb<Option<(BTreeMap<String, String>, DateTime<Utc>)>> {
    let found = matter_drafts::find_draft(app.store(), id, account, act).await?;
    Ok(found.map(|draft| {
        let fields = serde_json::from_str(&draft.fields).unwrap_or_default();
        (fields, draft.saved_at)
    }))
}
