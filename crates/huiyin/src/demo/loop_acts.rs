//! What officials do with a result: one objection decided, letters signed, matters planned, reported, verified, reopened, escalated.

use super::play::Play;
use super::stages::instant;
use crate::{clock, exit::Failure};
use chrono::{Days, NaiveDate};
use rectification::{
    CheckResult, Closing, Decision, Finding, GoalDraft, Ground, MatterEvent, MatterStage,
    ProblemEvent, ProblemStage, Progress, WordsReview,
};
use storage::{appeals, imports, letters, matters, opinions, rounds};
use survey_design::RoundState;
use vocabulary::{MatterId, OpinionId, Role, RoundId, UnitId, WorkingDays, civil_date};
use workflows::{
    Actor, Correction, MemberChoice, SeenProblem, call_matter, draw_callbacks, file_appeal,
    issue_letters, make_matters, of_bad_rating, review_appeal, review_words, sign_letter,
    step_matter, step_problem,
};

type Stage = Result<(), Failure>;

/// How many matters go all the way in the demo; the others wait at their units.
const WORKED: usize = 36;
/// One matter that stays where the unit has reported, one where the office has checked, one of class B and one of class C.
const ONLY_REPORTED: usize = 2;
const ONLY_VERIFIED: usize = 4;
const IN_PLAN: usize = 9;
const DEFERRED: usize = 11;

/// One unit objects to an order counted twice; two reviewers agree; the round is scored again.
///
/// # Errors
/// When a step is refused.
pub async fn objection(play: &Play, id: &RoundId) -> Stage {
    let open = rounds::find_round(play.app.store(), id)
        .await?
        .map(|record| record.round.state)
        == Some(RoundState::UnderObjection);
    if !open
        || !appeals::list_appeals(play.app.store(), id)
            .await?
            .is_empty()
    {
        return Ok(());
    }
    let Some(order) = disputed_order(play, id).await? else {
        return Ok(());
    };
    let liaison = play.liaison(&UnitId::new(order.unit_id.as_str()));
    let text = "有一张工单与区里的工单是同一件事，重复计入了本部门，请复核。";
    let appeal = file_appeal(
        &play.app,
        &liaison,
        id,
        Ground::Duplicate,
        text,
        clock::now(),
        &mut play.rng("appeal"),
    )
    .await?;
    let correction = Correction::ExcludeOrder(order.row_key.clone());
    for role in [Role::OfficeLeader, Role::DisciplineCommission] {
        let reasons = "经核对，两张工单是同一件事，剔除一张。";
        review_appeal(
            &play.app,
            &play.official(role),
            &appeal,
            Decision::Correct,
            reasons,
            &correction,
            clock::now(),
        )
        .await?;
    }
    play.say(&format!(
        "部门核对：申诉 {appeal} 由两人复核，予以更正，重新算分"
    ));
    Ok(())
}

/// An order that was not solved, of a unit whose liaison the demo names.
async fn disputed_order(
    play: &Play,
    id: &RoundId,
) -> Result<Option<imports::HotlineOrder>, Failure> {
    let named = named_units(play);
    let orders = imports::list_hotline_orders(play.app.store(), id).await?;
    Ok(orders.into_iter().find(|order| {
        let of_named_unit = named.iter().any(|unit| unit.as_str() == order.unit_id);
        order.counted && order.resolved == Some(0) && of_named_unit
    }))
}

/// Units whose liaison the demo names: whoever signs in as one of them finds something to do.
fn named_units(play: &Play) -> Vec<&UnitId> {
    let accounts = play.demo.accounts.iter();
    accounts
        .filter(|account| account.role == Role::UnitLiaison)
        .flat_map(|account| &account.units)
        .collect()
}

/// Letters go out and are signed, opinions become matters, units act, the office verifies.
///
/// # Errors
/// When a step is refused.
pub async fn letters_and_matters(play: &Play, id: &RoundId) -> Stage {
    let clerk = play.official(Role::OfficeClerk);
    let state = rounds::find_round(play.app.store(), id)
        .await?
        .map(|record| record.round.state);
    if state == Some(RoundState::Frozen) {
        let letters = issue_letters(&play.app, &clerk, id, clock::now()).await?;
        play.say(&format!("发出一对一反馈函 {letters} 份"));
    }
    for letter in letters::list_letters(play.app.store(), id)
        .await?
        .into_iter()
        .filter(|letter| letter.signed_at.is_none())
        .skip(2)
    {
        sign_letter(
            &play.app,
            &play.liaison(&UnitId::new(letter.unit_id.as_str())),
            &letter.id,
            "",
            clock::now(),
        )
        .await?;
    }
    if of_opinions(play, id).await?.is_empty() {
        let made = make_matters(&play.app, &clerk, id, clock::now()).await?;
        play.say(&format!("意见归并为整改事项 {made} 件，一事一清单"));
        read_words(play, &clerk, id).await?;
    }
    work(play, id).await
}

/// The matters of a round that come from opinions.
async fn of_opinions(play: &Play, id: &RoundId) -> Result<Vec<matters::Matter>, Failure> {
    let mut all = matters::list_matters(play.app.store(), id).await?;
    all.retain(|matter| !of_bad_rating(&matter.id));
    Ok(all)
}

/// The office reads what people wrote before the units do.
async fn read_words(play: &Play, clerk: &Actor, id: &RoundId) -> Stage {
    for matter in of_opinions(play, id).await? {
        let said = opinions::list_opinions_of_matter(play.app.store(), &matter.id).await?;
        let choices: Vec<MemberChoice> = said
            .iter()
            .filter(|opinion| !opinion.text_redacted.is_empty())
            .map(|opinion| MemberChoice {
                opinion: OpinionId::new(opinion.id.as_str()),
                words: WordsReview::Passed,
                cover: Vec::new(),
            })
            .collect();
        let matter = MatterId::new(matter.id);
        review_words(&play.app, clerk, &matter, &choices, clock::now()).await?;
    }
    Ok(())
}

async fn work(play: &Play, id: &RoundId) -> Stage {
    let day = civil_date(clock::now());
    let mut rows = of_opinions(play, id).await?;
    let named = named_units(play);
    rows.retain(|row| !named.iter().any(|unit| unit.as_str() == row.unit_id));
    let bar = play.bar("部门整改", rows.len().min(WORKED) as u64);
    for (n, row) in rows.iter().take(WORKED).enumerate() {
        let matter = MatterId::new(row.id.as_str());
        let unit = UnitId::new(row.unit_id.as_str());
        plan(play, &matter, &unit, n, day).await?;
        match n {
            1 => escalate(play, &matter, day).await?,
            n if n % 9 == 8 => call(play, &matter, n, day).await?,
            n => report_and_verify(play, &matter, &unit, n, day).await?,
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    if rows.len() > ONLY_REPORTED {
        let (clerk, seed) = (play.official(Role::OfficeClerk), Some(play.seed));
        draw_callbacks(&play.app, &clerk, id, seed, clock::now()).await?;
    }
    let summary = workflows::matter_summary(&play.app, id).await?;
    play.say(&format!(
        "整改：立项 {} 件，销号 {}，核实不通过重办 {}，提级督办 {}",
        summary.registered, summary.closed, summary.reopened, summary.escalated
    ));
    Ok(())
}

/// Steps a matter if it stands where the step begins; a resumed demo passes over what is done.
pub(super) async fn step(
    play: &Play,
    who: &Actor,
    matter: &MatterId,
    from: MatterStage,
    event: MatterEvent,
) -> Stage {
    let row = matters::find_matter(play.app.store(), matter.as_str()).await?;
    if row.is_some_and(|row| row.state_code == from.code()) {
        step_matter(&play.app, who, matter, event, None, clock::now()).await?;
    }
    Ok(())
}

/// The unit signs (one first tries to return it), plans with a goal that can be checked, and the office approves.
async fn plan(play: &Play, matter: &MatterId, unit: &UnitId, n: usize, day: NaiveDate) -> Stage {
    let (clerk, liaison) = (play.official(Role::OfficeClerk), play.liaison(unit));
    clock::play(instant(day + Days::new(1), 10));
    if n == 3 {
        let reason = "该事项涉及多个部门，建议由牵头部门办理".to_owned();
        step(
            play,
            &liaison,
            matter,
            MatterStage::Assigned,
            MatterEvent::Return { reason },
        )
        .await?;
        step(
            play,
            &clerk,
            matter,
            MatterStage::Returned,
            MatterEvent::RefuseReturn,
        )
        .await?;
    }
    step(
        play,
        &liaison,
        matter,
        MatterStage::Assigned,
        MatterEvent::Sign,
    )
    .await?;
    let today = civil_date(clock::now());
    let due = play.templates.rules.calendar.add(today, WorkingDays(5));
    let goal = GoalDraft {
        measure: "窗口增设导办人员 2 名，重写一次性告知单".to_owned(),
        standard: "抽查 20 件，平均等候不超过 20 分钟，告知单与办事指南一致".to_owned(),
        due: Some(due),
        person: "办公室 许立言".to_owned(),
    };
    step(
        play,
        &liaison,
        matter,
        MatterStage::Signed,
        MatterEvent::Plan { goal },
    )
    .await?;
    step(
        play,
        &clerk,
        matter,
        MatterStage::Planned,
        MatterEvent::Approve,
    )
    .await
}

async fn report_and_verify(
    play: &Play,
    matter: &MatterId,
    unit: &UnitId,
    n: usize,
    day: NaiveDate,
) -> Stage {
    let (clerk, liaison) = (play.official(Role::OfficeClerk), play.liaison(unit));
    clock::play(instant(day + Days::new(5), 15));
    let result =
        "已增设导办人员 2 名，新告知单 10 月起使用；抽查 20 件，平均等候 14 分钟。".to_owned();
    step(
        play,
        &liaison,
        matter,
        MatterStage::Rectifying,
        MatterEvent::Report { result },
    )
    .await?;
    if n == ONLY_REPORTED {
        return Ok(());
    }
    clock::play(instant(day + Days::new(7), 10));
    let failed = n == 0 || n == 5;
    let (check, satisfied) = if failed {
        (CheckResult::NotSolved, 2)
    } else {
        (CheckResult::Solved, 9)
    };
    let finding = Finding {
        check,
        called: 10,
        satisfied,
        note: "电话回访 10 人，现场抽查 5 件".to_owned(),
    };
    step(
        play,
        &clerk,
        matter,
        MatterStage::Reported,
        MatterEvent::Verify { finding },
    )
    .await?;
    let event = match n {
        ONLY_VERIFIED => return Ok(()),
        IN_PLAN => {
            let until = day + Days::new(180);
            MatterEvent::Close {
                closing: Closing::Planned { until },
            }
        }
        DEFERRED => {
            let reason = "要等省里的系统开放接口，预计明年".to_owned();
            MatterEvent::Close {
                closing: Closing::Deferred { reason },
            }
        }
        _ if failed => MatterEvent::Fail {
            reason: "回访 10 人只有 2 人认为解决，现场排队仍超过 40 分钟".to_owned(),
        },
        _ => MatterEvent::Close {
            closing: Closing::Solved,
        },
    };
    step(play, &clerk, matter, MatterStage::Verified, event).await
}

/// Matters on which a unit still works: called, registered again, or promised for a date.
async fn call(play: &Play, matter: &MatterId, n: usize, day: NaiveDate) -> Stage {
    let clerk = play.official(Role::OfficeClerk);
    clock::play(instant(day + Days::new(8), 16));
    let found = matters::list_problems_of_matter(play.app.store(), matter.as_str()).await?;
    let Some(row) = found.into_iter().find(is_registered) else {
        return Ok(());
    };
    let mut seen = SeenProblem {
        reg_no: row.reg_no,
        version: row.version,
    };
    for event in found_by_calls(n, day) {
        step_problem(&play.app, &clerk, &seen, event, clock::now()).await?;
        seen.version += 1;
    }
    Ok(())
}

/// A resumed demo passes over problems it has called before.
fn is_registered(row: &matters::Problem) -> bool {
    row.state_code == ProblemStage::Registered.code()
}

fn found_by_calls(n: usize, day: NaiveDate) -> Vec<ProblemEvent> {
    let first = ProblemEvent::Call {
        progress: Progress::OnTrack,
        note: "首次叫号，两名导办已到岗，告知单在改".to_owned(),
    };
    let late = ProblemEvent::Call {
        progress: Progress::LateOrRefused,
        note: "告知单还没有改，科室之间推来推去".to_owned(),
    };
    let promise = ProblemEvent::Promise {
        until: day + Days::new(60),
        timetable: "十一月上旬完成采购，中旬安装，下旬试用，月底前请群众体验".to_owned(),
    };
    match n {
        17 => vec![first, late],
        26 => vec![first, promise],
        _ => vec![first],
    }
}

/// A first call, then calls without progress until the stationed group is told.
async fn escalate(play: &Play, matter: &MatterId, day: NaiveDate) -> Stage {
    let clerk = play.official(Role::OfficeClerk);
    for call in 1_u64..=6 {
        clock::play(instant(day + Days::new(call * 2), 16));
        let open = matters::list_problems_of_matter(play.app.store(), matter.as_str()).await?;
        let done =
            |problem: &matters::Problem| problem.state_code == ProblemStage::Escalated.code();
        if open.iter().any(done) {
            break;
        }
        let (progress, note) = match call {
            1 => (Progress::OnTrack, "首次叫号，部门答复正在研究"),
            _ => (Progress::LateOrRefused, "到期没有进展，也没有说明原因"),
        };
        call_matter(&play.app, &clerk, matter, progress, note, clock::now()).await?;
    }
    Ok(())
}
