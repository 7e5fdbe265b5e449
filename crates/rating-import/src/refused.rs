//! Files that cannot be used at all.

use serde::{Deserialize, Serialize};
use std::fmt;
use survey_design::TextRepair;

/// Why a whole file was refused, in words for the person who sent it.
///
/// Nothing of a refused file is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRefused {
    /// Stable code, `RI-001` to `RI-099`.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

impl FileRefused {
    /// Without a word of the file: of a list of people its first line may be a person.
    #[must_use]
    pub fn impersonal(self) -> Self {
        let message = self.message.split('“').next().unwrap_or_default();
        match self.code.as_str() {
            "RI-008" => Self {
                message: message.replace("；还原后开头是", "。"),
                ..self
            },
            _ => self,
        }
    }
}

impl fmt::Display for FileRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}{}", self.code, self.message, self.remedy)
    }
}

impl std::error::Error for FileRefused {}

/// The fact behind a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    Empty,
    Unreadable,
    TooLarge { limit: u64 },
    OldWorkbook,
    SavedAsXml,
    NotATable,
    EncodingUnknown { looks_like: String },
    EncodingAmbiguous,
    DecodedTwice { repair: TextRepair, shown: String },
    RepairUnfit,
    ReaderDied,
    CharactersLost,
    QuoteNotClosed { row: u32 },
    ArchiveBroken,
    TooManyEntries { limit: usize },
    InflatesTooFar,
    ForbiddenEntry,
    Encrypted,
    Macros,
    ExternalLinks,
    Declarations,
    TooManyStrings { limit: u64 },
    NotAWorkbook,
    WorkbookBroken,
    TooManyRows { limit: u32 },
    TooManyColumns { limit: u32 },
    TooManyCells { limit: u64 },
    NoHeader { missing: Vec<String> },
    NoRows,
    MappingColumns { missing: Vec<String> },
    MappingRepeats { item: String },
    MappingField { field: String },
    MappingUnit { unit: String },
    ForeignLevelCodes { column: String },
    ReversedLevelCodes { column: String },
}

impl From<Refusal> for FileRefused {
    fn from(refusal: Refusal) -> Self {
        let (number, message, remedy) = refusal.words();
        Self {
            code: format!("RI-{number:03}"),
            message,
            remedy,
        }
    }
}

/// As the mapping spells it.
const fn spelled(repair: TextRepair) -> &'static str {
    match repair {
        TextRepair::Utf8ReadAsLatin => "utf8_read_as_latin",
        TextRepair::GbReadAsLatin => "gb_read_as_latin",
        TextRepair::Utf8ReadAsGb => "utf8_read_as_gb",
    }
}

impl Refusal {
    #[expect(
        clippy::too_many_lines,
        reason = "one refusal per arm, in the order of the codes"
    )]
    fn words(self) -> (u16, String, String) {
        let save_as = "请在表格软件中打开，另存为 .xlsx 后再导入。";
        let copy = "请新建一个工作簿，只粘贴数值，另存为 .xlsx 后再导入。";
        match self {
            Self::Empty => (
                1,
                "文件是空的。".into(),
                "请检查导出是否成功后重新上传。".into(),
            ),
            Self::Unreadable => (22, "文件读到一半读不下去。".into(), "请重新上传。".into()),
            Self::TooLarge { limit } => (
                2,
                format!("文件超过 {} MB。", limit / 1024 / 1024),
                "请按月份拆成几个文件分别导入。".into(),
            ),
            Self::OldWorkbook => (
                3,
                "文件是旧版 .xls 格式，但内容不合规范，读不出来。".into(),
                save_as.into(),
            ),
            Self::SavedAsXml => (
                4,
                "文件内容是 XML 或单文件网页，不是表格（有的系统把它存成 .xls）。".into(),
                save_as.into(),
            ),
            Self::NotATable => (
                5,
                "文件不是 CSV、XLSX、XLS 或网页表格。".into(),
                save_as.into(),
            ),
            Self::EncodingUnknown { looks_like } => (
                6,
                format!("文字编码既不是 UTF-8，也不像 GB18030（看起来像 {looks_like}）。"),
                "请另存为“CSV UTF-8”或 .xlsx 后再导入。".into(),
            ),
            Self::EncodingAmbiguous => (
                7,
                "文字编码无法判断：按 UTF-8 和 GB18030 都读得通，但内容不同。".into(),
                "请另存为“CSV UTF-8（带 BOM）”或 .xlsx，或在对应表中写明 file.encoding，再导入。"
                    .into(),
            ),
            Self::DecodedTwice { repair, shown } => (
                8,
                format!("文字被转码两次，已成乱码；还原后开头是“{shown}”。"),
                format!(
                    "请从来源系统重新导出；如还原后的文字正确，也可以在对应表的 file 中写 \"repair\": \"{}\" 后再导入。",
                    spelled(repair)
                ),
            ),
            Self::ReaderDied => (
                23,
                "文件内容异常，超出内存或时间上限，读文件的子进程中止了。".into(),
                copy.into(),
            ),
            Self::RepairUnfit => (
                47,
                "对应表要求还原乱码，但这个文件不是那样转码的。".into(),
                "请去掉对应表中的 file.repair，或核对是否选错了文件。".into(),
            ),
            Self::CharactersLost => (
                9,
                "文件里有转码时丢失的字（“�”或“锟斤拷”），原文已无法恢复。".into(),
                "请从来源系统重新导出。".into(),
            ),
            Self::QuoteNotClosed { row } => (
                10,
                format!("从第 {row} 行开始有引号没有闭合，之后的行被并成一格。"),
                "请补上缺少的引号，或另存为 .xlsx 后再导入。".into(),
            ),
            Self::ArchiveBroken => (
                11,
                "文件已损坏，打不开。".into(),
                "请重新导出或重新上传。".into(),
            ),
            Self::TooManyEntries { limit } => {
                (12, format!("文件里的部件超过 {limit} 个。"), copy.into())
            }
            Self::InflatesTooFar => (13, "文件解压后过大。".into(), copy.into()),
            Self::ForbiddenEntry => (14, "文件里有表格不应有的部件。".into(), copy.into()),
            Self::Encrypted => (15, "文件设置了密码。".into(), "请去掉密码后再导入。".into()),
            Self::Macros => (
                16,
                "文件里有宏程序。".into(),
                "请另存为不带宏的 .xlsx 后再导入。".into(),
            ),
            Self::ExternalLinks => (17, "表格引用了别的文件。".into(), copy.into()),
            Self::Declarations => (18, "文件里有不允许的 XML 声明。".into(), copy.into()),
            Self::TooManyStrings { limit } => (
                19,
                format!("文件声明的文字超过 {limit} 条，或声明不合规范。"),
                copy.into(),
            ),
            Self::NotAWorkbook => (
                20,
                "压缩包里没有工作簿，不是 .xlsx 文件。".into(),
                "请上传 .xlsx 或 .csv 文件。".into(),
            ),
            Self::WorkbookBroken => (21, "工作簿内容不合规范，读不出来。".into(), copy.into()),
            Self::TooManyRows { limit } => (
                30,
                format!("表格超过 {limit} 行。"),
                "请按月份拆成几个文件分别导入。".into(),
            ),
            Self::TooManyColumns { limit } => (
                31,
                format!("第 {limit} 列之后还有内容。"),
                "请删除右侧多余的内容后另存再导入。".into(),
            ),
            Self::TooManyCells { limit } => (
                32,
                format!("有内容的单元格超过 {limit} 个。"),
                "请只保留需要的列，或按月份拆分后导入。".into(),
            ),
            Self::NoHeader { missing } => (
                40,
                format!("没有找到表头，缺少：{}。", missing.join("、")),
                "请检查是否选错了文件；汇总表不能代替明细表。".into(),
            ),
            Self::NoRows => (
                41,
                "表头之下没有数据行。".into(),
                "请检查导出的时间范围。".into(),
            ),
            Self::MappingColumns { missing } => (
                42,
                format!("文件里没有对应表所写的列：{}。", missing.join("、")),
                "请核对对应表的列名与文件表头是否一致。".into(),
            ),
            Self::MappingRepeats { item } => (
                43,
                format!("对应表把几列对应到同一题目“{item}”。"),
                "请在对应表中每个题目只保留一列。".into(),
            ),
            Self::MappingField { field } => (
                44,
                format!("对应表里的字段“{field}”不认识或必填而未填。"),
                "请对照说明修改对应表。".into(),
            ),
            Self::MappingUnit { unit } => (
                46,
                format!("对应表所写的单位“{unit}”不在单位名册中。"),
                "请改正对应表的单位代码，或先登记该单位。".into(),
            ),
            Self::ReversedLevelCodes { column } => (
                48,
                format!(
                    "“{column}”列同时有单写的数字和“1-非常满意”一类的写法，数字是倒序的，不能按 5 为最高读。"
                ),
                "请确认代码含义，用 --level-codes reversed 声明后再导入。".into(),
            ),
            Self::ForeignLevelCodes { column } => (
                45,
                format!(
                    "“{column}”列有 0 而没有 5，像是评价器的代码（0 默认、1 不满意、3 满意、4 非常满意），不能按 1—5 级读。"
                ),
                "请确认代码含义，用 --level-codes kiosk 声明后再导入。".into(),
            ),
        }
    }
}
