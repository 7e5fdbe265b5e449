//! The draw of a round and who was drawn, with the inclusion probability.

use crate::{Link, StorageError, Tx, rows};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, prelude::DateTimeUtc};
use vocabulary::RoundId;

table! {
    DrawRow = "sample_draw" in sample_draw {
        key {
            id: String,
        }
        round_id: String,
        seed: i64,
        certificate: String,
        drawn_by: String,
        drawn_at: DateTimeUtc,
    }
}

table! {
    /// A drawn member.
    pub DrawnMember = "drawn_member" in drawn_member {
        key {
            /// Round.
            round_id: String,
            /// Pseudonym.
            pseudonym: String,
        }
        /// Code of the rater group.
        rater_group: String,
        /// Stratum.
        stratum: String,
        /// Members of the stratum in the library.
        population: i64,
        /// Members of the stratum drawn.
        sample: i64,
    }
}

/// The draw of a round; a round has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleDraw {
    /// Random id.
    pub id: String,
    /// Round.
    pub round_id: String,
    /// Published seed.
    pub seed: u64,
    /// JSON certificate of the draw.
    pub certificate: String,
    /// Account that drew.
    pub drawn_by: String,
    /// When it was drawn.
    pub drawn_at: DateTime<Utc>,
}

/// Adds the draw of a round.
///
/// # Errors
/// [`StorageError::Conflict`] when the round has a draw already.
pub async fn insert_draw(tx: &Tx, draw: SampleDraw) -> Result<(), StorageError> {
    let row = DrawRow {
        id: draw.id,
        round_id: draw.round_id,
        seed: draw.seed.cast_signed(),
        certificate: draw.certificate,
        drawn_by: draw.drawn_by,
        drawn_at: draw.drawn_at,
    };
    rows::insert(tx, row).await
}

/// The draw of a round.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_draw(
    link: &impl Link,
    round: &RoundId,
) -> Result<Option<SampleDraw>, StorageError> {
    let query = sample_draw::Entity::find().filter(sample_draw::Column::RoundId.eq(round.as_str()));
    let found: Option<DrawRow> = rows::one(link, query).await?;
    Ok(found.map(|row| SampleDraw {
        id: row.id,
        round_id: row.round_id,
        seed: row.seed.cast_unsigned(),
        certificate: row.certificate,
        drawn_by: row.drawn_by,
        drawn_at: row.drawn_at,
    }))
}

/// Adds drawn members.
///
/// # Errors
/// [`StorageError::Conflict`] when one was drawn in this round already.
pub async fn insert_drawn_members(tx: &Tx, members: Vec<DrawnMember>) -> Result<(), StorageError> {
    rows::insert_all(tx, members).await
}

/// Drawn members of a round by pseudonym.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_drawn_members(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<DrawnMember>, StorageError> {
    let query = drawn_member::Entity::find()
        .filter(drawn_member::Column::RoundId.eq(round.as_str()))
        .order_by_asc(drawn_member::Column::Pseudonym);
    rows::all(link, query).await
}

/// Number of drawn members of a round.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn count_drawn_members(link: &impl Link, round: &RoundId) -> Result<u64, StorageError> {
    let query =
        drawn_member::Entity::find().filter(drawn_member::Column::RoundId.eq(round.as_str()));
    rows::count(link, query).await
}
