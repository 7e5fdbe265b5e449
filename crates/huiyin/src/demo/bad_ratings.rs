//! What units and reviewers do with the bad ratings of the hall that its own records leave open.

use super::{loop_acts::step, play::Play};
use crate::{clock, exit::Failure};
use rectification::{
    CheckResult, Closing, Finding, GoalDraft, MatterEvent, MatterStage, ObjectionGround,
};
use storage::{bad_ratings, matters};
use vocabulary::{Level, MatterId, Role, RoundId, UnitId, WorkingDays, civil_date};
use workflows::{Actor, BadRatingAct as Act, SeenBadRating, of_bad_rating, step_bad_rating};

type Stage = Result<(), Failure>;

/// Who does something: the unit, or an official.
#[derive(Clone, Copy)]
enum Who {
    Unit,
    Official(Role),
}

/// In a quarter that is long past, units answer late what they had left, and settle what was registered.
///
/// # Errors
/// When a step is refused.
pub async fn settle_all(play: &Play, id: &RoundId) -> Stage {
    for (rating, contacted) in untouched(play, id).await? {
        let acts = [Act::Contact, Act::Admit, feed_back()];
        let left = acts.into_iter().skip(usize::from(contacted));
        take(play, &rating, left.map(|act| (Who::Unit, act))).await?;
    }
    for matter in matters::list_matters(play.app.store(), id).await? {
        if of_bad_rating(&matter.id) {
            let unit = UnitId::new(matter.unit_id.as_str());
            settle(play, &MatterId::new(matter.id), &unit).await?;
        }
    }
    Ok(())
}

/// In the newest quarter every state is shown.
///
/// # Errors
/// When a step is refused.
pub async fn work(play: &Play, id: &RoundId) -> Stage {
    let (spoken, fresh): (Vec<_>, Vec<_>) = untouched(play, id)
        .await?
        .into_iter()
        .partition(|(_, contacted)| *contacted);
    for (n, (rating, _)) in fresh.iter().enumerate() {
        take(play, rating, acts(n).into_iter()).await?;
    }
    // To object it is too late where the hall had spoken to who rated.
    for (n, (rating, _)) in spoken.iter().enumerate() {
        take(play, rating, acts(6 + n % 4).into_iter().skip(1)).await?;
    }
    let all = bad_ratings::list_bad_ratings(play.app.store(), id, None).await?;
    let registered = all.iter().filter(|rating| rating.reg_no.is_some()).count();
    play.say(&format!(
        "大厅差评 {} 条一条一办，追评仍不满意挂号 {registered} 件",
        all.len()
    ));
    Ok(())
}

/// Bad ratings of a round nobody has done anything about here, and whether the hall has spoken to who rated.
async fn untouched(
    play: &Play,
    id: &RoundId,
) -> Result<Vec<(bad_ratings::BadRating, bool)>, Failure> {
    let mut all = bad_ratings::list_bad_ratings(play.app.store(), id, None).await?;
    all.retain(|rating| rating.round_id == id.as_str() && rating.version == 1);
    let open = all.into_iter().filter_map(|rating| {
        let contacted = match rating.state_code.as_str() {
            "received" => false,
            "contacted" => true,
            _ => return None,
        };
        Some((rating, contacted))
    });
    Ok(open.collect())
}

async fn take(
    play: &Play,
    rating: &bad_ratings::BadRating,
    acts: impl Iterator<Item = (Who, Act)>,
) -> Stage {
    let mut seen = SeenBadRating {
        id: rating.id.clone(),
        version: rating.version,
    };
    for (who, act) in acts {
        let actor: Actor = match who {
            Who::Unit => play.liaison(&UnitId::new(rating.unit_id.as_str())),
            Who::Official(role) => play.official(role),
        };
        let now = clock::now();
        let done = step_bad_rating(&play.app, &actor, &seen, act, now).await?;
        if done.code().starts_with("closed") {
            return Ok(());
        }
        seen.version += 1;
    }
    Ok(())
}

fn feed_back() -> Act {
    let result = "窗口当面说明了缺的材料，当天补办完成，并告诉了评价人。".to_owned();
    Act::FeedBack { result }
}

/// What becomes of the `n`th.
fn acts(n: usize) -> Vec<(Who, Act)> {
    let object = Act::Object {
        ground: ObjectionGround::NotItsCase,
        text: "这件办件由旁边窗口的单位受理，取号记录可以核对。".to_owned(),
    };
    let review = |upheld, role| {
        let reasons = match upheld {
            true => "核对取号记录，确由另一单位受理。",
            false => "核对取号记录，由本单位受理。",
        };
        let reasons = reasons.to_owned();
        (Who::Official(role), Act::Review { upheld, reasons })
    };
    let unit = |act| (Who::Unit, act);
    let again = |level| (Who::Official(Role::OfficeClerk), Act::FollowUp { level });
    let both = [Role::OfficeLeader, Role::DisciplineCommission];
    let mut acts = vec![unit(Act::Contact)];
    match n % 10 {
        0 => acts.clear(),
        1 => {}
        2 => acts.push(unit(object)),
        3 => acts.extend([unit(object), review(true, Role::OfficeLeader)]),
        4 => acts.extend([unit(object), review(true, both[0]), review(true, both[1])]),
        5 => acts.extend([unit(object), review(false, both[0]), review(false, both[1])]),
        6 => acts.push(unit(Act::Admit)),
        rest => {
            acts.extend([unit(Act::Admit), unit(feed_back())]);
            match rest {
                8 => acts.push(again(Level::Satisfied)),
                9 => acts.push(again(Level::Dissatisfied)),
                _ => {}
            }
        }
    }
    acts
}

/// The unit rectifies, and the office finds the one person who had rated satisfied.
async fn settle(play: &Play, matter: &MatterId, unit: &UnitId) -> Stage {
    let (clerk, liaison) = (play.official(Role::OfficeClerk), play.liaison(unit));
    let goal = GoalDraft {
        measure: "重办这件事，窗口换人对接，一次性告知单补上容易漏的材料".to_owned(),
        standard: "评价人回访满意，同类办件抽查 10 件没有第二次跑".to_owned(),
        due: Some(
            play.templates
                .rules
                .calendar
                .add(civil_date(clock::now()), WorkingDays(5)),
        ),
        person: "办公室 许立言".to_owned(),
    };
    let finding = Finding {
        check: CheckResult::Solved,
        called: 1,
        satisfied: 1,
        note: "电话回访评价人，已经办好".to_owned(),
    };
    let result = "已经重办完毕，同类办件抽查 10 件，没有跑第二次的。".to_owned();
    let closing = Closing::Solved;
    for (who, from, event) in [
        (&liaison, MatterStage::Assigned, MatterEvent::Sign),
        (&liaison, MatterStage::Signed, MatterEvent::Plan { goal }),
        (&clerk, MatterStage::Planned, MatterEvent::Approve),
        (
            &liaison,
            MatterStage::Rectifying,
            MatterEvent::Report { result },
        ),
        (
            &clerk,
            MatterStage::Reported,
            MatterEvent::Verify { finding },
        ),
        (
            &clerk,
            MatterStage::Verified,
            MatterEvent::Close { closing },
        ),
    ] {
        step(play, who, matter, from, event).await?;
    }
    Ok(())
}
