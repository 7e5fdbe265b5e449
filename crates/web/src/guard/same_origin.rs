//! Requests that change something come from our own pages.

use crate::{PageError, WebState, api::is_push};
use actix_web::{
    Error, ResponseError,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderMap},
    middleware::Next,
    web::Data,
};

/// Mail programs post here by themselves, without a page of ours (RFC 8058); all it does is to stop letters.
const ONE_CLICK: &str = "/stop/";

/// Where no handler looks at a cookie, so that no other site can send in somebody's name.
fn is_without_cookies(path: &str) -> bool {
    path.starts_with(ONE_CLICK) || is_push(path)
}

/// Lets reading through, and writing only when the browser says that it comes from here.
///
/// `Sec-Fetch-Site` decides where the browser sends it; otherwise `Origin` must be this site. Neither means no.
/// The refusal is an answer like any other, so that it carries all headers.
///
/// # Errors
/// Whatever the handler ends with.
pub async fn only_same_origin<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let base = request
        .app_data::<Data<WebState>>()
        .map(|state| state.base_url.clone())
        .unwrap_or_default();
    let without_cookies = is_without_cookies(request.path());
    if request.method().is_safe() || without_cookies || is_own(request.headers(), &base) {
        next.call(request)
            .await
            .map(ServiceResponse::map_into_left_body)
    } else {
        let refusal = PageError::OtherSite.error_response();
        Ok(request.into_response(refusal).map_into_right_body())
    }
}

fn is_own(headers: &HeaderMap, base: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (text("sec-fetch-site"), text(header::ORIGIN.as_str())) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = text(header::HOST.as_str());
            origin == base || host.is_some_and(|host| authority(origin) == Some(host))
        }
        (None, None) => false,
    }
}

fn authority(origin: &str) -> Option<&str> {
    origin.split_once("://").map(|(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    fn own(lines: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.insert(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
        is_own(&headers, "https://hy.example.cn")
    }

    #[test]
    fn a_browser_that_says_where_it_comes_from_is_believed() {
        assert!(own(&[("sec-fetch-site", "same-origin")]));
        assert!(own(&[("sec-fetch-site", "none")]));
        assert!(!own(&[("sec-fetch-site", "same-site")]));
        assert!(!own(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://hy.example.cn")
        ]));
    }

    #[test]
    fn an_older_browser_shows_its_origin() {
        assert!(own(&[("origin", "https://hy.example.cn")]));
        assert!(own(&[
            ("origin", "http://10.0.0.5:8080"),
            ("host", "10.0.0.5:8080")
        ]));
        assert!(!own(&[
            ("origin", "https://evil.example"),
            ("host", "hy.example.cn")
        ]));
        assert!(!own(&[("origin", "null"), ("host", "hy.example.cn")]));
    }

    #[test]
    fn who_says_nothing_may_not_write() {
        assert!(!own(&[("host", "hy.example.cn")]));
    }
}
