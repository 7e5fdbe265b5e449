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

/// How long a claimed job belongs to its worker.
const LEASE: TimeDelta = TimeDelta::minutes(5);

stored_state! {
    /// What became of a job.
    pub JobState {
        /// Waits for a worker, or for its next attempt.
        Waiting = "waiting",
        /// Done.
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
        /// Code of the kind.
        kind: String,
        /// JSON payload.
        payload: String,
        /// What became of it.
        state: JobState,
        /// How often it was claimed.
        attempts: i32,
        /// Not claimed again before this instant.
        locked_until: Option<DateTimeUtc>,
    }
}

/// Adds a job; one with the same key is left as it is, and false returned.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn enqueue(
    tx: &Tx,
    id: &str,
    job_key: &str,
    kind: &str,
    payload: &str,
) -> Result<bool, StorageError> {
    let same_key = outbox_job::Entity::find().filter(outbox_job::Column::JobKey.eq(job_key));
    if rows::one::<Job>(tx, same_key).await?.is_some() {
        return Ok(false);
    }
    let job = Job {
        id: id.to_owned(),
        job_key: job_key.to_owned(),
        kind: kind.to_owned(),
        payload: payload.to_owned(),
        state: JobState::Waiting,
        attempts: 0,
        locked_until: None,
    };
    rows::insert(tx, job).await?;
    Ok(true)
}

/// Claims up to `most` waiting jobs for five minutes; two workers never get the same one.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn claim(store: &Store, most: u64, now: DateTime<Utc>) -> Result<Vec<Job>, StorageError> {
    let tx = store.begin().await?;
    let free = Condition::any()
        .add(outbox_job::Column::LockedUntil.is_null())
        .add(outbox_job::Column::LockedUntil.lte(now));
    let mut query = outbox_job::Entity::find()
        .filter(is(outbox_job::Column::State, JobState::Waiting).add(free))
        .order_by_asc(outbox_job::Column::Id)
        .limit(most);
    if tx.backend() == Backend::Postgres {
        query = query.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    let mut jobs: Vec<Job> = rows::all(&tx, query).await?;
    for job in &mut jobs {
        job.attempts += 1;
        job.locked_until = Some(now + LEASE);
    }
    rows::replace_all(&tx, jobs.clone()).await?;
    tx.commit().await?;
    Ok(jobs)
}

/// Notes that a job is done.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn done(tx: &Tx, id: &str) -> Result<(), StorageError> {
    set_state(tx, id, JobState::Done, None).await
}

/// Notes that an attempt failed; without an instant for the next one the job is given up.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn failed(
    tx: &Tx,
    id: &str,
    retry_at: Option<DateTime<Utc>>,
) -> Result<(), StorageError> {
    let state = match retry_at {
        Some(_) => JobState::Waiting,
        None => JobState::Dead,
    };
    set_state(tx, id, state, retry_at).await
}

async fn set_state(
    tx: &Tx,
    id: &str,
    state: JobState,
    locked_until: Option<DateTime<Utc>>,
) -> Result<(), StorageError> {
    let change = outbox_job::Entity::update_many()
        .col_expr(outbox_job::Column::State, Expr::value(state))
        .col_expr(outbox_job::Column::LockedUntil, Expr::value(locked_until))
        .filter(outbox_job::Column::Id.eq(id));
    let done = change.exec(tx.connection()).await;
    done.map(drop).map_err(|error| tx.fault(&error))
}

/// Number of jobs in a state.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn count_jobs(link: &impl Link, state: JobState) -> Result<u64, StorageError> {
    let query = outbox_job::Entity::find().filter(outbox_job::Column::State.eq(state));
    rows::count(link, query).await
}

/// Jobs of a state by id.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_jobs(link: &impl Link, state: JobState) -> Result<Vec<Job>, StorageError> {
    let query = outbox_job::Entity::find()
        .filter(outbox_job::Column::State.eq(state))
        .order_by_asc(outbox_job::Column::Id);
    rows::all(link, query).await
}
