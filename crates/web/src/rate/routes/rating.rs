//! The citizen rates what was done, with the receipt and nothing else.

use super::{
    Form,
    follow_up::{back_to, not_found, progress, words_of},
    frame,
};
use crate::{
    Page, WebState,
    answer::{self, Posted},
    cookie, known,
    rate::{LevelOption, Problem, RatingPage},
    routes::posted,
};
use actix_web::{HttpRequest, http::StatusCode, web::Data};
use vocabulary::{Level, MatterId};
use workflows::{
    FollowUp, FollowedMatter, FollowedOpinion, MOST_ADDED, Rating, RatingRefused, SaidOfMatter,
    lookup, rate_matter,
};

/// Asks for the rating of a matter, and takes it when it was sent; the same again shows the same page.
pub async fn rate(state: Data<WebState>, request: HttpRequest, form: Form) -> Page {
    let w = cookie::language(&request);
    let fields = posted(form);
    let code = fields.text("code").trim();
    let matter = MatterId::new(fields.text("matter"));
    let Some(found) = lookup(&state.app, code).await? else {
        return not_found(&state, &request, code).await;
    };
    let Some(about) = about(&found, &matter) else {
        return progress(&state, &request, code, &found, Some(w.rate_none())).await;
    };
    if about.1.rating != Rating::Open {
        return progress(&state, &request, code, &found, Some(w.rate_thanks())).await;
    }
    if fields.maybe("go").is_none() {
        return ask(&state, &request, about, &fields, None).await;
    }
    let said = SaidOfMatter {
        receipt: code,
        matter: &matter,
        level: chosen(&fields),
        words: fields.text("t"),
    };
    match rate_matter(&state.app, said, &mut (state.rng)()).await? {
        Ok(()) => match lookup(&state.app, code).await? {
            Some(now) => progress(&state, &request, code, &now, Some(w.rate_thanks())).await,
            None => not_found(&state, &request, code).await,
        },
        Err(RatingRefused::NoLevel) => {
            let (heading, remedy) = (w.rate_blank_head(), w.rate_blank().to_owned());
            ask(&state, &request, about, &fields, Some((heading, remedy))).await
        }
        Err(RatingRefused::TooLong { have }) => {
            let (heading, remedy) = (w.rate_long_head(), w.rate_long(have, MOST_ADDED));
            ask(&state, &request, about, &fields, Some((heading, remedy))).await
        }
        Err(RatingRefused::NotYours | RatingRefused::NothingToRate) => {
            progress(&state, &request, code, &found, Some(w.rate_none())).await
        }
    }
}

/// What the person wrote and what was answered, where there is an answer.
type About<'f> = (&'f FollowedOpinion, &'f FollowedMatter);

fn about<'f>(found: &'f FollowUp, matter: &MatterId) -> Option<About<'f>> {
    let mut own = found
        .opinions
        .iter()
        .filter_map(|opinion| Some((opinion, opinion.matter.as_ref()?)));
    own.find(|(_, own)| own.id == matter.as_str() && own.rating != Rating::NotYet)
}

fn chosen(fields: &Posted) -> Level {
    let code = fields.text("a").parse().ok();
    code.and_then(Level::from_code).unwrap_or(Level::Abstain)
}

/// The question; after a refusal with what was sent and what to mend.
async fn ask(
    state: &WebState,
    request: &HttpRequest,
    (opinion, matter): About<'_>,
    fields: &Posted,
    problem: Option<(&str, String)>,
) -> Page {
    let w = cookie::language(request);
    let code = fields.text("code").trim();
    let unit = match &opinion.unit {
        Some(unit) => known::unit_name(&state.app, unit, w).await?,
        None => None,
    };
    let (status, title) = match problem {
        Some(_) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("{}{}", w.to_mend(), w.rate_title()),
        ),
        None => (StatusCode::OK, w.rate_title().to_owned()),
    };
    let level = |level: &Level| LevelOption {
        code: level.code(),
        label: w.level(*level),
        chosen: *level == chosen(fields),
    };
    let page = RatingPage {
        frame: frame(state, request, &title, w.my_line(), &back_to(code)).await?,
        receipt: code.to_owned(),
        matter: matter.id.clone(),
        unit: unit.unwrap_or_default(),
        words: words_of(opinion, w),
        reply: matter.reply.clone().unwrap_or_default(),
        options: Level::SCORED.iter().map(level).collect(),
        text: fields.text("t").to_owned(),
        max_chars: MOST_ADDED,
        problem: problem.map(|(heading, remedy)| Problem {
            heading: heading.to_owned(),
            remedy,
        }),
    };
    answer::own_page_with(status, &page)
}
