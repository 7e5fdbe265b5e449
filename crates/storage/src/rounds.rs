//! Evaluation rounds and their state, changed only by compare-and-swap.

use crate::{
    Backend, DatabaseFault, Link, StorageError, Tx,
    link::sealed::Connected,
    rows::{self, is},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    prelude::{Date, DateTimeUtc},
    sea_query::Expr,
};
use std::collections::BTreeSet;
use survey_design::{Anonymity, Resubmission, Round, RoundState};
use vocabulary::RoundId;

table! {
    /// A stored round.
    RoundRow = "round" in round {
        key {
            /// Code.
            id: String,
        }
        /// Title.
        title: String,
        /// Year.
        year: i32,
        /// Position in the year.
        quarter: i32,
        /// First day covered.
        period_start: Date,
        /// Last day covered.
        period_end: Date,
        /// State by code.
        state: String,
        /// Anonymity.
        anonymity: String,
        /// Digest of the rules.
        rules_digest: String,
        /// Seed of the draw, the same bits as a signed number.
        seed: i64,
        /// Version.
        version: i32,
        /// Digest of the overall questionnaire.
        overall: Option<String>,
        /// Digest of the enterprise questionnaire.
        enterprise: Option<String>,
        /// Digest of the indicator tree.
        indicators: Option<String>,
        /// Whether an answer may be replaced.
        resubmission: String,
        /// When it opened.
        opened_at: Option<DateTimeUtc>,
        /// When it closed.
        closed_at: Option<DateTimeUtc>,
        /// When it was frozen.
        frozen_at: Option<DateTimeUtc>,
        /// When it was published.
        published_at: Option<DateTimeUtc>,
    }
}

/// A round with its questionnaires and times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundRecord {
    /// The round.
    pub round: Round,
    /// Digest of the overall questionnaire, once set.
    pub overall: Option<String>,
    /// Digest of the enterprise-facing questionnaire, once set.
    pub enterprise: Option<String>,
    /// Digest of the indicator tree, once the round is no draft any more.
    pub indicators: Option<String>,
    /// When it began to collect.
    pub opened_at: Option<DateTime<Utc>>,
    /// When it stopped collecting.
    pub closed_at: Option<DateTime<Utc>>,
    /// When its scores became final.
    pub frozen_at: Option<DateTime<Utc>>,
    /// When its result became public.
    pub published_at: Option<DateTime<Utc>>,
}

/// Adds a round.
///
/// # Errors
/// [`StorageError::Conflict`] when the code is taken.
pub async fn insert_round(tx: &Tx, round: &Round) -> Result<(), StorageError> {
    let row = RoundRow {
        id: round.id.to_string(),
        title: round.title.clone(),
        year: round.year,
        quarter: round.quarter,
        period_start: round.period_start,
        period_end: round.period_end,
        state: round.state.code().to_owned(),
        anonymity: round.anonymity.code().to_owned(),
        resubmission: round.resubmission.code().to_owned(),
        rules_digest: round.rules_digest.clone(),
        seed: round.seed.cast_signed(),
        version: round.version,
        overall: None,
        enterprise: None,
        indicators: None,
        opened_at: None,
        closed_at: None,
        frozen_at: None,
        published_at: None,
    };
    rows::insert(tx, row).await
}

/// The round with this code.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_round(
    link: &impl Link,
    id: &RoundId,
) -> Result<Option<RoundRecord>, StorageError> {
    let query = round::Entity::find_by_id(id.as_str());
    rows::one(link, query).await?.map(record).transpose()
}

/// The rounds with these ids.
pub(crate) async fn find_rounds(
    link: &impl Link,
    ids: BTreeSet<String>,
) -> Result<Vec<RoundRecord>, StorageError> {
    let query = round::Entity::find().filter(round::Column::Id.is_in(ids));
    rows::all(link, query)
        .await?
        .into_iter()
        .map(record)
        .collect()
}

/// All rounds in order of time.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_rounds(link: &impl Link) -> Result<Vec<RoundRecord>, StorageError> {
    let query = round::Entity::find()
        .order_by_asc(round::Column::Year)
        .order_by_asc(round::Column::Quarter)
        .order_by_asc(round::Column::Id);
    rows::all(link, query)
        .await?
        .into_iter()
        .map(record)
        .collect()
}

/// The round, kept from changing until the transaction ends.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn lock_round(tx: &Tx, id: &RoundId) -> Result<Option<RoundRecord>, StorageError> {
    let query = round::Entity::find_by_id(id.as_str());
    let query = match tx.backend() {
        // The transaction holds the only write lock already.
        Backend::Sqlite => query,
        Backend::Postgres => query.lock_exclusive(),
    };
    rows::one(tx, query).await?.map(record).transpose()
}

/// Whether a round collects answers; it cannot close before the transaction ends.
pub(crate) async fn is_collecting(tx: &Tx, id: &RoundId) -> Result<bool, StorageError> {
    let query = round::Entity::find_by_id(id.as_str());
    let query = match tx.backend() {
        Backend::Sqlite => query,
        Backend::Postgres => query.lock_shared(),
    };
    let found: Option<RoundRow> = rows::one(tx, query).await?;
    Ok(found.is_some_and(|row| row.state == RoundState::Collecting.code()))
}

/// Moves a round from one state to another and notes when it opened, closed, was frozen or published.
///
/// # Errors
/// [`StorageError::Conflict`] when the round is not in the state `from`.
pub async fn set_round_state(
    tx: &Tx,
    id: &RoundId,
    from: RoundState,
    to: RoundState,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let noted = match to {
        RoundState::Collecting => Some(round::Column::OpenedAt),
        RoundState::Closed => Some(round::Column::ClosedAt),
        RoundState::Frozen => Some(round::Column::FrozenAt),
        RoundState::Published => Some(round::Column::PublishedAt),
        _ => None,
    };
    let mut change = round::Entity::update_many()
        .col_expr(round::Column::State, Expr::value(to.code()))
        .filter(is(round::Column::Id, id.as_str()).add(round::Column::State.eq(from.code())));
    if let Some(column) = noted {
        change = change.col_expr(column, Expr::value(now));
    }
    let done = change.exec(tx.connection()).await;
    match done.map_err(|error| tx.fault(&error))?.rows_affected {
        0 => Err(StorageError::Conflict("本轮的状态已经改变，请刷新后再操作")),
        _ => Ok(()),
    }
}

/// Fixes the rules of a round.
///
/// # Errors
/// [`StorageError::Conflict`] when there is no such round.
pub async fn set_round_rules(tx: &Tx, id: &RoundId, digest: &str) -> Result<(), StorageError> {
    set(tx, id, &[(round::Column::RulesDigest, Expr::value(digest))]).await
}

/// Fixes the questionnaires of a round.
///
/// # Errors
/// [`StorageError::Conflict`] when there is no such round.
pub async fn set_round_questionnaires(
    tx: &Tx,
    id: &RoundId,
    overall: &str,
    enterprise: Option<&str>,
) -> Result<(), StorageError> {
    let columns = [
        (round::Column::Overall, Expr::value(overall)),
        (
            round::Column::Enterprise,
            Expr::value(enterprise.map(str::to_owned)),
        ),
    ];
    set(tx, id, &columns).await
}

/// Fixes the indicator tree of a round.
///
/// # Errors
/// [`StorageError::Conflict`] when there is no such round.
pub async fn set_round_indicators(tx: &Tx, id: &RoundId, digest: &str) -> Result<(), StorageError> {
    set(tx, id, &[(round::Column::Indicators, Expr::value(digest))]).await
}

/// Fixes the seed of the draw.
///
/// # Errors
/// [`StorageError::Conflict`] when there is no such round.
pub async fn set_round_seed(tx: &Tx, id: &RoundId, seed: u64) -> Result<(), StorageError> {
    let seed = Expr::value(seed.cast_signed());
    set(tx, id, &[(round::Column::Seed, seed)]).await
}

/// Raises the version of a round when a correction is published.
///
/// # Errors
/// [`StorageError::Conflict`] when there is no such round.
pub async fn set_round_version(tx: &Tx, id: &RoundId, version: i32) -> Result<(), StorageError> {
    set(tx, id, &[(round::Column::Version, Expr::value(version))]).await
}

async fn set(tx: &Tx, id: &RoundId, columns: &[(round::Column, Expr)]) -> Result<(), StorageError> {
    let mut change = round::Entity::update_many().filter(round::Column::Id.eq(id.as_str()));
    for (column, value) in columns {
        change = change.col_expr(*column, value.clone());
    }
    let done = change.exec(tx.connection()).await;
    match done.map_err(|error| tx.fault(&error))?.rows_affected {
        0 => Err(StorageError::Conflict("没有这一轮评价")),
        _ => Ok(()),
    }
}

fn record(row: RoundRow) -> Result<RoundRecord, StorageError> {
    let unknown = |what| StorageError::Database(DatabaseFault::of_rows(what));
    let state = RoundState::from_code(&row.state).ok_or_else(|| unknown("unknown round state"))?;
    Ok(RoundRecord {
        round: Round {
            id: RoundId::new(row.id),
            title: row.title,
            year: row.year,
            quarter: row.quarter,
            period_start: row.period_start,
            period_end: row.period_end,
            state,
            anonymity: Anonymity::from_code(&row.anonymity)
                .ok_or_else(|| unknown("unknown anonymity"))?,
            resubmission: Resubmission::from_code(&row.resubmission)
                .ok_or_else(|| unknown("unknown resubmission"))?,
            rules_digest: row.rules_digest,
            seed: row.seed.cast_unsigned(),
            version: row.version,
        },
        overall: row.overall,
        enterprise: row.enterprise,
        indicators: row.indicators,
        opened_at: row.opened_at,
        closed_at: row.closed_at,
        frozen_at: row.frozen_at,
        published_at: row.published_at,
    })
}
