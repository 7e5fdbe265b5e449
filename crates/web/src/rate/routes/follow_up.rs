//! What became of my feedback.

use super::{Form, frame};
use crate::{
    Page, WebState, answer, cookie,
    guard::{network_of, take_turns},
    known,
    language::Language,
    rate::{FollowUpPage, FollowUpStep, LookupPage, Rated, Story},
    routes::posted,
};
use actix_web::{HttpRequest, http::StatusCode, web::Data};
use rectification::{Holder, MatterStage, MatterStep, OpinionKind};
use response_collection::ReceiptCode;
use std::collections::BTreeSet;
use storage::rounds;
use workflows::{Decision, FollowUp, FollowedMatter, FollowedOpinion, Rating, lookup};

/// The field for the code.
pub async fn ask(state: Data<WebState>, request: HttpRequest) -> Page {
    let w = cookie::language(&request);
    answer::own_page(&LookupPage {
        frame: frame(&state, &request, w.my_title(), w.my_line(), "/my").await?,
        code: String::new(),
        problem: None,
    })
}

/// What happened to the feedback of this code.
pub async fn find(state: Data<WebState>, request: HttpRequest, form: Form) -> Page {
    let fields = posted(form);
    let code = fields.text("code").trim();
    match lookup(&state.app, code).await? {
        Some(found) => progress(&state, &request, code, &found, None).await,
        None => not_found(&state, &request, code).await,
    }
}

/// The field again, after a pause: nothing has this code.
pub(super) async fn not_found(state: &WebState, request: &HttpRequest, code: &str) -> Page {
    let w = cookie::language(request);
    take_turns(network_of(state, request)).await?;
    let page = LookupPage {
        frame: frame(state, request, w.not_found_title(), w.my_line(), "/my").await?,
        code: code.to_owned(),
        problem: Some(w.not_found_words().to_owned()),
    };
    answer::own_page_with(StatusCode::NOT_FOUND, &page)
}

/// Where a page that was opened with a code returns to: the part after `#` reaches no server.
pub(super) fn back_to(code: &str) -> String {
    match ReceiptCode::parse(code) {
        Ok(code) => format!("/my#{}", code.text()),
        Err(_) => "/my".to_owned(),
    }
}

/// What became of it; `done` says what was just done.
pub(super) async fn progress(
    state: &WebState,
    request: &HttpRequest,
    code: &str,
    found: &FollowUp,
    done: Option<&'static str>,
) -> Page {
    let w = cookie::language(request);
    let round = match rounds::find_round(state.app.store(), &found.round).await? {
        Some(record) => known::round_title(&state.app, &record, w).await?,
        None => found.round_title.clone(),
    };
    let heading = heading(found, w);
    let title = w.found_title(heading);
    let mut stories = Vec::with_capacity(found.opinions.len());
    let mut rated = BTreeSet::new();
    for opinion in &found.opinions {
        let unit = match &opinion.unit {
            Some(unit) => known::unit_name(&state.app, unit, w).await?,
            None => None,
        };
        let mut story = story(opinion, unit, found, w);
        // A matter is rated once, however many of a person's opinions are part of it.
        if let Some(matter) = &opinion.matter
            && !rated.insert(&matter.id)
        {
            story.rating = Rated::No;
        }
        stories.push(story);
    }
    answer::own_page(&FollowUpPage {
        frame: frame(state, request, &title, &round, &back_to(code)).await?,
        heading: heading.to_owned(),
        line: w.found_line(
            &ReceiptCode::parse(code).map_or_else(|_| String::new(), |code| code.text()),
            &round,
        ),
        done,
        receipt: code.to_owned(),
        stories,
        steps: steps_of_answers(found, w),
    })
}

fn said(matter: &FollowedMatter, w: Language) -> Rated {
    match &matter.rating {
        Rating::NotYet => Rated::No,
        Rating::Open => Rated::Open(matter.id.clone()),
        Rating::Given { level, words } => Rated::Given(w.level(*level).to_owned(), words.clone()),
    }
}

fn heading(found: &FollowUp, w: Language) -> &'static str {
    let stage = |opinion: &FollowedOpinion| Some(opinion.matter.as_ref()?.stage);
    let mut stages: Vec<_> = found.opinions.iter().map(stage).collect();
    stages.dedup();
    match stages[..] {
        [] | [None] if found.published_on.is_some() => w.counted(),
        [] | [None] => w.received(),
        [Some(stage)] => w.stage(stage),
        _ => w.each_its_own(),
    }
}

fn step(mark: &'static str, what: &str, when: String) -> FollowUpStep {
    FollowUpStep {
        mark,
        what: what.to_owned(),
        when,
    }
}

fn steps_of_answers(found: &FollowUp, w: Language) -> Vec<FollowUpStep> {
    let published = match found.published_on {
        Some(day) => step("d", w.counted_step(), w.full_day(day)),
        None => step("n", w.waiting_step(), w.not_published().to_owned()),
    };
    vec![step("d", w.received(), String::new()), published]
}

/// The person's own words, or that there are none, as a sentence.
pub(super) fn words_of(opinion: &FollowedOpinion, w: Language) -> String {
    match opinion.words.is_empty() {
        true => w.only_ticked().to_owned(),
        false => w.you_wrote(&opinion.words),
    }
}

fn story(opinion: &FollowedOpinion, unit: Option<String>, found: &FollowUp, w: Language) -> Story {
    let published = found.published_on.is_some();
    let title = unit.unwrap_or_else(|| match published {
        true => w.no_unit().to_owned(),
        false => w.unit_unknown().to_owned(),
    });
    let words = words_of(opinion, w);
    let Some(matter) = &opinion.matter else {
        return Story {
            title,
            words,
            same: None,
            steps: vec![
                step("d", w.received(), String::new()),
                match published {
                    true => step("d", w.sorted_step(), String::new()),
                    false => step("n", w.sorting_step(), String::new()),
                },
            ],
            reply: String::new(),
            decision: match (published, opinion.kind) {
                (false, _) => "",
                (true, OpinionKind::Praise) => w.sorted_praise(),
                (true, OpinionKind::Clue) => w.sorted_clue(),
                (true, _) => w.sorted_few(),
            }
            .to_owned(),
            rating: Rated::No,
        };
    };
    let others = matter.voices.saturating_sub(1);
    Story {
        title: w.story(&title, w.stage(matter.stage)),
        words,
        same: (others > 0).then(|| w.same_problem(others)),
        steps: steps_of_matter(matter, w),
        reply: matter.reply.clone().unwrap_or_default(),
        decision: match &matter.decision {
            Some(Decision::Planned(until)) => w.decided_plan(&w.full_day(*until)),
            Some(Decision::Deferred(reason)) => w.decided_deferred(reason),
            Some(Decision::Reopened(reason)) => w.decided_reopened(reason),
            None => String::new(),
        },
        rating: said(matter, w),
    }
}

fn steps_of_matter(matter: &FollowedMatter, w: Language) -> Vec<FollowUpStep> {
    let last = match matter.stage.holder() {
        Holder::Nobody => usize::MAX,
        _ => matter.steps.len(),
    };
    let mut steps = vec![step("d", w.received(), String::new())];
    steps.extend(matter.steps.iter().enumerate().map(|(index, (day, what))| {
        let mark = if index + 1 == last { "n" } else { "d" };
        // A plan or a reason to wait ends a matter for the office, and not for the person.
        let words = match (what, matter.stage) {
            (MatterStep::Close, MatterStage::InPlan | MatterStage::Deferred) => {
                w.stage(matter.stage)
            }
            _ => w.step(*what),
        };
        step(mark, words, w.day(*day))
    }));
    steps
}
