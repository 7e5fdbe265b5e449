//! Files of a round, each with what it is for and its size.

use crate::{
    frame::PortalFrame,
    icon::Icon,
};
use askama::Template;

/// A file to take away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    /// Address.
    pub href: String,
    /// Name with format.
    pub name: String,
    /// What is in it.
    pub what: String,
    /// Size in words.
    pub size: String,
}

/// All files of a round.
#[derive(Debug, Template)]
#[template(path = "portal/downloads.html")]
pub struct DownloadsPage {
    /// Frame.
    pub frame: PortalFrame,
    /// Title of the round.
    pub round_title: String,
    /// Result id.
    pub result_id: String,
    /// Whether the reader sits in a web view that cannot save files.
    pub in_wechat: bool,
    /// Files for readers.
    pub files: Vec<Download>,
    /// Files for recomputing.
    pub bundle: Vec<Download>,
    /// Column and meaning.
    pub fields: Vec<(&'static str, &'static str)>,
    /// Date of the files.
    pub published: String,
}

/// Columns of the published table and what they mean.
#[must_use]
pub fn field_names() -> Vec<(&'static str, &'static str)> {
    vec![
        ("unit", "单位编号"),
        ("class", "单位类别；只在本类内比较"),
        ("n", "本季有效评价份数；样本不足时为空"),
        ("score", "得分，0—100，两位小数；样本不足时为空"),
        ("ci_low, ci_high", "95% 区间的下限和上限"),
        ("band", "与同类平均比：above 明显高于、same 差不多、below 明显低于"),
        ("rank_low, rank_high", "位次区间：可能的最好和最差名次"),
        ("place", "按得分排出的名次，同分并列"),
        ("status", "ranked 排名、shown 有得分不排名、bracketed 得分加括号、hidden 样本不足"),
        ("weight_covered", "有数据的渠道权重合计，%"),
        ("flags", "需要注意的情况，例如 weight_reallocated(hall)"),
    ]
}
