//! Where a source is told, and the secret the telling is signed with.

use crate::{
    App, Refusal, Verb,
    seal::{open, seal},
};
use rand::Rng;
use std::net::IpAddr;
use storage::sources::Source;
use ureq::http::Uri;

const KEY: &str = "sources";
const LONGEST: usize = 500;

/// An address that is told: encrypted, or inside the own network; none when empty.
pub(super) fn checked_url(url: &str) -> Result<Option<String>, Refusal> {
    let url = url.trim();
    if url.is_empty() {
        return Ok(None);
    }
    match url.len() <= LONGEST && url.parse().is_ok_and(|uri| is_allowed(&uri)) {
        true => Ok(Some(url.to_owned())),
        false => Err(Refusal::Contradiction(
            "回调地址要以 https:// 开头；http:// 只能用于本机或内网的 IP 地址，地址里不能写账号口令",
        )),
    }
}

fn is_allowed(uri: &Uri) -> bool {
    let Some(authority) = uri.authority() else {
        return false;
    };
    let named = !authority.host().is_empty() && !authority.as_str().contains('@');
    match uri.scheme_str() {
        Some("https") => named,
        Some("http") => named && is_inside(authority.host()),
        _ => false,
    }
}

fn is_inside(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    match address.map(|address| address.to_canonical()) {
        Ok(IpAddr::V4(four)) => four.is_loopback() || four.is_private(),
        Ok(IpAddr::V6(six)) => six.is_loopback() || six.is_unique_local(),
        Err(_) => host == "localhost",
    }
}

/// A secret as it is stored.
pub(crate) fn sealed_secret(
    app: &App,
    source: &str,
    secret: &str,
    rng: &mut impl Rng,
) -> Verb<String> {
    let key = app.keys.read_or_make(KEY, rng)?;
    Ok(hex::encode(seal(&key, source, secret.as_bytes(), rng)))
}

/// Address and secret of a source that is to be told; none when it is not, or its key was ended.
pub(crate) fn callback_of(app: &App, source: &Source) -> Option<(String, Vec<u8>)> {
    let sealed = hex::decode(source.callback_secret.as_deref()?).ok()?;
    let secret = open(&app.keys.read(KEY).ok()?, &source.id, &sealed)?;
    let url = source.callback_url.clone()?;
    source.ended_at.is_none().then_some((url, secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_encrypted_or_inside() {
        for good in [
            "https://hall.example.cn/huiyin?a=1",
            "http://127.0.0.1:9000/x",
            "http://10.1.2.3/x",
            "http://[::1]/x",
            "http://localhost:9000/",
        ] {
            assert_eq!(checked_url(good).unwrap().as_deref(), Some(good));
        }
        for bad in [
            "http://hall.example.cn/",
            "http://8.8.8.8/",
            "https://user:word@hall.example.cn/",
            "ftp://10.1.2.3/",
            "hall.example.cn",
            "https:///x",
        ] {
            assert!(checked_url(bad).is_err(), "{bad}");
        }
        assert!(checked_url(&format!("https://a/{}", "x".repeat(LONGEST))).is_err());
        assert_eq!(checked_url("  ").unwrap(), None);
    }
}
