//! An unfinished ballot, sealed under a key that lives in the person's browser.

use super::SubmitRefused;
use crate::{
    App, Verb,
    keys::Key,
    seal::{self, keyed},
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use response_collection::{Answers, Filling};
use serde::{Deserialize, Serialize};
use storage::submission::{DraftSave, SubmitFailed};
use vocabulary::{RoundId, UnitId};

/// Holds a draft open; lives in a cookie of the person's browser and nowhere else.
#[derive(Clone, PartialEq, Eq)]
pub struct DraftKey(pub(crate) Key);

impl DraftKey {
    /// 64 hex digits.
    #[must_use]
    pub fn text(&self) -> String {
        hex::encode(self.0)
    }

    /// Reads what [`Self::text`] wrote.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        hex::decode(text).ok()?.try_into().ok().map(Self)
    }

    pub(super) fn stored_hash(&self) -> String {
        hex::encode(keyed(&self.0, &[b"draft"]))
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Draft {
    /// Hash of the token; none in an open round.
    pub(super) token: Option<String>,
    pub(super) kind: String,
    pub(super) group: String,
    pub(super) stratum: String,
    pub(super) weight: i64,
    pub(super) units: Vec<UnitId>,
    pub(super) questionnaire: String,
    pub(super) started_ms: i64,
    pub(super) answers: Answers,
    #[serde(default)]
    pub(super) filling: Filling,
    /// Number of the question answered last, of those everybody is asked.
    #[serde(default)]
    pub(super) reached: u16,
}

pub(crate) async fn read_draft(app: &App, round: &RoundId, key: &DraftKey) -> Verb<Option<Draft>> {
    let row = app.reader.draft(&key.stored_hash()).await?;
    Ok(row
        .and_then(|row| seal::open(&key.0, round.as_str(), &row.sealed))
        .and_then(|plain| serde_json::from_slice(&plain).ok()))
}

pub(super) async fn write_draft(
    app: &App,
    round: &RoundId,
    key: &DraftKey,
    draft: &Draft,
) -> Verb<Result<(), SubmitRefused>> {
    let plain = serde_json::to_vec(draft).expect("a draft is plain data");
    let nonce_seed = keyed(&key.0, &[b"nonce", &plain]);
    let sealed = seal::seal(
        &key.0,
        round.as_str(),
        &plain,
        &mut ChaCha20Rng::from_seed(nonce_seed),
    );
    let save = DraftSave {
        id_hash: key.stored_hash(),
        round_id: round.clone(),
        sealed,
        reached: Some(i16::try_from(draft.reached).unwrap_or(i16::MAX)),
    };
    match app.writer.save_draft(save).await {
        Ok(()) => Ok(Ok(())),
        Err(SubmitFailed::Storage(error)) => Err(error.into()),
        Err(SubmitFailed::RoundNotOpen) => Ok(Err(SubmitRefused::Closed)),
        Err(_) => Ok(Err(SubmitRefused::Busy)),
    }
}
