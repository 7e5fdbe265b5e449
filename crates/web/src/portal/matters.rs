//! What became of the opinions: the public list, failures included.

use super::{CaseCard, Fact};
use crate::{
    frame::{Host, PortalFrame, PortalPlace},
    icon::Icon,
};
use askama::Template;
use publication::BulletinBody;

/// The public list of matters of a round.
#[derive(Debug, Template)]
#[template(path = "portal/matters.html")]
pub struct MattersPage {
    /// Frame.
    pub frame: PortalFrame,
    /// The finding.
    pub headline: String,
    /// Registered, closed, reopened, escalated.
    pub facts: Vec<Fact>,
    /// The cards.
    pub cases: Vec<CaseCard>,
}

/// Builds the list.
#[must_use]
pub fn matters(body: &BulletinBody, host: Host) -> MattersPage {
    let numbers = &body.matters;
    let headline = format!(
        "{}登记 {} 件事，已销号 {} 件",
        body.round_title, numbers.registered, numbers.closed
    );
    MattersPage {
        frame: PortalFrame {
            title: format!("整改公开：{headline}"),
            host,
            place: PortalPlace::Matters,
            round: Some(body.round.to_string()),
        },
        headline,
        facts: vec![
            Fact::new("登记", numbers.registered.to_string(), "件"),
            Fact::new("已销号", numbers.closed.to_string(), "件"),
            Fact::new("退回重办", numbers.reopened.to_string(), "件"),
            Fact::new("升级督办", numbers.escalated.to_string(), "件"),
        ],
        cases: body
            .public_matters
            .iter()
            .map(|card| CaseCard::of(body, card))
            .collect(),
    }
}
