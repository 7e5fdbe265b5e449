//! Mail that came back: a delivery status notification (RFC 3464) finds its job by the handle it carries.

use crate::{App, Verb, send_mail::contact};
use chrono::{DateTime, Utc};
use mailparse::ParsedMail;
use response_collection::ContactOutcome;
use storage::outbox;

/// What a message was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bounce {
    /// The letter cannot be delivered, and this was not known yet.
    Hard,
    /// The same was known before.
    Known,
    /// Delivery is late, or succeeded: nothing follows.
    Soft,
    /// It speaks of no letter of this installation.
    Stranger,
    /// It is no delivery status notification.
    Other,
}

/// Reads a message that came to the bounce address; two hard bounces stop an address.
///
/// # Errors
/// When the database fails.
pub async fn take_bounce(app: &App, message: &[u8], now: DateTime<Utc>) -> Verb<Bounce> {
    let Some(failed) = delivery_failed(message) else {
        return Ok(Bounce::Other);
    };
    if !failed {
        return Ok(Bounce::Soft);
    }
    let tx = app.store.begin().await?;
    for handle in handles(&String::from_utf8_lossy(message)) {
        if let Some(job) = outbox::find_by_handle(&tx, handle).await? {
            let new = contact(&tx, &job, "bounce", ContactOutcome::Bounced, now).await?;
            tx.commit().await?;
            return Ok(if new { Bounce::Hard } else { Bounce::Known });
        }
    }
    Ok(Bounce::Stranger)
}

/// Whether a notification says that delivery failed for good; `None` for any other message.
fn delivery_failed(message: &[u8]) -> Option<bool> {
    let mail = mailparse::parse_mail(message).ok()?;
    let report = status_part(&mail)?;
    let text = report.get_body().ok()?.to_lowercase();
    let field = |name: &str| {
        text.lines()
            .filter_map(|line| line.split_once(':'))
            .filter(|(key, _)| key.trim() == name)
            .map(|(_, value)| value.trim().to_owned())
            .collect::<Vec<_>>()
    };
    let failed = field("action")
        .iter()
        .any(|action| action.starts_with("failed"));
    let for_good = field("status").iter().any(|status| status.starts_with('5'));
    Some(failed && for_good)
}

fn status_part<'a>(mail: &'a ParsedMail<'a>) -> Option<&'a ParsedMail<'a>> {
    mail.parts()
        .find(|part| part.ctype.mimetype == "message/delivery-status")
}

/// Words of 32 hexadecimal digits, in order: in the return path, in the message id, wherever a server kept one.
fn handles(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| word.len() == 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notification(action: &str, status: &str) -> Vec<u8> {
        format!(
            "From: MAILER-DAEMON@mx.example.invalid\r\n\
             To: bounce+0123456789abcdef0123456789abcdef@yunxi.example\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\n\
             Reporting-MTA: dns; mx.example.invalid\r\n\r\n\
             Final-Recipient: rfc822; p1@example.invalid\r\nAction: {action}\r\nStatus: {status}\r\n\r\n\
             --b--\r\n"
        )
        .into_bytes()
    }

    #[test]
    fn only_a_failure_for_good_is_a_hard_bounce() {
        let cases = [
            ("failed", "5.1.1", Some(true)),
            ("Failed", "5.2.2", Some(true)),
            ("delayed", "4.2.2", Some(false)),
            ("failed", "4.4.7", Some(false)),
            ("delivered", "2.0.0", Some(false)),
        ];
        for (action, status, expected) in cases {
            let found = delivery_failed(&notification(action, status));
            assert_eq!(found, expected, "{action} {status}");
        }
        assert_eq!(delivery_failed(b"Subject: hello\r\n\r\n5.1.1 failed"), None);
        assert_eq!(delivery_failed(b"\xff\xfe\x00"), None);
    }

    #[test]
    fn the_handle_is_found_wherever_it_stands() {
        let text = String::from_utf8(notification("failed", "5.1.1")).unwrap();

        assert_eq!(
            handles(&text).collect::<Vec<_>>(),
            ["0123456789abcdef0123456789abcdef"]
        );
        assert_eq!(
            handles("0123 abc 0123456789abcdef0123456789abcdeg").count(),
            0
        );
    }
}
