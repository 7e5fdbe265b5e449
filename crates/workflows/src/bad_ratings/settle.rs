//! Holds the bad ratings of a round against the rows of the hall: opened, carried on, withdrawn, restored.

use super::{BadRatingMark as Mark, Case, Hand, number};
use crate::{Actor, Verb, keys::Key, seal::keyed};
use chrono::{DateTime, NaiveDate, Utc};
use rectification::{
    BadRating, BadRatingEvent as E, BadRatingStage as Stage, BadRatingState, ReceivedRating,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use storage::{
    Tx,
    bad_ratings::{self, BadRating as Row},
    imports::{self, HallOrigin, HallRating},
};
use survey_design::Rules;
use vocabulary::{Level, RoundId, civil_date};

/// Ratings held against their cases in one go.
const PART: usize = 1000;

/// What a corrected or missing row means for its bad rating.
const CHANGED: &str = "来源系统的记录已经更正，不再是本单位的差评";
const GONE: &str = "来源系统的记录已经撤回";

/// The hall as an import knows it.
#[derive(Clone)]
pub(crate) struct Hall<'a> {
    pub(crate) actor: &'a Actor,
    pub(crate) rules: Arc<Rules>,
    pub(crate) round: &'a RoundId,
    pub(crate) now: DateTime<Utc>,
    /// Names cases by their rows.
    pub(crate) key: Key,
}

/// Holds every bad rating of the round against the rows as they are now, for example after some were taken back.
pub(crate) async fn settle_round(tx: &Tx, hall: &Hall<'_>) -> Verb<()> {
    let keys = bad_ratings::list_row_keys(tx, hall.round).await?;
    let keys: Vec<String> = keys.into_iter().collect();
    for part in keys.chunks(PART) {
        settle_keys(tx, hall, part.iter().cloned().collect()).await?;
    }
    Ok(())
}

/// Holds the bad ratings of rows that were just written against them; the same rows again change nothing.
pub(crate) async fn settle(tx: &Tx, hall: &Hall<'_>, written: &[HallRating]) -> Verb<()> {
    let firsts: BTreeSet<String> = written.iter().map(|row| first_key(&row.row_key)).collect();
    let firsts = firsts.iter().map(String::as_str);
    let known = bad_ratings::list_bad_ratings_of_rows(tx, hall.round, firsts).await?;
    let mut keys: BTreeSet<String> = known.into_iter().map(|row| row.row_key).collect();
    let bad = written.iter().filter(|row| bad_level(row).is_some());
    keys.extend(bad.map(|row| row.row_key.clone()));
    settle_keys(tx, hall, keys).await
}

async fn settle_keys(tx: &Tx, hall: &Hall<'_>, keys: BTreeSet<String>) -> Verb<()> {
    if keys.is_empty() {
        return Ok(());
    }
    let wanted = keys.iter().flat_map(|key| [key.clone(), second_key(key)]);
    let rows = imports::list_hall_ratings_with(tx, hall.round, wanted.collect::<Vec<_>>()).await?;
    let rows: BTreeMap<&str, &HallRating> =
        rows.iter().map(|row| (row.row_key.as_str(), row)).collect();
    let keys_of = keys.iter().map(String::as_str);
    let mut known: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in bad_ratings::list_bad_ratings_of_rows(tx, hall.round, keys_of).await? {
        known.entry(row.row_key.clone()).or_default().push(row);
    }
    let hand = Hand {
        actor: hall.actor,
        rules: &hall.rules,
        now: hall.now,
    };
    let (mut fresh, mut events) = (Vec::new(), Vec::new());
    for key in &keys {
        let told = Told {
            first: rows.get(key.as_str()).copied(),
            second: rows.get(second_key(key).as_str()).copied(),
        };
        let of_row = known.remove(key).unwrap_or_default();
        let is_new = told
            .bad_unit()
            .is_some_and(|unit| of_row.iter().all(|row| row.unit_id != unit));
        for row in of_row {
            let mut case = Case::read(row)?;
            told.settle(&mut case, hall)?;
            if !case.past.is_empty() {
                case.write(tx, &hand).await?;
            }
        }
        if let (true, Some(first)) = (is_new, told.first) {
            let mut case = open(hall, first)?;
            told.settle(&mut case, hall)?;
            case.register(tx, &hand).await?;
            fresh.push(case.stored()?);
            events.extend(case.events(0, &hand));
        }
    }
    bad_ratings::insert_bad_ratings(tx, fresh).await?;
    bad_ratings::insert_events(tx, events).await?;
    Ok(())
}

/// The rows of one case of the hall as they are now.
struct Told<'a> {
    first: Option<&'a HallRating>,
    second: Option<&'a HallRating>,
}

impl Told<'_> {
    /// The unit that is rated badly now.
    fn bad_unit(&self) -> Option<&str> {
        let bad = self.first.filter(|row| bad_level(row).is_some());
        bad.map(|row| row.unit_id.as_str())
    }

    /// Brings a case to what the rows say.
    fn settle(&self, case: &mut Case, hall: &Hall<'_>) -> Verb<()> {
        let own = self.first.filter(|row| row.unit_id == case.row.unit_id);
        let Some((row, level)) = own.and_then(|row| Some((row, bad_level(row)?))) else {
            if case.row.withdrawn.is_none() {
                let why = if self.first.is_some() { CHANGED } else { GONE };
                case.row.withdrawn = Some(why.to_owned());
                case.mark(Mark::Withdrawn, why);
            }
            return Ok(());
        };
        if case.row.withdrawn.take().is_some() {
            case.mark(Mark::Restored, "");
        }
        if case.rating.level != level {
            case.rating.level = level;
            case.mark(Mark::Changed, level.label());
        }
        carry_on(case, row, &hall.rules)?;
        follow(case, self.second, &hall.rules, civil_date(hall.now))
    }
}

fn open(hall: &Hall<'_>, row: &HallRating) -> Verb<Case> {
    let name = [
        hall.round.as_str(),
        "bad_rating",
        &row.row_key,
        &row.unit_id,
    ]
    .map(str::as_bytes);
    let received = ReceivedRating {
        case: case_of(&row.row_key).to_owned(),
        unit: row.unit_id.as_str().into(),
        level: bad_level(row).unwrap_or(Level::Abstain),
        on: row.rated_on.unwrap_or_else(|| civil_date(hall.now)),
    };
    let level = received.level.label();
    let rating = BadRating::receive(received, &hall.rules.deadlines)?;
    let mut case = Case {
        row: Row {
            id: number(hall.round.as_str(), &keyed(&hall.key, &name)),
            round_id: hall.round.to_string(),
            row_key: row.row_key.clone(),
            unit_id: row.unit_id.clone(),
            state_code: String::new(),
            state: String::new(),
            due: None,
            withdrawn: None,
            reviewer: None,
            decision: None,
            reg_no: None,
            version: 1,
        },
        rating,
        past: Vec::new(),
    };
    case.mark(Mark::Received, level);
    Ok(case)
}

/// What the hall did in time before anybody here did it, it need not do again.
fn carry_on(case: &mut Case, row: &HallRating, rules: &Rules) -> Verb<()> {
    const SAID: &str = "大厅系统记录：已按时办理";
    let on = case.rating.received_on;
    if row.contacted_in_time == Some(true) && stage(case) == Stage::Received {
        case.take(E::Contact, SAID, rules, on)?;
    }
    if row.rectified_in_time == Some(true) {
        if stage(case) == Stage::Contacted {
            case.take(E::Admit, SAID, rules, on)?;
        }
        if stage(case) == Stage::Rectifying {
            let result = SAID.to_owned();
            case.take(E::FeedBack { result }, SAID, rules, on)?;
        }
    }
    Ok(())
}

/// The first follow-up of the hall counts once the result is told; a later change of it changes nothing any more.
fn follow(
    case: &mut Case,
    second: Option<&HallRating>,
    rules: &Rules,
    today: NaiveDate,
) -> Verb<()> {
    let own = second.filter(|row| row.unit_id == case.row.unit_id);
    match (own.and_then(given_level), &case.rating.state) {
        (Some(level), BadRatingState::FedBack { .. }) => {
            case.take(E::FollowUp { level }, level.label(), rules, today)
        }
        _ => Ok(()),
    }
}

/// A follow-up that came before the result was told counts from now on.
pub(super) async fn follow_now(tx: &Tx, case: &mut Case, hand: &Hand<'_>) -> Verb<()> {
    let round = RoundId::new(case.row.round_id.as_str());
    let key = [second_key(&case.row.row_key)];
    let second = imports::list_hall_ratings_with(tx, &round, key)
        .await?
        .pop();
    follow(case, second.as_ref(), hand.rules, civil_date(hand.now))
}

const fn stage(case: &Case) -> Stage {
    case.rating.state.stage()
}

/// One of the five levels, chosen by a person.
fn given_level(row: &HallRating) -> Option<Level> {
    let level = Level::from_code(row.level?)?;
    (row.origin == HallOrigin::Active && level.scored_index().is_some()).then_some(level)
}

/// The level of a first rating that is bad; what the system fills in is none.
fn bad_level(row: &HallRating) -> Option<Level> {
    given_level(row).filter(|level| level.is_bad() && row.rating_no == 1)
}

/// Number of the case in a key `case#rating number`.
fn case_of(row_key: &str) -> &str {
    row_key.rsplit_once('#').map_or(row_key, |(case, _)| case)
}

fn first_key(row_key: &str) -> String {
    format!("{}#1", case_of(row_key))
}

fn second_key(row_key: &str) -> String {
    format!("{}#2", case_of(row_key))
}
