//! Takes a step that an official asked for with a form.

use super::{
    Act,
    forms::{SEEN, drafted, event_of},
};
use crate::{PageError, WebState, answer::Posted};
use vocabulary::MatterId;
use workflows::{Actor, Refusal, VerbError, save_draft, step_matter};

/// Keeps what is typed so far.
///
/// # Errors
/// When the matter is not this official's, or there are too many words.
pub(crate) async fn keep_draft(
    state: &WebState,
    actor: &Actor,
    id: &str,
    act: Act,
    fields: &Posted,
) -> Result<(), PageError> {
    let typed = drafted(act, fields);
    let id = MatterId::new(id);
    Ok(save_draft(&state.app, actor, &id, act.code(), &typed, state.now()).await?)
}

/// Takes one step of a matter; gives the reason in words when it was not possible.
///
/// # Errors
/// When the matter is not this official's, or the database fails.
pub(crate) async fn take_step(
    state: &WebState,
    actor: &Actor,
    id: &str,
    act: Act,
    fields: &Posted,
) -> Result<Option<String>, PageError> {
    let event = match event_of(act, fields) {
        Ok(event) => event,
        Err(missing) => return Ok(Some(missing.to_owned())),
    };
    let (matter, now) = (MatterId::new(id), state.now());
    let seen = fields.number::<i32>(SEEN).ok();
    match step_matter(&state.app, actor, &matter, event, seen, now).await {
        Ok(()) => Ok(None),
        Err(VerbError::Refused(refusal)) if !matches!(refusal, Refusal::NotYours) => {
            Ok(Some(format!("{refusal}（{}）", refusal.code())))
        }
        Err(other) => Err(other.into()),
    }
}
