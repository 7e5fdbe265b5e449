//! Takes a step that an official asked for with a form.

use super::{Act, forms::event_of};
use crate::{PageError, WebState, answer::Posted};
use vocabulary::MatterId;
use workflows::{Actor, Refusal, VerbError, step_matter};

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
    match step_matter(&state.app, actor, &matter, event, now).await {
        Ok(()) => Ok(None),
        Err(VerbError::Refused(refusal)) if !matches!(refusal, Refusal::NotYours) => {
            Ok(Some(format!("{refusal}（{}）", refusal.code())))
        }
        Err(other) => Err(other.into()),
    }
}
