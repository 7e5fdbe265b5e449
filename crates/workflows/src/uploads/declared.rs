//! What an uploaded file is said to hold and how it is to be read.

use crate::{Refusal, Verb};
use rating_import::LevelCodes;
use serde::{Deserialize, Serialize};
use survey_design::{parse_hotline_mapping, parse_survey_mapping};
use vocabulary::{Channel, RoundId};

/// What the rows of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadKind {
    /// Service-centre ratings 好差评.
    Hall,
    /// Completed cases per unit 办件量.
    Volume,
    /// Hotline orders or mailbox messages.
    Hotline,
    /// Ratings by communities and villages.
    Pairing,
    /// Ratings by enterprises.
    Enterprise,
    /// A survey agency's microdata.
    Survey,
}

impl UploadKind {
    /// All kinds, in the order an office meets them.
    pub const ALL: [Self; 6] = [
        Self::Hall,
        Self::Volume,
        Self::Hotline,
        Self::Pairing,
        Self::Enterprise,
        Self::Survey,
    ];

    /// The stored code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Hall => Channel::Hall.code(),
            Self::Volume => "hall_volume",
            Self::Hotline => Channel::Hotline.code(),
            Self::Pairing => "pairing",
            Self::Enterprise => Channel::Enterprise.code(),
            Self::Survey => Channel::Survey.code(),
        }
    }

    /// The kind with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Hall => "办事大厅好差评",
            Self::Volume => "各单位办件量",
            Self::Hotline => "12345 热线工单或网上留言",
            Self::Pairing => "结对社区、村的评议",
            Self::Enterprise => "企业评议",
            Self::Survey => "调查机构的逐人数据",
        }
    }
}

/// How a file is to be read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReadAs {
    /// What the digits of service-centre levels mean.
    pub level_codes: LevelCodes,
    /// The column mapping, for kinds that know one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<serde_json::Value>,
}

/// What an uploaded file is said to be.
#[derive(Clone, Debug)]
pub struct Declared {
    /// Round it is for.
    pub round: RoundId,
    /// What its rows are.
    pub kind: UploadKind,
    /// How it is read.
    pub read_as: ReadAs,
    /// Name of the file, without its directory.
    pub file_name: String,
}

impl Declared {
    /// Takes what stood in the form; `columns` is the text of a column mapping, empty for none.
    ///
    /// # Errors
    /// When the mapping breaks a rule, is missing where one is needed, or belongs to another kind of file.
    pub fn new(
        round: RoundId,
        kind: UploadKind,
        level_codes: LevelCodes,
        columns: &str,
        file_name: &str,
    ) -> Verb<Self> {
        let given = !columns.trim().is_empty();
        let broken = match kind {
            UploadKind::Hotline if given => parse_hotline_mapping(columns.as_bytes()).err(),
            UploadKind::Survey if given => parse_survey_mapping(columns.as_bytes()).err(),
            UploadKind::Survey => {
                return Err(Refusal::Text("逐人数据要附上列对照表").into());
            }
            _ if given => return Err(Refusal::Text("这类文件不用列对照表").into()),
            _ => None,
        };
        if let Some(problem) = broken.iter().flatten().next() {
            return Err(Refusal::Template(format!("列对照表：{problem}")).into());
        }
        let columns = given.then(|| serde_json::from_str(columns)).transpose();
        let columns = columns.map_err(|error| Refusal::Template(format!("列对照表：{error}")))?;
        Ok(Self {
            round,
            kind,
            read_as: ReadAs {
                level_codes,
                columns,
            },
            file_name: file_name.to_owned(),
        })
    }
}
