//! One matter as the public reads it.

use publication::{BulletinBody, MatterCard};
use rectification::MatterStage;

/// What people asked for and what was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseCard {
    /// Number of the matter.
    pub id: String,
    /// Name of the unit.
    pub unit: String,
    /// Address of the unit's page.
    pub href: String,
    /// What people asked for, redacted.
    pub problem: String,
    /// What was done, or the goal.
    pub outcome: String,
    /// Where it stands.
    pub state: String,
    /// Whether it is closed.
    pub settled: bool,
    /// How long it took, in words; empty while open.
    pub took: String,
}

impl CaseCard {
    /// The card of a matter of this bulletin.
    #[must_use]
    pub fn of(body: &BulletinBody, card: &MatterCard) -> Self {
        Self {
            id: card.id.to_string(),
            unit: card.unit_name.clone(),
            href: format!("/r/{}/d/{}", body.round, card.unit),
            problem: format!("“{}”", card.problem.trim_matches(['“', '”'])),
            outcome: card.outcome.clone(),
            state: card.state.clone(),
            settled: settled(card),
            took: card
                .took
                .map_or_else(String::new, |days| format!("用了 {} 个工作日", days.0)),
        }
    }
}

/// Whether the matter is closed 销号.
#[must_use]
pub fn settled(card: &MatterCard) -> bool {
    card.took.is_some() || card.state == MatterStage::Closed.label()
}
