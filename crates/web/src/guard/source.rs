//! From which network a request comes, coarsely: a village or an office behind one address is one network.

use crate::WebState;
use actix_web::HttpRequest;
use std::{
    hash::{BuildHasher, RandomState},
    net::{IpAddr, Ipv6Addr},
    sync::LazyLock,
};

/// New at every start and kept nowhere, so that no number leads back to an address.
static SALT: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// A number for the network of the client: its /24, or its /56 in IPv6.
#[must_use]
pub fn network_of(state: &WebState, request: &HttpRequest) -> u64 {
    SALT.hash_one(client(state, request).map(prefix))
}

/// As [`network_of`], for clients elsewhere; this machine itself, or a proxy that names nobody, is no network.
#[must_use]
pub fn outside_network_of(state: &WebState, request: &HttpRequest) -> Option<u64> {
    let client = client(state, request)?;
    let inside = client.to_canonical().is_loopback() || state.proxies.contains(&client);
    (!inside).then(|| network_of(state, request))
}

/// `X-Forwarded-For` counts only when one of the site's own proxies sent it, and then its last entry, which that proxy wrote.
fn client(state: &WebState, request: &HttpRequest) -> Option<IpAddr> {
    let peer = request.peer_addr().map(|address| address.ip());
    match peer {
        Some(peer) if state.proxies.contains(&peer) => forwarded(request).or(Some(peer)),
        other => other,
    }
}

fn forwarded(request: &HttpRequest) -> Option<IpAddr> {
    let lines = request.headers().get_all("x-forwarded-for");
    let last = lines.last()?.to_str().ok()?.rsplit(',').next()?;
    last.trim().parse().ok()
}

fn prefix(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(four) => IpAddr::V4((u32::from(four) & 0xffff_ff00).into()),
        IpAddr::V6(six) => IpAddr::V6(Ipv6Addr::from(u128::from(six) & (!0 << 72))),
    }
}

#[cfg(test)]
mod tests {
    use super::prefix;
    use std::net::IpAddr;

    #[test]
    fn neighbours_share_a_network() {
        let of = |text: &str| prefix(text.parse::<IpAddr>().unwrap()).to_string();

        assert_eq!(of("10.1.2.3"), "10.1.2.0");
        assert_eq!(of("::ffff:10.1.2.77"), "10.1.2.0");
        assert_eq!(of("2001:db8:1:2fff::9"), "2001:db8:1:2f00::");
    }
}
