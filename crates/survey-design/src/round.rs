//! An evaluation round and its states (domain C.1).

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use vocabulary::RoundId;

/// One evaluation round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// Code such as `2026Q3`.
    pub id: RoundId,
    /// Title such as `2026 年第三季度`.
    pub title: String,
    /// Year the round belongs to.
    pub year: i32,
    /// Position among the rounds of its year, 1 for the first.
    pub quarter: i32,
    /// First day covered.
    pub period_start: NaiveDate,
    /// Last day covered.
    pub period_end: NaiveDate,
    /// Where the round stands.
    pub state: RoundState,
    /// How raters are kept apart from answers; fixed when the round opens.
    pub anonymity: Anonymity,
    /// Whether an answer may be replaced; fixed when the round opens.
    pub resubmission: Resubmission,
    /// Digest of the rules, once fixed.
    pub rules_digest: String,
    /// Published seed of the draw.
    pub seed: u64,
    /// 1, or the number of the correction.
    pub version: i32,
}

/// How raters are kept apart from answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Anonymity {
    /// No token at all; a link anybody may open.
    Open,
    /// The token is marked used and the sealed answer has no token.
    Decoupled,
    /// The token's hash stays with the answer, and the person is told so.
    Confidential,
}

impl Anonymity {
    /// All modes.
    pub const ALL: [Self; 3] = [Self::Open, Self::Decoupled, Self::Confidential];

    /// The stored name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Decoupled => "decoupled",
            Self::Confidential => "confidential",
        }
    }

    /// The mode with this stored name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.code() == code)
    }

    /// The label in Chinese.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Open => "公开链接",
            Self::Decoupled => "匿名（邀请码与答案分开）",
            Self::Confidential => "实名保密（评价办知道是谁填的）",
        }
    }
}

/// Whether a person may send in again with the same code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Resubmission {
    /// One answer for each code; batches are mixed as they fill up.
    #[default]
    Once,
    /// The last answer before closing counts; so everything is mixed at closing only.
    UntilClose,
}

impl Resubmission {
    /// Both choices.
    pub const ALL: [Self; 2] = [Self::Once, Self::UntilClose];

    /// The stored name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Once => "once",
            Self::UntilClose => "until_close",
        }
    }

    /// The choice with this stored name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.code() == code)
    }

    /// The label in Chinese.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Once => "只交一次（满批即打乱）",
            Self::UntilClose => "截止前可以改交，以最后一次为准（截止时一起打乱）",
        }
    }
}

/// Where a round stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum RoundState {
    /// Being prepared.
    Draft,
    /// The sample is drawn.
    Sampling,
    /// Answers come in.
    Collecting,
    /// No more answers; sealed ballots are opened and judged.
    Closed,
    /// Scores are computed and may be recomputed.
    Scored,
    /// Units check their own figures and may object.
    UnderObjection,
    /// Scores never change again.
    Frozen,
    /// Letters are out.
    FeedbackIssued,
    /// The result is public.
    Published,
}

/// A step the round's state does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepRefused {
    /// Where the round stands.
    pub from: RoundState,
    /// Where it was asked to go.
    pub to: RoundState,
}

impl RoundState {
    /// All states in order.
    pub const ALL: [Self; 9] = [
        Self::Draft,
        Self::Sampling,
        Self::Collecting,
        Self::Closed,
        Self::Scored,
        Self::UnderObjection,
        Self::Frozen,
        Self::FeedbackIssued,
        Self::Published,
    ];

    /// The stored name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Sampling => "sampling",
            Self::Collecting => "collecting",
            Self::Closed => "closed",
            Self::Scored => "scored",
            Self::UnderObjection => "under_objection",
            Self::Frozen => "frozen",
            Self::FeedbackIssued => "feedback_issued",
            Self::Published => "published",
        }
    }

    /// The state with this stored name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// The official label in Chinese.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Draft => "准备中",
            Self::Sampling => "已抽样",
            Self::Collecting => "正在收集",
            Self::Closed => "已截止",
            Self::Scored => "已算分",
            Self::UnderObjection => "部门核对",
            Self::Frozen => "已固化",
            Self::FeedbackIssued => "已发反馈函",
            Self::Published => "已公布",
        }
    }

    /// Whether rows may still be brought in and taken out: not once units check what there is.
    #[must_use]
    pub fn takes_data(self) -> bool {
        self < Self::UnderObjection
    }

    /// Where the round stands when its scores are computed, for the first time or again.
    ///
    /// # Errors
    /// [`StepRefused`] before the round is closed, and after the freeze.
    pub fn scored(self) -> Result<Self, StepRefused> {
        match self {
            Self::UnderObjection => Ok(self),
            other => other.step(Self::Scored),
        }
    }

    /// Goes one step on. A round without an own sample may open straight from draft; scoring may be repeated until the freeze,
    /// and from the units' check on only corrections make it differ.
    ///
    /// # Errors
    /// [`StepRefused`] for every step that is not in the picture.
    pub fn step(self, to: Self) -> Result<Self, StepRefused> {
        use RoundState::{
            Closed, Collecting, Draft, FeedbackIssued, Frozen, Published, Sampling, Scored,
            UnderObjection,
        };
        match (self, to) {
            (Draft, Sampling | Collecting)
            | (Sampling, Collecting)
            | (Collecting, Closed)
            | (Closed, Scored)
            | (Scored, Scored | UnderObjection)
            | (UnderObjection, UnderObjection | Frozen)
            | (Frozen, FeedbackIssued | Published)
            | (FeedbackIssued, Published) => Ok(to),
            (from, to) => Err(StepRefused { from, to }),
        }
    }
}

impl fmt::Display for StepRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "本轮现在是“{}”，不能直接变为“{}”",
            self.from.label(),
            self.to.label()
        )
    }
}
