//! Why a file of microdata could not be read.

use std::{
    io,
    path::{Path, PathBuf},
};

/// A file of microdata could not be read.
#[derive(Debug, thiserror::Error)]
pub enum MicrodataError {
    /// MD-101: the file system refused.
    #[error("MD-101 {path}：无法读取（{source}）；请核对路径和权限")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// MD-102: there is no header, or nothing at all.
    #[error("MD-102 {0}：文件是空的，没有表头；第一行应当是列名")]
    NoHeader(PathBuf),
    /// MD-103: the bytes are no UTF-8.
    #[error("MD-103 第 {line} 行不是 UTF-8 编码；请把文件另存为“CSV UTF-8”")]
    NotUtf8 {
        /// Line of the file, 1 for the header.
        line: u64,
    },
    /// MD-104: a row with more or fewer cells than the header.
    #[error("MD-104 第 {line} 行有 {found} 格，表头有 {expected} 列；请检查分隔符和引号")]
    Uneven {
        /// Line of the file, 1 for the header.
        line: u64,
        /// Cells of the row.
        found: u64,
        /// Columns of the header.
        expected: u64,
    },
    /// MD-105: no such column.
    #[error("MD-105 没有“{name}”这一列；{remedy}")]
    NoColumn {
        /// The column asked for.
        name: String,
        /// The nearest name, or all of them.
        remedy: String,
    },
    /// MD-106: two columns of that name.
    #[error("MD-106 有两列都叫“{0}”；请改掉其中一个列名")]
    ColumnTwice(String),
    /// MD-107: a cell that should be a number is none.
    #[error(
        "MD-107 第 {row} 行（不算表头）“{column}”列的“{cell}”不是数；请改正；没有回答的格请留空"
    )]
    NotANumber {
        /// The row, 1 for the first after the header.
        row: usize,
        /// The column.
        column: String,
        /// What stands there.
        cell: String,
    },
    /// MD-108: Parquet that cannot be read.
    #[error("MD-108 {path}：Parquet 无法读取（{source}）")]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the library said.
        #[source]
        source: parquet::errors::ParquetError,
    },
    /// MD-109: a Parquet column that is neither numbers nor text.
    #[error("MD-109 “{column}”列是 {found}；只能分析数字和文字列")]
    OtherType {
        /// The column.
        column: String,
        /// Its type.
        found: String,
    },
}

impl MicrodataError {
    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            source,
        }
    }

    pub(super) fn parquet(path: &Path) -> impl Fn(parquet::errors::ParquetError) -> Self {
        move |source| Self::Parquet {
            path: path.to_owned(),
            source,
        }
    }

    pub(super) fn no_column(name: &str, names: &[String]) -> Self {
        let remedy = match nearest(name, names) {
            Some(nearest) => format!("是不是“{nearest}”？"),
            None => format!("可用的列：{}", names.join("、")),
        };
        Self::NoColumn {
            name: name.to_owned(),
            remedy,
        }
    }
}

/// The name with the fewest changed letters, when no more than half are changed.
fn nearest<'a>(name: &str, names: &'a [String]) -> Option<&'a str> {
    names
        .iter()
        .map(|other| (changes(&name.to_lowercase(), &other.to_lowercase()), other))
        .min_by_key(|(changed, _)| *changed)
        .filter(|(changed, other)| changed * 2 <= name.chars().count().max(other.chars().count()))
        .map(|(_, other)| other.as_str())
}

/// Letters to insert, drop or replace to make one text the other (Levenshtein 1966).
fn changes(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.chars().enumerate() {
        let mut next = vec![row + 1];
        for (column, same) in other.iter().enumerate() {
            let replaced = last[column] + usize::from(*same != letter);
            next.push(replaced.min(last[column + 1] + 1).min(next[column] + 1));
        }
        last = next;
    }
    last[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered_and_a_far_one_is_not() {
        let names: Vec<String> = ["dept", "weight", "q1"].map(String::from).into();

        assert_eq!(nearest("detp", &names), Some("dept"));
        assert_eq!(nearest("Wieght", &names), Some("weight"));
        assert_eq!(nearest("stratum", &names), None);
        assert_eq!(changes("kitten", "sitting"), 3);
    }
}
