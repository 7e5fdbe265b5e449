//! A community or village rates the units it is paired with: levels and the matters solved, once a round.

use crate::{
    Action, Actor, App, Refusal, Verb, allow, audit::audited, documents::world, rounds::find,
};
use chrono::{DateTime, Utc};
use rand::Rng;
use storage::pairing_ratings::{self, PairingRating};
use survey_design::{RoundState, StepRefused};
use vocabulary::{Level, RoundId, UnitId, civil_date};

/// What a rater of a community or village says about one unit.
#[derive(Clone, Debug)]
pub struct PairingAnswer {
    /// The unit.
    pub unit: UnitId,
    /// How satisfied.
    pub level: Level,
    /// Matters raised with the unit.
    pub raised: u16,
    /// Of those, solved.
    pub solved: u16,
}

/// Keeps the rating of a paired unit; the same rater rates a unit once a round.
///
/// # Errors
/// When the unit is not paired today, the round is not open, or more was solved than raised.
pub async fn rate_pairing(
    app: &App,
    actor: &Actor,
    round: &RoundId,
    answer: &PairingAnswer,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<()> {
    allow(actor, Action::RatePaired)?;
    let body = actor.body.as_ref().ok_or(Refusal::NotYours)?;
    let state = find(app, round).await?.round.state;
    if state != RoundState::Collecting {
        return Err(StepRefused {
            from: state,
            to: RoundState::Collecting,
        }
        .into());
    }
    if answer.solved > answer.raised {
        return Err(Refusal::Contradiction("解决的事项不能多于反映的事项，请核对两个数").into());
    }
    let today = civil_date(now);
    let world = world(app).await?;
    let paired = world
        .pairings
        .iter()
        .any(|pairing| pairing.unit == answer.unit && pairing.binds(body, today));
    if !paired {
        return Err(Refusal::NotYours.into());
    }
    let known = pairing_ratings::find_pairing_rating(
        app.store(),
        round,
        answer.unit.as_str(),
        actor.account.as_str(),
    )
    .await?;
    if known.is_some() {
        return Err(Refusal::Contradiction("本季度已经评过这个部门，一个季度评一次").into());
    }
    let rating = PairingRating {
        id: crate::close_round::random_id(rng),
        round_id: round.to_string(),
        unit_id: answer.unit.to_string(),
        body_id: body.to_string(),
        account_id: actor.account.to_string(),
        level: answer.level.code(),
        matters_raised: answer.raised.into(),
        matters_solved: answer.solved.into(),
        text: None,
        batch_id: None,
    };
    let tx = app.store.begin().await?;
    pairing_ratings::insert_pairing_rating(&tx, rating).await?;
    audited(&tx, actor, "rate_pairing", round.as_str(), now).await?;
    tx.commit().await?;
    Ok(())
}
