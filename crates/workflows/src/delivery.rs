//! How letters leave this installation: the relay, the gateway for short messages, the sender, and how fast.

use lettre::{
    Address,
    message::Mailbox,
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, TlsParameters},
    },
};
use std::{collections::BTreeMap, fmt, sync::Mutex, time::Duration};

/// Longest time one letter may take, connecting included.
pub(crate) const SEND_TIMEOUT: Duration = Duration::from_secs(30);

const SENDER: &str = "回音 <no-reply@huiyin.invalid>";

/// What an operator writes down; secrets come from files.
#[derive(Clone, Default)]
pub struct DeliverySettings {
    /// `smtps://user@host`, `starttls://user@host`, or `smtp://host` for a relay on the same machine; none for the spool.
    pub relay: Option<String>,
    /// Password of the relay.
    pub relay_password: Option<String>,
    /// PEM certificates of a private authority.
    pub relay_authority: Option<Vec<u8>>,
    /// Sender, `name <address>` or an address.
    pub sender: Option<String>,
    /// Address that bounces come back to; each mail adds its handle after a `+`.
    pub bounces: Option<String>,
    /// Most mails per minute to one domain.
    pub per_minute: u32,
    /// Address of the gateway for short messages.
    pub gateway: Option<String>,
    /// Secret shared with the gateway.
    pub gateway_secret: Option<Vec<u8>>,
}

/// Shows nothing: some of it is secret.
impl fmt::Debug for DeliverySettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeliverySettings")
    }
}

/// Why settings cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryProblem {
    /// The relay's address is not one.
    Relay,
    /// A user needs a password and a password a user.
    Password,
    /// The certificates cannot be read.
    Authority,
    /// The sender or the bounce address is not an address.
    Sender,
    /// The gateway needs an address and a secret of at least 16 bytes.
    Gateway,
    /// At least one mail per minute.
    Rate,
}

impl fmt::Display for DeliveryProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Relay => "邮件服务器地址应为 smtps://、starttls:// 或（仅限本机转发）smtp:// 开头 / mail relay must be smtps://, starttls:// or, on this machine only, smtp://",
            Self::Password => "邮件服务器的用户名和口令文件要么都给，要么都不给 / user and password file of the relay go together",
            Self::Authority => "邮件服务器的证书文件读不懂，应为 PEM / certificates of the relay are not PEM",
            Self::Sender => "发件地址或退信地址不对 / sender or bounce address is no address",
            Self::Gateway => "短信网关要有 http(s) 地址和至少 16 字节的密钥文件 / the gateway needs an http(s) address and a secret file of 16 bytes or more",
            Self::Rate => "每分钟至少一封 / at least one mail per minute",
        })
    }
}

/// How letters leave.
pub struct Delivery {
    pub(crate) relay: Option<Relay>,
    pub(crate) sender: Mailbox,
    pub(crate) bounces: Option<Address>,
    pub(crate) gateway: Option<Gateway>,
    pub(crate) pace: Mutex<Pace>,
}

/// A mail relay.
pub(crate) struct Relay {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub tls: Option<TlsParameters>,
    pub credentials: Option<Credentials>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Security {
    /// TLS from the first byte.
    Tls,
    /// TLS before anything is said.
    StartTls,
    /// None: a relay on this machine, as the operator wrote himself.
    Plain,
}

/// The gateway for short messages.
pub(crate) struct Gateway {
    pub url: String,
    pub secret: Vec<u8>,
}

impl Delivery {
    /// Reads the settings.
    ///
    /// # Errors
    /// The first [`DeliveryProblem`].
    pub fn new(settings: &DeliverySettings) -> Result<Self, DeliveryProblem> {
        let relay = settings.relay.as_deref();
        let sender = settings.sender.as_deref().unwrap_or(SENDER).parse();
        let bounces = settings.bounces.as_deref().map(str::parse).transpose();
        let gateway = match (&settings.gateway, &settings.gateway_secret) {
            (None, None) => None,
            (Some(url), Some(secret)) if url.starts_with("http") && secret.len() >= 16 => {
                Some(Gateway {
                    url: url.clone(),
                    secret: secret.clone(),
                })
            }
            _ => return Err(DeliveryProblem::Gateway),
        };
        if settings.per_minute == 0 {
            return Err(DeliveryProblem::Rate);
        }
        Ok(Self {
            relay: relay.map(|url| relay_of(url, settings)).transpose()?,
            sender: sender.map_err(|_| DeliveryProblem::Sender)?,
            bounces: bounces.map_err(|_| DeliveryProblem::Sender)?,
            gateway,
            pace: Mutex::new(Pace::new(settings.per_minute)),
        })
    }

    /// Into the spool of the data directory, as fast as it goes.
    pub(crate) fn into_spool() -> Self {
        let settings = DeliverySettings {
            per_minute: u32::MAX,
            ..DeliverySettings::default()
        };
        Self::new(&settings).expect("the built-in settings are complete")
    }
}

fn relay_of(url: &str, settings: &DeliverySettings) -> Result<Relay, DeliveryProblem> {
    let (scheme, rest) = url.split_once("://").ok_or(DeliveryProblem::Relay)?;
    let (security, default_port) = match scheme {
        "smtps" => (Security::Tls, 465),
        "starttls" => (Security::StartTls, 587),
        "smtp" => (Security::Plain, 25),
        _ => return Err(DeliveryProblem::Relay),
    };
    // A user name may hold an @ of its own.
    let (user, place) = match rest.trim_end_matches('/').rsplit_once('@') {
        Some((user, place)) => (Some(user), place),
        None => (None, rest.trim_end_matches('/')),
    };
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) => (host, port.parse().map_err(|_| DeliveryProblem::Relay)?),
        None => (place, default_port),
    };
    if host.is_empty() {
        return Err(DeliveryProblem::Relay);
    }
    let credentials = match (user, &settings.relay_password) {
        (None, None) => None,
        (Some(user), Some(password)) => Some(Credentials::new(user.to_owned(), password.clone())),
        _ => return Err(DeliveryProblem::Password),
    };
    let tls = match security {
        Security::Plain => None,
        Security::Tls | Security::StartTls => Some(tls_of(host, settings)?),
    };
    Ok(Relay {
        host: host.to_owned(),
        port,
        security,
        tls,
        credentials,
    })
}

fn tls_of(host: &str, settings: &DeliverySettings) -> Result<TlsParameters, DeliveryProblem> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(pem) = &settings.relay_authority {
        let authority = Certificate::from_pem(pem).map_err(|_| DeliveryProblem::Authority)?;
        builder = builder.add_root_certificate(authority);
    }
    builder.build().map_err(|_| DeliveryProblem::Authority)
}

/// Books a minute for each mail of a domain, so that no domain gets more in one minute than it was promised.
pub(crate) struct Pace {
    per_minute: u32,
    booked: BTreeMap<String, (i64, u32)>,
}

impl Pace {
    const fn new(per_minute: u32) -> Self {
        Self {
            per_minute,
            booked: BTreeMap::new(),
        }
    }

    /// The minute in which the next mail to the domain may go, `minute` or later.
    pub(crate) fn book(&mut self, domain: &str, minute: i64) -> i64 {
        let place = self.booked.entry(domain.to_owned()).or_insert((minute, 0));
        if place.0 < minute {
            *place = (minute, 0);
        }
        if place.1 == self.per_minute {
            *place = (place.0 + 1, 0);
        }
        place.1 += 1;
        place.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(relay: &str, password: Option<&str>) -> DeliverySettings {
        DeliverySettings {
            relay: Some(relay.to_owned()),
            relay_password: password.map(str::to_owned),
            per_minute: 60,
            ..DeliverySettings::default()
        }
    }

    #[test]
    fn a_relay_is_encrypted_unless_the_operator_says_otherwise() {
        let cases = [
            ("smtps://mail.example.cn", None, Security::Tls, 465),
            (
                "starttls://a@example.cn@mail.example.cn",
                Some("p"),
                Security::StartTls,
                587,
            ),
            ("smtp://127.0.0.1:2525/", None, Security::Plain, 2525),
        ];
        for (url, password, security, port) in cases {
            let relay = Delivery::new(&settings(url, password))
                .unwrap()
                .relay
                .unwrap();
            assert_eq!((relay.security, relay.port), (security, port), "{url}");
            assert_eq!(relay.tls.is_some(), security != Security::Plain, "{url}");
            assert_eq!(relay.credentials.is_some(), password.is_some(), "{url}");
        }
    }

    #[test]
    fn what_cannot_work_is_refused_before_anything_is_sent() {
        let problem = |settings: &DeliverySettings| Delivery::new(settings).err().unwrap();
        for url in ["mail.example.cn", "http://a", "smtps://", "smtps://a:b"] {
            assert_eq!(
                problem(&settings(url, None)),
                DeliveryProblem::Relay,
                "{url}"
            );
        }
        assert_eq!(
            problem(&settings("smtps://u@h", None)),
            DeliveryProblem::Password
        );
        let short = DeliverySettings {
            gateway: Some("https://sms.example.cn".into()),
            gateway_secret: Some(b"short".to_vec()),
            ..settings("smtp://h", None)
        };
        assert_eq!(problem(&short), DeliveryProblem::Gateway);
    }

    #[test]
    fn no_domain_gets_more_in_a_minute_than_it_was_promised() {
        let mut pace = Pace::new(2);
        let minutes: Vec<_> = (0..5).map(|_| pace.book("a", 10)).collect();

        assert_eq!(minutes, [10, 10, 11, 11, 12]);
        assert_eq!(pace.book("b", 10), 10);
        assert_eq!(pace.book("a", 20), 20);
    }
}
