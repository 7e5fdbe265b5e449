//! How the invented people of a demonstration behave; nothing here is used for a real city.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use vocabulary::{BodyId, ClassId, Points, RaterGroup, Role, RoundId, UnitId, Weight};

/// A demonstration: a world, and how its invented people, halls and hotlines behave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DemoWorld {
    /// JSON Schema reference, ignored by the program.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Short code.
    pub code: String,
    /// Whole number, raised with every change.
    pub version: u32,
    /// Title.
    pub title: String,
    /// Always true: people, firms and figures are invented.
    pub example: bool,
    /// World file, beside this file or under `worlds/`.
    pub world: String,
    /// Seed of all chance unless another is given.
    pub seed: u64,
    /// The round played from the draw to the assessment.
    pub round: RoundId,
    /// Rounds played before it so that there is a trend, oldest first.
    pub earlier_rounds: Vec<RoundId>,
    /// Civil date in Asia/Shanghai on which the played round closes.
    pub today: NaiveDate,
    /// The sample library by group.
    #[schemars(extend("propertyNames" = crate::template::group_names()))]
    pub pool: BTreeMap<RaterGroup, PoolGroup>,
    /// How invited people answer.
    pub behaviour: RaterBehaviour,
    /// How good the units truly are.
    pub quality: UnitQuality,
    /// Units that show a rule at work.
    pub special: SpecialUnits,
    /// What the service centre sends.
    pub hall: HallVolumes,
    /// What the hotline sends.
    pub hotline: HotlineVolumes,
    /// What communities and villages answer.
    pub pairing: PairingVolumes,
    /// What enterprises answer online (X).
    pub enterprises: EnterpriseVolumes,
    /// Texts people write.
    pub comments: Vec<DemoComment>,
    /// Who receives the results.
    pub consumers: Vec<DemoConsumer>,
    /// Accounts listed on the sign-in page of the demonstration.
    pub accounts: Vec<DemoAccount>,
    /// Parts of invented names.
    pub names: InventedNames,
}

/// Least and most of a whole number drawn at random, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// Least.
    pub low: u32,
    /// Most.
    pub high: u32,
}

/// One group of the sample library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PoolGroup {
    /// People in the library.
    pub size: u32,
    /// Share (0-1) of the invited who answer.
    pub response: Weight,
    /// Share (0-1) of the invited who open the link and refuse.
    pub refuse: Weight,
    /// Share (0-1) of answers that are 不了解.
    pub dont_know: Weight,
    /// Points by which the group rates above (or below) the true quality.
    pub leniency: Points,
}

/// How invited people answer, whatever their group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RaterBehaviour {
    /// Share (0-1) of answering people who choose 非常满意 throughout.
    pub all_very_satisfied: Weight,
    /// Seconds such a person needs for the whole ballot.
    pub all_very_satisfied_seconds: u16,
    /// Share (0-1) of answering people who write a comment.
    pub comment: Weight,
    /// Share (0-1) of answering people who pause and come back.
    pub pause: Weight,
    /// Seconds other people need for one question.
    pub seconds_per_question: Span,
}

/// True quality of the units, in points of the ruler.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitQuality {
    /// Mean of each class.
    pub class_means: BTreeMap<ClassId, Points>,
    /// Standard deviation of units inside a class.
    pub unit_spread: Points,
    /// Standard deviation of a unit's change from round to round.
    pub round_drift: Points,
    /// Standard deviation of single answers around the unit's quality.
    pub rater_spread: Points,
}

/// Units that show a rule at work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SpecialUnits {
    /// The unit without a hall window: its weight is re-allocated.
    pub no_hall_window: UnitId,
    /// Units with so few hotline orders that the stream is not scored.
    pub few_hotline: Vec<FewOrders>,
    /// Units with so few answers that they are hidden.
    pub few_answers: Vec<FewAnswers>,
    /// Units that a source still calls by an old name.
    pub old_names: Vec<OldName>,
}

/// A unit with few hotline orders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FewOrders {
    /// The unit.
    pub unit: UnitId,
    /// Orders in the round.
    pub orders: u32,
}

/// A unit with few survey answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FewAnswers {
    /// The unit.
    pub unit: UnitId,
    /// Valid answers in the round.
    pub answers: u32,
}

/// A unit a source calls by an old name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OldName {
    /// The unit.
    pub unit: UnitId,
    /// The old name, one of the unit's aliases.
    pub name: String,
}

/// What the service centre sends in a round; shares are 0-1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HallVolumes {
    /// Completed cases of a unit.
    pub cases: Span,
    /// Share of cases that somebody rated; the others carry a default rating.
    pub active: Weight,
    /// Points by which window raters rate above the true quality.
    pub leniency: Points,
    /// Share of rows sent twice.
    pub duplicates: Weight,
    /// Share of bad ratings whose author was contacted in time.
    pub contacted: Weight,
    /// Share of bad ratings rectified in time.
    pub rectified: Weight,
    /// Share of follow-up ratings that are good.
    pub follow_up_good: Weight,
    /// Names of matters handled at the windows.
    pub matters: Vec<String>,
}

/// What the hotline sends in a round; shares are 0-1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HotlineVolumes {
    /// Orders of a unit.
    pub orders: Span,
    /// Share answered on time.
    pub on_time: Weight,
    /// Share resolved, among callers who say so.
    pub resolved: Weight,
    /// Share of callers without a statement (code 2).
    pub no_statement: Weight,
    /// Share of rows sent twice.
    pub duplicates: Weight,
    /// Share of orders with a phone number in the text.
    pub with_phone: Weight,
    /// What callers say.
    pub topics: Vec<HotlineTopic>,
}

/// One thing callers say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HotlineTopic {
    /// Title of the order.
    pub title: String,
    /// Text of the order.
    pub content: String,
}

/// What paired communities and villages answer in a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PairingVolumes {
    /// People of each community or village who rate.
    pub raters_per_body: u16,
    /// Matters a body raises with a paired unit.
    pub matters: Span,
    /// Share (0-1) of these that are solved.
    pub solved: Weight,
    /// Share (0-1) of answers that are 不了解.
    pub dont_know: Weight,
    /// Points by which paired bodies rate above the true quality.
    pub leniency: Points,
}

/// What enterprises answer online in a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterpriseVolumes {
    /// Enterprises with an invented credit code.
    pub number: u32,
    /// Share (0-1) of these that answer.
    pub response: Weight,
    /// Units one enterprise is asked about.
    pub units_each: Span,
    /// Share (0-1) of asked units that served the enterprise in the last 12 months.
    pub served: Weight,
    /// Share (0-1) of answers that are 不了解.
    pub dont_know: Weight,
}

/// A text people write; phone numbers in it are invented and test the redaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DemoComment {
    /// What kind of opinion it is.
    pub tone: CommentTone,
    /// Reason code ticked with it; none for praise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The text.
    pub text: String,
}

/// Kind of an opinion 意见建议.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum CommentTone {
    /// 表扬.
    Praise,
    /// 批评.
    Criticism,
    /// 建议.
    Suggestion,
    /// 投诉.
    Complaint,
    /// 问题线索.
    Clue,
}

/// A receiver of results.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DemoConsumer {
    /// Code.
    pub code: String,
    /// Official name.
    pub name: String,
    /// What it may receive.
    pub kind: ConsumerKind,
    /// What it needs the results for.
    pub purpose: String,
    /// The units a stationed group follows; empty for the others.
    #[serde(default)]
    pub units: Vec<UnitId>,
}

/// What a receiver of results may receive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsumerKind {
    /// 组织部: annual score, grade and multiplier.
    OrganisationDepartment,
    /// 纪委监委: overdue, reopened and escalated matters.
    DisciplineCommission,
    /// 派驻纪检监察组: its own units only.
    StationedGroup,
}

/// An account of the demonstration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DemoAccount {
    /// Sign-in name.
    pub sign_in: String,
    /// Invented name of the person.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Units a liaison or a stationed group works for.
    #[serde(default)]
    pub units: Vec<UnitId>,
    /// Community or village of a pairing rater.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<BodyId>,
    /// Branch of the indicator tree a method department owns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
}

/// Parts from which names of people, streets and firms are put together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InventedNames {
    /// Family names.
    pub family: Vec<String>,
    /// Given names.
    pub given: Vec<String>,
    /// Counties and districts.
    pub counties: Vec<String>,
    /// Streets.
    pub streets: Vec<String>,
    /// First parts of names of firms.
    pub firms: Vec<String>,
    /// Trades of firms.
    pub trades: Vec<String>,
}
