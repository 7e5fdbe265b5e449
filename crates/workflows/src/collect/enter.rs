//! Entering with the code of an invitation, and declining it.

use super::{
    DraftKey,
    draft::{Draft, read_draft, write_draft},
    round_key,
};
use crate::{App, Verb, documents::world, seal::keyed};
use chrono::{DateTime, Utc};
use response_collection::{Answers, Filling, ResumeCode, Token, assigned_units, hash};
use storage::{
    invitations::{self, InvitationKind, TokenRow, TokenState},
    rounds::{self, RoundRecord},
};
use survey_design::{Resubmission, Round, RoundState};
use vocabulary::{RoundId, UnitId};

/// Why a person cannot enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnterRefused {
    /// No such round.
    UnknownRound,
    /// The round has not opened yet.
    NotYetOpen,
    /// The round is closed.
    Closed,
    /// The code is not one of this round, or was mistyped.
    UnknownCode,
    /// The code belongs to a round that is over.
    Expired,
    /// The code has been used.
    Used,
    /// The invitation was declined.
    Declined,
    /// Too many at once; try again in a moment.
    Busy,
}

/// The round, when it takes answers now.
pub(super) async fn collecting(
    app: &App,
    round: &RoundId,
) -> Verb<Result<RoundRecord, EnterRefused>> {
    let Some(record) = app.reader.round(round).await? else {
        return Ok(Err(EnterRefused::UnknownRound));
    };
    Ok(match record.round.state {
        RoundState::Draft | RoundState::Sampling => Err(EnterRefused::NotYetOpen),
        RoundState::Collecting => Ok(record),
        _ => Err(EnterRefused::Closed),
    })
}

/// Lets a person in with the code of an invitation; entering again goes on where the person left off.
///
/// # Errors
/// When the database or a key file fails.
pub async fn enter(
    app: &App,
    round: &RoundId,
    typed: &str,
    now: DateTime<Utc>,
) -> Verb<Result<DraftKey, EnterRefused>> {
    let record = match collecting(app, round).await? {
        Ok(record) => record,
        Err(refused) => return Ok(Err(refused)),
    };
    if let Ok(code) = ResumeCode::parse(typed) {
        return crate::put_aside::come_back(app, round, &code).await;
    }
    let Ok(token) = Token::parse(typed) else {
        return Ok(Err(EnterRefused::UnknownCode));
    };
    let secret = app.keys.read(&round_key(round))?;
    let row = match usable(app, &record.round, &token).await? {
        Ok(row) => row,
        Err(refused) => return Ok(Err(refused)),
    };
    let key = DraftKey(keyed(&secret, &[b"draft key", token.secret()]));
    if read_draft(app, round, &key).await?.is_none() {
        let enterprise = row.kind == InvitationKind::Enterprise;
        let draft = Draft {
            units: units(app, &record, row.kind, token.secret()).await?,
            token: Some(row.token_hash),
            questionnaire: (if enterprise {
                record.enterprise
            } else {
                record.overall
            })
            .unwrap_or_default(),
            kind: if enterprise { "enterprise" } else { "overall" }.to_owned(),
            group: row.rater_group,
            stratum: row.stratum,
            weight: row.weight_micro,
            started_ms: now.timestamp_millis(),
            answers: Answers::default(),
            filling: Filling::Alone,
            reached: 0,
        };
        if write_draft(app, round, &key, &draft).await?.is_err() {
            return Ok(Err(EnterRefused::Busy));
        }
    }
    Ok(Ok(key))
}

/// The units a person is asked about, worked out from a secret and stored nowhere else.
pub(super) async fn units(
    app: &App,
    record: &RoundRecord,
    kind: InvitationKind,
    secret: &[u8; 16],
) -> Verb<Vec<UnitId>> {
    let rules = crate::documents::rules(app, &record.round.rules_digest).await?;
    let candidates = candidates(app, kind == InvitationKind::Enterprise).await?;
    let most = match kind {
        InvitationKind::Overall => rules.sample.units_per_person,
        InvitationKind::Enterprise => rules.sample.units_per_enterprise,
    };
    Ok(assigned_units(secret, &candidates, &[], most))
}

/// The stored invitation of a token that can still be used.
async fn usable(app: &App, round: &Round, token: &Token) -> Verb<Result<TokenRow, EnterRefused>> {
    let secret = app.keys.read(&round_key(&round.id))?;
    let Some(row) = app.reader.token(&hash(&secret, token)).await? else {
        let expired = belongs_to_a_round_that_is_over(app, &round.id, token).await?;
        return Ok(Err(if expired {
            EnterRefused::Expired
        } else {
            EnterRefused::UnknownCode
        }));
    };
    Ok(match row.state {
        TokenState::Answered if round.resubmission == Resubmission::Once => Err(EnterRefused::Used),
        TokenState::Declined => Err(EnterRefused::Declined),
        TokenState::Answered | TokenState::Issued => Ok(row),
    })
}

/// Whether a round that is over gave this token out; unknown once its key is destroyed.
async fn belongs_to_a_round_that_is_over(app: &App, round: &RoundId, token: &Token) -> Verb<bool> {
    let over = rounds::list_rounds(app.store()).await?;
    let over = over
        .iter()
        .filter(|record| record.round.state > RoundState::Collecting && record.round.id != *round);
    for record in over {
        let Ok(secret) = app.keys.read(&round_key(&record.round.id)) else {
            continue;
        };
        let found = invitations::find_token(app.store(), &hash(&secret, token)).await?;
        if found.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn candidates(app: &App, enterprise: bool) -> Verb<Vec<UnitId>> {
    let world = world(app).await?;
    let asked = world
        .units
        .iter()
        .filter(|unit| !enterprise || unit.enterprise_facing);
    Ok(asked.map(|unit| unit.id.clone()).collect())
}

/// Whether a code of the round may still be used; `None` for a code that is not the round's.
///
/// # Errors
/// When the database or a key file fails.
pub async fn is_unused(app: &App, round: &RoundId, typed: &str) -> Verb<Option<bool>> {
    let Ok(token) = Token::parse(typed) else {
        return Ok(None);
    };
    let secret = app.keys.read(&round_key(round))?;
    let row = invitations::find_token(app.store(), &hash(&secret, &token)).await?;
    Ok(row.map(|row| row.state == TokenState::Issued))
}

/// Notes that a person does not want to take part; the code cannot be used any more.
///
/// # Errors
/// When the database or a key file fails.
pub async fn decline(app: &App, round: &RoundId, typed: &str) -> Verb<Result<(), EnterRefused>> {
    let record = match collecting(app, round).await? {
        Ok(record) => record,
        Err(refused) => return Ok(Err(refused)),
    };
    let Ok(token) = Token::parse(typed) else {
        return Ok(Err(EnterRefused::UnknownCode));
    };
    let row = match usable(app, &record.round, &token).await? {
        Ok(row) => row,
        Err(refused) => return Ok(Err(refused)),
    };
    let tx = app.store.begin().await?;
    let declined = invitations::decline_token(&tx, &row.token_hash).await?;
    tx.commit().await?;
    Ok(if declined {
        Ok(())
    } else {
        Err(EnterRefused::Used)
    })
}
