//! One matter with everything that belongs to it.

use super::{
    Act, Entry, Side, acts, form,
    forms::typed,
    list::{deadline, step_now, voices},
};
use crate::{
    PageError, Svg,
    answer::Posted,
    chart::{Urgency, bullet},
    form::Input,
    unit::{Detail, Overtaken, SaidAfterwards, Tab, Work, six_steps},
    wording,
};
use chrono::NaiveDate;
use rectification::{
    Goal, Holder, MatterEvent, MatterStage, MatterState, MatterStep, ProblemStage, WordsReview,
};
use std::collections::BTreeMap;
use storage::{
    follow_up_ratings::{self, FollowUpRating},
    matters::{self, MatterEvent as StoredEvent},
    opinions::{self, Opinion},
    rounds,
};
use survey_design::{AnswerKind, Questionnaire, Rules};
use vocabulary::{Level, Role, RoundId, civil_date};
use workflows::{App, find_draft};

/// From where a matter is looked at.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// The installation.
    pub app: &'a App,
    /// The rules of the round.
    pub rules: &'a Rules,
    /// Today.
    pub today: NaiveDate,
    /// Who looks.
    pub side: Side,
    /// Address of the workplace, for example `/unit`.
    pub base: &'a str,
    /// Account of the reader.
    pub account: &'a str,
}

struct Past {
    when: NaiveDate,
    moment: String,
    who: String,
    event: MatterEvent,
}

/// Gathers one matter; `chosen` is the act whose form is open, with what was refused of it.
///
/// # Errors
/// When the database fails.
pub async fn detail(
    desk: Desk<'_>,
    entry: &Entry,
    unit_name: &str,
    chosen: Option<Act>,
    refused: Option<(String, &Posted)>,
) -> Result<Detail, PageError> {
    let store = desk.app.store();
    let events = past(&matters::list_matter_events(store, &entry.matter.id).await?);
    let said = opinions::list_opinions_of_matter(store, &entry.matter.id).await?;
    let labels = reason_labels(desk.app, &entry.matter.round_id).await?;
    let least = desk.rules.minimum_n.opinions as usize;
    let few = desk.side != Side::Office && said.len() < least;
    let stage = entry.state.stage();
    let deadline = deadline(entry, desk.rules, desk.today);
    let due = entry.state.due().map(wording::day);
    Ok(Detail {
        back: match desk.side {
            Side::Office => format!("{}/matters", desk.base),
            _ => desk.base.to_owned(),
        },
        number: entry.matter.id.clone(),
        state: stage.label().to_owned(),
        pill: pill(stage),
        remarks: remarks(&entry.state),
        title: entry.matter.title.clone(),
        deadline: match (&deadline, &due) {
            (Some(deadline), Some(due)) => said_deadline(stage, deadline.days_left, due),
            _ => stage.citizen_words().to_owned(),
        },
        deadline_class: match deadline.as_ref().map(|deadline| deadline.urgency) {
            Some(Urgency::Due) => "time--r",
            Some(Urgency::Soon) => "",
            Some(Urgency::Calm) | None => "time--c",
        },
        deadline_note: note(stage, desk.side).to_owned(),
        steps: six_steps(step_now(stage), step_dates(&events, stage, due.as_deref())),
        props: props(entry, unit_name),
        said_by: match few {
            true => format!("同类意见{}", voices(said.len(), least)),
            false => format!("{} 条同类意见", said.len()),
        },
        bars: if few {
            Vec::new()
        } else {
            bars(&said, &labels)
        },
        quotes: quotes(&said, desk.rules),
        privacy: privacy(&said, desk.rules),
        problems: registered(desk, entry).await?,
        words_href: (desk.side == Side::Office)
            .then(|| format!("{}/matters/{}/words", desk.base, entry.matter.id)),
        split_href: split_href(desk, entry, said.len()),
        follow_up: follow_up(desk, entry).await?,
        requirements: requirements(entry, desk.rules),
        answers: answers(&entry.state, &events),
        log: log(&events),
        files: None,
        overtaken: overtaken(desk, entry, chosen, refused.as_ref()),
        work: work(desk, entry, chosen, refused).await?,
        waiting: waiting(&entry.state),
    })
}

/// Where the office takes opinions out, until a unit has signed.
fn split_href(desk: Desk<'_>, entry: &Entry, voices: usize) -> Option<String> {
    let open = [MatterStage::Sorted, MatterStage::Assigned].contains(&entry.state.stage());
    let may = desk.side == Side::Office && open && voices > 1;
    may.then(|| format!("{}/matters/{}/split", desk.base, entry.matter.id))
}

/// Who is to act, or where it went.
fn waiting(state: &MatterState) -> String {
    match (state, state.stage().holder()) {
        (MatterState::Merged { into, .. }, _) => format!("已并入 {into}，办理情况看那一件。"),
        (_, Holder::Nobody) => "已经办结。".to_owned(),
        (_, holder) => format!("现在轮到{}办理。", holder.label()),
    }
}

/// The problems of a matter, for those who have a page for them.
async fn registered(
    desk: Desk<'_>,
    entry: &Entry,
) -> Result<Vec<(String, String, &'static str)>, PageError> {
    if desk.base == "/unit" {
        return Ok(Vec::new());
    }
    let rows = matters::list_problems_of_matter(desk.app.store(), &entry.matter.id).await?;
    let link = |row: matters::Problem| {
        let stage = ProblemStage::from_code(&row.state_code)?;
        let href = format!("{}/problems/{}", desk.base, row.reg_no);
        Some((href, row.reg_no, stage.label()))
    };
    Ok(rows.into_iter().filter_map(link).collect())
}

fn past(events: &[StoredEvent]) -> Vec<Past> {
    events
        .iter()
        .filter_map(|stored| {
            let role = Role::from_code(&stored.role).map_or("系统", Role::label);
            Some(Past {
                when: civil_date(stored.at),
                moment: wording::moment(stored.at),
                who: format!("{}（{role}）", stored.actor),
                event: serde_json::from_str(&stored.event).ok()?,
            })
        })
        .collect()
}

async fn reason_labels(app: &App, round: &str) -> Result<BTreeMap<String, String>, PageError> {
    let mut labels = BTreeMap::new();
    let record = rounds::find_round(app.store(), &RoundId::new(round)).await?;
    let digests = record
        .map(|record| [record.overall, record.enterprise])
        .into_iter()
        .flatten()
        .flatten();
    for digest in digests {
        labels.extend(options(
            workflows::questionnaire(app, &digest).await?.as_ref(),
        ));
    }
    Ok(labels)
}

fn options(questionnaire: &Questionnaire) -> BTreeMap<String, String> {
    let lists = questionnaire
        .items
        .iter()
        .filter_map(|item| match &item.kind {
            AnswerKind::Reasons { options, .. } => Some(options),
            _ => None,
        });
    lists
        .flatten()
        .map(|option| (option.code.clone(), option.label.clone()))
        .collect()
}

const fn pill(stage: MatterStage) -> &'static str {
    match stage {
        MatterStage::Closed => "st--g",
        MatterStage::Reopened | MatterStage::Returned => "st--r",
        MatterStage::ExtensionReview | MatterStage::Reported | MatterStage::Verified => "st--a",
        _ => "st--q",
    }
}

fn remarks(state: &MatterState) -> Vec<String> {
    let record = state.record();
    let mut remarks = vec![record.complexity.label().to_owned()];
    if record.reopenings > 0 {
        remarks.push(format!("退回重办 {} 次", record.reopenings));
    }
    if record.extensions > 0 {
        remarks.push("已申请过延期".to_owned());
    }
    if record.late_steps > 0 {
        remarks.push(format!("晚办 {} 次", record.late_steps));
    }
    remarks
}

fn said_deadline(stage: MatterStage, days_left: i32, due: &str) -> String {
    let what = match stage {
        MatterStage::Assigned => "签收",
        MatterStage::Signed | MatterStage::Reopened => "报方案",
        MatterStage::Rectifying => "报整改结果",
        MatterStage::Returned | MatterStage::ExtensionReview => "答复单位",
        MatterStage::Reported => "核查",
        _ => "办理",
    };
    match days_left {
        ..0 => format!("已超期 {} 个工作日，原定 {due}前{what}", -days_left),
        0 => format!("今天到期，请{what}"),
        _ => format!("还剩 {days_left} 个工作日，{due}前{what}"),
    }
}

const fn note(stage: MatterStage, side: Side) -> &'static str {
    match (stage, side) {
        (MatterStage::Assigned, Side::Unit) => "不属于本单位的，期限内可以退回一次",
        (MatterStage::Rectifying, Side::Unit) => "如需延期，请在到期以前申请，只能申请一次",
        (MatterStage::Reopened, _) => "核查认为没有解决，要重新报方案",
        _ => "",
    }
}

/// The dates of the steps done, and the limit of the step that runs.
fn step_dates(events: &[Past], stage: MatterStage, due: Option<&str>) -> [String; 6] {
    let last = |steps: &[MatterStep]| {
        let found = events
            .iter()
            .rev()
            .find(|past| steps.contains(&past.event.kind()));
        found.map(|past| wording::day(past.when))
    };
    let done = [
        last(&[MatterStep::Assign]),
        last(&[MatterStep::Sign]),
        last(&[MatterStep::Plan]),
        last(&[MatterStep::Report]),
        last(&[MatterStep::Verify]),
        last(&[MatterStep::Close]),
    ];
    let now = step_now(stage);
    let mut index = 0;
    done.map(|date| {
        index += 1;
        match (index.cmp(&now), date, due) {
            (std::cmp::Ordering::Less, Some(date), _) => date,
            (std::cmp::Ordering::Equal, _, Some(due)) => format!("期限 {due}"),
            _ => String::new(),
        }
    })
}

fn props(entry: &Entry, unit_name: &str) -> Vec<(&'static str, String)> {
    let mut props = vec![
        ("责任单位", unit_name.to_owned()),
        ("来源", format!("{} 群众评价", entry.matter.round_id)),
        ("类别", entry.state.record().complexity.label().to_owned()),
    ];
    if let Some(goal) = entry.state.goal() {
        props.push(("负责人", goal.person().to_owned()));
    }
    props
}

const BARS: usize = 4;
const QUOTES: usize = 3;

fn bars(said: &[Opinion], labels: &BTreeMap<String, String>) -> Vec<(String, Svg, u64)> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for opinion in said {
        let codes: Vec<String> = serde_json::from_str(&opinion.reasons).unwrap_or_default();
        for code in codes {
            *counts.entry(code).or_default() += 1;
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
        .into_iter()
        .take(BARS)
        .map(|(code, n)| {
            (
                labels.get(&code).cloned().unwrap_or(code),
                bullet(n, said.len() as u64),
                n,
            )
        })
        .collect()
}

fn quotes(said: &[Opinion], rules: &Rules) -> Vec<(String, String)> {
    let least = rules.minimum_n.opinions as usize;
    let review = |opinion: &Opinion| WordsReview::from_code(&opinion.words_review);
    let words = said
        .iter()
        .filter(|opinion| review(opinion).is_some_and(|review| review.shown(said.len(), least)))
        .map(|opinion| opinion.text_redacted.trim())
        .filter(|text| !text.is_empty());
    words
        .take(QUOTES)
        .map(|text| (text.to_owned(), String::new()))
        .collect()
}

fn privacy(said: &[Opinion], rules: &Rules) -> String {
    let masked: i64 = said.iter().map(|opinion| i64::from(opinion.masked)).sum();
    let least = rules.minimum_n.opinions;
    format!(
        "原文里的姓名、电话、证件号等已遮住 {masked} 处；原文经评价办看过才转来，少于 {least} 条的主题一般不转原文。"
    )
}

/// What those who wrote say of the answer 追评; the office alone sees it, the unit hears of it in the office's words.
async fn follow_up(desk: Desk<'_>, entry: &Entry) -> Result<Option<SaidAfterwards>, PageError> {
    if desk.side != Side::Office {
        return Ok(None);
    }
    let ratings = follow_up_ratings::list_ratings(desk.app.store(), &entry.matter.id).await?;
    let number = |level: &Level| {
        let given = |rating: &&FollowUpRating| rating.level == level.code();
        (level.label(), ratings.iter().filter(given).count())
    };
    let counts = Level::SCORED.iter().map(number);
    let said: Vec<String> = counts
        .filter(|(_, people)| *people > 0)
        .map(|(level, people)| format!("{level} {people} 位"))
        .collect();
    let added = ratings.iter().filter(|it| !it.text_redacted.is_empty());
    Ok((!said.is_empty()).then(|| SaidAfterwards {
        people: ratings.len(),
        levels: format!("{}。", said.join("，")),
        quotes: added
            .map(|it| {
                let level = Level::from_code(it.level).map_or("", Level::label);
                (it.text_redacted.clone(), level)
            })
            .collect(),
    }))
}

fn requirements(entry: &Entry, rules: &Rules) -> Vec<String> {
    let limit = entry.state.record().complexity.limit(&rules.deadlines);
    vec![
        entry.matter.problem.clone(),
        format!(
            "{}，批准方案后最长 {} 个工作日",
            entry.state.record().complexity.label(),
            limit.0
        ),
        "方案要写明措施、标准、完成日期和负责人".to_owned(),
    ]
}

/// What the unit said; a reopened matter still shows what was planned and reported before.
fn answers(state: &MatterState, events: &[Past]) -> Vec<(String, String)> {
    let mut answers = match (state.goal(), state) {
        (Some(goal), _) => goal_lines(goal),
        (None, MatterState::Reopened { .. }) => earlier(events),
        (None, _) => Vec::new(),
    };
    let mut add = |name: &str, text: &str| answers.push((name.to_owned(), text.to_owned()));
    match state {
        MatterState::Returned { reason, .. } => add("退回理由", reason),
        MatterState::ExtensionReview { asked, reason, .. } => {
            add(&format!("申请延到 {}", wording::full_day(*asked)), reason)
        }
        MatterState::Reported { result, .. } | MatterState::Closed { result, .. } => {
            add("整改情况", result)
        }
        MatterState::Verified {
            result, finding, ..
        } => {
            add("整改情况", result);
            add(
                &format!(
                    "核查：{}，回访 {} 位，{} 位满意",
                    finding.check.label(),
                    finding.called,
                    finding.satisfied
                ),
                &finding.note,
            );
        }
        MatterState::Deferred { reason, .. } => add("暂不具备条件的原因", reason),
        MatterState::Reopened { reason, .. } => add("退回重办的原因", reason),
        MatterState::Merged { into, .. } => add("已并入", into.as_str()),
        _ => {}
    }
    answers
}

fn earlier(events: &[Past]) -> Vec<(String, String)> {
    let newest_first = || events.iter().rev().map(|past| &past.event);
    let plan = newest_first().find_map(|event| match event {
        MatterEvent::Plan { goal } => Some(goal),
        _ => None,
    });
    let result = newest_first().find_map(|event| match event {
        MatterEvent::Report { result } => Some(result),
        _ => None,
    });
    let mut lines = Vec::new();
    lines.extend(plan.map(|goal| ("上一次的措施".to_owned(), goal.measure.clone())));
    lines.extend(result.map(|result| ("上一次报的结果".to_owned(), result.clone())));
    lines
}

fn goal_lines(goal: &Goal) -> Vec<(String, String)> {
    vec![
        ("措施".to_owned(), goal.measure().to_owned()),
        ("标准".to_owned(), goal.standard().to_owned()),
        ("完成日期".to_owned(), wording::full_day(goal.due())),
    ]
}

/// Newest first.
fn log(events: &[Past]) -> Vec<(String, String)> {
    let line = |past: &Past| {
        let reason = match &past.event {
            MatterEvent::Return { reason }
            | MatterEvent::SendBack { reason }
            | MatterEvent::Fail { reason }
            | MatterEvent::Reopen { reason } => format!("：{reason}"),
            MatterEvent::AskExtension { until, .. } => format!("到 {}", wording::day(*until)),
            MatterEvent::TakeIn { from } => format!("，来自 {from}"),
            MatterEvent::Split { into } => format!("，另立 {into}"),
            MatterEvent::Merge { into } => format!(" {into}"),
            _ => String::new(),
        };
        (
            format!("{}{reason}", past.event.kind().label()),
            format!("{}，{}", past.who, past.moment),
        )
    };
    events.iter().rev().map(line).collect()
}

/// What was refused of an act that is not to be done any more, with everything that was typed.
fn overtaken(
    desk: Desk<'_>,
    entry: &Entry,
    chosen: Option<Act>,
    refused: Option<&(String, &Posted)>,
) -> Option<Overtaken> {
    let act = chosen.filter(|act| !acts(entry.state.stage(), desk.side).contains(act))?;
    let (problem, posted) = refused?;
    Some(Overtaken {
        problem: problem.clone(),
        typed: typed(act, posted),
    })
}

async fn work(
    desk: Desk<'_>,
    entry: &Entry,
    chosen: Option<Act>,
    refused: Option<(String, &Posted)>,
) -> Result<Option<Work>, PageError> {
    let open = acts(entry.state.stage(), desk.side);
    let act = chosen
        .filter(|act| open.contains(act))
        .or_else(|| open.first().copied());
    let Some(act) = act else { return Ok(None) };
    let refused = refused.filter(|_| chosen == Some(act));
    let tabs = open
        .iter()
        .map(|other| Tab {
            href: format!(
                "{}/matters/{}?do={}#work",
                desk.base,
                entry.matter.id,
                other.code()
            ),
            label: other.label(),
            count: 0,
            current: *other == act,
        })
        .collect();
    let draft = find_draft(desk.app, desk.account, &entry.matter.id, act.code()).await?;
    let (kept, saved_at) = draft.unzip();
    let form = form(act, entry, desk.base, refused, kept.as_ref());
    let has_words = form.fields.iter().any(|field| field.input == Input::Area);
    let saved = saved_at.map(|at| format!("草稿存于 {}", wording::moment(at)));
    Ok(Some(Work {
        tabs,
        form,
        draft: has_words.then(|| saved.unwrap_or_default()),
    }))
}
