//! The world a city starts from: classes, units, communities and villages, pairings, rounds.

use crate::{Anonymity, Resubmission};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use vocabulary::{BodyId, ClassId, RoundId, UnitId};

/// A city, or any other body whose units are rated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct World {
    /// JSON Schema reference, ignored by the program.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Short code, the prefix of result ids.
    pub code: String,
    /// Name of the city.
    pub city: String,
    /// Who runs the evaluation.
    pub office: String,
    /// Mail address of who keeps the signed roots and the heads of the audit chain, usually the discipline commission.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witness: Option<String>,
    /// Names in English for the English citizen pages; what is missing is shown in Chinese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub english: Option<WorldEnglish>,
    /// Rules file of the rounds, beside this file or under `rules/`.
    pub rules: String,
    /// Indicator set, or none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indicators: Option<String>,
    /// Questionnaires: the overall one first, the enterprise-facing one second.
    #[serde(default)]
    pub questionnaires: Vec<String>,
    /// Classes in official order.
    pub classes: Vec<UnitClass>,
    /// Units in official order.
    pub units: Vec<Unit>,
    /// Communities and villages.
    #[serde(default)]
    pub bodies: Vec<Body>,
    /// Who is paired with whom.
    #[serde(default)]
    pub pairings: Vec<Pairing>,
    /// Rounds in order of time.
    #[serde(default)]
    pub rounds: Vec<WorldRound>,
}

/// Names in English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorldEnglish {
    /// Name of the city.
    pub city: String,
    /// Who runs the evaluation.
    pub office: String,
    /// Names of units by code.
    #[serde(default)]
    pub units: BTreeMap<UnitId, String>,
    /// Titles of rounds by code.
    #[serde(default)]
    pub rounds: BTreeMap<RoundId, String>,
}

/// A class of units ranked among themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitClass {
    /// Code.
    pub id: ClassId,
    /// Official name.
    pub name: String,
}

/// An evaluated unit 被评单位.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Code.
    pub id: UnitId,
    /// Full official name.
    pub name: String,
    /// Name used in tables.
    pub short_name: String,
    /// Its class.
    pub class: ClassId,
    /// Ranked, or listed for opinions only.
    #[serde(default)]
    pub mode: UnitMode,
    /// Rated by enterprises online (X).
    #[serde(default)]
    pub enterprise_facing: bool,
    /// Has a window in the service centre.
    #[serde(default = "yes")]
    pub has_hall_window: bool,
    /// Receives hotline orders.
    #[serde(default = "yes")]
    pub has_hotline_orders: bool,
    /// Other spellings: old names, abbreviations, sub-divisions.
    #[serde(default)]
    pub aliases: Vec<String>,
}

const fn yes() -> bool {
    true
}

/// Whether a unit is ranked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnitMode {
    /// 参评单位.
    #[default]
    Ranked,
    /// 征求意见单位: listed, not ranked.
    OpinionOnly,
}

/// A community or village.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Code.
    pub id: BodyId,
    /// Name.
    pub name: String,
    /// Community or village.
    pub kind: BodyKind,
}

/// Which kind of body rates its paired units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BodyKind {
    /// 社区.
    Community,
    /// 村.
    Village,
}

/// A pairing 结对 of a unit with a community or village.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pairing {
    /// The unit.
    pub unit: UnitId,
    /// The community or village.
    pub body: BodyId,
    /// First day.
    pub from: NaiveDate,
    /// Last day; none while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
}

impl Pairing {
    /// Whether it pairs this community or village with its unit on a day.
    #[must_use]
    pub fn binds(&self, body: &BodyId, day: NaiveDate) -> bool {
        self.body == *body && self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// A round of the world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorldRound {
    /// Code such as `2026Q3`.
    pub id: RoundId,
    /// Title.
    pub title: String,
    /// Year.
    pub year: i32,
    /// Position in the year, 1 for the first.
    pub quarter: i32,
    /// First day covered.
    pub period_start: NaiveDate,
    /// Last day covered.
    pub period_end: NaiveDate,
    /// How raters are kept apart from answers.
    pub anonymity: Anonymity,
    /// Whether an answer may be replaced before closing; once only when absent.
    #[serde(default)]
    pub resubmission: Resubmission,
}
