//! From a page struct to an answer, and from one page to the next.

use crate::{Page, PageError};
use actix_web::{
    HttpResponse,
    cookie::Cookie,
    http::{StatusCode, header},
};
use askama::Template;

/// A page for one reader; it is kept nowhere.
///
/// # Errors
/// When the page cannot be rendered.
pub fn own_page(page: &impl Template) -> Page {
    own_page_with(StatusCode::OK, page)
}

/// As [`own_page`], with another status than 200.
///
/// # Errors
/// When the page cannot be rendered.
pub fn own_page_with(status: StatusCode, page: &impl Template) -> Page {
    let html = page.render()?;
    Ok(HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .body(html))
}

/// A page for everybody; caches may keep it for a minute.
///
/// # Errors
/// When the page cannot be rendered.
pub fn public_page(page: &impl Template) -> Page {
    let html = page.render()?;
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "public, max-age=60"))
        .body(html))
}

/// Goes to another page of this site after a form was taken, so that reloading sends nothing twice.
#[must_use]
pub fn go_to(path: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, path))
        .finish()
}

/// As [`go_to`], with cookies.
#[must_use]
pub fn go_to_with(path: &str, cookies: Vec<Cookie<'static>>) -> HttpResponse {
    let mut response = HttpResponse::SeeOther();
    response.insert_header((header::LOCATION, path));
    for cookie in cookies {
        response.cookie(cookie);
    }
    response.finish()
}

/// The fields of a posted form, in order; names may repeat.
#[derive(Debug)]
pub struct Posted(Vec<(String, String)>);

impl Posted {
    /// The fields as they came.
    #[must_use]
    pub const fn new(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }

    /// The first field of this name; empty when there is none.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.maybe(name).unwrap_or_default()
    }

    /// The first field of this name.
    #[must_use]
    pub fn maybe(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// All fields of this name.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
            .collect()
    }

    /// A whole number.
    ///
    /// # Errors
    /// [`PageError::BadForm`] when it is none.
    pub fn number<T: std::str::FromStr>(&self, name: &str) -> Result<T, PageError> {
        self.text(name)
            .trim()
            .parse()
            .map_err(|_| PageError::BadForm)
    }
}
