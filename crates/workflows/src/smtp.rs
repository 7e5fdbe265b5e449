//! One connection to the relay, step by step, so that it is known how far a letter came when something failed.

use crate::delivery::{Relay, SEND_TIMEOUT, Security};
use lettre::{
    Address,
    transport::smtp::{
        Error,
        authentication::Mechanism,
        client::AsyncSmtpConnection,
        commands::{Data, Mail, Rcpt},
        extension::ClientId,
    },
};
use std::{error::Error as _, fmt};

/// What became of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Handed {
    /// The other side has taken it.
    Over,
    /// The other side refuses this address for good.
    BadAddress(Reply),
    /// The other side refuses for good, and not because of the address.
    Refused(Reply),
    /// The other side says: later.
    NotNow(Reply),
    /// The other side cannot be talked to; nothing was handed over.
    Unreachable(Stage),
    /// The line broke, or fell silent, after the content was on its way.
    InDoubt,
}

/// How far a letter came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Connect,
    Sender,
    Address,
    Start,
    Content,
}

/// A refusal without the words of the other side, which often repeat the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    pub stage: Stage,
    pub code: u16,
    /// Enhanced status code (RFC 3463).
    pub status: Option<(u16, u16, u16)>,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "CONNECT",
            Self::Sender => "MAIL",
            Self::Address => "RCPT",
            Self::Start => "DATA",
            Self::Content => "CONTENT",
        })
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.stage, self.code)?;
        match self.status {
            Some((class, subject, detail)) => write!(f, " {class}.{subject}.{detail}"),
            None => Ok(()),
        }
    }
}

impl Reply {
    /// Our own refusal of what is no address.
    pub(crate) const fn no_address() -> Self {
        Self {
            stage: Stage::Address,
            code: 553,
            status: Some((5, 1, 3)),
        }
    }
}

/// A worker's connection; dropped on every error.
pub(crate) struct Smtp<'a> {
    relay: &'a Relay,
    connection: Option<AsyncSmtpConnection>,
    stage: Stage,
}

impl<'a> Smtp<'a> {
    pub(crate) const fn to(relay: &'a Relay) -> Self {
        Self {
            relay,
            connection: None,
            stage: Stage::Connect,
        }
    }

    /// Hands one letter over within 30 seconds, or says how far it came.
    pub(crate) async fn send(&mut self, from: Address, to: Address, message: &[u8]) -> Handed {
        self.stage = Stage::Connect;
        let reused = self.connection.is_some();
        let sending = self.hand_over(from.clone(), to.clone(), message);
        let handed = match tokio::time::timeout(SEND_TIMEOUT, sending).await {
            Ok(Ok(())) => return Handed::Over,
            Ok(Err(error)) => failed(self.stage, &error),
            Err(_) if self.stage == Stage::Content => Handed::InDoubt,
            Err(_) => Handed::Unreachable(self.stage),
        };
        self.connection = None;
        // A relay may close a connection between two letters: that says nothing about the second.
        if reused && handed == Handed::Unreachable(Stage::Sender) {
            return Box::pin(self.send(from, to, message)).await;
        }
        handed
    }

    async fn hand_over(&mut self, from: Address, to: Address, message: &[u8]) -> Result<(), Error> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(connect(self.relay).await?),
        };
        self.stage = Stage::Sender;
        connection.command(Mail::new(Some(from), vec![])).await?;
        self.stage = Stage::Address;
        connection.command(Rcpt::new(to, vec![])).await?;
        self.stage = Stage::Start;
        connection.command(Data).await?;
        self.stage = Stage::Content;
        connection.message(message).await.map(drop)
    }
}

async fn connect(relay: &Relay) -> Result<AsyncSmtpConnection, Error> {
    let hello = ClientId::default();
    let from_the_start = (relay.security == Security::Tls)
        .then(|| relay.tls.clone())
        .flatten();
    let place = (relay.host.as_str(), relay.port);
    let mut connection = AsyncSmtpConnection::connect_tokio1(
        place,
        Some(SEND_TIMEOUT),
        &hello,
        from_the_start,
        None,
    )
    .await?;
    if let (Security::StartTls, Some(tls)) = (relay.security, &relay.tls) {
        connection.starttls(tls.clone(), &hello).await?;
    }
    if let Some(credentials) = &relay.credentials {
        let mechanisms = [Mechanism::Plain, Mechanism::Login];
        connection.auth(&mechanisms, credentials).await?;
    }
    Ok(connection)
}

fn failed(stage: Stage, error: &Error) -> Handed {
    let Some(code) = error.status().map(u16::from) else {
        return match stage {
            Stage::Content => Handed::InDoubt,
            _ => Handed::Unreachable(stage),
        };
    };
    let status = error.source().and_then(|said| enhanced(&said.to_string()));
    let reply = Reply {
        stage,
        code,
        status,
    };
    // 5.7.x speaks of rules of the other side, which a person must settle; the address may be good.
    let of_the_address =
        stage == Stage::Address && !matches!(status, Some((_, subject, _)) if subject == 7);
    match (error.is_permanent(), of_the_address) {
        (false, _) => Handed::NotNow(reply),
        (true, true) => Handed::BadAddress(reply),
        (true, false) => Handed::Refused(reply),
    }
}

/// The enhanced status code a reply begins with.
pub(crate) fn enhanced(text: &str) -> Option<(u16, u16, u16)> {
    let mut parts = text.split_whitespace().next()?.splitn(3, '.');
    let mut next = || parts.next()?.parse().ok();
    Some((next()?, next()?, next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_keeps_its_codes_and_not_its_words() {
        let status = enhanced("5.1.1 <lin@example.cn> unknown");
        let reply = Reply {
            stage: Stage::Address,
            code: 550,
            status,
        };

        assert_eq!(reply.to_string(), "RCPT 550 5.1.1");
        assert_eq!(enhanced("mailbox full"), None);
        assert_eq!(enhanced(""), None);
    }
}
