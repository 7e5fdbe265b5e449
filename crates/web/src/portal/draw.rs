//! The certificate of a draw, for whoever wants to draw again; public with the results of its round and not before.
//!
//! It holds rules, seed, numbers of people and digests, and nobody. While answers are collected it stays inside all the
//! same: with it, whoever can see the frame could work out who was drawn.

use super::{Download, Released};
use crate::{PageError, WebState, wording};
use workflows::find_certificate;

/// Name of the file in the address.
pub const NAME: &str = "draw.json";

/// The certificate of the round of a public bulletin; `None` when nobody was drawn for it.
///
/// # Errors
/// When the database fails.
pub async fn certificate(state: &WebState, found: &Released) -> Result<Option<Vec<u8>>, PageError> {
    let certificate = find_certificate(&state.app, &found.body().round).await?;
    let written = certificate.map(|(_, certificate)| serde_json::to_vec_pretty(&certificate));
    written.transpose().map_err(|_| PageError::Failed)
}

/// The link to it.
///
/// # Errors
/// When the database fails.
pub async fn link(state: &WebState, found: &Released) -> Result<Option<Download>, PageError> {
    let bytes = certificate(state, found).await?;
    Ok(bytes.map(|bytes| Download {
        href: format!("/r/{}/files/{NAME}", found.body().round),
        name: "抽样证书 JSON".to_owned(),
        what: "种子、规则、各层人数和校验码，不含任何人".to_owned(),
        size: wording::file_size(bytes.len() as u64),
    }))
}
