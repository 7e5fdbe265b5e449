//! What is wrong with one row, named by sheet, row and column.

use crate::shown::masked;
use serde::{Deserialize, Serialize};

/// One thing wrong with a file that is otherwise usable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportIssue {
    /// Name of the sheet.
    pub sheet: String,
    /// Row number as the spreadsheet shows it, 1 for the first; 0 for the whole sheet.
    pub row: u32,
    /// Header of the column; empty for the whole row.
    pub column: String,
    /// Stable code: `RI-1…` a cell, `RI-2…` a row, `RI-3…` a sheet.
    pub code: String,
    /// What is wrong, without anything personal.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

/// The fact behind an issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Not a date in any known spelling.
    NotADate,
    /// A date whose parts can be read in two ways.
    DateAmbiguous,
    /// A date outside 1990—2100.
    DateOutOfRange,
    /// A long number that lost digits in a spreadsheet.
    PrecisionLost,
    /// Not a whole number of zero or more.
    NotACount,
    /// Not a share of a whole.
    NotAPercent,
    /// A share that may be one per cent or the whole.
    PercentAmbiguous,
    /// Neither yes nor no.
    NotAFlag,
    /// Not a level of the scale.
    UnknownLevel,
    /// Not one of the codes the mapping lists.
    UnknownCode,
    /// A required cell is blank.
    Missing,
    /// A spreadsheet error such as `#N/A`.
    SpreadsheetError,
    /// Not a plain decimal of the kept precision.
    NotExact,
    /// A weight below zero or zero.
    WeightNotPositive,
    /// Not a mobile or fixed-line number.
    NotAPhone,
    /// Not an e-mail address.
    NotAnEmail,
    /// Not a month of the calendar.
    NotAMonth,
    /// Not an 18-character unified social credit code.
    NotACreditCode,
    /// No unit, community or village has this name.
    UnknownName {
        /// The nearest names.
        suggestions: Vec<String>,
    },
    /// Several have this name.
    AmbiguousName,
    /// Done before it was accepted.
    DoneBeforeAccepted,
    /// Rated, contacted or rectified before the event it follows.
    OutOfOrder,
    /// The same key again with other content; the first is kept.
    Contradicts,
    /// More solved than raised.
    PartsExceedWhole,
    /// One respondent stands in two strata.
    TwoStrata,
    /// A row without any level.
    NoLevel,
    /// Neither phone nor e-mail.
    NoContact,
    /// Parts that add up to more than their total.
    PartsExceedTotal,
    /// A rate that the counts beside it do not give.
    RateDiffers,
    /// The file's own total differs from ours.
    TotalDiffers {
        /// As the file says.
        stated: String,
        /// As we count.
        computed: String,
    },
}

impl Problem {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotADate => "RI-101",
            Self::DateAmbiguous => "RI-102",
            Self::DateOutOfRange => "RI-103",
            Self::PrecisionLost => "RI-104",
            Self::NotACount => "RI-105",
            Self::NotAPercent => "RI-106",
            Self::PercentAmbiguous => "RI-107",
            Self::NotAFlag => "RI-108",
            Self::UnknownLevel => "RI-109",
            Self::UnknownCode => "RI-110",
            Self::Missing => "RI-111",
            Self::SpreadsheetError => "RI-112",
            Self::NotExact => "RI-113",
            Self::WeightNotPositive => "RI-114",
            Self::NotAPhone => "RI-115",
            Self::NotAnEmail => "RI-116",
            Self::NotACreditCode => "RI-117",
            Self::NotAMonth => "RI-118",
            Self::UnknownName { .. } => "RI-201",
            Self::AmbiguousName => "RI-202",
            Self::DoneBeforeAccepted => "RI-203",
            Self::OutOfOrder => "RI-204",
            Self::Contradicts => "RI-205",
            Self::PartsExceedWhole => "RI-206",
            Self::TwoStrata => "RI-207",
            Self::NoLevel => "RI-208",
            Self::NoContact => "RI-209",
            Self::PartsExceedTotal => "RI-210",
            Self::RateDiffers => "RI-211",
            Self::TotalDiffers { .. } => "RI-301",
        }
    }

    /// The fact in words, without place.
    fn fact(&self) -> &'static str {
        match self {
            Self::NotADate => "不是可识别的日期",
            Self::DateAmbiguous => "日期有两种读法",
            Self::DateOutOfRange => "日期不在 1990—2100 年之内",
            Self::PrecisionLost => "长数字已变成科学计数或丢失末位，原号码无法恢复",
            Self::NotACount => "不是大于等于 0 的整数",
            Self::NotAPercent => "不是百分比",
            Self::PercentAmbiguous => "可能是 1%，也可能是 100%",
            Self::NotAFlag => "不是“是”或“否”",
            Self::UnknownLevel => "不在评价等级之内",
            Self::UnknownCode => "不在对应表所列的取值之内",
            Self::Missing => "必填而为空",
            Self::SpreadsheetError => "是表格的错误值",
            Self::NotExact => "不是六位小数以内的数",
            Self::WeightNotPositive => "权数必须大于 0",
            Self::NotAPhone => "不是可用的电话号码",
            Self::NotAnEmail => "不是电子邮箱",
            Self::NotACreditCode => "不是 18 位统一社会信用代码",
            Self::NotAMonth => "不是月份",
            Self::UnknownName { .. } => "不在名单之内",
            Self::AmbiguousName => "对应到不止一个单位",
            Self::DoneBeforeAccepted => "办结早于受理",
            Self::OutOfOrder => "早于它应当跟随的时间",
            Self::Contradicts => "与前面同一编号的行内容不同，已按先出现的一行计",
            Self::PartsExceedWhole => "解决数大于反映数",
            Self::TwoStrata => "同一受访者分在两个层",
            Self::NoLevel => "没有任何评价等级",
            Self::NoContact => "手机号和电子邮箱都为空",
            Self::PartsExceedTotal => "与分项对不上：分项大于总数",
            Self::RateDiffers => "与同一行的件数算出来的不一样",
            Self::TotalDiffers { .. } => "合计行与明细不符",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::NotADate | Self::DateAmbiguous => "请写成 2024-03-05 或 2024-03-05 09:30:00。",
            Self::DateOutOfRange | Self::DoneBeforeAccepted | Self::OutOfOrder => {
                "请核对来源系统中的时间后重新导出。"
            }
            Self::PrecisionLost => "请把该列设为“文本”格式后从来源系统重新导出。",
            Self::NotACount => "请填整数，没有的填 0。",
            Self::NotAPercent | Self::PercentAmbiguous => "请写成带百分号的数，如 97.5%。",
            Self::NotAFlag => "请填“是”或“否”（或 1、0）。",
            Self::UnknownLevel => {
                "可用值为：非常满意、满意、基本满意、不满意、非常不满意，或 5、4、3、2、1。"
            }
            Self::UnknownCode => "请在对应表中说明该取值是哪个等级，或列为“无回答”。",
            Self::Missing | Self::NoLevel => "请补填后重新导入。",
            Self::SpreadsheetError => "请改正公式，或粘贴为数值。",
            Self::NotExact => "请给出十进制数；小数多于六位时，请在对应表中设置权数倍数。",
            Self::WeightNotPositive => "请向调查机构核实该受访者的权数。",
            Self::NotAPhone | Self::NotAnEmail | Self::NoContact => "请核对联系方式后重新导入。",
            Self::NotACreditCode => "请核对统一社会信用代码。",
            Self::UnknownName { suggestions } if !suggestions.is_empty() => {
                return format!(
                    "是否为：{}？请改正名称，或在单位名册中登记为别名。",
                    suggestions.join("、")
                );
            }
            Self::UnknownName { .. } => "请改正名称，或在单位名册中登记为别名。",
            Self::AmbiguousName => "请写全称或单位代码。",
            Self::Contradicts => "请核对哪一行正确，删除另一行。",
            Self::PartsExceedWhole => "请核对两个数。",
            Self::NotAMonth => "请写成 2026年7月 或 2026-07。",
            Self::PartsExceedTotal | Self::RateDiffers => {
                "请向报送单位核实这一行，改正后重新导入。"
            }
            Self::TwoStrata => "请核对受访者编号与分层。",
            Self::TotalDiffers { .. } => "请核对是否缺行，或合计包含了别的数。",
        }
        .to_owned()
    }

    /// The issue at a place; `shown` is the cell as the sender wrote it.
    pub(crate) fn at(&self, sheet: &str, row: u32, column: &str, shown: &str) -> ImportIssue {
        let place = match (row, column) {
            (0, column) => format!("“{column}”列"),
            (row, "") => format!("第 {row} 行"),
            (row, column) => format!("第 {row} 行“{column}”列"),
        };
        let fact = self.fact();
        let message = match self {
            Self::TotalDiffers { stated, computed } => {
                format!("{place}：{fact}，合计写 {stated}，明细为 {computed}。")
            }
            _ if shown.is_empty() => format!("{place}：{fact}。"),
            _ => format!("{place}：“{}”{fact}。", masked(shown)),
        };
        ImportIssue {
            sheet: sheet.to_owned(),
            row,
            column: column.to_owned(),
            code: self.code().to_owned(),
            message,
            remedy: self.remedy(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Problem;

    #[test]
    fn an_issue_names_row_column_text_and_remedy() {
        let issue = Problem::UnknownLevel.at("好差评", 3, "满意度", "还行吧");

        assert_eq!(
            issue.message,
            "第 3 行“满意度”列：“还行吧”不在评价等级之内。"
        );
        assert_eq!(issue.code, "RI-109");
        assert!(issue.remedy.contains("非常满意"));
    }
}
