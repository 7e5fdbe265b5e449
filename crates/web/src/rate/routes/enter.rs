//! From the invitation to the first question.

use super::{Form, hand_in::not_taken, round_frame, round_of, status, view};
use crate::{
    Page, PageError, WebState,
    answer::{self, Posted},
    cookie,
    guard::{OpenLink, network_of, take_turns},
    rate::{LandingPage, Status, SumPage},
    routes::posted,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Path},
};
use rand::RngExt;
use response_collection::{pages, progress};
use storage::{
    quotas::{self, Quota, WHOLE_ROUND},
    rounds::{self, RoundRecord},
};
use survey_design::{Anonymity, Questionnaire, Resubmission, RoundState};
use vocabulary::{RoundId, UnitId};
use workflows::{
    Key,
    collect::{self, DraftKey, EnterRefused},
};

/// A code without a link: leads to the round that is open now.
pub async fn any_round(state: Data<WebState>, request: HttpRequest) -> Page {
    let all = rounds::list_rounds(state.app.store()).await?;
    match all
        .iter()
        .rev()
        .find(|record| record.round.state == RoundState::Collecting)
    {
        Some(record) => Ok(answer::go_to(&format!("/s/{}", record.round.id))),
        None => status(&state, &request, &Status::Closed, None, StatusCode::OK).await,
    }
}

/// Who asks, why, how long; one button.
pub async fn landing(state: Data<WebState>, request: HttpRequest, round: Path<RoundId>) -> Page {
    let Some(record) = round_of(&state, &round).await? else {
        return status(
            &state,
            &request,
            &Status::NoSuchRound,
            None,
            StatusCode::NOT_FOUND,
        )
        .await;
    };
    let nobody_begins = match record.round.state {
        RoundState::Draft | RoundState::Sampling => Some(Status::NotOpenYet),
        RoundState::Collecting if is_full(&state, &record).await? => Some(Status::Full),
        RoundState::Collecting => None,
        _ => Some(Status::Closed),
    };
    match nobody_begins {
        Some(why) => status(&state, &request, &why, Some(round.as_str()), StatusCode::OK).await,
        None => answer::own_page(&landing_page(&state, &request, &record, None).await?),
    }
}

/// Whether the round takes no more answers, so that nobody fills one in for nothing; an answer that replaces one is still taken.
async fn is_full(state: &WebState, record: &RoundRecord) -> Result<bool, PageError> {
    let replaced = record.round.resubmission == Resubmission::UntilClose;
    let quotas = quotas::list_quotas(state.app.store(), &record.round.id).await?;
    let full = |quota: &Quota| quota.stratum == WHOLE_ROUND && quota.taken >= quota.most;
    Ok(!replaced && quotas.iter().any(full))
}

/// The landing page, with the code typed when it was not accepted.
async fn landing_page(
    state: &WebState,
    request: &HttpRequest,
    record: &RoundRecord,
    refused: Option<&str>,
) -> Result<LandingPage, PageError> {
    let w = cookie::language(request);
    let digest = record.overall.as_deref().unwrap_or_default();
    let questionnaire = workflows::questionnaire(&state.app, digest).await?;
    let title = if refused.is_some() {
        w.code_title()
    } else {
        w.start_title()
    };
    let english = questionnaire.english.as_ref();
    let heading = w.pick(
        &questionnaire.title,
        english.map(|text| text.title.as_str()),
    );
    let intro = w.pick(
        &questionnaire.intro,
        english.map(|text| text.intro.as_str()),
    );
    let rules = workflows::rules(&state.app, &record.round.rules_digest).await?;
    let unfinished = unfinished(state, request, record).await?;
    Ok(LandingPage {
        frame: round_frame(state, request, title, record, "").await?,
        round: record.round.id.to_string(),
        title: heading.to_owned(),
        intro: intro
            .split('\n')
            .filter(|line| !line.trim().is_empty())
            .map(str::to_owned)
            .collect(),
        minutes: questionnaire.minutes,
        questions: most_questions(&questionnaire, rules.sample.units_per_person),
        period: w.period(record.round.period_start, record.round.period_end),
        anonymity: record.round.anonymity,
        resubmission: record.round.resubmission,
        code: refused.unwrap_or_default().to_owned(),
        problem: refused.map(|_| w.code_mistyped().to_owned()),
        work: work(state, record)?,
        unfinished,
    })
}

/// What the browser works at before an open round begins.
fn work(state: &WebState, record: &RoundRecord) -> Result<Option<String>, PageError> {
    if record.round.anonymity != Anonymity::Open {
        return Ok(None);
    }
    let key = collect::open_link_key(&state.app, &record.round.id)?;
    let task = open_link(state, record, &key).work((state.rng)().random());
    Ok(Some(task))
}

/// How many questions somebody gets who is asked about this many units; follow-ups come on top.
fn most_questions(questionnaire: &Questionnaire, units: u16) -> usize {
    let units: Vec<UnitId> = (0..units)
        .map(|unit| UnitId::new(unit.to_string()))
        .collect();
    let all = pages(questionnaire, &units);
    progress(questionnaire, &all, all.len()).1
}

/// The page to go on with, when this browser keeps a draft of the round.
async fn unfinished(
    state: &WebState,
    request: &HttpRequest,
    record: &RoundRecord,
) -> Result<Option<String>, PageError> {
    let Some(key) = cookie::draft(request).as_deref().and_then(DraftKey::parse) else {
        return Ok(None);
    };
    let draft = collect::load(&state.app, &record.round.id, &key).await?;
    Ok(draft.map(|draft| view::resume_path(&record.round.id, &draft)))
}

/// Takes the code, where one is needed, and leads to the first question, or to the one reached before.
pub async fn enter(
    state: Data<WebState>,
    request: HttpRequest,
    round: Path<RoundId>,
    form: Form,
) -> Page {
    let fields = posted(form);
    let code = fields.text("code");
    let record = round_of(&state, &round).await?;
    let entered = match record {
        Some(record) if record.round.anonymity == Anonymity::Open => {
            if let Some(sum) = sum_first(&state, &request, &record, &fields).await? {
                return sum;
            }
            collect::enter_open(&state.app, &round, state.now(), &mut (state.rng)()).await?
        }
        _ => collect::enter(&state.app, &round, code, state.now()).await?,
    };
    match entered {
        Ok(key) => {
            let draft = collect::load(&state.app, &round, &key).await?;
            let path = match draft {
                None => format!("/s/{round}/q/1"),
                Some(mut draft) => {
                    if fields.maybe("assisted").is_some()
                        && let Err(refused) =
                            collect::assist(&state.app, &round, &key, &mut draft).await?
                    {
                        return not_taken(&state, &request, &round, refused).await;
                    }
                    view::resume_path(&round, &draft)
                }
            };
            Ok(answer::go_to_with(
                &path,
                vec![cookie::keep_draft(&state, key.text())],
            ))
        }
        Err(refused) => not_entered(&state, &request, &round, code, refused).await,
    }
}

/// A sum to add before an open round begins, unless the browser has worked or the sum is right. Sums of one network are
/// looked at one after the other.
async fn sum_first(
    state: &WebState,
    request: &HttpRequest,
    record: &RoundRecord,
    fields: &Posted,
) -> Result<Option<Page>, PageError> {
    let key = collect::open_link_key(&state.app, &record.round.id)?;
    let link = open_link(state, record, &key);
    if link.is_worked(fields.text("work"), fields.text("found")) {
        return Ok(None);
    }
    let task = fields.maybe("sum");
    if let Some(task) = task {
        take_turns(network_of(state, request)).await?;
        if link.is_added(task, fields.text("answer")) {
            return Ok(None);
        }
    }
    let mut rng = (state.rng)();
    let numbers = [rng.random_range(2..=9), rng.random_range(2..=9)];
    let title = cookie::language(request).sum_title();
    let page = SumPage {
        frame: round_frame(state, request, title, record, "").await?,
        round: record.round.id.to_string(),
        numbers,
        task: link.sum(rng.random(), numbers),
        assisted: fields.maybe("assisted").is_some(),
        wrong: task.is_some(),
    };
    let status = match task {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Some(answer::own_page_with(status, &page)))
}

fn open_link<'l>(state: &WebState, record: &'l RoundRecord, key: &'l Key) -> OpenLink<'l> {
    OpenLink {
        key,
        round: record.round.id.as_str(),
        now: state.now(),
    }
}

/// Takes a "no, thank you".
pub async fn decline(
    state: Data<WebState>,
    request: HttpRequest,
    round: Path<RoundId>,
    form: Form,
) -> Page {
    let fields = posted(form);
    let code = fields.text("code");
    match collect::decline(&state.app, &round, code).await? {
        Ok(()) => {
            status(
                &state,
                &request,
                &Status::Declined,
                Some(round.as_str()),
                StatusCode::OK,
            )
            .await
        }
        Err(refused) => not_entered(&state, &request, &round, code, refused).await,
    }
}

async fn not_entered(
    state: &WebState,
    request: &HttpRequest,
    round: &RoundId,
    code: &str,
    refused: EnterRefused,
) -> Page {
    let page = match refused {
        EnterRefused::UnknownRound => {
            return status(
                state,
                request,
                &Status::NoSuchRound,
                None,
                StatusCode::NOT_FOUND,
            )
            .await;
        }
        EnterRefused::NotYetOpen => Status::NotOpenYet,
        EnterRefused::Closed => Status::Closed,
        EnterRefused::Expired => Status::Expired,
        EnterRefused::Used => Status::AlreadyUsed,
        EnterRefused::Declined => Status::Declined,
        EnterRefused::Busy => return Err(PageError::Unavailable),
        EnterRefused::UnknownCode => {
            take_turns(network_of(state, request)).await?;
            let record = round_of(state, round).await?.ok_or(PageError::NotFound)?;
            let landing = landing_page(state, request, &record, Some(code)).await?;
            return answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &landing);
        }
    };
    status(state, request, &page, Some(round.as_str()), StatusCode::OK).await
}
