//! A bulletin 通报 and the way it goes until people may read it (domain C.7, from the frozen data on).

use chrono::NaiveDate;
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
    Draft {
        /// Why the last attempt was sent back, if one was.
        #[serde(default)]
        sent_back: Option<SentBack>,
    },
    /// Secrecy and privacy were checked 保密和隐私审查.
    Reviewed {
        /// Who checked.
        by: Official,
    },
    /// The first of two people agrees and asks for publication.
    Proposed {
        /// Who asks.
        by: Official,
        /// Last day the second person may agree to it.
        until: NaiveDate,
    },
    /// Both agree: whoever has an account may read it, and nothing in it changes any more 内部发布.
    Internal {
        /// Who asked.
        proposed_by: Official,
        /// The other person, of another role, who agreed.
        approved_by: Official,
    },
    /// Public 公开发布.
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

/// Who sent a bulletin back before both agreed, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentBack {
    /// Who.
    pub by: Official,
    /// Why.
    pub reason: String,
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
    /// PU-105: the second person came after the last day.
    Lapsed {
        /// The last day.
        until: NaiveDate,
    },
    /// PU-106: nobody is sent back without a reason.
    NoReason,
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
            Self::Lapsed { .. } => "PU-105",
            Self::NoReason => "PU-106",
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
            Self::Lapsed { until } => write!(
                f,
                "报请的有效期到 {} 为止，已经过了：请退回，重新审查后再报请",
                until.format("%-m 月 %-d 日")
            ),
            Self::NoReason => f.write_str("退回要写明理由，让起草的同志知道改什么"),
        }
    }
}

impl std::error::Error for BulletinRefused {}

impl BulletinState {
    /// The name used in pictures, storage and exchange.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Draft { .. } => "draft",
            Self::Reviewed { .. } => "reviewed",
            Self::Proposed { .. } => "proposed",
            Self::Internal { .. } => "internal",
            Self::Published { .. } => "published",
            Self::Superseded { .. } => "superseded",
        }
    }

    /// The official label in Chinese.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Draft { .. } => "起草中",
            Self::Reviewed { .. } => "已审查",
            Self::Proposed { .. } => "待批准",
            Self::Internal { .. } => "已内部发布",
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
            state: BulletinState::Draft { sent_back: None },
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
            BulletinState::Draft { .. } => Ok(self.at(BulletinState::Reviewed { by })),
            other => Err(wrong(&other, "审查")),
        }
    }

    /// One person agrees and asks for publication; the other has until this day.
    ///
    /// # Errors
    /// PU-101 unless secrecy and privacy were checked.
    pub fn propose(self, by: Official, until: NaiveDate) -> Result<Self, BulletinRefused> {
        match self.state {
            BulletinState::Reviewed { .. } => Ok(self.at(BulletinState::Proposed { by, until })),
            other => Err(wrong(&other, "报请公布")),
        }
    }

    /// A second person of another role agrees; nothing in the bulletin changes any more.
    ///
    /// # Errors
    /// PU-101 unless it was proposed, PU-102 for the same person, PU-103 for the same role, PU-105 after the last day.
    pub fn approve(self, by: Official, today: NaiveDate) -> Result<Self, BulletinRefused> {
        match self.state.clone() {
            BulletinState::Proposed { by: first, .. } if first.account == by.account => {
                Err(BulletinRefused::SamePerson)
            }
            BulletinState::Proposed { by: first, .. } if first.role == by.role => {
                Err(BulletinRefused::SameRole)
            }
            BulletinState::Proposed { until, .. } if today > until => {
                Err(BulletinRefused::Lapsed { until })
            }
            BulletinState::Proposed { by: first, .. } => Ok(self.at(BulletinState::Internal {
                proposed_by: first,
                approved_by: by,
            })),
            other => Err(wrong(&other, "批准公布")),
        }
    }

    /// Anybody may read it from now on.
    ///
    /// # Errors
    /// PU-101 unless two people have agreed.
    pub fn release(self) -> Result<Self, BulletinRefused> {
        match self.state.clone() {
            BulletinState::Internal {
                proposed_by,
                approved_by,
            } => Ok(self.at(BulletinState::Published {
                proposed_by,
                approved_by,
            })),
            other => Err(wrong(&other, "公开发布")),
        }
    }

    /// Goes back to be written anew, as long as not both have agreed.
    ///
    /// # Errors
    /// PU-101 unless it was checked or proposed, PU-106 without a reason.
    pub fn send_back(self, by: Official, reason: &str) -> Result<Self, BulletinRefused> {
        let reason = reason.trim().to_owned();
        match self.state {
            BulletinState::Reviewed { .. } | BulletinState::Proposed { .. }
                if reason.is_empty() =>
            {
                Err(BulletinRefused::NoReason)
            }
            BulletinState::Reviewed { .. } | BulletinState::Proposed { .. } => {
                let sent_back = Some(SentBack { by, reason });
                Ok(self.at(BulletinState::Draft { sent_back }))
            }
            other => Err(wrong(&other, "退回")),
        }
    }

    /// A correction takes its place; the old version stays readable.
    ///
    /// # Errors
    /// PU-101 unless both have agreed to it, PU-104 unless the other version is later.
    pub fn supersede(self, by_version: u32) -> Result<Self, BulletinRefused> {
        match self.state {
            BulletinState::Internal { .. } | BulletinState::Published { .. } => {
                if by_version > self.version {
                    return Ok(self.at(BulletinState::Superseded { by_version }));
                }
                Err(BulletinRefused::NotLater {
                    version: self.version,
                    by_version,
                })
            }
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
