//! Whether the site takes answers, for the program that watches it; one word, nothing about anybody.

use crate::WebState;
use actix_web::{HttpResponse, http::StatusCode, web::Data};

/// `ok`, or 503 with the reason: `fault` after a disk fault, `full` for a full disk, `unreachable` for a database that does
/// not answer.
pub async fn health(state: Data<WebState>) -> HttpResponse {
    let store = state.app.store();
    let (status, word) = if store.is_latched() {
        (StatusCode::SERVICE_UNAVAILABLE, "fault")
    } else if store.is_full() {
        (StatusCode::SERVICE_UNAVAILABLE, "full")
    } else if store.schema_version().await.is_err() {
        (StatusCode::SERVICE_UNAVAILABLE, "unreachable")
    } else {
        (StatusCode::OK, "ok")
    };
    HttpResponse::build(status)
        .content_type("text/plain; charset=utf-8")
        .body(word)
}
