//! Sealed ballots, opened ballots and their answers.

use crate::{Link, StorageError, Tx, invitations::InvitationKind, link::sealed::Connected, rows};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use std::collections::BTreeMap;
use vocabulary::RoundId;

stored_state! {
    /// Whether a ballot counts.
    pub Verdict {
        /// 有效票.
        Valid = "valid",
        /// 废票.
        Void = "void",
        /// Taken out later by a decision of people.
        Excluded = "excluded",
    }
}

/// Bytes as stored.
type Bytes = Vec<u8>;

table! {
    /// A ballot nobody has opened.
    pub SealedBallot = "sealed_ballot" in sealed_ballot {
        key {
            /// Random id.
            id: String,
        }
        /// Round.
        round_id: String,
        /// Batch it is mixed in.
        batch: String,
        /// The sealed bytes.
        blob: Bytes,
    }
}

table! {
    /// An opened and judged ballot.
    pub BallotRow = "ballot" in ballot {
        key {
            /// Fresh random id; not the id of the sealed ballot.
            id: String,
        }
        /// Round.
        round_id: String,
        /// Which questionnaire.
        kind: InvitationKind,
        /// Code of the rater group.
        rater_group: String,
        /// Stratum.
        stratum: String,
        /// Weight in millionths.
        weight_micro: i64,
        /// Whether it counts.
        verdict: Verdict,
        /// Code of the reason when it does not.
        void_reason: Option<String>,
        /// Whether an interviewer read aloud and ticked.
        assisted: bool,
    }
}

table! {
    /// One answer about one unit, or about none: then the unit is the empty text.
    pub AnswerRow = "answer" in answer {
        key {
            /// Ballot.
            ballot_id: String,
            /// Unit; empty for an item that is about no unit.
            unit_id: String,
            /// Item.
            item: String,
        }
        /// Code of the level, 5 to 1, 0 for 不了解.
        level: i16,
        /// JSON list of reason codes.
        reasons: String,
    }
}

/// An answer of a valid ballot with what weighs it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct AnswerView {
    /// Ballot.
    pub ballot_id: String,
    /// Which questionnaire.
    pub kind: InvitationKind,
    /// Code of the rater group.
    pub rater_group: String,
    /// Stratum.
    pub stratum: String,
    /// Weight in millionths.
    pub weight_micro: i64,
    /// Unit; empty for an item that is about no unit.
    pub unit_id: String,
    /// Item.
    pub item: String,
    /// Code of the level.
    pub level: i16,
    /// JSON list of reason codes.
    pub reasons: String,
}

/// Ballots of one kind and group with one verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BallotCount {
    /// Which questionnaire.
    pub kind: InvitationKind,
    /// Code of the rater group.
    pub rater_group: String,
    /// Whether they count.
    pub verdict: Verdict,
    /// Code of the reason when they do not.
    pub void_reason: Option<String>,
    /// Number of ballots.
    pub ballots: u64,
}

/// All ballots of a round: received = sealed + valid + void by reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BallotCounts {
    /// Not opened yet.
    pub sealed: u64,
    /// Opened, by kind, group, verdict and reason.
    pub opened: Vec<BallotCount>,
}

/// Valid ballots of one stratum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StratumRespondents {
    /// Which questionnaire.
    pub kind: InvitationKind,
    /// Code of the rater group.
    pub rater_group: String,
    /// Stratum.
    pub stratum: String,
    /// Number of valid ballots.
    pub ballots: u64,
}

impl BallotCounts {
    /// All ballots that came in.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.sealed + self.opened.iter().map(|count| count.ballots).sum::<u64>()
    }

    /// Ballots that count.
    #[must_use]
    pub fn valid(&self) -> u64 {
        self.opened
            .iter()
            .filter(|count| count.verdict == Verdict::Valid)
            .map(|count| count.ballots)
            .sum()
    }

    /// Ballots that do not count, by code of the reason.
    #[must_use]
    pub fn void_by_reason(&self) -> BTreeMap<String, u64> {
        let mut reasons = BTreeMap::new();
        for count in self.opened.iter().filter(|c| c.verdict != Verdict::Valid) {
            let reason = count.void_reason.clone().unwrap_or_default();
            *reasons.entry(reason).or_default() += count.ballots;
        }
        reasons
    }
}

/// Sealed ballots of a batch by random id.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_sealed(link: &impl Link, batch: &str) -> Result<Vec<SealedBallot>, StorageError> {
    let query = sealed_ballot::Entity::find()
        .filter(sealed_ballot::Column::Batch.eq(batch))
        .order_by_asc(sealed_ballot::Column::Id);
    rows::all(link, query).await
}

/// Number of sealed ballots of a batch.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn count_sealed(link: &impl Link, batch: &str) -> Result<u64, StorageError> {
    let query = sealed_ballot::Entity::find().filter(sealed_ballot::Column::Batch.eq(batch));
    rows::count(link, query).await
}

/// Removes the sealed ballots of a batch whose key is lost for ever; says how many there were.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn discard_sealed(tx: &Tx, batch: &str) -> Result<u64, StorageError> {
    let of_batch =
        sealed_ballot::Entity::delete_many().filter(sealed_ballot::Column::Batch.eq(batch));
    rows::delete(tx, of_batch).await
}

/// Replaces the sealed ballots of a batch by opened ones, each by exactly one, in the order of the new random ids.
///
/// # Errors
/// [`StorageError::Conflict`] when the batch holds another number of sealed ballots; the transaction must be dropped.
pub async fn open_sealed(
    tx: &Tx,
    batch: &str,
    mut ballots: Vec<BallotRow>,
    mut answers: Vec<AnswerRow>,
) -> Result<(), StorageError> {
    let of_batch =
        sealed_ballot::Entity::delete_many().filter(sealed_ballot::Column::Batch.eq(batch));
    let opened = rows::delete(tx, of_batch).await?;
    if u64::try_from(ballots.len()) != Ok(opened) {
        return Err(StorageError::Conflict("这一批密封票的数量已经改变，未开票"));
    }
    ballots.sort_by(|a, b| a.id.cmp(&b.id));
    answers.sort_by(|a, b| {
        (&a.ballot_id, &a.unit_id, &a.item).cmp(&(&b.ballot_id, &b.unit_id, &b.item))
    });
    rows::insert_all(tx, ballots).await?;
    rows::insert_all(tx, answers).await
}

/// The opened ballot with this id.
///
/// # Errors
/// When the database cannot be read.
pub async fn find_ballot(link: &impl Link, id: &str) -> Result<Option<BallotRow>, StorageError> {
    rows::one(link, ballot::Entity::find_by_id(id)).await
}

/// Ids of the ballots of a round that count, in their random order.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_valid_ids(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<String>, StorageError> {
    let ids = ballot::Entity::find()
        .select_only()
        .column(ballot::Column::Id)
        .filter(ballot::Column::RoundId.eq(round.as_str()))
        .filter(ballot::Column::Verdict.eq(Verdict::Valid))
        .order_by_asc(ballot::Column::Id)
        .into_tuple()
        .all(link.connection())
        .await;
    ids.map_err(|error| link.fault(&error))
}

/// The reason under which an excluded ballot stands in the books.
pub const EXCLUDED: &str = "quality_signs";

/// Takes valid ballots out of the count; each stays, with the reason [`EXCLUDED`].
///
/// # Errors
/// [`StorageError::Conflict`] when one of them does not count already; the transaction must be dropped.
pub async fn exclude_ballots(tx: &Tx, ballots: &[String]) -> Result<(), StorageError> {
    for some in ballots.chunks(1_000) {
        let change = ballot::Entity::update_many()
            .col_expr(ballot::Column::Verdict, Expr::value(Verdict::Excluded))
            .col_expr(ballot::Column::VoidReason, Expr::value(EXCLUDED))
            .filter(ballot::Column::Id.is_in(some.iter().map(String::as_str)))
            .filter(ballot::Column::Verdict.eq(Verdict::Valid));
        let done = change.exec(tx.connection()).await;
        let done = done.map_err(|error| tx.fault(&error))?.rows_affected;
        if usize::try_from(done) != Ok(some.len()) {
            return Err(StorageError::Conflict("答卷已经改变，没有剔除"));
        }
    }
    Ok(())
}

/// Writes ballots that were never sealed: those an office imports from a file.
///
/// # Errors
/// When one of them exists already or the database cannot be written.
pub async fn insert_ballots(
    tx: &Tx,
    ballots: Vec<BallotRow>,
    answers: Vec<AnswerRow>,
) -> Result<(), StorageError> {
    rows::insert_all(tx, ballots).await?;
    rows::insert_all(tx, answers).await
}

/// Answers of all valid ballots of a round by ballot, unit and item.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_answers(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<AnswerView>, StorageError> {
    let belongs = answer::Entity::belongs_to(ballot::Entity)
        .from(answer::Column::BallotId)
        .to(ballot::Column::Id)
        .into();
    let mut query = answer::Entity::find()
        .join(JoinType::InnerJoin, belongs)
        .filter(ballot::Column::RoundId.eq(round.as_str()))
        .filter(ballot::Column::Verdict.eq(Verdict::Valid));
    for column in [
        ballot::Column::Kind,
        ballot::Column::RaterGroup,
        ballot::Column::Stratum,
        ballot::Column::WeightMicro,
    ] {
        query = query.column(column);
    }
    let found = query
        .order_by_asc(answer::Column::BallotId)
        .order_by_asc(answer::Column::UnitId)
        .order_by_asc(answer::Column::Item)
        .into_model()
        .all(link.connection())
        .await;
    found.map_err(|error| link.fault(&error))
}

/// Received, valid and void ballots of a round.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn ballot_counts(
    link: &impl Link,
    round: &RoundId,
) -> Result<BallotCounts, StorageError> {
    let sealed =
        sealed_ballot::Entity::find().filter(sealed_ballot::Column::RoundId.eq(round.as_str()));
    let sealed = rows::count(link, sealed).await?;
    let mut query = ballot::Entity::find()
        .select_only()
        .filter(ballot::Column::RoundId.eq(round.as_str()));
    for key in [
        ballot::Column::Kind,
        ballot::Column::RaterGroup,
        ballot::Column::Verdict,
        ballot::Column::VoidReason,
    ] {
        query = query.column(key).group_by(key).order_by_asc(key);
    }
    type Counted = (InvitationKind, String, Verdict, Option<String>, i64);
    let counted: Result<Vec<Counted>, _> = query
        .expr(rows::number_of_rows())
        .into_tuple()
        .all(link.connection())
        .await;
    let counted = counted.map_err(|error| link.fault(&error))?;
    let opened = counted
        .into_iter()
        .map(
            |(kind, rater_group, verdict, void_reason, ballots)| BallotCount {
                kind,
                rater_group,
                verdict,
                void_reason,
                ballots: ballots.cast_unsigned(),
            },
        )
        .collect();
    Ok(BallotCounts { sealed, opened })
}

/// Number of valid ballots by kind, group and stratum.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn respondents_by_stratum(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<StratumRespondents>, StorageError> {
    let mut query = ballot::Entity::find()
        .select_only()
        .filter(ballot::Column::RoundId.eq(round.as_str()))
        .filter(ballot::Column::Verdict.eq(Verdict::Valid));
    for key in [
        ballot::Column::Kind,
        ballot::Column::RaterGroup,
        ballot::Column::Stratum,
    ] {
        query = query.column(key).group_by(key).order_by_asc(key);
    }
    let counted: Result<Vec<(InvitationKind, String, String, i64)>, _> = query
        .expr(rows::number_of_rows())
        .into_tuple()
        .all(link.connection())
        .await;
    let counted = counted.map_err(|error| link.fault(&error))?;
    Ok(counted
        .into_iter()
        .map(|(kind, rater_group, stratum, ballots)| StratumRespondents {
            kind,
            rater_group,
            stratum,
            ballots: ballots.cast_unsigned(),
        })
        .collect())
}
