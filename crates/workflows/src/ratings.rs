//! Answers lose their ballot: the one query that turns what was collected into rating rows without identity.

use crate::{App, Verb, release_replicate::labels};
use analytics::{RatingRow, StratumDesign};
use std::collections::{BTreeMap, BTreeSet};
use storage::{ballots, draws, imports, invitations::InvitationKind};
use vocabulary::{Channel, ItemId, Level, RaterGroup, RoundId, StratumId, UnitId, Weight};

/// The survey ratings of a round and the sample they come from.
///
/// Raters are numbered afresh, in the order of random ids, so that no number leads back to a ballot.
pub(crate) struct SurveyRatings {
    pub rows: Vec<RatingRow>,
    pub design: Vec<StratumDesign>,
}

/// Reads valid ballots and agency microdata of a round.
pub(crate) async fn survey_ratings(app: &App, round: &RoundId) -> Verb<SurveyRatings> {
    survey_ratings_without(app, round, &BTreeSet::new()).await
}

/// As [`survey_ratings`], without the answers of these ballots; the raters stay in the design, silent.
pub(crate) async fn survey_ratings_without(
    app: &App,
    round: &RoundId,
    left_out: &BTreeSet<String>,
) -> Verb<SurveyRatings> {
    let mut rows = own_ballots(app, round, left_out).await?;
    rows.extend(agency_rows(app, round).await?);
    rows.sort();
    Ok(SurveyRatings {
        design: sample_design(app, round).await?,
        rows,
    })
}

/// The survey ratings of a round without identity, for analysts.
///
/// # Errors
/// When the database fails.
pub async fn rating_rows(app: &App, round: &RoundId) -> Verb<Vec<RatingRow>> {
    Ok(survey_ratings(app, round).await?.rows)
}

async fn own_ballots(
    app: &App,
    round: &RoundId,
    left_out: &BTreeSet<String>,
) -> Verb<Vec<RatingRow>> {
    let answers = ballots::list_answers(app.store(), round).await?;
    let mut numbers = BTreeMap::new();
    for answer in &answers {
        let next = numbers.len() as u64 + 1;
        numbers.entry(answer.ballot_id.clone()).or_insert(next);
    }
    let weights = final_weights(app, round).await?;
    let of_sample = answers
        .into_iter()
        .filter(|answer| answer.kind == InvitationKind::Overall)
        .filter(|answer| !left_out.contains(&answer.ballot_id));
    Ok(of_sample
        .filter_map(|answer| {
            let group = RaterGroup::from_code(&answer.rater_group)?;
            let label = Weight::from_steps(answer.weight_micro);
            let key = (group, StratumId::new(answer.stratum), label);
            Some(RatingRow {
                psu: numbers[&answer.ballot_id],
                unit: UnitId::new(answer.unit_id),
                item: ItemId::new(answer.item),
                channel: Channel::Survey,
                group,
                weight: weights.get(&key).copied().unwrap_or(label),
                stratum: key.1,
                level: scored(answer.level)?,
            })
        })
        .collect())
}

/// What the label of each answer weighs, now that it is known how many reserve replicates were released.
async fn final_weights(
    app: &App,
    round: &RoundId,
) -> Verb<BTreeMap<(RaterGroup, StratumId, Weight), Weight>> {
    let draw = draws::find_draw(app.store(), round).await?;
    let released = draw.map_or(0, |draw| draw.released);
    Ok(labels(app, round).await?.weights(released))
}

async fn agency_rows(app: &App, round: &RoundId) -> Verb<Vec<RatingRow>> {
    let rows = imports::list_survey_ratings(app.store(), round).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(RatingRow {
                unit: UnitId::new(row.unit_id),
                item: ItemId::new(row.item),
                channel: Channel::Survey,
                group: RaterGroup::from_code(&row.rater_group)?,
                stratum: StratumId::new(row.stratum),
                psu: row.psu.cast_unsigned(),
                weight: Weight::from_steps(row.weight_micro),
                level: scored(row.level)?,
            })
        })
        .collect())
}

/// Responding raters per stratum, those included who rated nobody; people in the stratum where the draw knows them.
pub(crate) async fn sample_design(app: &App, round: &RoundId) -> Verb<Vec<StratumDesign>> {
    let mut populations = BTreeMap::new();
    for class in draws::list_drawn_classes(app.store(), round).await? {
        populations.insert(class.stratum, class.population.cast_unsigned());
    }
    let mut raters: BTreeMap<(String, String), u64> = BTreeMap::new();
    for count in ballots::respondents_by_stratum(app.store(), round).await? {
        if count.kind == InvitationKind::Overall {
            *raters
                .entry((count.stratum, count.rater_group))
                .or_default() += count.ballots;
        }
    }
    for (stratum, group, _) in agency_respondents(app, round).await? {
        *raters.entry((stratum, group)).or_default() += 1;
    }
    Ok(raters
        .into_iter()
        .filter_map(|((stratum, group), psus)| {
            let population = populations.get(&stratum).copied();
            Some(StratumDesign {
                group: RaterGroup::from_code(&group)?,
                stratum: StratumId::new(stratum),
                psus,
                population,
            })
        })
        .collect())
}

/// An answer that is a level; options are stored beside 弃权 and are none.
fn scored(code: i16) -> Option<Level> {
    Level::from_code(code).filter(|level| *level != Level::Abstain)
}

/// Respondents of agency microdata: stratum, group and number.
pub(crate) async fn agency_respondents(
    app: &App,
    round: &RoundId,
) -> Verb<BTreeSet<(String, String, i64)>> {
    let rows = imports::list_survey_ratings(app.store(), round).await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.stratum, row.rater_group, row.psu))
        .collect())
}
