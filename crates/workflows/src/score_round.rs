//! Scores a round: gathers what each channel brought, lets `analytics` compute, keeps the run with its digests.

use crate::{
    Action, Actor, App, Refusal, Verb, allow,
    audit::audited_change,
    close_round::SERVED,
    documents::rules,
    ratings::{sample_design, survey_ratings, survey_ratings_without},
    rounds::{find, step},
};
use analytics::{
    EnterpriseCounts, HallCounts, HotlineCounts, ItemEstimate, Moments, PairingCounts, Ranking,
    Ratio, RoundScores, ScoreInput, StratumDesign, UnitInput, item_estimates,
    quality::{SensitivityLine, Standing, sensitivity},
    rank, score_round as compute,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use storage::{
    ballots, imports, invitations::InvitationKind, pairing_ratings, quality, rounds, scores, units,
};
use survey_design::{BodyKind, RoundState, Rules, Unit, canonical_digest};
use vocabulary::{ClassId, Level, RoundId, UnitId};

/// One scoring run, as kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ScoreRun {
    /// The round.
    pub round: RoundId,
    /// Digest of the rules.
    pub rules_digest: String,
    /// Digest of everything the scores were computed from.
    pub input_digest: String,
    /// The public sums; with them anybody can compute again.
    pub input: ScoreInput,
    /// The scores with their traces.
    pub scores: RoundScores,
    /// The ranking after disclosure control.
    pub ranking: Ranking,
    /// Items of the survey, for trends.
    pub items: Vec<ItemEstimate>,
}

/// What a scoring run came to.
#[derive(Clone, Debug)]
pub struct ScoreReport {
    /// Number of the run.
    pub id: String,
    /// Units scored.
    pub units: usize,
    /// Units that may be ranked.
    pub ranked: usize,
}

/// Scores a closed round; may be repeated until the freeze, each run is kept.
///
/// # Errors
/// When the round's state does not allow it, or nothing was collected.
pub async fn score_round(
    app: &App,
    actor: &Actor,
    id: &RoundId,
    now: DateTime<Utc>,
) -> Verb<ScoreReport> {
    allow(actor, Action::Prepare)?;
    rescore(app, actor, id, now).await
}

/// As [`score_round`], for verbs that change what is counted and are allowed by themselves.
pub(crate) async fn rescore(
    app: &App,
    actor: &Actor,
    id: &RoundId,
    now: DateTime<Utc>,
) -> Verb<ScoreReport> {
    let to = find(app, id).await?.round.state.scored()?;
    score(app, actor, id, (Survey::Ballots, to), now).await
}

/// Scores a round after two people corrected what it was computed from; the round stays where it is.
pub(crate) async fn score_corrected(
    app: &App,
    actor: &Actor,
    id: &RoundId,
    now: DateTime<Utc>,
) -> Verb<ScoreReport> {
    let stays = find(app, id).await?.round.state;
    score(app, actor, id, (Survey::Ballots, stays), now).await
}

/// Refuses when what the round is computed from is no longer what its newest scores were computed from.
pub(crate) async fn refuse_changed_inputs(app: &App, id: &RoundId, run: &ScoreRun) -> Verb<()> {
    let rules = rules(app, &run.rules_digest).await?;
    let input = gathered(app, id, Survey::Ballots, &rules).await?;
    match canonical_digest(&input) == run.input_digest {
        true => Ok(()),
        false => Err(Refusal::InputsChanged.into()),
    }
}

/// Scores a closed round from survey sums computed elsewhere; everything else, the sample included, is the round's own.
///
/// The ratings stay the truth: a bundle whose ratings give other sums is refused when the round is published.
///
/// # Errors
/// As [`score_round`].
pub async fn score_round_from(
    app: &App,
    actor: &Actor,
    id: &RoundId,
    moments: Moments,
    now: DateTime<Utc>,
) -> Verb<ScoreReport> {
    allow(actor, Action::Prepare)?;
    let to = find(app, id).await?.round.state.scored()?;
    score(app, actor, id, (Survey::Sums(moments), to), now).await
}

/// Where the survey's sums come from.
enum Survey {
    /// The ballots and agency rows of the round.
    Ballots,
    /// The same without the ballots that carry a sign.
    Unflagged(BTreeSet<String>),
    /// Another engine.
    Sums(Moments),
}

/// A unit with all ballots that count, and without those that carry a sign.
#[derive(Clone, Debug)]
pub struct FlaggedLine {
    /// The unit.
    pub unit: UnitId,
    /// Both calculations side by side.
    pub line: SensitivityLine,
}

/// The latest scores beside the scores without flagged ballots; computed and shown, never kept.
///
/// # Errors
/// When nothing has been scored yet, or the actor may not see unpublished scores.
pub async fn score_without_flagged(
    app: &App,
    actor: &Actor,
    id: &RoundId,
) -> Verb<Vec<FlaggedLine>> {
    allow(actor, Action::Prepare)?;
    let digest = find(app, id).await?.round.rules_digest;
    let with = latest_run(app, id).await?.ok_or(Refusal::NothingToScore)?;
    let flagged = quality::list_signs(app.store(), id)
        .await?
        .into_keys()
        .collect();
    let rules = rules(app, &digest).await?;
    let without = compute_run(app, id, Survey::Unflagged(flagged), &rules, &digest).await?;
    let units: Vec<&UnitId> = with.scores.units.iter().map(|unit| &unit.unit).collect();
    let lines = sensitivity(&standings(&with, &units), &standings(&without, &units));
    Ok(units
        .into_iter()
        .zip(lines)
        .map(|(unit, line)| FlaggedLine {
            unit: unit.clone(),
            line,
        })
        .collect())
}

/// Score and band of each unit in one run.
fn standings(run: &ScoreRun, units: &[&UnitId]) -> Vec<Standing> {
    let score = |unit: &UnitId| {
        let found = run.scores.units.iter().find(|it| it.unit == *unit)?;
        found.total.map(|total| total.value)
    };
    let band = |unit: &UnitId| {
        let found = run.ranking.rows.iter().find(|row| row.unit == *unit)?;
        found.band
    };
    units
        .iter()
        .map(|unit| Standing {
            score: score(unit),
            band: band(unit),
        })
        .collect()
}

async fn score(
    app: &App,
    actor: &Actor,
    id: &RoundId,
    (survey, to): (Survey, RoundState),
    now: DateTime<Utc>,
) -> Verb<ScoreReport> {
    let record = find(app, id).await?;
    let rules = rules(app, &record.round.rules_digest).await?;
    let verb = match survey {
        Survey::Ballots | Survey::Unflagged(_) => "score_round",
        Survey::Sums(_) => "score_round_from_sums",
    };
    let run = compute_run(app, id, survey, &rules, &record.round.rules_digest).await?;
    let before = latest_run(app, id)
        .await?
        .map(|run| canonical_digest(&run.scores));
    let after = canonical_digest(&run.scores);
    let tx = app.store.begin().await?;
    if record.round.state != to {
        step(&tx, id, to, now).await?;
    }
    let version = scores::latest_score_run(&tx, id)
        .await?
        .map_or(1, |run| run.version + 1);
    let row = scores::ScoreRun {
        id: format!("{id}-S{version}"),
        round_id: id.to_string(),
        version,
        rules_digest: run.rules_digest.clone(),
        input_digest: run.input_digest.clone(),
        body: serde_json::to_string(&run).expect("a run is plain data"),
        created_at: now,
    };
    let report = ScoreReport {
        id: row.id.clone(),
        units: run.scores.units.len(),
        ranked: run
            .ranking
            .rows
            .iter()
            .filter(|row| row.place.is_some())
            .count(),
    };
    scores::insert_score_run(&tx, row).await?;
    audited_change(&tx, actor, verb, id.as_str(), (before, Some(after)), now).await?;
    tx.commit().await?;
    Ok(report)
}

/// Everything a round is computed from.
async fn gathered(app: &App, id: &RoundId, survey: Survey, rules: &Rules) -> Verb<ScoreInput> {
    let mut left_out = BTreeSet::new();
    let (design, moments) = match survey {
        Survey::Ballots => {
            let survey = survey_ratings(app, id).await?;
            (survey.design, Moments::from_rows(&survey.rows))
        }
        Survey::Unflagged(flagged) => {
            let survey = survey_ratings_without(app, id, &flagged).await?;
            left_out = flagged;
            (survey.design, Moments::from_rows(&survey.rows))
        }
        Survey::Sums(moments) => (sample_design(app, id).await?, moments),
    };
    let unanswered = moments.item_cells().next().is_none();
    let units = units::list_units(app.store()).await?;
    let enterprise = enterprise_counts(app, id, &left_out).await?;
    let input = gather(app, id, rules, &units, (design, moments, enterprise)).await?;
    let nothing = |unit: &UnitInput| unit.hall.is_none() && unit.hotline.is_none();
    if unanswered && input.units.iter().all(nothing) {
        return Err(Refusal::NothingToScore.into());
    }
    Ok(input)
}

async fn compute_run(
    app: &App,
    id: &RoundId,
    survey: Survey,
    rules: &Rules,
    rules_digest: &str,
) -> Verb<ScoreRun> {
    let input = gathered(app, id, survey, rules).await?;
    let classes: Vec<ClassId> = units::list_classes(app.store())
        .await?
        .into_iter()
        .map(|class| class.id)
        .collect();
    let scores = compute(&input, rules);
    Ok(ScoreRun {
        round: id.clone(),
        rules_digest: rules_digest.to_owned(),
        input_digest: canonical_digest(&input),
        ranking: rank(&scores, rules, &classes),
        items: item_estimates(
            &input.moments,
            &input.design,
            &rules.ruler,
            rules.bands.confidence,
        ),
        input,
        scores,
    })
}

/// The newest run of a round.
///
/// # Errors
/// When the database fails.
pub async fn latest_run(app: &App, id: &RoundId) -> Verb<Option<ScoreRun>> {
    let row = scores::latest_score_run(app.store(), id).await?;
    Ok(row.and_then(|row| serde_json::from_str(&row.body).ok()))
}

async fn gather(
    app: &App,
    id: &RoundId,
    rules: &Rules,
    units: &[Unit],
    (design, moments, mut enterprise): (
        Vec<StratumDesign>,
        Moments,
        BTreeMap<UnitId, EnterpriseCounts>,
    ),
) -> Verb<ScoreInput> {
    let mut hall = hall_counts(app, id).await?;
    let mut hotline = hotline_counts(app, id).await?;
    let mut community = pairing_counts(app, id, BodyKind::Community).await?;
    let mut village = pairing_counts(app, id, BodyKind::Village).await?;
    let mut rectification = crate::rectification_counts(app, id).await?;
    let earlier = earlier_n(app, id, rules).await?;
    let unit_inputs = units
        .iter()
        .map(|unit| UnitInput {
            id: unit.id.clone(),
            class: unit.class.clone(),
            ranked_mode: unit.mode,
            enterprise_facing: unit.enterprise_facing,
            has_hall_window: unit.has_hall_window,
            has_hotline_orders: unit.has_hotline_orders,
            hall: hall.remove(&unit.id),
            hotline: hotline.remove(&unit.id),
            community: community.remove(&unit.id),
            village: village.remove(&unit.id),
            enterprise: enterprise.remove(&unit.id),
            rectification: rectification.remove(&unit.id),
            earlier_n: earlier.get(&unit.id).copied().unwrap_or(0),
        })
        .collect();
    Ok(ScoreInput {
        round: id.clone(),
        units: unit_inputs,
        design,
        moments,
    })
}

fn count(ratio: &mut Ratio, met: Option<bool>) {
    if let Some(met) = met {
        ratio.whole += 1;
        ratio.part += u64::from(met);
    }
}

fn count_level(levels: &mut [u64; 5], level: Level) {
    if let Some(index) = level.scored_index() {
        levels[index] += 1;
    }
}

async fn hall_counts(app: &App, id: &RoundId) -> Verb<BTreeMap<UnitId, HallCounts>> {
    let mut counts: BTreeMap<UnitId, HallCounts> = BTreeMap::new();
    for row in imports::list_hall_ratings(app.store(), id).await? {
        let unit = counts.entry(UnitId::new(row.unit_id)).or_default();
        if row.origin == imports::HallOrigin::Default {
            unit.default_ratings += 1;
            continue;
        }
        let Some(level) = row.level.and_then(Level::from_code) else {
            continue;
        };
        if row.rating_no > 1 {
            count(&mut unit.follow_up_good, Some(!level.is_bad()));
            continue;
        }
        count_level(&mut unit.active, level);
        count(&mut unit.contacted, row.contacted_in_time);
        count(&mut unit.rectified, row.rectified_in_time);
        let follow_up = row.follow_up_level.and_then(Level::from_code);
        count(
            &mut unit.follow_up_good,
            follow_up.map(|level| !level.is_bad()),
        );
    }
    for volume in imports::list_hall_volumes(app.store(), id).await? {
        counts
            .entry(UnitId::new(volume.unit_id))
            .or_default()
            .completed_cases = Some(volume.completed_cases.cast_unsigned());
    }
    Ok(counts)
}

async fn hotline_counts(app: &App, id: &RoundId) -> Verb<BTreeMap<UnitId, HotlineCounts>> {
    let mut counts: BTreeMap<UnitId, HotlineCounts> = BTreeMap::new();
    let orders = imports::list_hotline_orders(app.store(), id).await?;
    for order in orders.into_iter().filter(|order| order.counted) {
        let unit = counts.entry(UnitId::new(order.unit_id)).or_default();
        unit.orders += 1;
        count(&mut unit.on_time, order.on_time);
        match order.resolved {
            Some(NO_STATEMENT) => unit.no_statement += 1,
            Some(resolved) => count(&mut unit.resolved, Some(resolved == 1)),
            None => {}
        }
        if let Some(level) = order.level.and_then(Level::from_code) {
            count_level(&mut unit.satisfied, level);
        }
    }
    Ok(counts)
}

/// Stored form of 未表态: the caller said neither yes nor no.
const NO_STATEMENT: i16 = 2;

async fn pairing_counts(
    app: &App,
    id: &RoundId,
    kind: BodyKind,
) -> Verb<BTreeMap<UnitId, PairingCounts>> {
    let bodies: BTreeSet<_> = units::list_bodies(app.store())
        .await?
        .into_iter()
        .filter(|body| body.kind == kind)
        .map(|body| body.id.to_string())
        .collect();
    let mut counts: BTreeMap<UnitId, PairingCounts> = BTreeMap::new();
    let mut seen: BTreeMap<UnitId, BTreeSet<String>> = BTreeMap::new();
    for rating in pairing_ratings::list_pairing_ratings(app.store(), id).await? {
        if !bodies.contains(&rating.body_id) {
            continue;
        }
        let unit = UnitId::new(rating.unit_id);
        let entry = counts.entry(unit.clone()).or_default();
        match Level::from_code(rating.level) {
            Some(Level::DontKnow) => entry.dont_know += 1,
            Some(level) => count_level(&mut entry.levels, level),
            None => continue,
        }
        entry.raters += 1;
        entry.solved.part += u64::try_from(rating.matters_solved).unwrap_or(0);
        entry.solved.whole += u64::try_from(rating.matters_raised).unwrap_or(0);
        seen.entry(unit).or_default().insert(rating.body_id);
    }
    for (unit, bodies) in seen {
        counts.entry(unit).or_default().bodies = bodies.len() as u64;
    }
    Ok(counts)
}

/// One enterprise is one rating per unit: its levels over the items, each counted; `served` says whether they count at all.
async fn enterprise_counts(
    app: &App,
    id: &RoundId,
    left_out: &BTreeSet<String>,
) -> Verb<BTreeMap<UnitId, EnterpriseCounts>> {
    let mut counts: BTreeMap<UnitId, EnterpriseCounts> = BTreeMap::new();
    let answers = ballots::list_answers(app.store(), id).await?;
    for answer in answers
        .into_iter()
        .filter(|answer| answer.kind == InvitationKind::Enterprise && !answer.unit_id.is_empty())
        .filter(|answer| !left_out.contains(&answer.ballot_id))
    {
        let unit = counts.entry(UnitId::new(answer.unit_id)).or_default();
        let level = Level::from_code(answer.level);
        if answer.item == SERVED {
            let yes = answer.reasons.contains("\"yes\"");
            unit.served += u64::from(yes);
            unit.unserved += u64::from(!yes);
        } else if level == Some(Level::DontKnow) {
            unit.dont_know += 1;
        } else if let Some(level) = level {
            count_level(&mut unit.levels, level);
        }
    }
    Ok(counts)
}

/// Valid survey ratings of each unit in the rounds before, as far as the rolling count reaches.
async fn earlier_n(app: &App, id: &RoundId, rules: &Rules) -> Verb<BTreeMap<UnitId, u64>> {
    let mut totals: BTreeMap<UnitId, u64> = BTreeMap::new();
    let earlier = rounds_before(app, id).await?;
    let reach = rules.minimum_n.rolling_quarters.saturating_sub(1) as usize;
    for round in earlier.iter().rev().take(reach) {
        let Some(run) = latest_run(app, round).await? else {
            continue;
        };
        for unit in run.scores.units {
            *totals.entry(unit.unit).or_default() += unit.n;
        }
    }
    Ok(totals)
}

/// Frozen or published rounds that end before this one begins, oldest first.
pub(crate) async fn rounds_before(app: &App, id: &RoundId) -> Verb<Vec<RoundId>> {
    let start = find(app, id).await?.round.period_start;
    let mut records = rounds::list_rounds(app.store()).await?;
    records.retain(|record| {
        record.round.period_end < start && record.round.state >= RoundState::Frozen
    });
    records.sort_by_key(|record| record.round.period_end);
    Ok(records.into_iter().map(|record| record.round.id).collect())
}
