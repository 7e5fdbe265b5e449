//! The draw of a round and who was drawn, with the inclusion probability.

use crate::{Link, StorageError, Tx, link::sealed::Connected, rows};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    prelude::DateTimeUtc, sea_query::Expr,
};
use vocabulary::RoundId;

table! {
    DrawRow = "sample_draw" in sample_draw {
        key {
            id: String,
        }
        round_id: String,
        seed: i64,
        certificate: String,
        released: i16,
        drawn_by: String,
        drawn_at: DateTimeUtc,
    }
}

table! {
    FramePart = "frame_part" in frame_part {
        key {
            round_id: String,
            part: i64,
        }
        lines: String,
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
        /// Community or village; empty when none is known.
        community: String,
        /// Members of the stratum in the frame.
        population: i64,
        /// 0 for the sample, 1 for the first reserve replicate, ….
        replicate: i16,
        /// Chances of being invited by the number of reserves released, as fractions with blanks between them.
        chances: String,
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
    /// Reserve replicates released.
    pub released: u8,
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
        released: draw.released.into(),
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
        released: u8::try_from(row.released).unwrap_or_default(),
        drawn_by: row.drawn_by,
        drawn_at: row.drawn_at,
    }))
}

/// Counts one more reserve replicate as released; false when somebody else did so first.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn release_next(tx: &Tx, round: &RoundId, released: u8) -> Result<bool, StorageError> {
    let change = sample_draw::Entity::update_many()
        .col_expr(
            sample_draw::Column::Released,
            Expr::value(i16::from(released) + 1),
        )
        .filter(sample_draw::Column::RoundId.eq(round.as_str()))
        .filter(sample_draw::Column::Released.eq(i16::from(released)));
    let done = change.exec(tx.connection()).await;
    Ok(done.map_err(|error| tx.fault(&error))?.rows_affected == 1)
}

/// Keeps the frame a round was drawn from, as lines of text in parts.
///
/// # Errors
/// [`StorageError::Conflict`] when the round has one already.
pub async fn insert_frame(
    tx: &Tx,
    round: &RoundId,
    parts: impl Iterator<Item = String>,
) -> Result<(), StorageError> {
    for (part, lines) in (0..).zip(parts) {
        let row = FramePart {
            round_id: round.to_string(),
            part,
            lines,
        };
        rows::insert(tx, row).await?;
    }
    Ok(())
}

/// One part of the frame a round was drawn from; parts are numbered from 0.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_frame_part(
    link: &impl Link,
    round: &RoundId,
    part: i64,
) -> Result<Option<String>, StorageError> {
    let key = (round.to_string(), part);
    let found: Option<FramePart> = rows::one(link, frame_part::Entity::find_by_id(key)).await?;
    Ok(found.map(|row| row.lines))
}

/// Adds drawn members.
///
/// # Errors
/// [`StorageError::Conflict`] when one was drawn in this round already.
pub async fn insert_drawn_members(tx: &Tx, members: Vec<DrawnMember>) -> Result<(), StorageError> {
    rows::insert_all(tx, members).await
}

/// Drawn members of one replicate of a round by pseudonym; 0 is the sample.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_replicate(
    link: &impl Link,
    round: &RoundId,
    replicate: u8,
) -> Result<Vec<DrawnMember>, StorageError> {
    let query = drawn_member::Entity::find()
        .filter(drawn_member::Column::RoundId.eq(round.as_str()))
        .filter(drawn_member::Column::Replicate.eq(i16::from(replicate)))
        .order_by_asc(drawn_member::Column::Pseudonym);
    rows::all(link, query).await
}

/// Drawn members of one stratum who share their chances.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct DrawnClass {
    /// Code of the rater group.
    pub rater_group: String,
    /// Stratum.
    pub stratum: String,
    /// Members of the stratum in the frame.
    pub population: i64,
    /// As in [`DrawnMember::chances`].
    pub chances: String,
}

/// The classes of drawn members of a round, each once.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_drawn_classes(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<DrawnClass>, StorageError> {
    let found = drawn_member::Entity::find()
        .select_only()
        .column(drawn_member::Column::RaterGroup)
        .column(drawn_member::Column::Stratum)
        .column(drawn_member::Column::Population)
        .column(drawn_member::Column::Chances)
        .distinct()
        .filter(drawn_member::Column::RoundId.eq(round.as_str()))
        .into_model()
        .all(link.connection())
        .await;
    found.map_err(|error| link.fault(&error))
}
