//! What a request must show before anything of it is read.

use super::problem::Problem;
use crate::{
    WebState,
    guard::{network_of, take_turns},
};
use actix_web::{HttpMessage, HttpRequest, http::header};
use storage::sources::Source;
use workflows::source_of_key;

const LONGEST_KEY: usize = 128;
const LONGEST_NAME: usize = 64;

/// The source behind the key of a request; who shows none that counts waits for a turn.
pub(super) async fn proven(state: &WebState, request: &HttpRequest) -> Result<Source, Problem> {
    let found = match key(request) {
        Some(key) => source_of_key(&state.app, key).await?,
        None => None,
    };
    if let Some(source) = found {
        return Ok(source);
    }
    let waited = take_turns(network_of(state, request)).await;
    waited.map_err(|_| Problem::TooMany(1))?;
    Err(Problem::NoKey)
}

fn key(request: &HttpRequest) -> Option<&str> {
    let shown = request
        .headers()
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?;
    let (scheme, key) = shown.split_once(' ')?;
    let key = key.trim();
    (scheme.eq_ignore_ascii_case("bearer") && key.len() <= LONGEST_KEY).then_some(key)
}

/// The name a source gives its request: 1 to 64 visible ASCII characters, once.
pub(super) fn idempotency_key(request: &HttpRequest) -> Result<String, Problem> {
    let mut given = request.headers().get_all("idempotency-key");
    let (Some(name), None) = (given.next(), given.next()) else {
        return Err(Problem::NoIdempotencyKey);
    };
    let name = name.to_str().unwrap_or_default();
    let visible = name.bytes().all(|byte| byte.is_ascii_graphic());
    match visible && (1..=LONGEST_NAME).contains(&name.len()) {
        true => Ok(name.to_owned()),
        false => Err(Problem::NoIdempotencyKey),
    }
}

/// Only JSON as it stands is read.
pub(super) fn refuse_other_media(request: &HttpRequest) -> Result<(), Problem> {
    let coding = request.headers().get(header::CONTENT_ENCODING);
    let plain = coding.is_none_or(|coding| coding == "identity");
    match plain
        && request
            .content_type()
            .eq_ignore_ascii_case("application/json")
    {
        true => Ok(()),
        false => Err(Problem::MediaType),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn with(name: &'static str, value: &str) -> HttpRequest {
        let request = TestRequest::post().insert_header((name, value.to_owned()));
        request.to_http_request()
    }

    #[test]
    fn a_key_is_shown_as_a_bearer() {
        assert_eq!(key(&with("authorization", "Bearer hy_1")), Some("hy_1"));
        assert_eq!(key(&with("authorization", "bearer  hy_1 ")), Some("hy_1"));
        for none in ["hy_1", "Basic hy_1", &format!("Bearer {}", "x".repeat(200))] {
            assert_eq!(key(&with("authorization", none)), None, "{none}");
        }
        assert_eq!(key(&with("cookie", "hy_sid=hy_1")), None);
    }

    #[test]
    fn a_name_is_short_and_visible() {
        let name = |text: &str| idempotency_key(&with("idempotency-key", text)).is_ok();

        assert!(name("a") && name(&"~".repeat(64)));
        assert!(!name("") && !name("a b") && !name(&"a".repeat(65)));
        let twice = TestRequest::post()
            .append_header(("idempotency-key", "a"))
            .append_header(("idempotency-key", "b"));
        assert!(idempotency_key(&twice.to_http_request()).is_err());
    }
}
