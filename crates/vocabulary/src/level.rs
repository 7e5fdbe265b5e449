//! The five-level answer scale, with *don't know* and *abstain* apart.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One answer on the satisfaction scale 非常满意 … 非常不满意, or none.
///
/// `DontKnow` and `Abstain` never become points.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 非常满意, level 5.
    VerySatisfied,
    /// 满意, level 4.
    Satisfied,
    /// 基本满意, level 3.
    Fair,
    /// 不满意, level 2.
    Dissatisfied,
    /// 非常不满意, level 1.
    VeryDissatisfied,
    /// 不了解: a valid answer that is never scored; its share is published.
    DontKnow,
    /// 弃权: nothing was chosen.
    Abstain,
}

impl Level {
    /// The five scored levels, best first.
    pub const SCORED: [Self; 5] = [
        Self::VerySatisfied,
        Self::Satisfied,
        Self::Fair,
        Self::Dissatisfied,
        Self::VeryDissatisfied,
    ];

    /// 5 for 非常满意 down to 1 for 非常不满意, 0 for 不了解, -1 for 弃权; the stored form.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Self::VerySatisfied => 5,
            Self::Satisfied => 4,
            Self::Fair => 3,
            Self::Dissatisfied => 2,
            Self::VeryDissatisfied => 1,
            Self::DontKnow => 0,
            Self::Abstain => -1,
        }
    }

    /// The level with this stored code; `None` for any other number.
    #[must_use]
    pub const fn from_code(code: i16) -> Option<Self> {
        Some(match code {
            5 => Self::VerySatisfied,
            4 => Self::Satisfied,
            3 => Self::Fair,
            2 => Self::Dissatisfied,
            1 => Self::VeryDissatisfied,
            0 => Self::DontKnow,
            -1 => Self::Abstain,
            _ => return None,
        })
    }

    /// Position among the five scored levels, 0 for the best; `None` for 不了解 and 弃权.
    #[must_use]
    pub const fn scored_index(self) -> Option<usize> {
        Some(match self {
            Self::VerySatisfied => 0,
            Self::Satisfied => 1,
            Self::Fair => 2,
            Self::Dissatisfied => 3,
            Self::VeryDissatisfied => 4,
            Self::DontKnow | Self::Abstain => return None,
        })
    }

    /// Whether this is a 差评: 不满意 or 非常不满意.
    #[must_use]
    pub const fn is_bad(self) -> bool {
        matches!(self, Self::Dissatisfied | Self::VeryDissatisfied)
    }

    /// The official label in Chinese.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::VerySatisfied => "非常满意",
            Self::Satisfied => "满意",
            Self::Fair => "基本满意",
            Self::Dissatisfied => "不满意",
            Self::VeryDissatisfied => "非常不满意",
            Self::DontKnow => "不了解",
            Self::Abstain => "弃权",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Level;

    #[test]
    fn every_code_leads_back_to_its_level() {
        for code in -1..=5 {
            assert_eq!(Level::from_code(code).map(Level::code), Some(code));
        }
        assert_eq!(Level::from_code(6), None);
    }

    #[test]
    fn only_the_two_lowest_levels_are_bad() {
        assert_eq!(Level::SCORED.iter().filter(|l| l.is_bad()).count(), 2);
        assert!(!Level::DontKnow.is_bad());
    }
}
