//! Freezes the scores: from here on nothing that enters a score changes any more.

use crate::{
    Action, Actor, App, Refusal, Verb, VerbError, allow, audit::audited_change, collect::round_key,
    ratings::survey_ratings, rounds::step, score_round::latest_run,
};
use chrono::{DateTime, Utc};
use std::io;
use storage::appeals;
use survey_design::RoundState;
use vocabulary::RoundId;

/// Freezes a round whose objections are all decided: writes its ratings without identity as Parquet and destroys the
/// key that turned codes into stored hashes. Returns the digest of everything the scores were computed from.
///
/// # Errors
/// When objections are open, or the round is not being checked by the units.
pub async fn freeze_round(
    app: &App,
    actor: &Actor,
    id: &RoundId,
    now: DateTime<Utc>,
) -> Verb<String> {
    allow(actor, Action::Freeze)?;
    let appeals = appeals::list_appeals(app.store(), id).await?;
    let open = appeals
        .iter()
        .filter(|appeal| appeal.state != "decided")
        .count();
    if open > 0 {
        return Err(Refusal::ObjectionsOpen(open as u64).into());
    }
    let run = latest_run(app, id).await?.ok_or(Refusal::NothingToScore)?;
    let ratings = survey_ratings(app, id).await?;
    let folder = app.folder().join("frozen").join(id.as_str());
    tokio::fs::create_dir_all(&folder).await?;
    let path = folder.join("ratings.parquet");
    snapshot::write_ratings(&path, &ratings.rows)
        .map_err(|error| VerbError::Io(io::Error::other(error.to_string())))?;
    let tx = app.store.begin().await?;
    step(&tx, id, RoundState::Frozen, now).await?;
    audited_change(
        &tx,
        actor,
        "freeze_round",
        id.as_str(),
        (None, Some(run.input_digest.clone())),
        now,
    )
    .await?;
    tx.commit().await?;
    app.keys.destroy(&round_key(id))?;
    Ok(run.input_digest)
}
