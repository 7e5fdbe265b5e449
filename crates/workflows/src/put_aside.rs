//! A questionnaire put aside: eight characters bring it back, on this device or another.
//!
//! Stored is the key of the draft, sealed under a key made of the code and the key of the round: neither the database nor
//! the code alone opens it. It lies among the drafts and goes with them.

use crate::{
    App, Verb,
    collect::{DraftKey, EnterRefused, SubmitRefused, read_draft, round_key},
    keys::Key,
    seal::{self, keyed},
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use response_collection::ResumeCode;
use storage::submission::{self, DraftSave, SubmitFailed};
use vocabulary::RoundId;

/// More codes than are ever tried; a thousand drafts put aside make the first one free in all but one case in a thousand million.
const MOST_TRIES: u8 = 16;

/// The code that brings a draft back until the round closes; asking again gives the same one.
///
/// # Errors
/// When the database or a key file fails.
pub async fn put_aside(
    app: &App,
    round: &RoundId,
    key: &DraftKey,
) -> Verb<Result<ResumeCode, SubmitRefused>> {
    let secret = app.keys.read(&round_key(round))?;
    for attempt in 0..MOST_TRIES {
        let seed = keyed(&secret, &[b"put aside", &key.0, &[attempt]]);
        let code = ResumeCode::generate(&mut ChaCha20Rng::from_seed(seed));
        match kept(app, round, &secret, &code).await? {
            Kept::Draft(known) if known == key.0 => return Ok(Ok(code)),
            Kept::Draft(_) | Kept::Unreadable => {}
            Kept::Nothing => {
                let sealed = seal::seal(
                    &sealing_key(&secret, &code),
                    round.as_str(),
                    &key.0,
                    &mut ChaCha20Rng::from_seed(keyed(&seed, &[b"nonce"])),
                );
                let save = DraftSave {
                    id_hash: stored_hash(&secret, &code),
                    round_id: round.clone(),
                    sealed,
                    reached: None,
                };
                return match app.writer.save_draft(save).await {
                    Ok(()) => Ok(Ok(code)),
                    Err(SubmitFailed::Storage(error)) => Err(error.into()),
                    Err(SubmitFailed::RoundNotOpen) => Ok(Err(SubmitRefused::Closed)),
                    Err(_) => Ok(Err(SubmitRefused::Busy)),
                };
            }
        }
    }
    Ok(Err(SubmitRefused::Busy))
}

/// The draft a code brings back; [`EnterRefused::Used`] when it has been handed in since.
pub(crate) async fn come_back(
    app: &App,
    round: &RoundId,
    code: &ResumeCode,
) -> Verb<Result<DraftKey, EnterRefused>> {
    let secret = app.keys.read(&round_key(round))?;
    let Kept::Draft(key) = kept(app, round, &secret, code).await? else {
        return Ok(Err(EnterRefused::UnknownCode));
    };
    let key = DraftKey(key);
    let draft = read_draft(app, round, &key).await?;
    Ok(draft.map(|_| key).ok_or(EnterRefused::Used))
}

enum Kept {
    Nothing,
    Unreadable,
    Draft(Key),
}

async fn kept(app: &App, round: &RoundId, secret: &Key, code: &ResumeCode) -> Verb<Kept> {
    let row = submission::find_draft(app.store(), &stored_hash(secret, code)).await?;
    Ok(match row {
        None => Kept::Nothing,
        Some(row) => seal::open(&sealing_key(secret, code), round.as_str(), &row.sealed)
            .and_then(|plain| plain.try_into().ok())
            .map_or(Kept::Unreadable, Kept::Draft),
    })
}

fn stored_hash(secret: &Key, code: &ResumeCode) -> String {
    hex::encode(keyed(secret, &[b"put aside id", code.text().as_bytes()]))
}

fn sealing_key(secret: &Key, code: &ResumeCode) -> Key {
    keyed(secret, &[b"put aside key", code.text().as_bytes()])
}
