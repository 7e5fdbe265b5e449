//! One-to-one feedback letters: each unit gets its own figures and nobody else's, signs, and is reminded.

use crate::{
    Action, Actor, App, Refusal, Verb, allow,
    audit::audited,
    documents::{rules, world},
    make_matters::{json, labels},
    opinions::read_opinion,
    rounds::{find, step},
    score_round::{ScoreRun, latest_run},
};
use analytics::{RankingRow, UnitScore};
use chrono::{DateTime, NaiveDate, Utc};
use rectification::{ChannelFigure, LetterFigures, Theme, themes, write_letter};
use std::collections::BTreeMap;
use storage::{
    matters::{self, Letter},
    opinions,
    rounds::RoundRecord,
    units,
};
use survey_design::{RoundState, Unit};
use vocabulary::{RoundId, UnitId, civil_date, rounded_text};

struct Frame<'a> {
    record: &'a RoundRecord,
    office: &'a str,
    least_opinions: usize,
    issued_on: NaiveDate,
    due_on: NaiveDate,
}

/// Writes a letter for every unit of a frozen round; returns how many.
///
/// # Errors
/// When the round is not frozen.
pub async fn issue_letters(
    app: &App,
    actor: &Actor,
    id: &RoundId,
    now: DateTime<Utc>,
) -> Verb<u64> {
    allow(actor, Action::Assign)?;
    let record = find(app, id).await?;
    record.round.state.step(RoundState::FeedbackIssued)?;
    let run = latest_run(app, id).await?.ok_or(Refusal::NothingToScore)?;
    let rules = rules(app, &record.round.rules_digest).await?;
    let office = world(app).await?.office.clone();
    let labels = labels(app, &record).await?;
    let rows = opinions::list_opinions(app.store(), id).await?;
    let read: Vec<_> = rows
        .iter()
        .filter_map(|row| read_opinion(row, &labels))
        .collect();
    let mut by_unit: BTreeMap<UnitId, Vec<Theme>> = BTreeMap::new();
    for theme in themes(&read) {
        by_unit.entry(theme.unit.clone()).or_default().push(theme);
    }
    let issued_on = civil_date(now);
    let frame = Frame {
        record: &record,
        office: &office,
        least_opinions: rules.minimum_n.opinions as usize,
        issued_on,
        due_on: rules.calendar.add(issued_on, rules.deadlines.sign),
    };
    let all = units::list_units(app.store()).await?;
    let tx = app.store.begin().await?;
    step(&tx, id, RoundState::FeedbackIssued, now).await?;
    for (number, unit) in all.iter().enumerate() {
        let figures = figures(
            &frame,
            &run,
            unit,
            number + 1,
            by_unit.remove(&unit.id).unwrap_or_default(),
        );
        matters::insert_letter(&tx, letter(&frame, unit, figures)?).await?;
    }
    audited(&tx, actor, "issue_letters", id.as_str(), now).await?;
    tx.commit().await?;
    Ok(all.len() as u64)
}

fn letter(frame: &Frame<'_>, unit: &Unit, figures: LetterFigures) -> Verb<Letter> {
    Ok(Letter {
        id: figures.number.clone(),
        round_id: frame.record.round.id.to_string(),
        unit_id: unit.id.to_string(),
        body: json(&write_letter(figures))?,
        issued_on: frame.issued_on,
        due_on: frame.due_on,
        signed_by: None,
        signed_at: None,
    })
}

fn figures(
    frame: &Frame<'_>,
    run: &ScoreRun,
    unit: &Unit,
    number: usize,
    themes: Vec<Theme>,
) -> LetterFigures {
    let round = &frame.record.round;
    let row = run.ranking.rows.iter().find(|row| row.unit == unit.id);
    let score = run.scores.units.iter().find(|score| score.unit == unit.id);
    LetterFigures {
        number: format!("FK-{}-{number:03}", round.id),
        round: round.id.clone(),
        round_title: round.title.clone(),
        office: frame.office.to_owned(),
        unit: unit.id.clone(),
        unit_name: unit.name.clone(),
        ratings: score.map_or(0, |score| score.n),
        score: row.and_then(score_text),
        place: row.and_then(place_text),
        channels: score.map(channel_figures).unwrap_or_default(),
        themes,
        least_opinions: frame.least_opinions,
        issued_on: frame.issued_on,
        due_on: frame.due_on,
    }
}

fn score_text(row: &RankingRow) -> Option<(String, String, String)> {
    let text = |value: f64| rounded_text(value, 2);
    Some((text(row.score?), text(row.ci_low?), text(row.ci_high?)))
}

fn place_text(row: &RankingRow) -> Option<String> {
    let (low, high) = (row.rank_low?, row.rank_high?);
    Some(if low == high {
        format!("第 {low} 名")
    } else {
        format!("第 {low}—{high} 名")
    })
}

fn channel_figures(score: &UnitScore) -> Vec<ChannelFigure> {
    let figure = |channel: &analytics::ChannelScore| ChannelFigure {
        label: channel.channel.label().to_owned(),
        score: channel.score.map(|score| rounded_text(score, 2)),
        ratings: channel.n,
    };
    score.channels.iter().map(figure).collect()
}

/// Signs for the letter of the actor's own unit; signing twice changes nothing.
///
/// # Errors
/// When the letter belongs to another unit.
pub async fn sign_letter(app: &App, actor: &Actor, id: &str, now: DateTime<Utc>) -> Verb<()> {
    allow(actor, Action::Answer)?;
    let letter = matters::find_letter(app.store(), id)
        .await?
        .ok_or(Refusal::Missing("这份反馈函"))?;
    if actor.unit.as_ref().map(UnitId::as_str) != Some(letter.unit_id.as_str()) {
        return Err(Refusal::NotYours.into());
    }
    if letter.signed_at.is_some() {
        return Ok(());
    }
    let tx = app.store.begin().await?;
    matters::sign_letter(&tx, id, actor.account.as_str(), now).await?;
    audited(&tx, actor, "sign_letter", id, now).await?;
    tx.commit().await?;
    Ok(())
}
