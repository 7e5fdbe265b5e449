//! A registered problem with what a reader needs to know of it.

use crate::{PageError, known};
use chrono::NaiveDate;
use rectification::{Light, Problem, ProblemStage, light};
use std::{collections::BTreeMap, sync::Arc};
use storage::{
    matters::{self, Problem as Row},
    rounds,
};
use survey_design::Rules;
use vocabulary::RoundId;
use workflows::App;

/// A registered problem on a day.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The stored row.
    pub row: Row,
    /// The problem with its calls.
    pub problem: Problem,
    /// Title of its matter.
    pub title: String,
    /// Name of its unit.
    pub unit: String,
    /// How its next day stands; none where nothing is due.
    pub light: Option<Light>,
    /// Working days to that day; negative when passed.
    pub days_left: Option<i32>,
}

impl Entry {
    /// Where it stands.
    pub const fn stage(&self) -> ProblemStage {
        self.problem.state.stage()
    }
}

/// The problems of this round and the open ones of all others, what is due first on top.
///
/// # Errors
/// When the database fails.
pub async fn entries(
    app: &App,
    round: &RoundId,
    today: NaiveDate,
    keep: impl Fn(&Row) -> bool,
) -> Result<Vec<Entry>, PageError> {
    let store = app.store();
    let mut rows = matters::list_problems_until(store, round, ProblemStage::Closed.code()).await?;
    rows.retain(keep);
    let ids = rows.iter().map(|row| row.matter_id.clone()).collect();
    let mut titles = matters::list_matter_titles(store, ids).await?;
    let names = known::unit_names(app).await?;
    let mut rules_of: BTreeMap<String, Arc<Rules>> = BTreeMap::new();
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let Ok(problem) = serde_json::from_str::<Problem>(&row.state) else {
            continue;
        };
        if !rules_of.contains_key(&row.round_id) {
            let record = rounds::find_round(store, &RoundId::new(row.round_id.as_str())).await?;
            let record = record.ok_or(PageError::NotFound)?;
            let rules = workflows::rules(app, &record.round.rules_digest).await?;
            rules_of.insert(row.round_id.clone(), rules);
        }
        let calendar = &rules_of[&row.round_id].calendar;
        let due = problem.state.due();
        found.push(Entry {
            title: titles.remove(&row.matter_id).unwrap_or_default(),
            unit: names.get(&row.unit_id).cloned().unwrap_or_default(),
            light: due.map(|due| light(today, due, calendar)),
            days_left: due.map(|due| calendar.between(today, due)),
            problem,
            row,
        });
    }
    found.sort_by_key(|entry| {
        let due = entry.problem.state.due();
        (due.is_none(), due, entry.row.reg_no.clone())
    });
    Ok(found)
}
