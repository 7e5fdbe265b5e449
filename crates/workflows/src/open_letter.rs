//! A unit opens its feedback letter for the first time.

use crate::{
    Action, Actor, App, Refusal, Verb, allow,
    audit::audited,
    own_letter::{is_own, letter_for},
};
use chrono::{DateTime, Utc};
use storage::letters;

/// Notes that somebody of the unit has the letter before them; only the first time counts.
///
/// # Errors
/// When the letter belongs to another unit.
pub async fn open_letter(app: &App, actor: &Actor, id: &str, now: DateTime<Utc>) -> Verb<()> {
    allow(actor, Action::Answer)?;
    let letter = letter_for(app, actor, id).await?;
    if !is_own(actor, &letter.unit_id) {
        return Err(Refusal::NotYours.into());
    }
    if letter.read_at.is_some() {
        return Ok(());
    }
    let tx = app.store.begin().await?;
    if letters::open_letter(&tx, id, actor.account.as_str(), now).await? {
        audited(&tx, actor, "open_letter", id, now).await?;
        tx.commit().await?;
    }
    Ok(())
}
