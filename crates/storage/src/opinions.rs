//! Opinions 意见建议, redacted, without any time.

use crate::{
    Link, StorageError, Tx,
    imports::{ImportedRow, Upserted, upsert},
    link::sealed::Connected,
    rows::{self, is},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use vocabulary::RoundId;

table! {
    #[derive(serde::Serialize, serde::Deserialize)]
    /// An opinion with everything that names a person masked.
    pub Opinion = "opinion" in opinion {
        key {
            /// Random id.
            id: String,
        }
        /// Round.
        round_id: String,
        /// Code of the channel it came through.
        channel: String,
        /// Unit it is about, if any.
        unit_id: Option<String>,
        /// Code of the kind.
        kind: String,
        /// The masked text.
        text_redacted: String,
        /// JSON list of reason codes.
        reasons: String,
        /// Number of masked places.
        masked: i32,
        /// State by code.
        state: String,
        /// Matter it became part of.
        matter_id: Option<String>,
        /// Hash of the receipt its writer holds.
        receipt_hash: Option<String>,
        /// Code of the level given with it.
        level: Option<i16>,
        /// The file it came with; none for who answered here.
        import_batch_id: Option<String>,
        /// Code of what a person decided about its words.
        #[serde(default = "unseen")]
        words_review: String,
        /// Account of that person.
        #[serde(default)]
        reviewed_by: Option<String>,
    }
}

/// Rows kept before words were reviewed have no decision.
fn unseen() -> String {
    "unseen".to_owned()
}

/// How many opinions of a unit are of one kind in one state, by channel and level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpinionCount {
    /// The unit; none where the opinion names no one.
    pub unit: Option<String>,
    /// Code of the kind.
    pub kind: String,
    /// State by code.
    pub state: String,
    /// Code of the channel.
    pub channel: String,
    /// Code of the level given with it.
    pub level: Option<i16>,
    /// How many.
    pub opinions: u64,
}

impl ImportedRow for Opinion {
    type Key = String;

    const TABLE: &'static str = "opinion";

    fn key(&self) -> Self::Key {
        self.id.clone()
    }

    fn has_key(&self) -> Condition {
        Condition::all().add(opinion::Column::Id.eq(self.id.as_str()))
    }

    fn batch_column() -> opinion::Column {
        opinion::Column::ImportBatchId
    }

    fn batch_id(&mut self) -> &mut String {
        self.import_batch_id.get_or_insert_default()
    }

    /// What became of an opinion since does not matter; one that is being worked on stays as it is.
    fn same_content(&self, other: &Self) -> bool {
        self.state != other.state
            || (&self.unit_id, &self.text_redacted, self.level)
                == (&other.unit_id, &other.text_redacted, other.level)
    }
}

/// Takes opinions from a file, in a transaction; those that are there already, or are being worked on, are left alone.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn upsert_opinions(
    link: &impl Link,
    opinions: Vec<Opinion>,
) -> Result<Upserted, StorageError> {
    let ids = opinions.iter().map(|row| row.id.as_str());
    let query = opinion::Entity::find().filter(opinion::Column::Id.is_in(ids));
    upsert(link, rows::all(link, query).await?, opinions).await
}

/// Number of opinions a batch brought that are no longer in this state.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn count_past_state(
    link: &impl Link,
    batch_id: &str,
    state: &str,
) -> Result<u64, StorageError> {
    let of_batch =
        is(opinion::Column::ImportBatchId, batch_id).add(opinion::Column::State.ne(state));
    rows::count(link, opinion::Entity::find().filter(of_batch)).await
}

/// Adds opinions, in the order of their random ids.
///
/// # Errors
/// [`StorageError::Conflict`] when an id is taken.
pub async fn insert_opinions(tx: &Tx, mut opinions: Vec<Opinion>) -> Result<(), StorageError> {
    opinions.sort_by(|a, b| a.id.cmp(&b.id));
    rows::insert_all(tx, opinions).await
}

/// Texts that stand in more than one opinion of a round, and in how many, the most frequent first.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn repeated_texts(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<(String, u64)>, StorageError> {
    let counted: Result<Vec<(String, i64)>, _> = opinion::Entity::find()
        .select_only()
        .column(opinion::Column::TextRedacted)
        .filter(opinion::Column::RoundId.eq(round.as_str()))
        .filter(opinion::Column::TextRedacted.ne(""))
        .group_by(opinion::Column::TextRedacted)
        .having(rows::number_of_rows().gt(1))
        .expr(rows::number_of_rows())
        .order_by_desc(rows::number_of_rows())
        .order_by_asc(opinion::Column::TextRedacted)
        .into_tuple()
        .all(link.connection())
        .await;
    let counted = counted.map_err(|error| link.fault(&error))?.into_iter();
    Ok(counted
        .map(|(text, opinions)| (text, opinions.cast_unsigned()))
        .collect())
}

/// The opinion with this id.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_opinion(link: &impl Link, id: &str) -> Result<Option<Opinion>, StorageError> {
    rows::one(link, opinion::Entity::find_by_id(id)).await
}

/// Opinions of a round by random id.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_opinions(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<Opinion>, StorageError> {
    let query = opinion::Entity::find()
        .filter(opinion::Column::RoundId.eq(round.as_str()))
        .order_by_asc(opinion::Column::Id);
    rows::all(link, query).await
}

/// Opinions of a round in one of these kinds and this state, by random id; of a unit, of no unit, or of all.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_opinions_in(
    link: &impl Link,
    round: &RoundId,
    unit: Option<Option<&str>>,
    kinds: &[&str],
    state: &str,
) -> Result<Vec<Opinion>, StorageError> {
    let mut query = opinion::Entity::find()
        .filter(opinion::Column::RoundId.eq(round.as_str()))
        .filter(opinion::Column::Kind.is_in(kinds.iter().copied()))
        .filter(opinion::Column::State.eq(state));
    query = match unit {
        None => query,
        Some(None) => query.filter(opinion::Column::UnitId.is_null()),
        Some(Some(unit)) => query.filter(opinion::Column::UnitId.eq(unit)),
    };
    rows::all(link, query.order_by_asc(opinion::Column::Id)).await
}

/// How many opinions of a round are where, by unit, kind, state, channel and level.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn count_opinions(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<OpinionCount>, StorageError> {
    type Row = (Option<String>, String, String, String, Option<i16>, i64);
    let mut query = opinion::Entity::find()
        .select_only()
        .filter(opinion::Column::RoundId.eq(round.as_str()));
    for column in [
        opinion::Column::UnitId,
        opinion::Column::Kind,
        opinion::Column::State,
        opinion::Column::Channel,
        opinion::Column::Level,
    ] {
        query = query.column(column).group_by(column).order_by_asc(column);
    }
    let query = query.expr(rows::number_of_rows()).into_tuple::<Row>();
    let counted = query.all(link.connection()).await;
    let counted = counted.map_err(|error| link.fault(&error))?.into_iter();
    Ok(counted
        .map(
            |(unit, kind, state, channel, level, opinions)| OpinionCount {
                unit,
                kind,
                state,
                channel,
                level,
                opinions: opinions.cast_unsigned(),
            },
        )
        .collect())
}

/// Opinions a receipt leads to.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_opinions_of_receipt(
    link: &impl Link,
    follow_up_hashes: Vec<String>,
) -> Result<Vec<Opinion>, StorageError> {
    let query = opinion::Entity::find()
        .filter(opinion::Column::ReceiptHash.is_in(follow_up_hashes))
        .order_by_asc(opinion::Column::Id);
    rows::all(link, query).await
}

/// Opinions that are part of a matter.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_opinions_of_matter(
    link: &impl Link,
    matter_id: &str,
) -> Result<Vec<Opinion>, StorageError> {
    let query = opinion::Entity::find()
        .filter(opinion::Column::MatterId.eq(matter_id))
        .order_by_asc(opinion::Column::Id);
    rows::all(link, query).await
}

/// Replaces an opinion that is still as it was read: in this state, of this kind, with these words.
///
/// # Errors
/// [`StorageError::Conflict`] when it is not: somebody was first.
pub async fn update_opinion(tx: &Tx, opinion: Opinion, read: &Opinion) -> Result<(), StorageError> {
    let condition = is(opinion::Column::Id, read.id.as_str())
        .add(opinion::Column::State.eq(read.state.as_str()))
        .add(opinion::Column::Kind.eq(read.kind.as_str()))
        .add(opinion::Column::WordsReview.eq(read.words_review.as_str()))
        .add(opinion::Column::TextRedacted.eq(read.text_redacted.as_str()));
    if rows::update_where(tx, opinion, condition).await? {
        Ok(())
    } else {
        Err(StorageError::Conflict("意见的状态已经改变，请刷新后再操作"))
    }
}

/// Makes opinions part of a matter and gives them a state.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn assign_opinions(
    tx: &Tx,
    ids: &[String],
    matter_id: &str,
    state: &str,
) -> Result<(), StorageError> {
    for chunk in ids.chunks(5_000) {
        let change = opinion::Entity::update_many()
            .col_expr(opinion::Column::MatterId, Expr::value(matter_id))
            .col_expr(opinion::Column::State, Expr::value(state))
            .filter(opinion::Column::Id.is_in(chunk));
        let done = change.exec(tx.connection()).await;
        done.map_err(|error| tx.fault(&error))?;
    }
    Ok(())
}
