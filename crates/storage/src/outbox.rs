//! Jobs that commit with the change that caused them and are done at least once.

use crate::{
    Backend, Link, StorageError, Store, Tx,
    link::sealed::Connected,
    rows::{self, is},
};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    prelude::DateTimeUtc,
    sea_query::{Expr, LockBehavior, LockType},
};
use vocabulary::RoundId;

/// How long a claimed job belongs to its worker.
pub const LEASE: TimeDelta = TimeDelta::minutes(5);

stored_state! {
    /// Which way a job goes.
    pub JobKind {
        /// A mail.
        Mail = "mail",
        /// A short message or a call by a robot, through the gateway.
        Sms = "sms",
        /// A letter on paper.
        Print = "print",
        /// A signed request to a source that wants to be told.
        Webhook = "webhook",
    }
}

stored_state! {
    /// What became of a job.
    pub JobState {
        /// Waits for a worker, or for its next attempt.
        Waiting = "waiting",
        /// Done, or no longer wanted; nothing is kept of what it said.
        Done = "done",
        /// Given up; a person must look.
        Dead = "dead",
    }
}

table! {
    /// A job.
    pub Job = "outbox" in outbox_job {
        key {
            /// Random id.
            id: String,
        }
        /// Natural key: the same job is never there twice.
        job_key: String,
        /// Which way it goes.
        kind: JobKind,
        /// What is to be delivered, sealed; empty once it is done.
        payload: String,
        /// Name of the job outside: in the message id, the return path and the link to opt out.
        handle: String,
        /// Round it belongs to.
        round_id: Option<String>,
        /// Invitation it belongs to.
        invitation_id: Option<String>,
        /// Keyed hash of the address; none for paper.
        address_hash: Option<String>,
        /// What became of it.
        state: JobState,
        /// How often it was claimed.
        attempts: i32,
        /// Attempts of which nobody knows whether they arrived.
        in_doubt: i32,
        /// Not claimed before this instant.
        due_at: DateTimeUtc,
        /// Given up after this instant; none before the first attempt.
        give_up_at: Option<DateTimeUtc>,
        /// The worker it belongs to.
        lease: Option<String>,
        /// When it belongs to nobody again.
        leased_until: Option<DateTimeUtc>,
        /// Code of what went wrong last.
        problem: Option<String>,
    }
}

impl Job {
    /// A job that waits from this instant on.
    #[must_use]
    pub fn new(id: &str, job_key: &str, kind: JobKind, now: DateTime<Utc>) -> Self {
        Self {
            id: id.to_owned(),
            job_key: job_key.to_owned(),
            kind,
            payload: String::new(),
            handle: id.to_owned(),
            round_id: None,
            invitation_id: None,
            address_hash: None,
            state: JobState::Waiting,
            attempts: 0,
            in_doubt: 0,
            due_at: now,
            give_up_at: None,
            lease: None,
            leased_until: None,
            problem: None,
        }
    }
}

/// Adds a job; one with the same key is left as it is, and false returned.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn enqueue(tx: &Tx, job: Job) -> Result<bool, StorageError> {
    let same_key = outbox_job::Entity::find().filter(outbox_job::Column::JobKey.eq(&job.job_key));
    if rows::one::<Job>(tx, same_key).await?.is_some() {
        return Ok(false);
    }
    rows::insert(tx, job).await?;
    Ok(true)
}

/// Claims up to `most` due jobs of these kinds under a lease; two workers never get the same one.
///
/// A job whose lease ran out was in the hands of a worker that never said what became of it: one more attempt in doubt.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn claim(
    store: &Store,
    kinds: &[JobKind],
    most: u64,
    lease: &str,
    now: DateTime<Utc>,
) -> Result<Vec<Job>, StorageError> {
    let tx = store.begin().await?;
    let kinds: Vec<_> = kinds.iter().map(|kind| kind.code()).collect();
    let free = Condition::any()
        .add(outbox_job::Column::LeasedUntil.is_null())
        .add(outbox_job::Column::LeasedUntil.lte(now));
    let due = is(outbox_job::Column::State, JobState::Waiting)
        .add(outbox_job::Column::Kind.is_in(kinds))
        .add(outbox_job::Column::DueAt.lte(now))
        .add(free);
    let mut query = outbox_job::Entity::find()
        .filter(due)
        .order_by_asc(outbox_job::Column::DueAt)
        .order_by_asc(outbox_job::Column::Id)
        .limit(most);
    if tx.backend() == Backend::Postgres {
        query = query.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    let mut jobs: Vec<Job> = rows::all(&tx, query).await?;
    for job in &mut jobs {
        job.attempts += 1;
        job.in_doubt += i32::from(job.lease.is_some());
        job.lease = Some(lease.to_owned());
        job.leased_until = Some(now + LEASE);
    }
    rows::replace_all(&tx, jobs.clone()).await?;
    tx.commit().await?;
    Ok(jobs)
}

/// Gives a job back as it now stands; false when its lease is no longer the one it was read with.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn settle(tx: &Tx, job: Job) -> Result<bool, StorageError> {
    let lease = outbox_job::Column::Lease;
    let mine = is(outbox_job::Column::Id, job.id.clone()).add(match &job.lease {
        Some(own) => lease.eq(own),
        None => lease.is_null(),
    });
    let free = Job {
        lease: None,
        leased_until: None,
        ..job
    };
    rows::update_where(tx, free, mine).await
}

/// Lets a job that was given up wait again, as if it were new; false when it was not given up.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn revive(tx: &Tx, handle: &str, now: DateTime<Utc>) -> Result<bool, StorageError> {
    let Some(job) = find_by_handle(tx, handle).await? else {
        return Ok(false);
    };
    let dead =
        is(outbox_job::Column::Handle, handle).add(outbox_job::Column::State.eq(JobState::Dead));
    let again = Job {
        state: JobState::Waiting,
        in_doubt: 0,
        due_at: now,
        give_up_at: None,
        problem: None,
        ..job
    };
    rows::update_where(tx, again, dead).await
}

/// Ends all jobs of an invitation that still wait or were given up, and forgets what they said.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn cancel_invitation(tx: &Tx, invitation: &str) -> Result<u64, StorageError> {
    let open = is(outbox_job::Column::InvitationId, invitation)
        .add(outbox_job::Column::State.ne(JobState::Done));
    end(tx, open).await
}

/// Ends all jobs of a round, and forgets what they said.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn cancel_round(tx: &Tx, round: &RoundId) -> Result<u64, StorageError> {
    let open = is(outbox_job::Column::RoundId, round.as_str())
        .add(outbox_job::Column::State.ne(JobState::Done));
    end(tx, open).await
}

async fn end(tx: &Tx, which: Condition) -> Result<u64, StorageError> {
    let change = outbox_job::Entity::update_many()
        .col_expr(outbox_job::Column::State, Expr::value(JobState::Done))
        .col_expr(outbox_job::Column::Payload, Expr::value(""))
        .filter(which);
    let done = change.exec(tx.connection()).await;
    Ok(done.map_err(|error| tx.fault(&error))?.rows_affected)
}

/// The job with this handle.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_by_handle(link: &impl Link, handle: &str) -> Result<Option<Job>, StorageError> {
    let query = outbox_job::Entity::find().filter(outbox_job::Column::Handle.eq(handle));
    rows::one(link, query).await
}

/// Jobs of a round by id.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_jobs(link: &impl Link, round: &RoundId) -> Result<Vec<Job>, StorageError> {
    let query = outbox_job::Entity::find()
        .filter(outbox_job::Column::RoundId.eq(round.as_str()))
        .order_by_asc(outbox_job::Column::Id);
    rows::all(link, query).await
}

/// Jobs of a kind that wait or were given up, the oldest first.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_open_jobs(link: &impl Link, kind: JobKind) -> Result<Vec<Job>, StorageError> {
    let query = outbox_job::Entity::find()
        .filter(outbox_job::Column::Kind.eq(kind))
        .filter(outbox_job::Column::State.ne(JobState::Done))
        .order_by_asc(outbox_job::Column::DueAt)
        .order_by_asc(outbox_job::Column::Id);
    rows::all(link, query).await
}
