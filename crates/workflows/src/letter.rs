//! What is said to one person; sealed while it waits, and forgotten once it is out.

use crate::{
    App, Verb,
    seal::{self, keyed},
};
use chrono::{DateTime, Utc};
use rand::Rng;
use serde::{Deserialize, Serialize};
use storage::{
    Tx,
    outbox::{self, Job, JobKind, JobState},
};
use vocabulary::RoundId;

/// A letter to one person.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Letter {
    /// Address, telephone number, or on paper the name.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// What is said.
    pub body: String,
    /// Where the person can say: write to me no more; none in a letter to an office.
    pub stop: Option<String>,
    /// On paper: for whom a slip without a name is.
    pub group: String,
    /// On paper: the address of the page and the code.
    pub entry: Option<(String, String)>,
}

/// The key that seals the letters of a round until it closes, or those of no round.
pub(crate) fn letter_key(round: Option<&RoundId>) -> String {
    round.map_or_else(|| "letters".to_owned(), |round| format!("mail-{round}"))
}

const HANDLES: &str = "handles";
const ADDRESSES: &str = "addresses";

/// The name of a job outside of this installation: keyed, so that it tells nothing and cannot be guessed.
pub(crate) fn handle(app: &App, job: &str, rng: &mut impl Rng) -> Verb<String> {
    let key = app.keys.read_or_make(HANDLES, rng)?;
    Ok(hex::encode(&keyed(&key, &[job.as_bytes()])[..16]))
}

/// What an address is known under once nobody needs it any more: a hash whose key lies outside the database.
pub(crate) fn address_hash(app: &App, address: &str, rng: &mut impl Rng) -> Verb<String> {
    let key = app.keys.read_or_make(ADDRESSES, rng)?;
    let address = address.trim().to_lowercase();
    Ok(hex::encode(keyed(&key, &[address.as_bytes()])))
}

/// Which job a letter is.
pub(crate) struct Errand<'a> {
    /// Round it belongs to; none for a letter to an office.
    pub round: Option<&'a RoundId>,
    /// Invitation it belongs to.
    pub invitation: Option<&'a str>,
    /// Natural key: the same letter is never there twice.
    pub key: String,
    pub kind: JobKind,
}

/// Puts a letter into the outbox, in the transaction of the change it belongs to; false when it was there before.
pub(crate) async fn enqueue(
    app: &App,
    tx: &Tx,
    errand: Errand<'_>,
    letter: &Letter,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<bool> {
    let key = app.keys.read_or_make(&letter_key(errand.round), rng)?;
    let plain = serde_json::to_vec(letter).expect("a letter is plain text");
    let address = match errand.kind {
        JobKind::Mail | JobKind::Sms => Some(address_hash(app, &letter.to, rng)?),
        JobKind::Print | JobKind::Webhook => None,
    };
    let id = crate::close_round::random_id(rng);
    let job = Job {
        payload: hex::encode(seal::seal(&key, &errand.key, &plain, rng)),
        handle: handle(app, &errand.key, rng)?,
        round_id: errand.round.map(ToString::to_string),
        invitation_id: errand.invitation.map(str::to_owned),
        address_hash: address,
        ..Job::new(&id, &errand.key, errand.kind, now)
    };
    Ok(outbox::enqueue(tx, job).await?)
}

/// Opens the letter of a job; `None` once it is forgotten.
pub(crate) fn open(app: &App, job: &Job) -> Option<Letter> {
    let round = job.round_id.as_deref().map(RoundId::new);
    let key = app.keys.read(&letter_key(round.as_ref())).ok()?;
    let plain = seal::open(&key, &job.job_key, &hex::decode(&job.payload).ok()?)?;
    serde_json::from_slice(&plain).ok()
}

/// The job as it is once nothing is to be delivered any more: it no longer says anything.
pub(crate) fn forgotten(job: Job) -> Job {
    Job {
        state: JobState::Done,
        payload: String::new(),
        ..job
    }
}
