//! The six cookies of the site: text size, language, open draft, receipt, session of an official, and one while an official signs in elsewhere.

use crate::{WebState, frame::TextSize, language::Language};
use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite, time::Duration},
};

const SIZE: &str = "hy_size";
const LANGUAGE: &str = "hy_lang";
const DRAFT: &str = "hy_draft";
const RECEIPT: &str = "hy_receipt";
const SESSION: &str = "hy_sid";
/// Over encrypted connections no neighbour under the same domain can set a cookie of this name.
const SESSION_OF_HOST: &str = "__Host-hy_sid";
const LEAVING: &str = "hy_left";
const LEAVING_OF_HOST: &str = "__Host-hy_left";

/// The text size chosen on this device.
#[must_use]
pub fn text_size(request: &HttpRequest) -> TextSize {
    value(request, SIZE).map_or(TextSize::Normal, |code| TextSize::from_code(&code))
}

/// Keeps the text size for a year; it holds nothing about a person.
#[must_use]
pub fn keep_text_size(state: &WebState, size: TextSize) -> Cookie<'static> {
    made(
        state,
        SIZE,
        size.code().to_string(),
        "/",
        SameSite::Lax,
        Some(Duration::days(365)),
    )
}

/// The language chosen on this device.
#[must_use]
pub fn language(request: &HttpRequest) -> Language {
    value(request, LANGUAGE).map_or(Language::Chinese, |code| Language::from_code(&code))
}

/// Keeps the language for a year; it holds nothing about a person.
#[must_use]
pub fn keep_language(state: &WebState, language: Language) -> Cookie<'static> {
    made(
        state,
        LANGUAGE,
        language.code().to_owned(),
        "/",
        SameSite::Lax,
        Some(Duration::days(365)),
    )
}

/// The key of the open draft.
#[must_use]
pub fn draft(request: &HttpRequest) -> Option<String> {
    value(request, DRAFT)
}

/// Keeps the key of the draft on citizen pages only, until the browser is closed or a month has passed.
#[must_use]
pub fn keep_draft(state: &WebState, key: String) -> Cookie<'static> {
    made(
        state,
        DRAFT,
        key,
        "/s/",
        SameSite::Lax,
        Some(Duration::days(30)),
    )
}

/// Forgets the draft.
#[must_use]
pub fn forget_draft(state: &WebState) -> Cookie<'static> {
    forgotten(state, DRAFT, "/s/")
}

/// The code of the receipt just given.
#[must_use]
pub fn receipt(request: &HttpRequest) -> Option<String> {
    value(request, RECEIPT)
}

/// Keeps the code for the receipt page, for ten minutes.
#[must_use]
pub fn keep_receipt(state: &WebState, code: String) -> Cookie<'static> {
    made(
        state,
        RECEIPT,
        code,
        "/s/",
        SameSite::Lax,
        Some(Duration::minutes(10)),
    )
}

/// The session of an official.
#[must_use]
pub fn session(state: &WebState, request: &HttpRequest) -> Option<String> {
    value(request, session_name(state))
}

/// Keeps the session until the browser is closed; the server ends it after its own limit.
#[must_use]
pub fn keep_session(state: &WebState, secret: String) -> Cookie<'static> {
    let name = session_name(state);
    made(state, name, secret, "/", SameSite::Strict, None)
}

/// Forgets the session.
#[must_use]
pub fn forget_session(state: &WebState) -> Cookie<'static> {
    forgotten(state, session_name(state), "/")
}

/// What a browser shows that comes back from the provider of identities.
#[must_use]
pub fn leaving(state: &WebState, request: &HttpRequest) -> Option<String> {
    value(request, leaving_name(state))
}

/// Keeps it for as long as signing in elsewhere may take; it comes back from another site.
#[must_use]
pub fn keep_leaving(state: &WebState, secret: String) -> Cookie<'static> {
    let (name, age) = (leaving_name(state), Duration::minutes(10));
    made(state, name, secret, "/", SameSite::Lax, Some(age))
}

/// Forgets it.
#[must_use]
pub fn forget_leaving(state: &WebState) -> Cookie<'static> {
    forgotten(state, leaving_name(state), "/")
}

fn session_name(state: &WebState) -> &'static str {
    if state.is_encrypted() {
        SESSION_OF_HOST
    } else {
        SESSION
    }
}

fn leaving_name(state: &WebState) -> &'static str {
    if state.is_encrypted() {
        LEAVING_OF_HOST
    } else {
        LEAVING
    }
}

fn value(request: &HttpRequest, name: &str) -> Option<String> {
    request
        .cookie(name)
        .map(|cookie| cookie.value().to_owned())
        .filter(|value| !value.is_empty())
}

fn made(
    state: &WebState,
    name: &'static str,
    value: String,
    path: &'static str,
    same_site: SameSite,
    age: Option<Duration>,
) -> Cookie<'static> {
    let mut cookie = Cookie::build(name, value)
        .path(path)
        .http_only(true)
        .same_site(same_site)
        .secure(state.is_encrypted())
        .finish();
    cookie.set_max_age(age);
    cookie
}

fn forgotten(state: &WebState, name: &'static str, path: &'static str) -> Cookie<'static> {
    made(
        state,
        name,
        String::new(),
        path,
        SameSite::Lax,
        Some(Duration::ZERO),
    )
}
