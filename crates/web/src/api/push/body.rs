//! What a request holds.

use super::problem::Problem;
use actix_web::{rt::time::timeout, web::Payload};
use rating_import::Record;
use serde::Deserialize;
use serde_json::error::Category;
use std::time::Duration;

/// Most bytes of a request.
pub(super) const LARGEST: usize = 1024 * 1024;
/// How long a request may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// Rows for a round.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PushBody {
    /// Code of the round.
    pub round: String,
    /// Whether the rows are only checked.
    #[serde(default)]
    pub dry_run: bool,
    /// The rows.
    pub rows: Vec<Record>,
}

/// Reads a request to its end.
pub(super) async fn read(payload: Payload) -> Result<PushBody, Problem> {
    let arrived = timeout(PATIENCE, payload.to_bytes_limited(LARGEST)).await;
    let bytes = arrived
        .map_err(|_| Problem::TooSlow)?
        .map_err(|_| Problem::TooLarge)?
        .map_err(|_| Problem::NotJson)?;
    serde_json::from_slice(&bytes).map_err(|error| match error.classify() {
        Category::Data => Problem::NotAsDocumented {
            line: error.line(),
            column: error.column(),
        },
        _ => Problem::NotJson,
    })
}
