//! How the matters of a round stand: for the bulletin, for those who supervise, and for the rectification account.

use crate::{App, Verb, bad_ratings::of_bad_rating, rounds::find, score_round::rounds_before};
use analytics::{Ratio, RectificationCounts};
use chrono::{DateTime, Utc};
use publication::{MatterCard, MatterMark, MatterRecord, MattersSummary};
use rectification::{MatterStage, MatterState, ProblemStage, Share, account_counts};
use std::collections::{BTreeMap, BTreeSet};
use storage::matters::{self, Matter, Problem};
use survey_design::Unit;
use vocabulary::{MatterId, RoundId, UnitId, WorkingDays, civil_date};

fn state(row: &Matter) -> Option<MatterState> {
    serde_json::from_str(&row.state).ok()
}

fn stage(row: &Matter) -> Option<MatterStage> {
    MatterStage::from_code(&row.state_code)
}

async fn escalated(app: &App, id: &RoundId) -> Verb<BTreeSet<String>> {
    let problems = matters::list_problems(app.store(), id).await?;
    let is_escalated = |problem: &Problem| problem.state_code == ProblemStage::Escalated.code();
    Ok(problems
        .into_iter()
        .filter(is_escalated)
        .map(|problem| problem.matter_id)
        .collect())
}

/// Numbers of matters of a round.
///
/// # Errors
/// When the database fails.
pub async fn matter_summary(app: &App, id: &RoundId) -> Verb<MattersSummary> {
    let mut rows = matters::list_matters(app.store(), id).await?;
    rows.retain(|row| stage(row) != Some(MatterStage::Merged));
    let count = |test: &dyn Fn(&Matter) -> bool| rows.iter().filter(|row| test(row)).count() as u64;
    Ok(MattersSummary {
        registered: rows.len() as u64,
        closed: count(&|row| stage(row) == Some(MatterStage::Closed)),
        reopened: count(&|row| state(row).is_some_and(|state| state.record().reopenings > 0)),
        escalated: escalated(app, id).await?.len() as u64,
    })
}

/// Matters that may be shown one by one: what was asked, what was done; failures too.
///
/// # Errors
/// When the database fails.
pub async fn matter_cards(app: &App, id: &RoundId, units: &[Unit]) -> Verb<Vec<MatterCard>> {
    let names: BTreeMap<&str, &str> = units
        .iter()
        .map(|unit| (unit.id.as_str(), unit.short_name.as_str()))
        .collect();
    let rows = matters::list_matters(app.store(), id).await?;
    Ok(rows
        .iter()
        .filter(|row| row.public)
        .filter_map(|row| {
            let state = state(row)?;
            Some(MatterCard {
                id: MatterId::new(row.id.as_str()),
                unit: UnitId::new(row.unit_id.as_str()),
                unit_name: names
                    .get(row.unit_id.as_str())
                    .copied()
                    .unwrap_or_default()
                    .to_owned(),
                problem: row.problem.clone(),
                outcome: outcome(&state),
                state: state.stage().label().to_owned(),
                took: None::<WorkingDays>,
            })
        })
        .collect())
}

fn outcome(state: &MatterState) -> String {
    match state {
        MatterState::Closed { result, .. }
        | MatterState::Reported { result, .. }
        | MatterState::Verified { result, .. } => result.clone(),
        MatterState::Reopened { reason, .. } => format!("核实没有解决，重新办理：{reason}"),
        MatterState::Deferred { reason, .. } => format!("暂时不能解决：{reason}"),
        other => other
            .goal()
            .map(|goal| format!("目标：{}", goal.standard()))
            .unwrap_or_default(),
    }
}

/// Every matter of a round with what went wrong with it.
///
/// # Errors
/// When the database fails.
pub async fn matter_records(
    app: &App,
    id: &RoundId,
    now: DateTime<Utc>,
) -> Verb<Vec<MatterRecord>> {
    let today = civil_date(now);
    let escalated = escalated(app, id).await?;
    let rows = matters::list_matters(app.store(), id).await?;
    Ok(rows
        .iter()
        .filter(|row| stage(row) != Some(MatterStage::Merged))
        .filter_map(|row| {
            let state = state(row)?;
            let mut marks = BTreeSet::new();
            if row.due.is_some_and(|due| due < today) {
                marks.insert(MatterMark::Overdue);
            }
            if state.record().reopenings > 0 {
                marks.insert(MatterMark::Reopened);
            }
            if escalated.contains(&row.id) {
                marks.insert(MatterMark::Escalated);
            }
            Some(MatterRecord {
                id: MatterId::new(row.id.as_str()),
                unit: UnitId::new(row.unit_id.as_str()),
                title: row.title.clone(),
                state: state.stage().label().to_owned(),
                marks,
            })
        })
        .collect())
}

/// The rectification account of each unit in the round before this one.
///
/// # Errors
/// When the database fails.
pub async fn rectification_counts(
    app: &App,
    id: &RoundId,
) -> Verb<BTreeMap<UnitId, RectificationCounts>> {
    let mut by_unit: BTreeMap<UnitId, Vec<MatterState>> = BTreeMap::new();
    let record = find(app, id).await?;
    if let Some(before) = rounds_before(app, id).await?.last() {
        let all = matters::list_matters(app.store(), before).await?;
        // The index of the hall counts bad ratings and their follow-up already.
        for row in all.iter().filter(|row| !of_bad_rating(&row.id)) {
            by_unit
                .entry(UnitId::new(row.unit_id.as_str()))
                .or_default()
                .extend(state(row));
        }
    }
    let ratio = |share: Share| Ratio {
        part: share.part,
        whole: share.whole,
    };
    Ok(by_unit
        .into_iter()
        .map(|(unit, states)| {
            let counts = account_counts(&states, record.round.period_end);
            let counts = RectificationCounts {
                on_time: ratio(counts.on_time),
                closed_first_time: ratio(counts.closed_first_time),
                verified_satisfied: ratio(counts.verified_satisfied),
                list_quality: ratio(counts.list_quality),
            };
            (unit, counts)
        })
        .collect())
}
