//! Identifiers: short codes an official can read aloud, one type per kind of thing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps a code; the text is kept as given.
            #[must_use]
            pub fn new(code: impl Into<String>) -> Self {
                Self(code.into())
            }

            /// The code as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(code: &str) -> Self {
                Self(code.to_owned())
            }
        }
    )*};
}

codes! {
    /// An evaluated unit 被评单位, for example `D07`.
    UnitId,
    /// A class of units that are ranked among themselves, for example `service`.
    ClassId,
    /// An evaluation round, for example `2026Q3`.
    RoundId,
    /// An item of a questionnaire 题目.
    ItemId,
    /// An indicator 指标 of the tree, for example `Z220`.
    IndicatorId,
    /// A sampling stratum, unique inside a round.
    StratumId,
    /// A community or village 社区/村 that rates its paired units.
    BodyId,
    /// An opinion 意见建议.
    OpinionId,
    /// One matter of a matter list 一事一清单.
    MatterId,
    /// An account of an official.
    AccountId,
}
