//! Short messages and calls by a robot: a signed request to the gateway of the city.
//!
//! The body is JSON. `X-Huiyin-Timestamp` is the second it was signed, `X-Huiyin-Signature` is
//! `sha256=` and the HMAC-SHA-256 of timestamp, a full stop, and the body under the shared secret. The receiver refuses
//! what is older than five minutes, and answers an `id` it knows as it did before without sending again.

use crate::{
    delivery::{Gateway, SEND_TIMEOUT},
    smtp::{Handed, Reply, Stage},
};
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::Sha256;
use std::time::Duration;

/// What the gateway is asked to deliver.
#[derive(Serialize)]
pub(crate) struct Request<'a> {
    /// The same for every attempt of the same message.
    pub id: &'a str,
    /// Telephone number.
    pub to: &'a str,
    /// Words to send or to read aloud.
    pub text: &'a str,
}

/// Hands one message to the gateway within 30 seconds.
pub(crate) async fn post(gateway: &Gateway, request: &Request<'_>, now: DateTime<Utc>) -> Handed {
    let body = serde_json::to_string(request).expect("a request is plain text");
    let timestamp = now.timestamp().to_string();
    let signature = signature(&gateway.secret, &timestamp, &body);
    let headers = vec![
        ("X-Huiyin-Timestamp", timestamp),
        ("X-Huiyin-Signature", signature),
    ];
    match post_json(gateway.url.clone(), body, headers, SEND_TIMEOUT).await {
        Some(code) => answered(code),
        // The gateway knows the id, so asking again sends nothing twice.
        None => Handed::Unreachable(Stage::Connect),
    }
}

/// Posts JSON to exactly this address; the status of the answer, or none when there was none in time.
pub(crate) async fn post_json(
    url: String,
    body: String,
    headers: Vec<(&'static str, String)>,
    patience: Duration,
) -> Option<u16> {
    let posting = tokio::task::spawn_blocking(move || {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(patience))
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .into();
        let json = "application/json; charset=utf-8";
        let mut request = agent.post(&url).header("Content-Type", json);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        request.send(&body).map(|answer| answer.status().as_u16())
    });
    posting.await.ok()?.ok()
}

fn answered(code: u16) -> Handed {
    let reply = |stage| Reply {
        stage,
        code,
        status: None,
    };
    match code {
        200..=299 => Handed::Over,
        // The gateway read the request and says that the number takes nothing.
        410 | 422 => Handed::BadAddress(reply(Stage::Address)),
        408 | 425 | 429 | 500..=599 => Handed::NotNow(reply(Stage::Content)),
        _ => Handed::Refused(reply(Stage::Content)),
    }
}

fn signature(secret: &[u8], timestamp: &str, body: &str) -> String {
    format!("sha256={}", mac(secret, timestamp, body))
}

/// HMAC-SHA-256 of timestamp, a full stop, and the body, in hex.
pub(crate) fn mac(secret: &[u8], timestamp: &str, body: &str) -> String {
    let mut mac =
        <Hmac<Sha256> as KeyInit>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_covers_time_and_body() {
        let signed = signature(b"0123456789abcdef", "1790000000", "{}");

        // printf '1790000000.{}' | openssl dgst -sha256 -hmac 0123456789abcdef
        assert_eq!(signed, GOLDEN);
        assert_ne!(signature(b"0123456789abcdef", "1790000001", "{}"), signed);
        assert_ne!(signature(b"0123456789abcdef", "1790000000", "{ }"), signed);
        assert_ne!(signature(b"0123456789abcdeF", "1790000000", "{}"), signed);
    }

    const GOLDEN: &str = "sha256=3d02334942fff50e279f641c1b104ff5f49380d94ff307bb92b1e03f5aee6ff0";
}
