//! Why a bundle could not be written or signed.

use std::{io, path::PathBuf};

/// A bundle could not be written, signed or read.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// SN-101: the file system refused.
    #[error("SN-101 {path}：无法读写（{source}）；请检查路径、权限和磁盘空间")]
    Io {
        /// The path.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// SN-102: the target directory is already there.
    #[error("SN-102 {0}：目录已存在；结果包一经写出不再改动，请换一个目录")]
    AlreadyThere(PathBuf),
    /// SN-103: a Parquet file could not be written or read.
    #[error("SN-103 {file}：Parquet 无法读写（{source}）")]
    Parquet {
        /// The file.
        file: String,
        /// What the library said.
        #[source]
        source: parquet::errors::ParquetError,
    },
    /// SN-104: a row of the ratings holds a value outside the vocabulary.
    #[error("SN-104 {file}：第 {row} 行的“{column}”不是可用的值")]
    BadRow {
        /// The file.
        file: String,
        /// The row, 1 for the first.
        row: usize,
        /// The column.
        column: &'static str,
    },
    /// SN-105: the two signers are not two people of two roles with two keys.
    #[error("SN-105 两位签名人必须是两个人、两种角色、两把密钥")]
    SignersNotApart,
    /// SN-106: the key belongs to neither signer named in the manifest.
    #[error("SN-106 {0} 的密钥不在结果包清单的签名人之中")]
    NotASigner(String),
    /// SN-107: the table computed from the sums is not the published one.
    #[error(
        "SN-107 由汇总数据计算的排名表摘要为 {computed}，与公布的 {published} 不同；未写出结果包"
    )]
    OtherTable {
        /// Digest of the table computed now.
        computed: String,
        /// Digest of the table published.
        published: String,
    },
    /// SN-108: a key file is damaged.
    #[error("SN-108 {0}：不是有效的签名密钥文件")]
    BadKeyFile(PathBuf),
    /// SN-109: the sums do not come from the ratings given with them.
    #[error("SN-109 汇总数据与评价记录不一致；未写出结果包")]
    OtherSums,
    /// SN-111: the units named are not the units scored, in the same order.
    #[error("SN-111 单位名录与计分单位不同或次序不同；未写出结果包")]
    OtherUnits,
    /// SN-112: more than the sums can hold exactly.
    #[error("SN-112 权数合计超过 1.8×10¹³，或一个计数超过 43 亿，无法精确汇总；请核对数据")]
    TooMuch,
    /// SN-113: a CSV file could not be written or read.
    #[error("SN-113 {path}：CSV 无法读写（{source}）")]
    Csv {
        /// The path.
        path: PathBuf,
        /// What the library said.
        #[source]
        source: csv::Error,
    },
    /// SN-114: a column of a table of sums is not there.
    #[error("SN-114 {file}：没有“{column}”列；请用 `huiyin snapshot sql` 给出的语句生成汇总表")]
    NoColumn {
        /// The file.
        file: String,
        /// The column.
        column: &'static str,
    },
    /// SN-115: the same part of the sums is given twice and would count twice.
    #[error("SN-115 {0}：同一份汇总数据给了两次，会重复计数；请只给一次")]
    SameFile(PathBuf),
    /// SN-110: the manifest of the bundle cannot be read.
    #[error("{0}")]
    BadManifest(crate::BundleFault),
}

impl SnapshotError {
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }

    pub(crate) fn csv(path: impl Into<PathBuf>) -> impl Fn(csv::Error) -> Self {
        let path = path.into();
        move |source| Self::Csv {
            path: path.clone(),
            source,
        }
    }

    pub(crate) fn parquet(file: &str) -> impl Fn(parquet::errors::ParquetError) -> Self {
        move |source| Self::Parquet {
            file: file.to_owned(),
            source,
        }
    }
}
