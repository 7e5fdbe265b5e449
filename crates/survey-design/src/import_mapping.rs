//! How the columns of a file from outside become ratings; declarative, versioned, kept with the batch.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use vocabulary::{ItemId, Level, RaterGroup, UnitId};

/// How a file is written, where it leaves that open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TextForm {
    /// The encoding, where the text is valid in several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<TextEncoding>,
    /// How to put right a text that was decoded twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repair: Option<TextRepair>,
    /// What stands between the cells of a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// Field of each header nobody would recognise; empty for a column that is not to be read.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
}

impl TextForm {
    /// Whether everything is left to the file.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }
}

/// An encoding of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TextEncoding {
    /// UTF-8.
    Utf8,
    /// GB18030, which contains GBK and GB 2312.
    Gb18030,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
}

/// In which encoding a text was wrongly read before it was saved again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TextRepair {
    /// UTF-8 that was read as Latin: 满意 became `æ»¡æ„`.
    Utf8ReadAsLatin,
    /// GBK that was read as Latin: 满意 became `ÂúÒâ`.
    GbReadAsLatin,
    /// UTF-8 that was read as GBK: 满意 became `婊℃剰`.
    Utf8ReadAsGb,
}

/// Mapping of a survey agency's microdata: one row per respondent and, where named, unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SurveyMapping {
    /// JSON Schema reference, ignored by the program.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Short code.
    pub code: String,
    /// Whole number, raised with every change.
    pub version: u32,
    /// How the text of the file is written, where its bytes leave it open.
    #[serde(default, skip_serializing_if = "TextForm::is_open")]
    pub file: TextForm,
    /// Column of the respondent's number in the file; respondents are the PSUs.
    pub respondent: String,
    /// Column of the stratum; none for one single stratum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stratum: Option<String>,
    /// Column of the weight; none for equal weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<String>,
    /// Whole factor on the weights, so that all their decimals are kept exactly; means do not change.
    #[serde(default = "one")]
    pub weight_factor: u32,
    /// Which unit is rated.
    pub unit: UnitOf,
    /// Which group answers.
    pub group: GroupOf,
    /// Item asked, by column name.
    pub items: BTreeMap<String, ItemId>,
    /// Meaning of each cell text that is an answer.
    pub levels: BTreeMap<String, Level>,
    /// Cell texts that are no answer (blank, not applicable); never scored.
    pub not_answers: Vec<String>,
}

const fn one() -> u32 {
    1
}

/// Where the unit of a row comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum UnitOf {
    /// Every row rates this unit.
    Fixed(UnitId),
    /// A column names the unit by code, name or alias.
    Column(String),
}

/// Where the rater group of a row comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum GroupOf {
    /// Every row comes from this group.
    Fixed(RaterGroup),
    /// A column holds one of these texts.
    Column {
        /// The column.
        column: String,
        /// Group by cell text.
        groups: BTreeMap<String, RaterGroup>,
    },
}

/// Mapping of hotline orders or mailbox messages: which header means what.
///
/// A field without a header is unknown for the whole file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HotlineMapping {
    /// JSON Schema reference, ignored by the program.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Short code.
    pub code: String,
    /// Whole number, raised with every change.
    pub version: u32,
    /// How the text of the file is written, where its bytes leave it open.
    #[serde(default, skip_serializing_if = "TextForm::is_open")]
    pub file: TextForm,
    /// Header of each canonical field (`order_no`, `registered_at`, `unit`, `title`, `content`, `reply`, `closed_at`, …).
    pub columns: BTreeMap<String, String>,
    /// The unit all rows belong to, where the file names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
}
