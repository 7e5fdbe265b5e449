//! The indicator tree 指标体系 of "1+6".

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vocabulary::{Channel, IndicatorId, ItemId, Points};

/// A versioned indicator tree; leaves sum to 100.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IndicatorSet {
    /// JSON Schema reference, ignored by the program.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Short code.
    pub code: String,
    /// Whole number, raised with every change.
    pub version: u32,
    /// Title.
    pub title: String,
    /// True when the set is invented for demonstration and is nobody's official rule.
    pub example: bool,
    /// Where the set comes from.
    pub source: String,
    /// All nodes; a node without `parent` is a heading.
    pub indicators: Vec<Indicator>,
}

/// One node of the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Code, unique in the set.
    pub id: IndicatorId,
    /// Official name.
    pub name: String,
    /// The heading above; none for a heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<IndicatorId>,
    /// Points of a leaf; headings have the sum of their leaves.
    pub points: Points,
    /// Method department that owns the branch, one of the "1+6".
    pub owner: String,
    /// What the leaf is measured by; none for headings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<Measure>,
}

/// What a leaf is measured by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Measure {
    /// A stream and, where the stream has several, one item of it.
    Channel {
        /// The stream.
        channel: Channel,
        /// The item; none for the stream's own index.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        item: Option<ItemId>,
    },
    /// Inspection findings or appraisers' reports.
    Inspection,
    /// Decisions made outside the evaluation; can only deduct.
    OutsideDecision,
}

impl Measure {
    /// What it is in Chinese, with the code of the item where one is named.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Channel {
                channel,
                item: Some(item),
            } => format!("{}（题目 {item}）", channel.label()),
            Self::Channel { channel, .. } => channel.label().to_owned(),
            Self::Inspection => "巡查和评议员".to_owned(),
            Self::OutsideDecision => "外部认定，只扣分".to_owned(),
        }
    }
}
