//! Why a wide file has no sums.

use std::path::PathBuf;

/// A wide microdata file cannot be summed.
#[derive(Debug, thiserror::Error)]
pub enum WideError {
    /// SN-301: the file cannot be opened.
    #[error("SN-301 {path}：无法读取（{source}）；请核对路径和权限")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// SN-302: the file is not readable as Parquet.
    #[error("SN-302 {path}：不是可读的 Parquet 文件（{source}）")]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the library said.
        #[source]
        source: parquet::errors::ParquetError,
    },
    /// SN-303: a column named is not there.
    #[error("SN-303 {path}：没有名为“{column}”的列；现有：{}", .found.join("、"))]
    NoColumn {
        /// The file.
        path: PathBuf,
        /// The column asked for.
        column: String,
        /// The columns there are.
        found: Vec<String>,
    },
    /// SN-304: a column holds another kind of value than its part needs.
    #[error("SN-304 {path}：“{column}”列的类型 {found} 不能用作{part}")]
    ColumnType {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// The type found.
        found: String,
        /// What the column was to be.
        part: &'static str,
    },
    /// SN-305: a weight is negative, missing, not a number, or of more than 10⁹ people.
    #[error("SN-305 {path}：第 {row} 行的权数“{column}”缺失、为负或过大；请更正或删去该行")]
    BadWeight {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// The row, 1 for the first.
        row: u64,
    },
    /// SN-306: an answer is neither a level, nor the missing code, nor empty.
    #[error(
        "SN-306 {path}：第 {row} 行的“{column}”不是量表内的数，也不是缺失代码；请更正，或写明缺失代码"
    )]
    OffScale {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// The row, 1 for the first.
        row: u64,
    },
    /// SN-307: a row belongs to no stratum or no PSU.
    #[error("SN-307 {path}：第 {row} 行的“{column}”为空，无法归入样本；请补上或删去该行")]
    NoPlace {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// The row, 1 for the first.
        row: u64,
    },
    /// SN-308: more cells than fit the memory allowed.
    #[error(
        "SN-308 单位与初级抽样单元的组合超过 {limit} 个，超出内存上限；请改用逐行计算，或减少题目"
    )]
    TooManyCells {
        /// Most cells allowed.
        limit: usize,
    },
    /// SN-309: more rows or more weight than a cell can count exactly.
    #[error("SN-309 {path}：行数超过 43 亿或权数合计超过 1.8×10¹³，无法精确计数；请分成几份")]
    TooMuch {
        /// The file.
        path: PathBuf,
    },
}
