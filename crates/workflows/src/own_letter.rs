//! The letter a verb is about, and whether the actor may have it.

use crate::{Actor, App, Refusal, Verb};
use chrono::{DateTime, FixedOffset, Utc};
use storage::{
    accounts,
    letters::{self, Letter},
};
use vocabulary::{Role, UnitId};

/// The letter with this number; liaisons and heads get those of their own unit only.
///
/// # Errors
/// When there is no such letter or it belongs to another unit.
pub(crate) async fn letter_for(app: &App, actor: &Actor, id: &str) -> Verb<Letter> {
    let letter = letters::find_letter(app.store(), id)
        .await?
        .ok_or(Refusal::Missing("这份反馈函"))?;
    let of_a_unit = matches!(actor.role, Role::UnitLiaison | Role::UnitHead);
    if of_a_unit && !is_own(actor, &letter.unit_id) {
        return Err(Refusal::NotYours.into());
    }
    Ok(letter)
}

/// Whether the unit is the actor's own.
pub(crate) fn is_own(actor: &Actor, unit: &str) -> bool {
    actor.unit.as_ref().map(UnitId::as_str) == Some(unit)
}

/// The name behind an account; the account itself when it is gone.
pub(crate) async fn name_of(app: &App, account: &str) -> Verb<String> {
    let found = accounts::find_account(app.store(), account).await?;
    Ok(found.map_or_else(|| account.to_owned(), |found| found.name))
}

/// An instant as people in the city read it, to the minute.
pub(crate) fn moment(at: DateTime<Utc>) -> String {
    let shanghai = FixedOffset::east_opt(8 * 3600).expect("eight hours are a valid offset");
    at.with_timezone(&shanghai)
        .format("%Y 年 %-m 月 %-d 日 %H:%M")
        .to_string()
}
