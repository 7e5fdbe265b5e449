//! Ballots that carry signs of doubtful quality: counted by sign, never shown one by one; excluded by rule, reason and people.

use super::{Form, PUBLISHERS, Place, frame, round};
use crate::{
    Page, PageError, WebState, answer,
    form::{ActionForm, Cell, Field, FormPage, Input, Table},
    routes::posted,
    session::signed_in,
    wording,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Query},
};
use analytics::quality::{Review, Signal};
use serde::Deserialize;
use std::collections::BTreeMap;
use storage::{
    quality::{self, Exclusion, ExclusionState},
    rounds::RoundRecord,
    units,
};
use survey_design::RoundState;
use workflows::{
    Action, Actor, FlaggedLine, SignGroup, VerbError, approve_exclusion, decline_exclusion,
    exclude_ballots, same_words, score_without_flagged, sign_groups,
};

/// Texts listed that stand in more than one opinion.
const MOST_TEXTS: usize = 20;

/// Which combination of signs is to be excluded.
#[derive(Debug, Default, Deserialize)]
pub struct Choice {
    #[serde(default)]
    signs: String,
}

/// The signs of the round, what may be excluded, and the draft scores with and without.
pub async fn show(state: Data<WebState>, request: HttpRequest, choice: Query<Choice>) -> Page {
    let actor = signed_in(&state, &request, &PUBLISHERS).await?;
    answer::own_page(&page(&state, &actor, &choice.signs, None).await?)
}

/// Proposes an exclusion, or decides the one that waits.
pub async fn step(state: Data<WebState>, request: HttpRequest, form: Form) -> Page {
    let actor = signed_in(&state, &request, &PUBLISHERS).await?;
    let record = round(&state, None).await?;
    let (id, now) = (&record.round.id, state.now());
    let fields = posted(form);
    let waiting = fields.text("exclusion");
    let done = if waiting.is_empty() {
        let signs: Option<Vec<Signal>> = fields
            .text("signs")
            .split(',')
            .map(Signal::from_code)
            .collect();
        let signs = signs.ok_or(PageError::BadForm)?;
        let chosen = (signs.as_slice(), fields.text("reason"));
        exclude_ballots(&state.app, &actor, id, chosen, now, &mut (state.rng)())
            .await
            .map(drop)
    } else if fields.text("decision") == "approve" {
        approve_exclusion(&state.app, &actor, id, waiting, now).await
    } else {
        decline_exclusion(&state.app, &actor, id, waiting, now).await
    };
    match done {
        Ok(()) => Ok(answer::go_to("/office/quality")),
        Err(VerbError::Refused(refusal)) => {
            let problem = format!("{refusal}（{}）", refusal.code());
            let page = page(&state, &actor, fields.text("signs"), Some(problem)).await?;
            answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
    }
}

async fn page(
    state: &WebState,
    actor: &Actor,
    chosen: &str,
    problem: Option<String>,
) -> Result<FormPage, PageError> {
    let record = round(state, None).await?;
    let id = &record.round.id;
    let groups = sign_groups(&state.app, id).await?;
    let exclusions = quality::list_exclusions(state.app.store(), id).await?;
    let mut tables = Vec::new();
    if record.round.state >= RoundState::Closed {
        let waits = exclusions
            .iter()
            .any(|it| it.state == ExclusionState::Waiting);
        tables.push(sign_table(&groups, !waits && may_exclude(&record, actor)));
        tables.push(exclusion_table(&exclusions));
    }
    if !tables.is_empty() && Action::Prepare.roles().contains(&actor.role) {
        tables.push(words_table(&same_words(&state.app, id).await?));
        if record.round.state >= RoundState::Scored {
            tables.push(score_table(state, actor, &record).await?);
        }
    }
    Ok(FormPage {
        frame: frame(state, actor, "质量迹象", Some(Place::Quality), &record.round.title).await?,
        lead: vec![
            lead_of(&record).to_owned(),
            "迹象只是提醒，不会自动删掉任何一份答卷。有两个互相独立的迹象，才可以由人按组剔除并写明理由；这里看不到单份答卷。超过规则写明的比例，要另一个人批准。剔除的数量会公布。".to_owned(),
        ],
        form: form(&record, actor, groups.iter().find(|group| codes(group) == chosen), &exclusions, problem),
        tables,
    })
}

fn lead_of(record: &RoundRecord) -> &'static str {
    if record.round.state < RoundState::Closed {
        "本轮还没有截止。迹象会透露大家怎么答的，截止以后才显示。"
    } else if is_open(record) {
        "本轮已经截止，部门还没有核对：现在可以剔除。"
    } else {
        "部门已经在核对或已经公布，不能再剔除；下面是记录。"
    }
}

/// Ballots are excluded after closing and before the units see their figures.
const fn is_open(record: &RoundRecord) -> bool {
    matches!(record.round.state, RoundState::Closed | RoundState::Scored)
}

fn may_exclude(record: &RoundRecord, actor: &Actor) -> bool {
    is_open(record) && Action::Prepare.roles().contains(&actor.role)
}

/// The codes of a group's signs as they are posted.
fn codes(group: &SignGroup) -> String {
    let mut codes: Vec<&str> = group.signs.iter().map(|sign| sign.code()).collect();
    codes.sort_unstable();
    codes.join(",")
}

fn labels(signs: &[Signal]) -> String {
    let labels: Vec<&str> = signs.iter().map(|sign| sign.label()).collect();
    labels.join("；")
}

fn signals(exclusion: &Exclusion) -> Vec<Signal> {
    let codes = exclusion.signs.split(',');
    codes.filter_map(Signal::from_code).collect()
}

fn sign_table(groups: &[SignGroup], may_exclude: bool) -> Table {
    let row = |group: &SignGroup| {
        let may = match group.review {
            Review::MayExclude if may_exclude && group.counted > 0 => Cell::link(
                "写理由，剔除这一组",
                format!("/office/quality?signs={}", codes(group)),
            ),
            Review::MayExclude if group.counted == 0 => Cell::text("已经不计入"),
            Review::MayExclude => Cell::text("可以由人剔除"),
            Review::Look => Cell::text("只提醒，照样计入"),
            Review::Clean => Cell::default(),
        };
        vec![
            Cell::text(labels(&group.signs)),
            Cell::text(wording::thousands(group.counted)),
            Cell::text(wording::thousands(group.left_out)),
            may,
        ]
    };
    Table {
        heading: "带迹象的答卷".to_owned(),
        head: vec![
            ("迹象", false),
            ("计入", true),
            ("无效或已剔除", true),
            ("怎么办", false),
        ],
        rows: groups.iter().map(row).collect(),
        empty: "没有可以显示的迹象。",
    }
}

fn exclusion_table(exclusions: &[Exclusion]) -> Table {
    let row = |it: &Exclusion| {
        let proposed = format!("{}，{}", it.proposed_by, wording::moment(it.proposed_at));
        let by = it.decided_by.as_deref().unwrap_or_default();
        let at = it.decided_at.map(wording::moment).unwrap_or_default();
        let decided = match it.state {
            ExclusionState::Waiting => "等待另一个人批准".to_owned(),
            ExclusionState::Done => format!("已剔除：{by}，{at}"),
            ExclusionState::Declined => format!("没有同意：{by}，{at}"),
        };
        [
            labels(&signals(it)),
            it.ballots.to_string(),
            it.reason.clone(),
            proposed,
            decided,
        ]
        .map(Cell::text)
        .to_vec()
    };
    Table {
        heading: "剔除记录".to_owned(),
        head: vec![
            ("迹象", false),
            ("份数", true),
            ("理由", false),
            ("提出", false),
            ("办理", false),
        ],
        rows: exclusions.iter().map(row).collect(),
        empty: "没有剔除过。",
    }
}

async fn score_table(
    state: &WebState,
    actor: &Actor,
    record: &RoundRecord,
) -> Result<Table, PageError> {
    let names: BTreeMap<_, _> = units::list_units(state.app.store())
        .await?
        .into_iter()
        .map(|unit| (unit.id, unit.name))
        .collect();
    let score = |score: Option<f64>| score.map_or("—".to_owned(), |it| wording::decimal(it, 2));
    let place = |place: Option<u32>| place.map_or("—".to_owned(), |it| it.to_string());
    let row = |FlaggedLine { unit, line }: &FlaggedLine| {
        let name = names.get(unit).cloned().unwrap_or_else(|| unit.to_string());
        let mark = match (line.band_changes(), line.place_with == line.place_without) {
            (true, _) => "档次会变",
            (false, true) => "不变",
            (false, false) => "只有位次变",
        };
        [
            name,
            score(line.with.score),
            place(line.place_with),
            score(line.without.score),
            place(line.place_without),
            mark.to_owned(),
        ]
        .map(Cell::text)
        .to_vec()
    };
    let has_score = |shown: &&FlaggedLine| {
        shown.line.with.score.is_some() || shown.line.without.score.is_some()
    };
    let lines = score_without_flagged(&state.app, actor, &record.round.id).await?;
    Ok(Table {
        heading: "得分：全部计入，与去掉所有带迹象的答卷相比".to_owned(),
        head: vec![
            ("部门", false),
            ("全部计入", true),
            ("位次", true),
            ("去掉带迹象的", true),
            ("位次", true),
            ("影响", false),
        ],
        rows: lines.iter().filter(has_score).map(row).collect(),
        empty: "没有部门的答卷够数，还没有得分。",
    })
}

/// Texts that stand in several opinions; no ballot is named.
fn words_table(texts: &[(String, u64)]) -> Table {
    const SHOWN: usize = 40;
    let row = |(text, opinions): &(String, u64)| {
        let cut: String = text.chars().take(SHOWN).collect();
        let more = if cut.len() < text.len() { "…" } else { "" };
        [format!("{cut}{more}"), wording::thousands(*opinions)]
            .map(Cell::text)
            .to_vec()
    };
    Table {
        heading: match texts.len() {
            ..=MOST_TEXTS => "文字完全相同的意见".to_owned(),
            all => format!("文字完全相同的意见：共 {all} 种，列最多的 {MOST_TEXTS} 种"),
        },
        head: vec![("意见（已遮盖个人信息）", false), ("条数", true)],
        rows: texts.iter().take(MOST_TEXTS).map(row).collect(),
        empty: "没有。意见和答卷不放在一起，文字相同不会算到哪一份答卷上。",
    }
}

/// The next step: decide what waits, or exclude the group chosen; none when there is nothing to do.
fn form(
    record: &RoundRecord,
    actor: &Actor,
    chosen: Option<&SignGroup>,
    exclusions: &[Exclusion],
    problem: Option<String>,
) -> Option<ActionForm> {
    let waiting = exclusions
        .iter()
        .find(|it| it.state == ExclusionState::Waiting)
        .filter(|_| Action::Approve.roles().contains(&actor.role));
    let form = ActionForm {
        action: "/office/quality".to_owned(),
        ..ActionForm::default()
    };
    let form = match (waiting, chosen) {
        (Some(waiting), _) => Some(decision(waiting, actor, form)),
        (None, Some(group)) if may_exclude(record, actor) && group.review == Review::MayExclude => {
            Some(proposal(group, form))
        }
        _ => problem.is_some().then_some(form),
    };
    form.map(|form| ActionForm { problem, ..form })
}

fn decision(waiting: &Exclusion, actor: &Actor, form: ActionForm) -> ActionForm {
    let mut choices = vec![("approve", "批准剔除"), ("decline", "不同意，照样计入")];
    if waiting.proposed_by == actor.account.to_string() {
        choices.remove(0);
    }
    ActionForm {
        lead: format!(
            "{} 份答卷等待剔除（{}）。理由：{}",
            waiting.ballots,
            labels(&signals(waiting)),
            waiting.reason
        ),
        fields: vec![
            Field::hidden("exclusion", waiting.id.clone()),
            Field::new(
                "decision",
                "决定",
                "提出的人不能自己批准。",
                Input::OneOf(choices),
            ),
        ],
        submit: "记下决定",
        ..form
    }
}

fn proposal(group: &SignGroup, form: ActionForm) -> ActionForm {
    ActionForm {
        lead: format!(
            "{} 份答卷同时带这些迹象：{}。",
            wording::thousands(group.counted),
            labels(&group.signs)
        ),
        fields: vec![
            Field::hidden("signs", codes(group)),
            Field::area("reason", "剔除理由", "写明依据，会留在记录里。"),
        ],
        submit: "按规则剔除这一组",
        ..form
    }
}
