//! A questionnaire 测评表: immutable once a round opens.

use crate::Condition;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vocabulary::{IndicatorId, ItemId, Level};

/// A questionnaire template; `code` and `version` name it for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Questionnaire {
    /// JSON Schema reference, ignored by the program.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Short code, for example `overall`.
    pub code: String,
    /// Whole number, raised with every change.
    pub version: u32,
    /// Title shown to citizens.
    pub title: String,
    /// Who asks and why, shown on the first page.
    pub intro: String,
    /// Estimated minutes to fill in.
    pub minutes: u16,
    /// Items in the order asked.
    pub items: Vec<Item>,
}

/// One question; asked on a page of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Code, unique in the questionnaire.
    pub id: ItemId,
    /// The question; `{unit}` stands for the name of the unit asked about.
    pub title: String,
    /// A short hint under the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Answer to "why do you ask this?".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// What kind of answer is taken.
    pub kind: AnswerKind,
    /// Asked once, or once for each assigned unit.
    pub repeat: Repeat,
    /// Shown only when this holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show_when: Option<Condition>,
    /// The indicator the answers feed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indicator: Option<IndicatorId>,
}

/// How often an item is asked of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Repeat {
    /// Once, not about one unit.
    Once,
    /// Once for each unit assigned to the person.
    EachUnit,
}

/// The kind of answer an item takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum AnswerKind {
    /// The five-level scale plus *don't know*.
    Level {
        /// The levels offered, best first; must be symmetric around 基本满意.
        levels: Vec<Level>,
        /// Text of the separate option 不了解.
        dont_know: String,
    },
    /// Reasons to tick, any number, and a free line; optional.
    Reasons {
        /// Options offered.
        options: Vec<ReasonOption>,
        /// Longest free text in characters; 0 for none.
        max_chars: u16,
    },
    /// Exactly one option.
    Choice {
        /// Options offered.
        options: Vec<ReasonOption>,
    },
    /// Free text, optional.
    Text {
        /// Longest text in characters.
        max_chars: u16,
    },
}

/// One option of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonOption {
    /// Stored code.
    pub code: String,
    /// Text shown.
    pub label: String,
}
