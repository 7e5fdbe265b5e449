//! One-to-one feedback letters: each unit gets its own figures and nobody else's.

use crate::{
    Action, Actor, App, Refusal, Verb, allow,
    audit::audited,
    documents::{rules, world},
    letter_opinions::{Said, said_by_unit},
    make_matters::json,
    publish_round::earlier_bulletins,
    rounds::{find, step},
    score_round::{ScoreRun, latest_run},
};
use analytics::{ClassMean, RankingRow, Status, UnitScore};
use chrono::{DateTime, NaiveDate, Utc};
use publication::BulletinBody;
use rectification::{
    AnswerCount, ChannelFigure, ComparedScore, LetterFigures, LetterLimits, OwnScore, Told,
    write_letter,
};
use storage::{
    letters::{self, Letter},
    rounds::RoundRecord,
    units,
};
use survey_design::{RoundState, Rules, Unit};
use vocabulary::{Level, RoundId, civil_date, rounded_text};

/// Own earlier rounds a letter shows: those of a year.
const EARLIER_ROUNDS: usize = 4;
/// A mean of fewer units is not told.
const LEAST_IN_MEAN: u32 = 3;

struct Frame<'a> {
    record: &'a RoundRecord,
    office: &'a str,
    rules: &'a Rules,
    earlier: &'a [BulletinBody],
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
    let mut said = said_by_unit(app, &record, rules.minimum_n.opinions as usize).await?;
    let earlier = earlier_bulletins(app, id).await?;
    let issued_on = civil_date(now);
    let frame = Frame {
        record: &record,
        office: &office,
        rules: &rules,
        earlier: &earlier,
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
            said.remove(&unit.id).unwrap_or_default(),
        );
        letters::insert_letter(&tx, letter(&frame, unit, figures)?).await?;
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
        read_by: None,
        read_at: None,
        signed_by: None,
        signed_at: None,
        remark: None,
    })
}

fn figures(
    frame: &Frame<'_>,
    run: &ScoreRun,
    unit: &Unit,
    number: usize,
    said: Said,
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
        ratings: row.and_then(|row| row.n),
        score: row.map_or(OwnScore::Hidden, own_score),
        place: row.and_then(place_text),
        compared: compared(frame, run, unit),
        channels: score.map(channel_figures).unwrap_or_default(),
        answers: score.map(answer_counts).unwrap_or_default(),
        themes: said.themes,
        reasons: said.reasons,
        words: said.words,
        least_opinions: frame.rules.minimum_n.opinions as usize,
        issued_on: frame.issued_on,
        due_on: frame.due_on,
        limits: LetterLimits {
            sign_matter: frame.rules.deadlines.sign,
            return_matter: frame.rules.deadlines.return_matter,
            plan: frame.rules.deadlines.plan,
        },
    }
}

/// The score as disclosure control left it in the row.
fn own_score(row: &RankingRow) -> OwnScore {
    let text = |value: f64| rounded_text(value, 2);
    match (row.status, row.score, row.ci_low, row.ci_high) {
        (Status::Hidden, ..) | (_, None, ..) => OwnScore::Hidden,
        (Status::Ranked | Status::Shown, Some(score), Some(low), Some(high)) => {
            OwnScore::Full(text(score), text(low), text(high))
        }
        (_, Some(score), ..) => OwnScore::ForReference(text(score)),
    }
}

/// The mean of the class, then the unit's own earlier rounds as they were published, the newest first.
fn compared(frame: &Frame<'_>, run: &ScoreRun, unit: &Unit) -> Vec<ComparedScore> {
    let mean = run.ranking.class_means.iter();
    let mean = mean.filter(|mean| mean.class == unit.class).map(class_mean);
    let earlier = frame.earlier.iter().rev().filter_map(|bulletin| {
        let row = bulletin.rows().find(|row| row.unit == unit.id)?;
        Some(earlier_score(&bulletin.round_title, row))
    });
    mean.chain(earlier.take(EARLIER_ROUNDS)).collect()
}

/// A mean of two tells each of them the score of the other.
fn class_mean(mean: &ClassMean) -> ComparedScore {
    let label = format!("本类 {} 个单位平均", mean.units);
    match mean.mean.filter(|_| mean.units >= LEAST_IN_MEAN) {
        Some(value) => ComparedScore {
            label,
            score: Told::Figure(rounded_text(value, 2)),
            interval: None,
        },
        None => ComparedScore {
            label: "本类单位平均".to_owned(),
            score: Told::Instead(format!("可比单位不足 {LEAST_IN_MEAN} 个，不列")),
            interval: None,
        },
    }
}

fn earlier_score(title: &str, row: &RankingRow) -> ComparedScore {
    let label = format!("你单位，{title}");
    match own_score(row) {
        OwnScore::Hidden => ComparedScore::hidden(label),
        OwnScore::ForReference(score) => ComparedScore {
            label,
            score: Told::Figure(format!("{score}（仅供参考）")),
            interval: None,
        },
        OwnScore::Full(score, low, high) => ComparedScore {
            label,
            score: Told::Figure(score),
            interval: Some((low, high)),
        },
    }
}

fn answer_counts(score: &UnitScore) -> Vec<AnswerCount> {
    let scored = Level::SCORED.iter().zip(score.distribution);
    let counted = scored.map(|(level, count)| (level.label(), count));
    counted
        .chain([(Level::DontKnow.label(), score.n_dk)])
        .map(|(label, count)| AnswerCount {
            label: label.to_owned(),
            count,
        })
        .collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn row(status: Status, score: Option<f64>, low: Option<f64>) -> RankingRow {
        RankingRow {
            unit: "D01".into(),
            class: "service".into(),
            n: None,
            score,
            ci_low: low,
            ci_high: low.map(|low| low + 4.0),
            band: None,
            rank_low: None,
            rank_high: None,
            place: None,
            status,
            weight_covered: 100.0,
            flags: Vec::new(),
        }
    }

    #[test]
    fn a_letter_tells_of_a_score_what_the_ranking_tells() {
        let full = OwnScore::Full("86.40".into(), "84.10".into(), "88.10".into());
        let few = OwnScore::ForReference("86.40".into());
        for (status, low, told) in [
            (Status::Ranked, Some(84.1), full.clone()),
            (Status::Shown, Some(84.1), full),
            (Status::Bracketed, Some(84.1), few.clone()),
            (Status::Shown, None, few),
            (Status::Hidden, Some(84.1), OwnScore::Hidden),
        ] {
            assert_eq!(own_score(&row(status, Some(86.4), low)), told, "{status:?}");
        }
        assert_eq!(
            own_score(&row(Status::Ranked, None, None)),
            OwnScore::Hidden
        );
        let earlier = earlier_score("2026 年第二季度", &row(Status::Hidden, Some(86.4), None));
        assert_eq!(
            earlier,
            ComparedScore::hidden("你单位，2026 年第二季度".into())
        );
    }

    #[test]
    fn two_units_cannot_compute_each_other_from_the_mean_of_their_class() {
        let told = |units| {
            let mean = ClassMean {
                class: "service".into(),
                units,
                mean: Some(85.25),
            };
            class_mean(&mean).score
        };

        assert_eq!(told(3), Told::Figure("85.25".into()));
        assert!(matches!(told(2), Told::Instead(_)));
    }
}
