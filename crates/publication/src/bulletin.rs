//! A bulletin 通报 and the way it goes until people may read it (domain C.7, reduced to what this crate decides).

use serde::{Deserialize, Serialize};
use std::fmt;
use vocabulary::{AccountId, Role, RoundId};

/// An official who takes a step: the account and the role it acted in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Official {
    /// The account.
    pub account: AccountId,
    /// The role the account acted in.
    pub role: Role,
}

/// The bulletin of one round in one version 通报.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bulletin {
    /// The round.
    pub round: RoundId,
    /// 1 for the first publication, raised by each correction.
    pub version: u32,
    /// Where it stands.
    pub state: BulletinState,
}

/// Where a bulletin stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum BulletinState {
    /// Being written.
    Draft,
    /// Secrecy and privacy were checked 保密和隐私审查.
    Reviewed {
        /// Who checked.
        by: Official,
    },
    /// One person asks for publication.
    Proposed {
        /// Who asks.
        by: Official,
    },
    /// Public; nothing in it changes any more.
    Published {
        /// Who asked.
        proposed_by: Official,
        /// The other person, of another role, who agreed.
        approved_by: Official,
    },
    /// Replaced by a correction; stays readable.
    Superseded {
        /// The version that took its place.
        by_version: u32,
    },
}

/// A step that was refused, with a stable code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulletinRefused {
    /// PU-101: the step does not start in this state.
    WrongState {
        /// Where the bulletin stands.
        from: &'static str,
        /// The step asked for.
        step: &'static str,
    },
    /// PU-102: the person who proposed cannot approve.
    SamePerson,
    /// PU-103: the approving person must act in another role than the proposing one.
    SameRole,
    /// PU-104: only a later version may take the place of a bulletin.
    NotLater {
        /// The version of the bulletin.
        version: u32,
        /// The version named as its successor.
        by_version: u32,
    },
}

impl BulletinRefused {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "PU-101",
            Self::SamePerson => "PU-102",
            Self::SameRole => "PU-103",
            Self::NotLater { .. } => "PU-104",
        }
    }
}

impl fmt::Display for BulletinRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongState { from, step } => write!(f, "通报现在是“{from}”，不能“{step}”"),
            Self::SamePerson => {
                f.write_str("提请公布和批准公布必须是两个人：请由另一位有权限的同志批准")
            }
            Self::SameRole => {
                f.write_str("提请公布和批准公布必须是两种角色：请由另一个角色的同志批准")
            }
            Self::NotLater {
                version,
                by_version,
            } => {
                write!(
                    f,
                    "第 {version} 版通报只能由更新的版本替代，不能由第 {by_version} 版替代"
                )
            }
        }
    }
}

impl std::error::Error for BulletinRefused {}

impl BulletinState {
    /// The name used in pictures, storage and exchange.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Reviewed { .. } => "reviewed",
            Self::Proposed { .. } => "proposed",
            Self::Published { .. } => "published",
            Self::Superseded { .. } => "superseded",
        }
    }

    /// The official label in Chinese.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Draft => "起草中",
            Self::Reviewed { .. } => "已审查",
            Self::Proposed { .. } => "待批准",
            Self::Published { .. } => "已公布",
            Self::Superseded { .. } => "已被替代",
        }
    }
}

impl Bulletin {
    /// A new draft of this round and version.
    #[must_use]
    pub const fn draft(round: RoundId, version: u32) -> Self {
        Self {
            round,
            version,
            state: BulletinState::Draft,
        }
    }

    /// Whether everybody may read it: published now, or published once and replaced since.
    #[must_use]
    pub const fn is_public(&self) -> bool {
        matches!(
            self.state,
            BulletinState::Published { .. } | BulletinState::Superseded { .. }
        )
    }

    /// Records the secrecy and privacy check.
    ///
    /// # Errors
    /// PU-101 unless the bulletin is a draft.
    pub fn review(self, by: Official) -> Result<Self, BulletinRefused> {
        match self.state {
            BulletinState::Draft => Ok(self.at(BulletinState::Reviewed { by })),
            other => Err(wrong(&other, "审查")),
        }
    }

    /// One person asks for publication.
    ///
    /// # Errors
    /// PU-101 unless secrecy and privacy were checked.
    pub fn propose(self, by: Official) -> Result<Self, BulletinRefused> {
        match self.state {
            BulletinState::Reviewed { .. } => Ok(self.at(BulletinState::Proposed { by })),
            other => Err(wrong(&other, "提请公布")),
        }
    }

    /// A second person of another role agrees; the bulletin is public from now on.
    ///
    /// # Errors
    /// PU-101 unless it was proposed, PU-102 for the same person, PU-103 for the same role.
    pub fn approve(self, by: Official) -> Result<Self, BulletinRefused> {
        match self.state.clone() {
            BulletinState::Proposed { by: first } if first.account == by.account => {
                Err(BulletinRefused::SamePerson)
            }
            BulletinState::Proposed { by: first } if first.role == by.role => {
                Err(BulletinRefused::SameRole)
            }
            BulletinState::Proposed { by: first } => Ok(self.at(BulletinState::Published {
                proposed_by: first,
                approved_by: by,
            })),
            other => Err(wrong(&other, "批准公布")),
        }
    }

    /// A correction takes its place; the old version stays readable.
    ///
    /// # Errors
    /// PU-101 unless it is published, PU-104 unless the other version is later.
    pub fn supersede(self, by_version: u32) -> Result<Self, BulletinRefused> {
        match self.state {
            BulletinState::Published { .. } if by_version > self.version => {
                Ok(self.at(BulletinState::Superseded { by_version }))
            }
            BulletinState::Published { .. } => Err(BulletinRefused::NotLater {
                version: self.version,
                by_version,
            }),
            other => Err(wrong(&other, "由更正版替代")),
        }
    }

    fn at(self, state: BulletinState) -> Self {
        Self {
            round: self.round,
            version: self.version,
            state,
        }
    }
}

const fn wrong(state: &BulletinState, step: &'static str) -> BulletinRefused {
    BulletinRefused::WrongState {
        from: state.label(),
        step,
    }
}

#[cfg(test)]
mod tests;
