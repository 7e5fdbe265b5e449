//! Microdata of a survey agency.

use super::{ImportedRow, Upserted, upsert};
use crate::{Link, StorageError, rows};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use vocabulary::RoundId;

table! {
    #[derive(serde::Serialize, serde::Deserialize)]
    /// One answer of one respondent of an agency's survey.
    pub SurveyRating = "survey_rating" in survey_rating {
        key {
            /// Round.
            round_id: String,
            /// Natural key of the respondent's row.
            row_key: String,
            /// Unit.
            unit_id: String,
            /// Item.
            item: String,
        }
        /// Batch that brought it.
        batch_id: String,
        /// Code of the rater group.
        rater_group: String,
        /// Stratum.
        stratum: String,
        /// The respondent as primary sampling unit.
        psu: i64,
        /// Weight in millionths.
        weight_micro: i64,
        /// Code of the level.
        level: i16,
    }
}

impl ImportedRow for SurveyRating {
    type Key = (String, String, String, String);

    const TABLE: &'static str = "survey_rating";

    fn key(&self) -> Self::Key {
        (
            self.round_id.clone(),
            self.row_key.clone(),
            self.unit_id.clone(),
            self.item.clone(),
        )
    }

    fn has_key(&self) -> Condition {
        Condition::all()
            .add(survey_rating::Column::RoundId.eq(self.round_id.as_str()))
            .add(survey_rating::Column::RowKey.eq(self.row_key.as_str()))
            .add(survey_rating::Column::UnitId.eq(self.unit_id.as_str()))
            .add(survey_rating::Column::Item.eq(self.item.as_str()))
    }

    fn batch_column() -> survey_rating::Column {
        survey_rating::Column::BatchId
    }

    fn batch_id(&mut self) -> &mut String {
        &mut self.batch_id
    }
}

/// Compares answers of one round with what is there, a thousand or so at a time; in a transaction, new and changed ones are taken.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn upsert_survey_ratings(
    link: &impl Link,
    round: &RoundId,
    ratings: Vec<SurveyRating>,
) -> Result<Upserted, StorageError> {
    let keys = ratings.iter().map(|row| row.row_key.as_str());
    let query = survey_rating::Entity::find()
        .filter(survey_rating::Column::RoundId.eq(round.as_str()))
        .filter(survey_rating::Column::RowKey.is_in(keys));
    upsert(link, rows::all(link, query).await?, ratings).await
}

/// Answers of a round by row, unit and item.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_survey_ratings(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<SurveyRating>, StorageError> {
    let query = survey_rating::Entity::find()
        .filter(survey_rating::Column::RoundId.eq(round.as_str()))
        .order_by_asc(survey_rating::Column::RowKey)
        .order_by_asc(survey_rating::Column::UnitId)
        .order_by_asc(survey_rating::Column::Item);
    rows::all(link, query).await
}
