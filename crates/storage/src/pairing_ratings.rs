//! Ratings by paired communities and villages.

use crate::{
    Link, StorageError, Tx,
    imports::{ImportedRow, Upserted, upsert},
    rows,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use vocabulary::RoundId;

table! {
    #[derive(serde::Serialize, serde::Deserialize)]
    /// What one rater of a community or village says about one paired unit.
    pub PairingRating = "pairing_rating" in pairing_rating {
        key {
            /// Random id.
            id: String,
        }
        /// Round.
        round_id: String,
        /// Unit.
        unit_id: String,
        /// Community or village.
        body_id: String,
        /// Account of the rater.
        account_id: String,
        /// Code of the level, 5 to 1, 0 for 不了解.
        level: i16,
        /// Matters the body raised with the unit.
        matters_raised: i32,
        /// Those of them that were solved.
        matters_solved: i32,
        /// Redacted free text.
        text: Option<String>,
        /// Batch that brought it; none for a rating given online.
        batch_id: Option<String>,
    }
}

impl ImportedRow for PairingRating {
    type Key = String;

    const TABLE: &'static str = "pairing_rating";

    fn key(&self) -> Self::Key {
        self.id.clone()
    }

    fn has_key(&self) -> Condition {
        Condition::all().add(pairing_rating::Column::Id.eq(self.id.as_str()))
    }

    fn batch_column() -> pairing_rating::Column {
        pairing_rating::Column::BatchId
    }

    fn batch_id(&mut self) -> &mut String {
        self.batch_id.get_or_insert_default()
    }
}

/// Compares ratings from a file with what is there, a thousand or so at a time; in a transaction, new and changed ones are taken.
///
/// # Errors
/// [`StorageError::Conflict`] when a rater has rated a unit online.
pub async fn upsert_pairing_ratings(
    link: &impl Link,
    ratings: Vec<PairingRating>,
) -> Result<Upserted, StorageError> {
    let ids = ratings.iter().map(|row| row.id.as_str());
    let query = pairing_rating::Entity::find().filter(pairing_rating::Column::Id.is_in(ids));
    upsert(link, rows::all(link, query).await?, ratings).await
}

/// Adds a rating.
///
/// # Errors
/// [`StorageError::Conflict`] when this account has rated the unit in this round already.
pub async fn insert_pairing_rating(tx: &Tx, rating: PairingRating) -> Result<(), StorageError> {
    rows::insert(tx, rating).await
}

/// The rating an account gave a unit.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_pairing_rating(
    link: &impl Link,
    round: &RoundId,
    unit_id: &str,
    account_id: &str,
) -> Result<Option<PairingRating>, StorageError> {
    let query = pairing_rating::Entity::find()
        .filter(pairing_rating::Column::RoundId.eq(round.as_str()))
        .filter(pairing_rating::Column::UnitId.eq(unit_id))
        .filter(pairing_rating::Column::AccountId.eq(account_id));
    rows::one(link, query).await
}

/// Ratings of a round by unit, body and account.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_pairing_ratings(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<PairingRating>, StorageError> {
    let query = pairing_rating::Entity::find()
        .filter(pairing_rating::Column::RoundId.eq(round.as_str()))
        .order_by_asc(pairing_rating::Column::UnitId)
        .order_by_asc(pairing_rating::Column::BodyId)
        .order_by_asc(pairing_rating::Column::AccountId);
    rows::all(link, query).await
}

/// Ratings an account gave in a round, by unit.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn ratings_by_account(
    link: &impl Link,
    round: &RoundId,
    account_id: &str,
) -> Result<Vec<PairingRating>, StorageError> {
    let query = pairing_rating::Entity::find()
        .filter(pairing_rating::Column::RoundId.eq(round.as_str()))
        .filter(pairing_rating::Column::AccountId.eq(account_id))
        .order_by_asc(pairing_rating::Column::UnitId);
    rows::all(link, query).await
}
