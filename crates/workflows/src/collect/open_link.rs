//! Entering by the open link of an open round, without a code.

use super::{
    DraftKey, EnterRefused,
    draft::{Draft, write_draft},
    enter::{collecting, units},
    round_key,
};
use crate::{App, Verb, keys::Key, seal::keyed};
use chrono::{DateTime, Utc};
use rand::Rng;
use response_collection::{Answers, Filling};
use storage::invitations::InvitationKind;
use survey_design::Anonymity;
use vocabulary::{RoundId, Weight};

/// The group of those who came by the open link: no rater group of the survey, so that they are heard and not scored.
pub const OPEN_LINK: &str = "open_link";

/// What the server knows its own tasks for an open link by.
///
/// # Errors
/// When the key file of the round cannot be read.
pub fn open_link_key(app: &App, round: &RoundId) -> Verb<Key> {
    let secret = app.keys.read(&round_key(round))?;
    Ok(keyed(&secret, &[b"open link"]))
}

/// Lets anybody into an open round, without a code.
///
/// # Errors
/// When the database or a key file fails.
pub async fn enter_open(
    app: &App,
    round: &RoundId,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<Result<DraftKey, EnterRefused>> {
    let record = match collecting(app, round).await? {
        Ok(record) if record.round.anonymity == Anonymity::Open => record,
        Ok(_) => return Ok(Err(EnterRefused::UnknownCode)),
        Err(refused) => return Ok(Err(refused)),
    };
    let mut key = Key::default();
    rng.fill_bytes(&mut key);
    let mut choice = [0; 16];
    rng.fill_bytes(&mut choice);
    let draft = Draft {
        units: units(app, &record, InvitationKind::Overall, &choice).await?,
        token: None,
        questionnaire: record.overall.unwrap_or_default(),
        kind: "overall".to_owned(),
        group: OPEN_LINK.to_owned(),
        stratum: OPEN_LINK.to_owned(),
        weight: Weight::whole(1).steps(),
        started_ms: now.timestamp_millis(),
        answers: Answers::default(),
        filling: Filling::Alone,
        reached: 0,
    };
    let key = DraftKey(key);
    let written = write_draft(app, round, &key, &draft).await?;
    Ok(written.map(|()| key).map_err(|_| EnterRefused::Busy))
}
