//! Matters with their events, and registered problems.

use crate::{
    Link, StorageError, Tx,
    co_units::helped_by,
    rows::{self, is},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder,
    prelude::{Date, DateTimeUtc},
};
use std::collections::{BTreeMap, BTreeSet};
use vocabulary::RoundId;

table! {
    /// A matter of a matter list 一事一清单.
    pub Matter = "matter" in matter {
        key {
            /// Code.
            id: String,
        }
        /// Round it comes from.
        round_id: String,
        /// Unit that rectifies.
        unit_id: String,
        /// Title.
        title: String,
        /// What is wrong.
        problem: String,
        /// JSON list of the opinions it came from.
        requirement: String,
        /// JSON of the state with its content.
        state: String,
        /// State by code.
        state_code: String,
        /// Next deadline.
        due: Option<Date>,
        /// Whether it is shown to the public.
        public: bool,
        /// Raised with every change.
        version: i32,
    }
}

table! {
    /// What happened to a matter.
    pub MatterEvent = "matter_event" in matter_event {
        key {
            /// Matter.
            matter_id: String,
            /// Position, 1 for the first.
            seq: i32,
        }
        /// When it happened.
        at: DateTimeUtc,
        /// Account.
        actor: String,
        /// Code of the role it acted in.
        role: String,
        /// JSON of the event.
        event: String,
    }
}

table! {
    /// A registered problem 挂号问题.
    pub Problem = "problem" in problem {
        key {
            /// Registration number.
            reg_no: String,
        }
        /// Round.
        round_id: String,
        /// Unit.
        unit_id: String,
        /// Matter it is about.
        matter_id: String,
        /// State by code.
        state_code: String,
        /// JSON of the state with its content.
        state: String,
        /// Day it was registered.
        registered_on: Date,
        /// Next deadline.
        due: Option<Date>,
        /// How often it was registered again.
        re_registrations: i32,
        /// Raised with every change.
        version: i32,
    }
}

/// State of a matter that waits for a unit.
const WAITING: &str = "sorted";

const CHANGED: StorageError = StorageError::Conflict("内容已被他人修改，请刷新后再操作");

/// Adds a matter.
///
/// # Errors
/// [`StorageError::Conflict`] when the code is taken.
pub async fn insert_matter(tx: &Tx, matter: Matter) -> Result<(), StorageError> {
    rows::insert(tx, matter).await
}

/// The matter with this code.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_matter(link: &impl Link, id: &str) -> Result<Option<Matter>, StorageError> {
    rows::one(link, matter::Entity::find_by_id(id)).await
}

/// Matters of a round by unit and code.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_matters(link: &impl Link, round: &RoundId) -> Result<Vec<Matter>, StorageError> {
    let query = matter::Entity::find()
        .filter(matter::Column::RoundId.eq(round.as_str()))
        .order_by_asc(matter::Column::UnitId)
        .order_by_asc(matter::Column::Id);
    rows::all(link, query).await
}

/// Matters a unit is in charge of or helps with, over all rounds by round and code; one that waits for a unit is nobody's yet.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_matters_of_unit(
    link: &impl Link,
    unit_id: &str,
) -> Result<Vec<Matter>, StorageError> {
    let own = Condition::any()
        .add(matter::Column::UnitId.eq(unit_id))
        .add(matter::Column::Id.in_subquery(helped_by(unit_id)));
    let query = matter::Entity::find()
        .filter(own)
        .filter(matter::Column::StateCode.ne(WAITING))
        .order_by_asc(matter::Column::RoundId)
        .order_by_asc(matter::Column::Id);
    rows::all(link, query).await
}

/// Replaces a matter read with this version and raises the version by one.
///
/// # Errors
/// [`StorageError::Conflict`] when somebody changed it since it was read.
pub async fn update_matter(tx: &Tx, mut matter: Matter) -> Result<(), StorageError> {
    let condition =
        is(matter::Column::Id, matter.id.as_str()).add(matter::Column::Version.eq(matter.version));
    matter.version += 1;
    match rows::update_where(tx, matter, condition).await? {
        true => Ok(()),
        false => Err(CHANGED),
    }
}

/// Adds an event at the end of a matter's list and returns its position.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn append_matter_event(
    tx: &Tx,
    matter_id: &str,
    at: DateTime<Utc>,
    actor: &str,
    role: &str,
    event: &str,
) -> Result<i32, StorageError> {
    let last = matter_event::Entity::find()
        .filter(matter_event::Column::MatterId.eq(matter_id))
        .order_by_desc(matter_event::Column::Seq);
    let last: Option<MatterEvent> = rows::one(tx, last).await?;
    let row = MatterEvent {
        matter_id: matter_id.to_owned(),
        seq: last.map_or(1, |event| event.seq + 1),
        at,
        actor: actor.to_owned(),
        role: role.to_owned(),
        event: event.to_owned(),
    };
    let seq = row.seq;
    rows::insert(tx, row).await?;
    Ok(seq)
}

/// Events of a matter in order.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_matter_events(
    link: &impl Link,
    matter_id: &str,
) -> Result<Vec<MatterEvent>, StorageError> {
    let query = matter_event::Entity::find()
        .filter(matter_event::Column::MatterId.eq(matter_id))
        .order_by_asc(matter_event::Column::Seq);
    rows::all(link, query).await
}

/// Registers a problem.
///
/// # Errors
/// [`StorageError::Conflict`] when the number is taken.
pub async fn insert_problem(tx: &Tx, problem: Problem) -> Result<(), StorageError> {
    rows::insert(tx, problem).await
}

/// The problem with this registration number.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_problem(link: &impl Link, reg_no: &str) -> Result<Option<Problem>, StorageError> {
    rows::one(link, problem::Entity::find_by_id(reg_no)).await
}

/// Problems of a round by number.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_problems(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<Problem>, StorageError> {
    let query = problem::Entity::find()
        .filter(problem::Column::RoundId.eq(round.as_str()))
        .order_by_asc(problem::Column::RegNo);
    rows::all(link, query).await
}

/// Problems of a round, and those of all other rounds that are in another state than `over`; by number.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_problems_until(
    link: &impl Link,
    round: &RoundId,
    over: &str,
) -> Result<Vec<Problem>, StorageError> {
    let wanted = Condition::any()
        .add(problem::Column::RoundId.eq(round.as_str()))
        .add(problem::Column::StateCode.ne(over));
    let query = problem::Entity::find()
        .filter(wanted)
        .order_by_asc(problem::Column::RegNo);
    rows::all(link, query).await
}

/// Titles of these matters by their codes.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_matter_titles(
    link: &impl Link,
    ids: BTreeSet<String>,
) -> Result<BTreeMap<String, String>, StorageError> {
    let query = matter::Entity::find().filter(matter::Column::Id.is_in(ids));
    let found: Vec<Matter> = rows::all(link, query).await?;
    Ok(found
        .into_iter()
        .map(|matter| (matter.id, matter.title))
        .collect())
}

/// Problems of a matter by number.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_problems_of_matter(
    link: &impl Link,
    matter_id: &str,
) -> Result<Vec<Problem>, StorageError> {
    let query = problem::Entity::find()
        .filter(problem::Column::MatterId.eq(matter_id))
        .order_by_asc(problem::Column::RegNo);
    rows::all(link, query).await
}

/// Replaces a problem read with this version and raises the version by one.
///
/// # Errors
/// [`StorageError::Conflict`] when somebody changed it since it was read.
pub async fn update_problem(tx: &Tx, mut problem: Problem) -> Result<(), StorageError> {
    let condition = is(problem::Column::RegNo, problem.reg_no.as_str())
        .add(problem::Column::Version.eq(problem.version));
    problem.version += 1;
    match rows::update_where(tx, problem, condition).await? {
        true => Ok(()),
        false => Err(CHANGED),
    }
}
