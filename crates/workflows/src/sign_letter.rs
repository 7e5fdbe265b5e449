//! A unit signs for its feedback letter 签收: once, however many click.

use crate::{
    Action, Actor, App, Refusal, Verb, VerbError, allow,
    audit::audited,
    own_letter::{is_own, letter_for, moment, name_of},
    words,
};
use chrono::{DateTime, Utc};
use storage::letters::{self, Letter};

/// Longest remark beside a signature.
const LONGEST_REMARK: usize = 200;

/// Signs for the letter of the actor's own unit, with a remark or none.
///
/// # Errors
/// When the letter belongs to another unit, the remark is too long, or somebody signed before: then who and when is told.
pub async fn sign_letter(
    app: &App,
    actor: &Actor,
    id: &str,
    remark: &str,
    now: DateTime<Utc>,
) -> Verb<()> {
    allow(actor, Action::Answer)?;
    let letter = letter_for(app, actor, id).await?;
    if !is_own(actor, &letter.unit_id) {
        return Err(Refusal::NotYours.into());
    }
    if letter.signed_at.is_some() {
        return Err(signed_before(app, &letter).await);
    }
    let remark = match remark.trim() {
        "" => None,
        text => Some(words("签收说明", text, LONGEST_REMARK)?),
    };
    let tx = app.store.begin().await?;
    let by = actor.account.as_str();
    if !letters::sign_letter(&tx, id, by, remark.as_deref(), now).await? {
        drop(tx);
        let letter = letter_for(app, actor, id).await?;
        return Err(signed_before(app, &letter).await);
    }
    audited(&tx, actor, "sign_letter", id, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Who signed and when; or why even that cannot be told.
async fn signed_before(app: &App, letter: &Letter) -> VerbError {
    let account = letter.signed_by.as_deref().unwrap_or_default();
    match name_of(app, account).await {
        Ok(by) => Refusal::SignedBefore {
            by,
            at: letter.signed_at.map(moment).unwrap_or_default(),
        }
        .into(),
        Err(error) => error,
    }
}
