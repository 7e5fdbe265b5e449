//! One person's browser: plain HTTP, a cookie jar, forms as a browser sends them, patience with a server that is away.

use awc::{
    Client, ClientResponse, Connector,
    http::{StatusCode, header},
};
use std::{collections::BTreeMap, fmt, time::Duration};

/// How often one request is tried before the person gives up; with the waits between, more than a minute.
const TRIES: u32 = 40;
const FIRST_WAIT: Duration = Duration::from_millis(20);
const LONGEST_WAIT: Duration = Duration::from_secs(2);
const LARGEST_PAGE: usize = 4 << 20;

/// What came back.
#[derive(Debug)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Path to go to next, without the server's name.
    pub location: Option<String>,
    /// The page.
    pub body: String,
}

/// The server could not be reached, however often it was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreachable;

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the server cannot be reached")
    }
}

/// A client for `at_once` people; they share connections but nothing else.
#[must_use]
pub fn connections(at_once: usize) -> Client {
    Client::builder()
        .connector(
            Connector::new()
                .limit(at_once.max(1))
                .timeout(Duration::from_secs(10)),
        )
        .timeout(Duration::from_secs(60))
        .disable_redirects()
        .finish()
}

/// One person's browser.
pub struct Browser {
    client: Client,
    base: String,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    /// An empty browser that visits `base`, such as `http://127.0.0.1:8080`.
    #[must_use]
    pub fn new(client: Client, base: &str) -> Self {
        Self {
            client,
            base: base.trim_end_matches('/').to_owned(),
            cookies: BTreeMap::new(),
        }
    }

    /// Opens a page.
    ///
    /// # Errors
    /// [`Unreachable`] when no answer came in all tries.
    pub async fn get(&mut self, path: &str) -> Result<Reply, Unreachable> {
        self.exchange(path, None).await
    }

    /// Sends a form; sent again, unchanged, when the connection breaks before the answer is there.
    ///
    /// # Errors
    /// [`Unreachable`] when no answer came in all tries.
    pub async fn post(
        &mut self,
        path: &str,
        fields: &[(String, String)],
    ) -> Result<Reply, Unreachable> {
        self.exchange(path, Some(fields)).await
    }

    async fn exchange(
        &mut self,
        path: &str,
        fields: Option<&[(String, String)]>,
    ) -> Result<Reply, Unreachable> {
        let mut wait = FIRST_WAIT;
        for _ in 0..TRIES {
            if let Some(reply) = self.try_once(path, fields).await {
                return Ok(reply);
            }
            actix_web::rt::time::sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
        Err(Unreachable)
    }

    /// One try; `None` when the connection broke or the server asks to come back later.
    async fn try_once(&mut self, path: &str, fields: Option<&[(String, String)]>) -> Option<Reply> {
        let url = format!("{}{path}", self.base);
        let request = if fields.is_some() {
            self.client
                .post(url)
                .insert_header((header::ORIGIN, self.base.as_str()))
        } else {
            self.client.get(url)
        };
        let request = if self.cookies.is_empty() {
            request
        } else {
            request.insert_header((header::COOKIE, self.cookie_line()))
        };
        let sent = match fields {
            Some(fields) => request.send_form(&fields).await,
            None => request.send().await,
        };
        let mut response = sent.ok()?;
        let body = response.body().limit(LARGEST_PAGE).await.ok()?;
        if response.status() == StatusCode::SERVICE_UNAVAILABLE {
            return None;
        }
        self.keep_cookies(&response);
        Some(Reply {
            status: response.status().as_u16(),
            location: self.location(&response),
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }

    fn location<S>(&self, response: &ClientResponse<S>) -> Option<String> {
        let value = response.headers().get(header::LOCATION)?.to_str().ok()?;
        Some(value.strip_prefix(&self.base).unwrap_or(value).to_owned())
    }

    fn cookie_line(&self) -> String {
        let pairs: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }

    fn keep_cookies<S>(&mut self, response: &ClientResponse<S>) {
        for line in response.headers().get_all(header::SET_COOKIE) {
            let Some((name, value, gone)) = line.to_str().ok().and_then(read_cookie) else {
                continue;
            };
            if gone {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// Name, value, and whether the server takes the cookie back.
fn read_cookie(line: &str) -> Option<(&str, &str, bool)> {
    let mut parts = line.split(';');
    let (name, value) = parts.next()?.split_once('=')?;
    let gone = value.is_empty() || parts.any(|part| part.trim().eq_ignore_ascii_case("max-age=0"));
    Some((name.trim(), value.trim(), gone))
}

#[cfg(test)]
mod tests {
    use super::read_cookie;

    #[test]
    fn a_cookie_is_kept_until_the_server_takes_it_back() {
        assert_eq!(
            read_cookie("hy_draft=abc.d=; HttpOnly; Path=/s/"),
            Some(("hy_draft", "abc.d=", false))
        );
        assert_eq!(
            read_cookie("hy_draft=; Max-Age=0; Path=/s/"),
            Some(("hy_draft", "", true))
        );
        assert_eq!(read_cookie("nonsense"), None);
    }
}
