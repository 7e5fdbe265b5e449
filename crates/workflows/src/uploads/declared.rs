//! What an uploaded file is said to hold and how it is to be read.

use crate::{Refusal, Verb};
use rating_import::{FileKind, LevelCodes};
use serde::{Deserialize, Serialize};
use survey_design::{parse_hotline_mapping, parse_survey_mapping};
use vocabulary::RoundId;

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
    pub kind: FileKind,
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
        kind: FileKind,
        level_codes: LevelCodes,
        columns: &str,
        file_name: &str,
    ) -> Verb<Self> {
        if !FileKind::OF_ROUND.contains(&kind) {
            return Err(Refusal::Text("请先选择文件的种类").into());
        }
        let given = !columns.trim().is_empty();
        let broken = match kind {
            FileKind::HotlineOrders if given => parse_hotline_mapping(columns.as_bytes()).err(),
            FileKind::Survey if given => parse_survey_mapping(columns.as_bytes()).err(),
            FileKind::Survey => {
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
