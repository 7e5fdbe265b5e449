//! Score runs and bulletins.

use crate::{
    Link, StorageError, Tx,
    rows::{self, is},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, prelude::DateTimeUtc};
use vocabulary::RoundId;

table! {
    /// One computation of a round's scores.
    pub ScoreRun = "score_run" in score_run {
        key {
            /// Random id.
            id: String,
        }
        /// Round.
        round_id: String,
        /// 1 for the first computation of the round.
        version: i32,
        /// Digest of the rules.
        rules_digest: String,
        /// Digest of the input.
        input_digest: String,
        /// JSON result.
        body: String,
        /// When it was computed.
        created_at: DateTimeUtc,
    }
}

table! {
    /// A bulletin 通报 of a round.
    pub Bulletin = "bulletin" in bulletin {
        key {
            /// Round.
            round_id: String,
            /// 1, or the number of the correction.
            version: i32,
        }
        /// State by code.
        state: String,
        /// JSON content.
        body: String,
        /// Digest of the published table.
        table_digest: Option<String>,
        /// Directory of the signed bundle.
        bundle_path: Option<String>,
        /// First signer.
        proposed_by: Option<String>,
        /// When it was proposed.
        proposed_at: Option<DateTimeUtc>,
        /// Second signer, another person.
        approved_by: Option<String>,
        /// When it was published.
        published_at: Option<DateTimeUtc>,
    }
}

/// Adds a score run.
///
/// # Errors
/// [`StorageError::Conflict`] when the round has a run of this version already.
pub async fn insert_score_run(tx: &Tx, run: ScoreRun) -> Result<(), StorageError> {
    rows::insert(tx, run).await
}

/// The newest score run of a round.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn latest_score_run(
    link: &impl Link,
    round: &RoundId,
) -> Result<Option<ScoreRun>, StorageError> {
    let query = score_run::Entity::find()
        .filter(score_run::Column::RoundId.eq(round.as_str()))
        .order_by_desc(score_run::Column::Version);
    rows::one(link, query).await
}

/// Adds a bulletin.
///
/// # Errors
/// [`StorageError::Conflict`] when the round has one of this version already.
pub async fn insert_bulletin(tx: &Tx, bulletin: Bulletin) -> Result<(), StorageError> {
    rows::insert(tx, bulletin).await
}

/// The bulletin of a round with this version.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_bulletin(
    link: &impl Link,
    round: &RoundId,
    version: i32,
) -> Result<Option<Bulletin>, StorageError> {
    let key = (round.to_string(), version);
    rows::one(link, bulletin::Entity::find_by_id(key)).await
}

/// The score run of a round with this version.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_score_run(
    link: &impl Link,
    round: &RoundId,
    version: i32,
) -> Result<Option<ScoreRun>, StorageError> {
    let query = score_run::Entity::find()
        .filter(score_run::Column::RoundId.eq(round.as_str()))
        .filter(score_run::Column::Version.eq(version));
    rows::one(link, query).await
}

/// The newest public bulletin of a round; a correction that is still on its way is none.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn public_bulletin(
    link: &impl Link,
    round: &RoundId,
) -> Result<Option<Bulletin>, StorageError> {
    let query = bulletin::Entity::find()
        .filter(bulletin::Column::RoundId.eq(round.as_str()))
        .filter(bulletin::Column::PublishedAt.is_not_null())
        .order_by_desc(bulletin::Column::Version);
    rows::one(link, query).await
}

/// The newest bulletin of a round, public or not.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn latest_bulletin(
    link: &impl Link,
    round: &RoundId,
) -> Result<Option<Bulletin>, StorageError> {
    let query = bulletin::Entity::find()
        .filter(bulletin::Column::RoundId.eq(round.as_str()))
        .order_by_desc(bulletin::Column::Version);
    rows::one(link, query).await
}

/// All bulletins by round and version.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_bulletins(link: &impl Link) -> Result<Vec<Bulletin>, StorageError> {
    let query = bulletin::Entity::find()
        .order_by_asc(bulletin::Column::RoundId)
        .order_by_asc(bulletin::Column::Version);
    rows::all(link, query).await
}

/// Replaces a bulletin that is in the state `from`.
///
/// # Errors
/// [`StorageError::Conflict`] when it is in another state: somebody was first.
pub async fn update_bulletin(tx: &Tx, bulletin: Bulletin, from: &str) -> Result<(), StorageError> {
    let condition = is(bulletin::Column::RoundId, bulletin.round_id.as_str())
        .add(bulletin::Column::Version.eq(bulletin.version))
        .add(bulletin::Column::State.eq(from));
    if rows::update_where(tx, bulletin, condition).await? {
        Ok(())
    } else {
        Err(StorageError::Conflict("通报的状态已经改变，请刷新后再操作"))
    }
}
