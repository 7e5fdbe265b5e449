//! The ballot is sealed, stored once and acknowledged with a receipt.

use super::{
    DraftKey, RECEIPT_KEY, SubmitRefused,
    answer::checked_ballot,
    draft::{Draft, read_draft},
    round_key,
};
use crate::{
    App, Verb,
    keys::Key,
    mix::{mix_key, random_id},
    seal::{self, keyed},
};
use chrono::{DateTime, Utc};
use rand::Rng;
use response_collection::{
    MOST_OPINIONS, RawBallot, Receipt, ReceiptCode, follow_up_hash, receipt_hash,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io;
use storage::{
    StorageError,
    batches::MixBatch,
    submission::{self, Outcome, Submission, SubmitFailed},
};
use survey_design::{Anonymity, Resubmission, Round};
use vocabulary::RoundId;

/// What is sealed until its batch is mixed.
#[derive(Serialize, Deserialize)]
pub(crate) struct Envelope {
    pub kind: String,
    pub group: String,
    pub stratum: String,
    pub weight: i64,
    pub ballot: RawBallot,
    /// Under what each opinion of the ballot is found with the receipt.
    pub follow_ups: Vec<String>,
    /// Hash of the token, in a confidential round only.
    pub token: Option<String>,
    /// What was noticed when it was sent in.
    pub signs: SubmissionSigns,
}

/// What is noticed when a ballot is sent in; it is sealed with the ballot, and nothing else is kept of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmissionSigns {
    /// 有人教我怎么填: the person said so.
    pub coached: bool,
    /// It came with many others from one network.
    pub burst: bool,
}

/// Sends the ballot in, exactly once: the same `submission` again gives the same receipt.
///
/// # Errors
/// When the database or a key file fails; then nothing was acknowledged.
pub async fn submit(
    app: &App,
    round: &RoundId,
    key: &DraftKey,
    submission: &str,
    signs: SubmissionSigns,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<Result<Receipt, SubmitRefused>> {
    let Ok(secret) = app.keys.read(&round_key(round)) else {
        return Ok(Err(SubmitRefused::Closed));
    };
    let receipts = app.keys.read_or_make(RECEIPT_KEY, rng)?;
    let sent = Sent {
        hmac: hex::encode(keyed(&secret, &[b"submission", submission.as_bytes()])),
        code: code_of(&secret, submission),
        secret,
        submission,
        receipts,
    };
    let (draft, record, batch) = tokio::join!(
        read_draft(app, round, key),
        app.reader.round(round),
        app.reader.open_batch(round),
    );
    let Some(draft) = draft? else {
        let known = submission::submission_is_known(app.store(), &sent.hmac).await?;
        return match known {
            true => acknowledged(app, round, &sent).await,
            false => Ok(Err(SubmitRefused::NoDraft)),
        };
    };
    let ballot = match checked_ballot(app, &draft, now).await? {
        Ok(ballot) => ballot,
        Err(problem) => return Ok(Err(SubmitRefused::Answer(problem))),
    };
    let Some(record) = record? else {
        return Ok(Err(SubmitRefused::Closed));
    };
    let filled = Filled {
        round: &record.round,
        key,
        draft: &draft,
        ballot: &ballot,
        signs,
    };
    match store(app, &filled, &sent, batch?, rng).await? {
        Ok(Stored::Now(receipt)) => Ok(Ok(receipt)),
        Ok(Stored::Before) => acknowledged(app, round, &sent).await,
        Err(refused) => Ok(Err(refused)),
    }
}

/// When a ballot was stored.
enum Stored {
    Now(Receipt),
    /// By an earlier copy of the same submission.
    Before,
}

/// Seals for the batch that is open and stores; for the next batch, when this one is closed in between.
async fn store(
    app: &App,
    filled: &Filled<'_>,
    sent: &Sent<'_>,
    mut open: Option<MixBatch>,
    rng: &mut impl Rng,
) -> Verb<Result<Stored, SubmitRefused>> {
    let mut tried = None;
    loop {
        let batch = match open.take() {
            None => app.reader.open_batch(&filled.round.id).await?,
            known => known,
        };
        let Some(batch) = batch else {
            return Ok(Err(SubmitRefused::Closed));
        };
        let again = tried.as_ref() == Some(&batch.id);
        let key = match app.keys.read(&mix_key(&filled.round.id, &batch.id)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && !again => {
                tried = Some(batch.id);
                continue;
            }
            key => key?,
        };
        let (made, receipt) = made(filled, sent, (&batch.id, &key), rng);
        return Ok(match app.writer.submit(made).await {
            Ok(Outcome::Stored) => Ok(Stored::Now(receipt)),
            Ok(Outcome::SameAgain) => Ok(Stored::Before),
            Err(SubmitFailed::DifferentContent) => Err(SubmitRefused::DifferentContent),
            Err(SubmitFailed::TokenUsed | SubmitFailed::TokenUnknown) => Err(SubmitRefused::Used),
            Err(SubmitFailed::RoundNotOpen) => Err(SubmitRefused::Closed),
            Err(SubmitFailed::QuotaFull) => Err(SubmitRefused::Full),
            Err(SubmitFailed::Busy) => Err(SubmitRefused::Busy),
            Err(SubmitFailed::Storage(StorageError::Conflict(_))) if !again => {
                tried = Some(batch.id);
                continue;
            }
            Err(SubmitFailed::Storage(error)) => return Err(error.into()),
        });
    }
}

/// A filled-in ballot and where it comes from.
struct Filled<'f> {
    round: &'f Round,
    key: &'f DraftKey,
    draft: &'f Draft,
    ballot: &'f RawBallot,
    signs: SubmissionSigns,
}

/// What a submission carries beside its answers.
struct Sent<'s> {
    hmac: String,
    code: ReceiptCode,
    secret: Key,
    submission: &'s str,
    receipts: Key,
}

/// The receipt of what was stored under this submission before.
async fn acknowledged(
    app: &App,
    round: &RoundId,
    sent: &Sent<'_>,
) -> Verb<Result<Receipt, SubmitRefused>> {
    let hash = receipt_hash(&sent.receipts, &sent.code);
    let stored = submission::find_receipt(app.store(), &hash).await?;
    let ballot = stored
        .and_then(|row| hex::decode(row.ballot_digest).ok())
        .and_then(|bytes| bytes.try_into().ok());
    Ok(ballot.map_or(Err(SubmitRefused::NoDraft), |ballot| {
        Ok(Receipt {
            round: round.clone(),
            code: sent.code,
            ballot,
        })
    }))
}

fn made(
    filled: &Filled<'_>,
    sent: &Sent<'_>,
    (batch, mix): (&str, &Key),
    rng: &mut impl Rng,
) -> (Submission, Receipt) {
    let Filled {
        round,
        key,
        draft,
        ballot,
        signs,
    } = filled;
    let opinions = u16::try_from(ballot.answers().0.len()).unwrap_or(MOST_OPINIONS);
    let envelope = Envelope {
        kind: draft.kind.clone(),
        group: draft.group.clone(),
        stratum: draft.stratum.clone(),
        weight: draft.weight,
        follow_ups: (0..opinions.min(MOST_OPINIONS))
            .map(|index| follow_up_hash(&sent.receipts, &sent.code, index))
            .collect(),
        token: match round.anonymity {
            Anonymity::Confidential => draft.token.clone(),
            Anonymity::Open | Anonymity::Decoupled => None,
        },
        ballot: (*ballot).clone(),
        signs: *signs,
    };
    let plain = serde_json::to_vec(&envelope).expect("an envelope is plain data");
    let sealed = seal::seal(mix, round.id.as_str(), &plain, rng);
    let receipt = Receipt {
        round: round.id.clone(),
        code: sent.code,
        ballot: Sha256::digest(&sealed).into(),
    };
    let answers = serde_json::to_vec(ballot.answers()).expect("answers are plain data");
    // Keyed by what only the form knows: a plain digest of so few possible answers would tell them. The draft tells two
    // people apart who answer the same.
    let draft_hash = key.stored_hash();
    let content = [
        b"content",
        sent.submission.as_bytes(),
        draft_hash.as_bytes(),
        &answers,
    ];
    let submission = Submission {
        round_id: round.id.clone(),
        submission_hmac: sent.hmac.clone(),
        digest: hex::encode(keyed(&sent.secret, &content)),
        token_hash: draft.token.clone(),
        sealed,
        // The same for every ballot of one token, so that the last one can replace the others; nothing else tells it.
        sealed_id: match round.resubmission {
            Resubmission::Once => random_id(rng),
            Resubmission::UntilClose => hex::encode(&keyed(&key.0, &[b"sealed"])[..16]),
        },
        batch: batch.to_owned(),
        resubmission: round.resubmission,
        draft_hash: Some(draft_hash),
        receipt_hash: receipt_hash(&sent.receipts, &receipt.code),
        ballot_digest: hex::encode(receipt.ballot),
        leaf: hex::encode(receipt.leaf()),
    };
    (submission, receipt)
}

/// The code of a submission's receipt: the same for the same submission, and known to nobody without its id.
fn code_of(secret: &Key, submission: &str) -> ReceiptCode {
    let bits = keyed(secret, &[b"receipt", submission.as_bytes()]);
    ReceiptCode::new(*bits.first_chunk().expect("a key has 32 bytes"))
}
