//! Who rates: the layers 投票层面 of the sample library.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A rater layer 投票层面.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum RaterGroup {
    /// 两代表一委员.
    Delegates,
    /// 机关干部.
    Cadres,
    /// 企业代表.
    Enterprises,
    /// 普通群众.
    Citizens,
}

impl RaterGroup {
    /// All groups in the fixed official order.
    pub const ALL: [Self; 4] = [
        Self::Delegates,
        Self::Cadres,
        Self::Enterprises,
        Self::Citizens,
    ];

    /// The stored and exchanged name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Delegates => "delegates",
            Self::Cadres => "cadres",
            Self::Enterprises => "enterprises",
            Self::Citizens => "citizens",
        }
    }

    /// The group with this stored name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.code() == code)
    }

    /// The official label in Chinese.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Delegates => "两代表一委员",
            Self::Cadres => "机关干部",
            Self::Enterprises => "企业代表",
            Self::Citizens => "普通群众",
        }
    }
}

/// Which kind of delegate or member a person is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum DelegateKind {
    /// 党代表.
    PartyCongress,
    /// 人大代表.
    PeoplesCongress,
    /// 政协委员.
    Cppcc,
}
