//! One step of a bad rating by a person.

use super::{BadRatingMark as Mark, Case, Hand, settle::follow_now};
use crate::{
    Action, Actor, App, Refusal, Verb, VerbError, allow, audit::audited, documents::rules,
    rounds::find, words,
};
use chrono::{DateTime, Utc};
use rectification::{BadRatingEvent as E, BadRatingStage, BadRatingStep as Step, ObjectionGround};
use storage::{StorageError, bad_ratings};
use survey_design::Rules;
use vocabulary::{Level, Role, RoundId, UnitId, civil_date};

/// A bad rating as somebody saw it who now does something with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenBadRating {
    /// Its number.
    pub id: String,
    /// The version it was seen in.
    pub version: i32,
}

/// What somebody does with a bad rating.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadRatingAct {
    /// The unit has spoken to who rated.
    Contact,
    /// The unit admits it.
    Admit,
    /// The unit objects.
    Object {
        /// Why.
        ground: ObjectionGround,
        /// The facts in words.
        text: String,
    },
    /// A reviewer gives an opinion on the objection; that of the second decides.
    Review {
        /// Whether it is upheld.
        upheld: bool,
        /// Why.
        reasons: String,
    },
    /// The unit has told who rated what was done.
    FeedBack {
        /// What was done.
        result: String,
    },
    /// Asked once more by the office, who rated gives a level.
    FollowUp {
        /// How.
        level: Level,
    },
}

impl BadRatingAct {
    /// The action of the policy table this is.
    #[must_use]
    pub const fn action(&self) -> Action {
        match self {
            Self::Contact | Self::Admit | Self::Object { .. } | Self::FeedBack { .. } => {
                Action::Answer
            }
            Self::Review { .. } => Action::DecideObjection,
            Self::FollowUp { .. } => Action::Verify,
        }
    }
}

/// Takes one step of a bad rating as it was seen and says where it stands then; one that is rated as bad again is registered as a
/// problem at once.
///
/// # Errors
/// When it is another unit's, does not count any more, or the step is not possible; [`Refusal::Overtaken`] names who was first.
pub async fn step_bad_rating(
    app: &App,
    actor: &Actor,
    seen: &SeenBadRating,
    act: BadRatingAct,
    now: DateTime<Utc>,
) -> Verb<BadRatingStage> {
    allow(actor, act.action())?;
    match take(app, actor, seen, act, now).await {
        Err(VerbError::Failed(StorageError::Conflict(_))) => {
            Err(overtaken(app, &seen.id).await?.into())
        }
        done => done,
    }
}

async fn take(
    app: &App,
    actor: &Actor,
    seen: &SeenBadRating,
    act: BadRatingAct,
    now: DateTime<Utc>,
) -> Verb<BadRatingStage> {
    let tx = app.store.begin().await?;
    let row = bad_ratings::find_bad_rating(&tx, &seen.id).await?;
    let row = row.ok_or(Refusal::Missing("这条差评"))?;
    if act.action() == Action::Answer
        && actor.unit.as_ref().map(UnitId::as_str) != Some(&row.unit_id)
    {
        return Err(Refusal::NotYours.into());
    }
    if row.version != seen.version {
        return Err(overtaken(app, &seen.id).await?.into());
    }
    if row.withdrawn.is_some() {
        let said = "来源系统已经更正或者撤回这条评价，差评已撤下，不用再办";
        return Err(Refusal::Contradiction(said).into());
    }
    let record = find(app, &RoundId::new(row.round_id.as_str())).await?;
    let rules = rules(app, &record.round.rules_digest).await?;
    let hand = Hand {
        actor,
        rules: &rules,
        now,
    };
    let mut case = Case::read(row)?;
    apply(&mut case, act, &hand)?;
    follow_now(&tx, &mut case, &hand).await?;
    let stage = case.rating.state.stage();
    case.write(&tx, &hand).await?;
    audited(&tx, actor, "step_bad_rating", &seen.id, now).await?;
    tx.commit().await?;
    Ok(stage)
}

/// Who did what last with a bad rating.
async fn overtaken(app: &App, id: &str) -> Verb<Refusal> {
    let last = bad_ratings::list_events(app.store(), id).await?.pop();
    let last = last.ok_or(Refusal::Missing("差评的办理过程"))?;
    let role = Role::from_code(&last.role).map_or("系统", Role::label);
    Ok(Refusal::Overtaken {
        step: Mark::from_code(&last.step).map_or("", Mark::label),
        by: format!("{}（{role}）", last.actor),
        at: last.at,
    })
}

fn apply(case: &mut Case, act: BadRatingAct, hand: &Hand<'_>) -> Verb<()> {
    let (event, said) = match act {
        BadRatingAct::Contact => (E::Contact, String::new()),
        BadRatingAct::Admit => (E::Admit, String::new()),
        BadRatingAct::Object { ground, text } => {
            let text = words("事实和依据", &text, 1000)?;
            let said = format!("{}：{text}", ground.label());
            let by = hand.actor.account.clone();
            (E::Object { ground, text, by }, said)
        }
        BadRatingAct::FeedBack { result } => {
            let result = words("整改和反馈情况", &result, 1000)?;
            (
                E::FeedBack {
                    result: result.clone(),
                },
                result,
            )
        }
        BadRatingAct::FollowUp { level } => (E::FollowUp { level }, level.label().to_owned()),
        BadRatingAct::Review { upheld, reasons } => {
            return review(case, upheld, &reasons, hand);
        }
    };
    case.take(event, said, hand.rules, civil_date(hand.now))
}

/// The first opinion waits; a second one of another person that agrees decides.
fn review(case: &mut Case, upheld: bool, reasons: &str, hand: &Hand<'_>) -> Verb<()> {
    let reasons = words("理由", reasons, 1000)?;
    let step = if upheld { Step::Uphold } else { Step::Refuse };
    let own = hand.actor.account.as_str();
    let first = case.row.reviewer.clone().filter(|first| first != own);
    if first.is_some() && case.row.decision.as_deref() != Some(step.code()) {
        let said = "两位复核人的意见不一致，请商定后由其中一位改变意见";
        return Err(Refusal::Contradiction(said).into());
    }
    // The rules judge the pair; alone, a reviewer is tried with somebody who cannot have filed.
    let other = first.clone().unwrap_or_else(|| "-".to_owned());
    let reviewers = [other.as_str().into(), own.into()];
    let event = if upheld {
        E::Uphold {
            reviewers,
            reasons: reasons.clone(),
        }
    } else {
        E::Refuse {
            reviewers,
            reasons: reasons.clone(),
        }
    };
    let said = format!("{}：{reasons}", step.label());
    if first.is_some() {
        return case.take(event, said, hand.rules, civil_date(hand.now));
    }
    let Rules {
        deadlines,
        calendar,
        ..
    } = hand.rules;
    case.rating
        .step(event, deadlines, calendar, civil_date(hand.now))?;
    case.row.reviewer = Some(own.to_owned());
    case.row.decision = Some(step.code().to_owned());
    case.mark(Mark::FirstReview, said);
    Ok(())
}
