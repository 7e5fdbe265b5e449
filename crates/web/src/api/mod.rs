//! Programs: the published ranking as JSON, whether the server lives, and rows that come in.

mod push;

pub(crate) use push::is_push;
pub use push::{ColumnLine, ProblemLine, ReferencePage};

use crate::{Page, PageError, WebState, portal::released};
use actix_web::{
    HttpResponse,
    http::header,
    web::{self, Data, Path, ServiceConfig},
};
use analytics::RankingRow;
use storage::rounds;
use vocabulary::RoundId;

/// Puts the addresses for programs in place.
pub(crate) fn routes(service: &mut ServiceConfig) {
    service
        .route("/api/health", web::get().to(health))
        .route("/api/r/{round}/ranking", web::get().to(ranking))
        .configure(push::routes);
}

/// Answers 200 when the database answers.
async fn health(state: Data<WebState>) -> Page {
    let rounds = rounds::list_rounds(state.app.store()).await?.len();
    Ok(HttpResponse::Ok().json(serde_json::json!({"status": "ok", "rounds": rounds})))
}

/// The published rows of a round, as `huiyin export ranking --json` prints them.
async fn ranking(state: Data<WebState>, round: Path<RoundId>) -> Page {
    let found = released(state.app.store(), &round)
        .await?
        .ok_or(PageError::NotFound)?;
    let rows: Vec<&RankingRow> = found.body().rows().collect();
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=60"))
        .json(rows))
}
