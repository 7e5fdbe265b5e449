//! What is wrong with a bundle, file by file.

use std::fmt;

/// One fault of a bundle: where, what, what was expected, what was found. Its text is one line of Chinese.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleFault {
    /// File inside the bundle; `.` for the bundle itself.
    pub file: String,
    /// The kind of fault.
    pub fault: Fault,
    /// What was expected.
    pub expected: String,
    /// What was found.
    pub found: String,
}

/// The kinds of faults, each with a stable code and a remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// SN-201: a file of the bundle is not there.
    Missing,
    /// SN-202: a file that does not belong to the bundle.
    Extra,
    /// SN-203: the size differs from the manifest.
    WrongSize,
    /// SN-204: the SHA-256 differs from the manifest.
    WrongDigest,
    /// SN-205: not the format the file should have.
    NotReadable,
    /// SN-206: JSON in another spelling than the one agreed.
    NotCanonical,
    /// SN-207: a signature does not fit the manifest and its signer.
    WrongSignature,
    /// SN-208: the two signers are not two people of two roles with two keys.
    SameSigner,
    /// SN-209: a signing key is not among the keys the reader trusts.
    UntrustedKey,
    /// SN-210: the manifest does not list exactly the files of a bundle, or has another format version.
    WrongManifest,
    /// SN-211: the rules are not the rules named in the manifest.
    WrongRules,
    /// SN-212: recomputing the sums from the ratings gives other sums.
    SumsDiffer,
    /// SN-213: recomputing the ranking from the sums gives another table.
    RankingDiffers,
    /// SN-214: the table is not the one whose digest was published.
    TableDigestDiffers,
    /// SN-215: two files of the bundle speak of different rounds, units or numbers.
    FilesDisagree,
}

impl Fault {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "SN-201",
            Self::Extra => "SN-202",
            Self::WrongSize => "SN-203",
            Self::WrongDigest => "SN-204",
            Self::NotReadable => "SN-205",
            Self::NotCanonical => "SN-206",
            Self::WrongSignature => "SN-207",
            Self::SameSigner => "SN-208",
            Self::UntrustedKey => "SN-209",
            Self::WrongManifest => "SN-210",
            Self::WrongRules => "SN-211",
            Self::SumsDiffer => "SN-212",
            Self::RankingDiffers => "SN-213",
            Self::TableDigestDiffers => "SN-214",
            Self::FilesDisagree => "SN-215",
        }
    }

    /// What is wrong, in Chinese.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Missing => "缺少文件",
            Self::Extra => "多出文件",
            Self::WrongSize => "文件大小不符",
            Self::WrongDigest => "文件内容被改动",
            Self::NotReadable => "文件无法识别",
            Self::NotCanonical => "文件写法不符合规范",
            Self::WrongSignature => "签名无效",
            Self::SameSigner => "两个签名不是两人两角色",
            Self::UntrustedKey => "签名公钥不在信任名单",
            Self::WrongManifest => "清单不符合规范",
            Self::WrongRules => "规则与清单不符",
            Self::SumsDiffer => "由评价记录重新汇总的结果不同",
            Self::RankingDiffers => "重新计算的排名不同",
            Self::TableDigestDiffers => "排名表与公布的摘要不符",
            Self::FilesDisagree => "文件之间不一致",
        }
    }

    /// What the reader can do, in Chinese.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::Missing | Self::WrongSize => "请从公布页面重新下载整个结果包",
            Self::Extra => "请移走该文件，或把结果包解压到空目录后重新核验",
            Self::WrongDigest | Self::NotReadable | Self::NotCanonical => {
                "请从公布页面重新下载；仍不一致时请告知评价办和纪检监察机关"
            }
            Self::WrongSignature | Self::SameSigner | Self::WrongManifest => {
                "请不要使用此结果包，并告知评价办和纪检监察机关"
            }
            Self::UntrustedKey => "请向评价办核对两位签名人的公钥",
            Self::WrongRules
            | Self::SumsDiffer
            | Self::RankingDiffers
            | Self::TableDigestDiffers
            | Self::FilesDisagree => "请不要采信此结果，并把本行信息告知纪检监察机关",
        }
    }
}

impl BundleFault {
    pub(crate) fn new(
        file: &str,
        fault: Fault,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Self {
        Self {
            file: file.to_owned(),
            fault,
            expected: expected.into(),
            found: found.into(),
        }
    }
}

impl fmt::Display for BundleFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}：{}；应为 {}，实为 {}；{}",
            self.fault.code(),
            self.file,
            self.fault.label(),
            self.expected,
            self.found,
            self.fault.remedy()
        )
    }
}

impl std::error::Error for BundleFault {}
