//! Takes a step that an official asked for with a form.

use super::{Act, acts::meant};
use crate::{PageError, WebState, answer::Posted};
use workflows::{Actor, Refusal, SeenBadRating, VerbError, step_bad_rating};

/// Takes one step of a bad rating; gives the reason in words when it was not possible.
///
/// # Errors
/// When it is not this official's, or the database fails.
pub async fn taken(
    state: &WebState,
    actor: &Actor,
    id: &str,
    act: Act,
    fields: &Posted,
) -> Result<Option<String>, PageError> {
    let meant = match meant(act, fields) {
        Ok(meant) => meant,
        Err(missing) => return Ok(Some(missing.to_owned())),
    };
    let seen = SeenBadRating {
        id: id.to_owned(),
        version: fields.number("version")?,
    };
    match step_bad_rating(&state.app, actor, &seen, meant, state.now()).await {
        Ok(_) => Ok(None),
        Err(VerbError::Refused(Refusal::Missing(_))) => Err(PageError::NotFound),
        Err(VerbError::Refused(refusal))
            if !matches!(refusal, Refusal::NotYours | Refusal::NotAllowed { .. }) =>
        {
            Ok(Some(format!("{refusal}（{}）", refusal.code())))
        }
        Err(other) => Err(other.into()),
    }
}
