//! What a bulletin says, from the frozen run.

use super::earlier_bulletins;
use crate::{
    App, Refusal, Verb, channel_counts,
    correct_round::corrections_of,
    documents::{rules, world},
    matter_summary::{matter_cards, matter_summary},
    score_round::{ScoreRun, latest_run, rounds_before},
};
use chrono::{DateTime, Utc};
use publication::{
    BulletinBody, Correction, OverallFigures, Period, PublishedRound, TrendPoint, TrendRound,
    class_tables, headline_of, percentage, result_id, table_digest, trend,
};
use std::collections::BTreeMap;
use storage::{
    ballots,
    invitations::{self, InvitationKind},
    rounds::RoundRecord,
    units,
};
use survey_design::{Rules, Unit};
use vocabulary::{ClassId, RoundId, UnitId, civil_date};

/// The content of a bulletin, from the frozen run.
pub(super) async fn compose(
    app: &App,
    record: &RoundRecord,
    version: u32,
    now: DateTime<Utc>,
) -> Verb<BulletinBody> {
    let id = &record.round.id;
    let run = latest_run(app, id).await?.ok_or(Refusal::NothingToScore)?;
    let rules = rules(app, &record.round.rules_digest).await?;
    let world = world(app).await?;
    let (classes, units) = (
        units::list_classes(app.store()).await?,
        units::list_units(app.store()).await?,
    );
    let earlier = earlier_bulletins(app, id).await?;
    let before = match rounds_before(app, id).await?.last() {
        Some(previous) => latest_run(app, previous).await?.map(|run| run.ranking),
        None => None,
    };
    let tables = class_tables(&run.ranking, before.as_ref(), &classes, &units);
    let mut published: Vec<PublishedRound> = earlier.iter().map(published_round).collect();
    published.push(PublishedRound {
        round: TrendRound {
            id: id.clone(),
            title: record.round.title.clone(),
        },
        points: run.ranking.rows.iter().map(point).collect(),
    });
    Ok(BulletinBody {
        result_id: result_id(&world.code, id, version),
        round: id.clone(),
        version,
        round_title: record.round.title.clone(),
        period: Period {
            start: record.round.period_start,
            end: record.round.period_end,
        },
        headline: headline_of(&run.ranking.rows),
        overall: overall(app, &run, id).await?,
        classes: tables,
        trend: trend(&published),
        matters: matter_summary(app, id).await?,
        public_matters: matter_cards(app, id, &units).await?,
        method_note: method_note(&rules),
        corrections: corrections(app, id, &units, version, now).await?,
        rules_digest: run.rules_digest.clone(),
        table_digest: table_digest(&run.ranking.rows),
        seed: record.round.seed,
        hidden_below: rules.minimum_n.bracketed,
        items: shown_items(&run),
    })
}

/// What was corrected since the first publication: why, and which published figures it changed.
async fn corrections(
    app: &App,
    id: &RoundId,
    units: &[Unit],
    version: u32,
    now: DateTime<Utc>,
) -> Verb<Vec<Correction>> {
    let names: BTreeMap<&str, &str> = units
        .iter()
        .map(|unit| (unit.id.as_str(), unit.short_name.as_str()))
        .collect();
    let name = |unit: &str| names.get(unit).copied().unwrap_or_default().to_owned();
    let mut told = Vec::new();
    for shown in corrections_of(app, id).await? {
        let made = shown.correction.bulletin_version;
        let Some(made) = made.and_then(|made| u32::try_from(made).ok()) else {
            continue;
        };
        if made > version {
            continue;
        }
        let changes: Vec<String> = shown
            .changes
            .iter()
            .map(|change| format!("{}{}", name(change.unit.as_str()), change.words))
            .collect();
        let changes = match changes.is_empty() {
            true => "公布的数字没有变化".to_owned(),
            false => changes.join("；"),
        };
        told.push(Correction {
            version: made,
            date: civil_date(shown.correction.decided_at.unwrap_or(now)),
            what: format!(
                "{}的 1 张热线工单不再计入。原因：{}。变化：{changes}。",
                name(&shown.correction.unit_id),
                shown.correction.reason.trim_end_matches('。')
            ),
        });
    }
    Ok(told)
}

/// Items of units that may be shown; the others keep their figures to themselves.
fn shown_items(run: &ScoreRun) -> Vec<analytics::ItemEstimate> {
    let shown = |unit: &UnitId| {
        run.ranking
            .rows
            .iter()
            .any(|row| row.unit == *unit && row.score.is_some())
    };
    run.items
        .iter()
        .filter(|item| shown(&item.unit))
        .cloned()
        .collect()
}

fn point(row: &analytics::RankingRow) -> (UnitId, ClassId, TrendPoint) {
    (
        row.unit.clone(),
        row.class.clone(),
        TrendPoint {
            place: row.place,
            score: row.score,
        },
    )
}

fn published_round(body: &BulletinBody) -> PublishedRound {
    PublishedRound {
        round: TrendRound {
            id: body.round.clone(),
            title: body.round_title.clone(),
        },
        points: body.rows().map(point).collect(),
    }
}

async fn overall(app: &App, run: &ScoreRun, id: &RoundId) -> Verb<OverallFigures> {
    let channels = channel_counts(app, id).await?;
    let tokens = invitations::count_tokens(app.store(), id).await?;
    let issued: u64 = tokens
        .iter()
        .filter(|count| count.kind == InvitationKind::Overall)
        .map(|count| count.tokens)
        .sum();
    let mut ballots = ballots::ballot_counts(app.store(), id).await?.opened;
    ballots.retain(|count| count.kind == InvitationKind::Overall);
    let received: u64 = ballots.iter().map(|count| count.ballots).sum();
    let valid: u64 = ballots
        .iter()
        .filter(|count| count.void_reason.is_none())
        .map(|count| count.ballots)
        .sum();
    let scored: u64 = run
        .scores
        .units
        .iter()
        .map(|unit| unit.distribution.iter().sum::<u64>())
        .sum();
    let dont_know: u64 = run.scores.units.iter().map(|unit| unit.n_dk).sum();
    Ok(OverallFigures {
        issued,
        received,
        valid,
        response_rate: percentage(received, issued),
        dont_know_share: percentage(dont_know, scored + dont_know),
        channels,
    })
}

fn method_note(rules: &Rules) -> Vec<String> {
    let n = &rules.minimum_n;
    vec![
        format!(
            "得分是 0—100 分：非常满意 {} 分、满意 {} 分、基本满意 {} 分、不满意 {} 分、非常不满意 {} 分；“不了解”不计分，比例另外公布。",
            rules.ruler.very_satisfied,
            rules.ruler.satisfied,
            rules.ruler.fair,
            rules.ruler.dissatisfied,
            rules.ruler.very_dissatisfied
        ),
        "各渠道分别算分，再按公布的权重合成；一个部门缺少某个渠道时，权重按比例分给其他渠道，并加标注。".to_owned(),
        format!(
            "有效评价不足 {} 份的部门不显示得分；{}—{} 份的得分加括号；不足 {} 份的不排名。",
            n.bracketed,
            n.bracketed,
            n.shown.saturating_sub(1),
            n.ranked
        ),
        "先看分组，再看位次区间，最后看名次：区间重叠的部门分不出高低，名次只供参考。".to_owned(),
        "系统默认的好评计入收到数，不计分。".to_owned(),
    ]
}
