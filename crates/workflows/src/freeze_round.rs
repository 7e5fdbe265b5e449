//! Freezes the scores: from here on nothing that enters a score changes any more, but by a correction of two people.

use crate::{
    Action, Actor, App, Refusal, Verb, VerbError, allow,
    audit::audited_change,
    collect::round_key,
    documents::rules,
    ratings::survey_ratings,
    rounds::{find, step},
    score_round::{latest_run, refuse_changed_inputs},
    unit_check::refuse_while_units_check,
};
use chrono::{DateTime, Utc};
use std::io;
use storage::appeals;
use survey_design::RoundState;
use vocabulary::{RoundId, civil_date};

/// Freezes a round once the units' days are over and their objections are all decided: writes its ratings without identity
/// as Parquet and destroys the key that turned codes into stored hashes. Returns the digest of everything the scores were
/// computed from.
///
/// # Errors
/// When units may still object, objections are open, or the data are not those the scores were computed from.
pub async fn freeze_round(
    app: &App,
    actor: &Actor,
    id: &RoundId,
    now: DateTime<Utc>,
) -> Verb<String> {
    allow(actor, Action::Freeze)?;
    let record = find(app, id).await?;
    record.round.state.step(RoundState::Frozen)?;
    let rules = rules(app, &record.round.rules_digest).await?;
    refuse_while_units_check(app, id, &rules, civil_date(now)).await?;
    let appeals = appeals::list_appeals(app.store(), id).await?;
    let open = appeals
        .iter()
        .filter(|appeal| appeal.state != "decided")
        .count();
    if open > 0 {
        return Err(Refusal::ObjectionsOpen(open as u64).into());
    }
    let run = latest_run(app, id).await?.ok_or(Refusal::NothingToScore)?;
    refuse_changed_inputs(app, id, &run).await?;
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
