//! Forms that come in parts because one of them is a file; each piece has to arrive in time.

use crate::PageError;
use actix_multipart::{Field as Part, Multipart};
use actix_web::{rt::time::timeout, web::Bytes};
use futures_util::TryStreamExt;
use std::time::Duration;

/// How long the next piece may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);
/// Most bytes of a field that is not the file.
const LARGEST_FIELD: usize = 64 * 1024;

/// The next field.
///
/// # Errors
/// [`PageError::TooSlow`], or [`PageError::BadForm`] when the parts are none.
pub async fn next_part(parts: &mut Multipart) -> Result<Option<Part>, PageError> {
    let next = timeout(PATIENCE, parts.try_next()).await;
    let next = next.map_err(|_| PageError::TooSlow)?;
    next.map_err(|_| PageError::BadForm)
}

/// The next piece of a field.
///
/// # Errors
/// As [`next_part`].
pub async fn next_piece(part: &mut Part) -> Result<Option<Bytes>, PageError> {
    let next = timeout(PATIENCE, part.try_next()).await;
    let next = next.map_err(|_| PageError::TooSlow)?;
    next.map_err(|_| PageError::BadForm)
}

/// The text of a field that is not a file.
///
/// # Errors
/// As [`next_part`], and when it is too long.
pub async fn short(part: &mut Part) -> Result<String, PageError> {
    let text = whole(part, LARGEST_FIELD).await?;
    let text = text.ok_or(PageError::TooLarge)?;
    String::from_utf8(text).map_err(|_| PageError::BadForm)
}

/// The bytes of a field; none when there are more than `most`, after all of them have come.
///
/// # Errors
/// As [`next_part`].
pub async fn whole(part: &mut Part, most: usize) -> Result<Option<Vec<u8>>, PageError> {
    let mut bytes = Vec::new();
    let mut fits = true;
    while let Some(piece) = next_piece(part).await? {
        fits = fits && bytes.len() + piece.len() <= most;
        if fits {
            bytes.extend_from_slice(&piece);
        }
    }
    Ok(fits.then_some(bytes))
}

/// The name a file was sent under.
pub fn file_name(part: &Part) -> String {
    let said = part.content_disposition();
    let name = said.and_then(|said| said.get_filename());
    name.unwrap_or_default().to_owned()
}
