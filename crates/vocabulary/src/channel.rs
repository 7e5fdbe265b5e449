//! The streams a score is made of: "1+2+2+X" and the rectification account.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One of the streams that enter a unit's score.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// 1: the sample survey 抽样问卷.
    Survey,
    /// 2a: service-centre ratings 好差评, a census of transactions.
    Hall,
    /// 2b: 12345 hotline orders, a census of transactions.
    Hotline,
    /// 2c: ratings by paired communities 社区评议.
    Community,
    /// 2d: ratings by paired villages 村评议.
    Village,
    /// X: enterprises rate enterprise-facing units online 涉企部门评议.
    Enterprise,
    /// The rectification account 整改账.
    Rectification,
}

impl Channel {
    /// All channels in the fixed official order.
    pub const ALL: [Self; 7] = [
        Self::Survey,
        Self::Hall,
        Self::Hotline,
        Self::Community,
        Self::Village,
        Self::Enterprise,
        Self::Rectification,
    ];

    /// The stored and exchanged name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Survey => "survey",
            Self::Hall => "hall",
            Self::Hotline => "hotline",
            Self::Community => "community",
            Self::Village => "village",
            Self::Enterprise => "enterprise",
            Self::Rectification => "rectification",
        }
    }

    /// The channel with this stored name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.code() == code)
    }

    /// The official label in Chinese.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Survey => "抽样问卷",
            Self::Hall => "办事大厅好差评",
            Self::Hotline => "12345 热线",
            Self::Community => "社区评议",
            Self::Village => "村评议",
            Self::Enterprise => "企业评议",
            Self::Rectification => "整改账",
        }
    }
}
