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
    /// A whole number.
    Number(i32),
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
    /// A number from `at_least` to `at_most`, both included, was given.
    NumberIn {
        /// An earlier item of the same questionnaire.
        item: ItemId,
        /// Smallest number that makes the condition hold.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at_least: Option<i32>,
        /// Largest number that makes the condition hold.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at_most: Option<i32>,
    },
    /// All hold.
    All(Vec<Self>),
    /// At least one holds.
    Any(Vec<Self>),
    /// Does not hold.
    Not(Box<Self>),
}

impl Condition {
    /// Whether the condition holds for the given answers; an unanswered item satisfies none of the three that look at an item.
    pub fn holds<'a>(&self, answer: &impl Fn(&ItemId) -> Option<&'a AnswerValue>) -> bool {
        match self {
            Self::LevelIn { item, levels } => {
                matches!(answer(item), Some(AnswerValue::Level(level)) if levels.contains(level))
            }
            Self::OptionIn { item, options } => {
                matches!(answer(item), Some(AnswerValue::Options(chosen)) if chosen.iter().any(|c| options.contains(c)))
            }
            Self::NumberIn {
                item,
                at_least,
                at_most,
            } => {
                let inside = |number: i32| {
                    at_least.is_none_or(|least| least <= number)
                        && at_most.is_none_or(|most| number <= most)
                };
                matches!(answer(item), Some(AnswerValue::Number(number)) if inside(*number))
            }
            Self::All(parts) => parts.iter().all(|part| part.holds(answer)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(answer)),
            Self::Not(part) => !part.holds(answer),
        }
    }

    /// The parts that look at one item each, and empty lists of parts.
    #[must_use]
    pub fn leaves(&self) -> Vec<&Self> {
        match self {
            Self::All(parts) | Self::Any(parts) if !parts.is_empty() => {
                parts.iter().flat_map(Self::leaves).collect()
            }
            Self::Not(part) => part.leaves(),
            _ => vec![self],
        }
    }

    /// The item a part looks at; none for a list of parts.
    #[must_use]
    pub const fn item(&self) -> Option<&ItemId> {
        match self {
            Self::LevelIn { item, .. }
            | Self::OptionIn { item, .. }
            | Self::NumberIn { item, .. } => Some(item),
            Self::All(_) | Self::Any(_) | Self::Not(_) => None,
        }
    }

    /// The items the condition looks at.
    #[must_use]
    pub fn items(&self) -> Vec<&ItemId> {
        self.leaves().into_iter().filter_map(Self::item).collect()
    }
}
