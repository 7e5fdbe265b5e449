//! Systems of halls and hotlines send rows: `/api/v1`.

mod body;
mod document;
mod problem;
mod proof;
mod reference;

pub use reference::{ColumnLine, ProblemLine, ReferencePage};

use crate::{Page, WebState, answer, guard::in_pace, known, language::Language};
use actix_web::{
    HttpRequest, HttpResponse, Route,
    http::header,
    web::{self, Data, Payload, ServiceConfig},
};
use body::{PushBody, read};
use problem::Problem;
use proof::{idempotency_key, proven, refuse_other_media};
use rating_import::FileKind;
use workflows::{ImportMode, Pushed, push_rows};

const PUSH: &str = "/api/v1";
const RATINGS: &str = "/api/v1/ratings";
const ORDERS: &str = "/api/v1/orders";
const DOCUMENT: &str = "/api/v1/openapi.json";

/// Every address of the interface.
fn operations() -> [(&'static str, Route); 4] {
    [
        (PUSH, web::get().to(reference)),
        (DOCUMENT, web::get().to(openapi)),
        (RATINGS, web::post().to(ratings)),
        (ORDERS, web::post().to(orders)),
    ]
}

/// Whether an address is one of the interface: none looks at a cookie, and each reads its own body.
pub(crate) fn is_push(path: &str) -> bool {
    [RATINGS, ORDERS].contains(&path)
}

/// Puts the interface on its addresses.
pub(crate) fn routes(service: &mut ServiceConfig) {
    for (path, route) in operations() {
        service.route(path, route);
    }
}

/// Takes ratings of service centres.
async fn ratings(state: Data<WebState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    answered(&state, &request, payload, FileKind::HallRatings).await
}

/// Takes orders of a hotline.
async fn orders(state: Data<WebState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    answered(&state, &request, payload, FileKind::HotlineOrders).await
}

async fn answered(
    state: &WebState,
    request: &HttpRequest,
    payload: Payload,
    kind: FileKind,
) -> HttpResponse {
    match take(state, request, payload, kind).await {
        Ok(answer) => HttpResponse::Ok()
            .content_type("application/json")
            .body(answer),
        Err(problem) => {
            let wanted = request.headers().get(header::ACCEPT_LANGUAGE);
            let wanted = wanted.and_then(|value| value.to_str().ok());
            problem.answer(Language::accepted(wanted.unwrap_or_default()))
        }
    }
}

/// Who sends is known before anything is read.
async fn take(
    state: &WebState,
    request: &HttpRequest,
    payload: Payload,
    kind: FileKind,
) -> Result<String, Problem> {
    let (source, now) = (proven(state, request).await?, state.now());
    in_pace(&source.id, now).map_err(Problem::TooMany)?;
    let idempotency_key = idempotency_key(request)?;
    refuse_other_media(request)?;
    if state.app.store().is_full() {
        return Err(Problem::Unavailable);
    }
    let PushBody {
        round,
        dry_run,
        rows,
    } = read(payload).await?;
    let pushed = Pushed {
        kind,
        idempotency_key,
        round: round.as_str().into(),
        mode: match dry_run {
            true => ImportMode::DryRun,
            false => ImportMode::Apply,
        },
        rows,
    };
    let mut rng = (state.rng)();
    Ok(push_rows(&state.app, &source, pushed, now, &mut rng).await?)
}

/// The interface as an OpenAPI document, for programs.
async fn openapi() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=60"))
        .json(document::document())
}

/// The interface as a page, for people.
async fn reference(state: Data<WebState>) -> Page {
    let host = known::host(&state.app, state.demo_accounts).await?;
    answer::public_page(&ReferencePage::new(host, &state.base_url))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_address_stands_in_the_document_and_the_other_way_round() {
        let document = serde_json::to_value(document::document()).unwrap();
        let paths = document["paths"].as_object().unwrap();
        let written: BTreeSet<&str> = paths.keys().map(String::as_str).collect();

        let served: BTreeSet<&str> = operations().iter().map(|(path, _)| *path).collect();

        assert_eq!(served, written);
    }
}
