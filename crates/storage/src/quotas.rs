//! How many ballots a round or one of its strata takes at most; counted inside the transaction that takes a ballot.

use crate::{
    Backend, Link, StorageError, Tx, link::sealed::Connected, rows, submission::count_submissions,
};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use vocabulary::RoundId;

table! {
    /// The most ballots of a round or of one stratum, and how many were taken.
    pub Quota = "quota" in quota {
        key {
            /// Round.
            round_id: String,
            /// Stratum; empty for the whole round.
            stratum: String,
        }
        /// Ballots taken at most.
        most: i64,
        /// Ballots taken.
        taken: i64,
    }
}

/// The stratum under which the quota of a whole round is kept.
pub const WHOLE_ROUND: &str = "";

/// Sets how many ballots a stratum takes at most, or with [`WHOLE_ROUND`] the round; what was taken before counts.
///
/// The round must be locked, so that no ballot comes in between.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn set_quota(
    tx: &Tx,
    round: &RoundId,
    stratum: &str,
    most: u32,
) -> Result<(), StorageError> {
    let taken = match stratum {
        WHOLE_ROUND => count_submissions(tx, round).await?,
        _ => crate::invitations::count_answered(tx, round, stratum).await?,
    };
    let quota = Quota {
        round_id: round.to_string(),
        stratum: stratum.to_owned(),
        most: i64::from(most),
        taken: taken.cast_signed(),
    };
    rows::replace_all(tx, vec![quota]).await
}

/// The quotas of a round, the whole round first, then by stratum.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_quotas(link: &impl Link, round: &RoundId) -> Result<Vec<Quota>, StorageError> {
    let query = quota::Entity::find()
        .filter(quota::Column::RoundId.eq(round.as_str()))
        .order_by_asc(quota::Column::Stratum);
    rows::all(link, query).await
}

/// The quotas of these rounds, kept from changing until the transaction ends.
pub(crate) async fn lock_quotas(tx: &Tx, rounds: Vec<String>) -> Result<Vec<Quota>, StorageError> {
    let query = quota::Entity::find()
        .filter(quota::Column::RoundId.is_in(rounds))
        .order_by_asc(quota::Column::RoundId)
        .order_by_asc(quota::Column::Stratum);
    let query = match tx.backend() {
        Backend::Sqlite => query,
        Backend::Postgres => query.lock_exclusive(),
    };
    rows::all(tx, query).await
}

/// Counts more ballots under a quota.
pub(crate) async fn count_taken(tx: &Tx, quota: &Quota, more: i64) -> Result<(), StorageError> {
    let change = quota::Entity::update_many()
        .col_expr(
            quota::Column::Taken,
            Expr::col(quota::Column::Taken).add(more),
        )
        .filter(quota::Column::RoundId.eq(quota.round_id.as_str()))
        .filter(quota::Column::Stratum.eq(quota.stratum.as_str()));
    let done = change.exec(tx.connection()).await;
    done.map(drop).map_err(|error| tx.fault(&error))
}
