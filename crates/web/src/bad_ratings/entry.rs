//! A bad rating with what a reader needs to know of it.

use crate::{PageError, known};
use chrono::NaiveDate;
use rectification::{BadRating, BadRatingStage, Light};
use std::{collections::BTreeMap, sync::Arc};
use storage::{
    bad_ratings::{self, BadRating as Row},
    rounds::{self, RoundRecord},
};
use survey_design::{RoundState, Rules};
use vocabulary::RoundId;
use workflows::App;

/// What a rating is called that its source has changed or taken back.
pub const WITHDRAWN: (&str, &str) = ("withdrawn", "已撤下");

/// A bad rating on a day.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The stored row.
    pub row: Row,
    /// The rating with its state.
    pub rating: BadRating,
    /// Name of its unit.
    pub unit: String,
    /// How its limit stands; none where nobody has to do anything.
    pub light: Option<Light>,
    /// Days to that limit; negative when passed.
    pub days_left: Option<i64>,
}

impl Entry {
    /// Where it stands.
    pub const fn stage(&self) -> BadRatingStage {
        self.rating.state.stage()
    }

    /// Where it stands, by code; one that was withdrawn stands apart.
    pub fn standing(&self) -> (&'static str, &'static str) {
        match self.row.withdrawn {
            Some(_) => WITHDRAWN,
            None => (self.stage().code(), self.stage().label()),
        }
    }
}

/// Every place where a bad rating can stand: code and words.
pub fn standings() -> impl Iterator<Item = (&'static str, &'static str)> {
    let stages = BadRatingStage::ALL.iter();
    stages
        .map(|stage| (stage.code(), stage.label()))
        .chain([WITHDRAWN])
}

/// The newest round that is not a draft.
///
/// # Errors
/// When there is none, or the database fails.
pub async fn newest_round(app: &App) -> Result<RoundRecord, PageError> {
    let all = rounds::list_rounds(app.store()).await?;
    let begun = |record: &RoundRecord| record.round.state != RoundState::Draft;
    all.into_iter().rev().find(begun).ok_or(PageError::NotFound)
}

/// The bad ratings of this round and those of all others that wait for somebody, what is due first on top.
///
/// # Errors
/// When the database fails.
pub async fn entries(
    app: &App,
    round: &RoundId,
    unit: Option<&str>,
    today: NaiveDate,
) -> Result<Vec<Entry>, PageError> {
    let names = known::unit_names(app).await?;
    let mut rules_of: BTreeMap<String, Arc<Rules>> = BTreeMap::new();
    let mut found = Vec::new();
    for row in bad_ratings::list_bad_ratings(app.store(), round, unit).await? {
        let Ok(rating) = serde_json::from_str::<BadRating>(&row.state) else {
            continue;
        };
        if !rules_of.contains_key(&row.round_id) {
            let id = RoundId::new(row.round_id.as_str());
            let record = rounds::find_round(app.store(), &id).await?;
            let digest = record.ok_or(PageError::NotFound)?.round.rules_digest;
            rules_of.insert(row.round_id.clone(), workflows::rules(app, &digest).await?);
        }
        let calendar = &rules_of[&row.round_id].calendar;
        found.push(Entry {
            unit: names.get(&row.unit_id).cloned().unwrap_or_default(),
            light: row.due.and_then(|_| rating.light(today, calendar)),
            days_left: row.due.map(|due| (due - today).num_days()),
            rating,
            row,
        });
    }
    Ok(found)
}
