//! How many ballots a round or one of its strata takes at most.

use crate::{Action, Actor, App, Refusal, Verb, allow, audit::audited};
use chrono::{DateTime, Utc};
use storage::{
    quotas::{self, WHOLE_ROUND},
    rounds,
};
use survey_design::RoundState;
use vocabulary::RoundId;

/// Sets the most ballots of a stratum, or of the whole round; may be raised while the round collects.
///
/// # Errors
/// When there is no such round or it collects no more.
pub async fn set_quota(
    app: &App,
    actor: &Actor,
    id: &RoundId,
    (stratum, most): (Option<&str>, u32),
    now: DateTime<Utc>,
) -> Verb<()> {
    allow(actor, Action::Prepare)?;
    let tx = app.store.begin().await?;
    let record = rounds::lock_round(&tx, id)
        .await?
        .ok_or_else(|| Refusal::RoundUnknown(id.clone()))?;
    if record.round.state > RoundState::Collecting {
        return Err(Refusal::Contradiction("本轮已经截止，不能再设份数上限").into());
    }
    quotas::set_quota(&tx, id, stratum.unwrap_or(WHOLE_ROUND), most).await?;
    audited(&tx, actor, "set_quota", id.as_str(), now).await?;
    tx.commit().await?;
    Ok(())
}
