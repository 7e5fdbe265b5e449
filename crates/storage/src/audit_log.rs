//! Who did what, when: a chain of hashes in the same transaction as the deed.

use crate::{Backend, Link, StorageError, Tx, link::sealed::Connected, rows};
use chrono::{DateTime, SubsecRound, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    prelude::DateTimeUtc,
};
use sha2::{Digest, Sha256};

/// Hash before the first event.
const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// Events read at once when the chain is verified.
const PAGE: u64 = 1_000;

table! {
    /// One event of the log.
    pub AuditEvent = "audit_event" in audit_event {
        key {
            /// Position, 1 for the first, without gaps.
            seq: i64,
        }
        /// When, to the microsecond.
        at: DateTimeUtc,
        /// Account, or the name of the program.
        actor: String,
        /// Code of the role it acted in.
        role: String,
        /// Code of the action.
        action: String,
        /// What it was done to.
        object: String,
        /// Code of how it ended.
        outcome: String,
        /// Digest of the object before.
        before_digest: Option<String>,
        /// Digest of the object after.
        after_digest: Option<String>,
        /// Hash of the event before.
        prev_hash: String,
        /// SHA-256 over all other fields, lower-case hex.
        hash: String,
    }
}

/// What is to be logged; never the content of an answer, never a contact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditEntry {
    /// Account, or the name of the program.
    pub actor: String,
    /// Code of the role it acted in.
    pub role: String,
    /// Code of the action.
    pub action: String,
    /// What it was done to.
    pub object: String,
    /// Code of how it ended.
    pub outcome: String,
    /// Digest of the object before.
    pub before_digest: Option<String>,
    /// Digest of the object after.
    pub after_digest: Option<String>,
}

/// The end of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditHead {
    /// Number of events.
    pub seq: i64,
    /// Hash of the last one, or 64 zeros.
    pub hash: String,
}

/// What verifying the chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChainCheck {
    /// Every event follows from the one before.
    Intact(AuditHead),
    /// The first event that does not follow.
    Broken {
        /// Its expected position.
        seq: i64,
    },
}

/// Adds an event at the end of the chain.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn append(
    tx: &Tx,
    entry: AuditEntry,
    now: DateTime<Utc>,
) -> Result<AuditHead, StorageError> {
    take_turn(tx).await?;
    let before = head(tx).await?;
    let mut event = AuditEvent {
        seq: before.seq + 1,
        // PostgreSQL keeps microseconds; the hash must not depend on the database.
        at: now.trunc_subsecs(6),
        actor: entry.actor,
        role: entry.role,
        action: entry.action,
        object: entry.object,
        outcome: entry.outcome,
        before_digest: entry.before_digest,
        after_digest: entry.after_digest,
        prev_hash: before.hash,
        hash: String::new(),
    };
    event.hash = hash_of(&event);
    let head = head_at(&event);
    rows::insert(tx, event).await?;
    Ok(head)
}

/// On PostgreSQL two transactions must not both follow the same event.
async fn take_turn(tx: &Tx) -> Result<(), StorageError> {
    if tx.backend() == Backend::Sqlite {
        return Ok(());
    }
    let lock = "LOCK TABLE audit_event IN SHARE ROW EXCLUSIVE MODE";
    let locked = tx.connection().execute_unprepared(lock).await;
    locked.map(drop).map_err(|error| tx.fault(&error))
}

/// The end of the chain; position 0 when nothing was logged.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn head(link: &impl Link) -> Result<AuditHead, StorageError> {
    let query = audit_event::Entity::find().order_by_desc(audit_event::Column::Seq);
    let last: Option<AuditEvent> = rows::one(link, query).await?;
    Ok(last.as_ref().map_or_else(beginning, head_at))
}

/// The hash of the event at a position; none when the log does not reach so far.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn hash_at(link: &impl Link, seq: i64) -> Result<Option<String>, StorageError> {
    let event: Option<AuditEvent> = rows::one(link, audit_event::Entity::find_by_id(seq)).await?;
    Ok(event.map(|event| event.hash))
}

/// The newest events, newest first.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_latest(link: &impl Link, most: u64) -> Result<Vec<AuditEvent>, StorageError> {
    let query = audit_event::Entity::find()
        .order_by_desc(audit_event::Column::Seq)
        .limit(most);
    rows::all(link, query).await
}

/// Which events are wanted; what is none asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Exactly this account.
    pub actor: Option<String>,
    /// Exactly this action.
    pub action: Option<String>,
    /// These signs somewhere in the object.
    pub object: Option<String>,
    /// Not before this instant.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub until: Option<DateTime<Utc>>,
    /// Before this position.
    pub before: Option<i64>,
}

impl EventFilter {
    fn condition(&self) -> Condition {
        use audit_event::Column;
        let object = self
            .object
            .as_ref()
            .map(|text| Column::Object.contains(text));
        Condition::all()
            .add_option(self.actor.as_ref().map(|actor| Column::Actor.eq(actor)))
            .add_option(self.action.as_ref().map(|action| Column::Action.eq(action)))
            .add_option(object)
            .add_option(self.from.map(|from| Column::At.gte(from)))
            .add_option(self.until.map(|until| Column::At.lt(until)))
            .add_option(self.before.map(|before| Column::Seq.lt(before)))
    }
}

/// The newest events a filter lets through, newest first.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_events(
    link: &impl Link,
    filter: &EventFilter,
    most: usize,
) -> Result<Vec<AuditEvent>, StorageError> {
    let query = audit_event::Entity::find()
        .filter(filter.condition())
        .order_by_desc(audit_event::Column::Seq)
        .limit(most as u64);
    rows::all(link, query).await
}

/// Whether an event still has the digest it was written with; whether it follows from the one before is another question.
#[must_use]
pub fn holds(event: &AuditEvent) -> bool {
    event.hash == hash_of(event)
}

/// The events of these actions, oldest first.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_of_actions(
    link: &impl Link,
    actions: &[&str],
) -> Result<Vec<AuditEvent>, StorageError> {
    let query = audit_event::Entity::find()
        .filter(audit_event::Column::Action.is_in(actions.iter().copied()))
        .order_by_asc(audit_event::Column::Seq);
    rows::all(link, query).await
}

/// Recomputes the whole chain. A tail cut off as a whole is only seen by comparing the head with an anchor.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn verify_chain(link: &impl Link) -> Result<ChainCheck, StorageError> {
    let mut last = beginning();
    loop {
        let query = audit_event::Entity::find()
            .filter(audit_event::Column::Seq.gt(last.seq))
            .order_by_asc(audit_event::Column::Seq)
            .limit(PAGE);
        let page: Vec<AuditEvent> = rows::all(link, query).await?;
        if page.is_empty() {
            return Ok(ChainCheck::Intact(last));
        }
        for event in page {
            if !follows(&event, &last) {
                return Ok(ChainCheck::Broken { seq: last.seq + 1 });
            }
            last = head_at(&event);
        }
    }
}

fn follows(event: &AuditEvent, last: &AuditHead) -> bool {
    event.seq == last.seq + 1 && event.prev_hash == last.hash && event.hash == hash_of(event)
}

fn beginning() -> AuditHead {
    AuditHead {
        seq: 0,
        hash: BEGINNING.to_owned(),
    }
}

fn head_at(event: &AuditEvent) -> AuditHead {
    AuditHead {
        seq: event.seq,
        hash: event.hash.clone(),
    }
}

/// The fields as one JSON array: no two different events have the same text.
fn hash_of(event: &AuditEvent) -> String {
    let fields = serde_json::json!([
        "sha256",
        event.seq,
        event.at.timestamp_micros(),
        event.actor,
        event.role,
        event.action,
        event.object,
        event.outcome,
        event.before_digest,
        event.after_digest,
        event.prev_hash,
    ]);
    hex::encode(Sha256::digest(fields.to_string()))
}
