//! When a question is shown: a small typed tree, stored as JSON and evaluated on the server.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vocabulary::{ItemId, Level};

/// An answer as a condition sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerValue {
    /// A level of the satisfaction scale.
    Level(Level),
    /// Codes of the chosen options.
    Options(Vec<String>),
    /// Free text.
    Text(String),
}

/// A condition on earlier answers, about the same unit or about none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// The item was answered with one of these levels.
    LevelIn {
        /// An earlier item of the same questionnaire.
        item: ItemId,
        /// The levels that make the condition hold.
        levels: Vec<Level>,
    },
    /// One of these options was chosen.
    OptionIn {
        /// An earlier item of the same questionnaire.
        item: ItemId,
        /// The option codes that make the condition hold.
        options: Vec<String>,
    },
    /// All hold.
    All(Vec<Self>),
    /// At least one holds.
    Any(Vec<Self>),
    /// Does not hold.
    Not(Box<Self>),
}

impl Condition {
    /// Whether the condition holds for the given answers; an unanswered item satisfies no `LevelIn` or `OptionIn`.
    pub fn holds<'a>(&self, answer: &impl Fn(&ItemId) -> Option<&'a AnswerValue>) -> bool {
        match self {
            Self::LevelIn { item, levels } => {
                matches!(answer(item), Some(AnswerValue::Level(level)) if levels.contains(level))
            }
            Self::OptionIn { item, options } => {
                matches!(answer(item), Some(AnswerValue::Options(chosen)) if chosen.iter().any(|c| options.contains(c)))
            }
            Self::All(parts) => parts.iter().all(|part| part.holds(answer)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(answer)),
            Self::Not(part) => !part.holds(answer),
        }
    }

    /// The items the condition looks at.
    #[must_use]
    pub fn items(&self) -> Vec<&ItemId> {
        match self {
            Self::LevelIn { item, .. } | Self::OptionIn { item, .. } => vec![item],
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::items).collect(),
            Self::Not(part) => part.items(),
        }
    }
}
