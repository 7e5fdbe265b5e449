//! The kinds of files that are read, and the fields of each.

use crate::header::{Field, Need};
use crate::{enterprise, enterprise_list, hall, hotline, pairing, pool, survey};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use vocabulary::Channel;

/// A column that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownColumn {
    /// Key of the field it gives.
    pub key: String,
    /// The usual name.
    pub name: String,
    /// All names it may have, as they are compared.
    pub aliases: Vec<String>,
    /// Whether a table without it is refused.
    pub required: bool,
}

/// A kind of file that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// 好差评: ratings of service-centre cases.
    HallRatings,
    /// 办结量: completed cases by unit.
    HallVolumes,
    /// 热线工单: hotline orders or mailbox messages.
    HotlineOrders,
    /// 热线汇总: orders by unit and month.
    HotlineSummary,
    /// 结对评议: ratings by paired communities and villages.
    Pairing,
    /// 企业评议: ratings by enterprises.
    EnterpriseRatings,
    /// 企业名单: enterprises that are asked.
    EnterpriseList,
    /// 样本库: people who are asked.
    Pool,
    /// 调查数据: a survey agency's microdata.
    Survey,
}

impl FileKind {
    /// All of them, in the fixed order.
    pub const ALL: [Self; 9] = [
        Self::HallRatings,
        Self::HallVolumes,
        Self::HotlineOrders,
        Self::HotlineSummary,
        Self::Pairing,
        Self::EnterpriseRatings,
        Self::EnterpriseList,
        Self::Pool,
        Self::Survey,
    ];

    /// The kinds that bring rows into a round, in the order an office meets them.
    pub const OF_ROUND: [Self; 7] = [
        Self::HallRatings,
        Self::HallVolumes,
        Self::HotlineOrders,
        Self::HotlineSummary,
        Self::Pairing,
        Self::EnterpriseRatings,
        Self::Survey,
    ];

    /// The kinds that bring people and enterprises into the library: what names them goes to the vault.
    pub const OF_PEOPLE: [Self; 2] = [Self::Pool, Self::EnterpriseList];

    /// Whether rows of this kind are people and enterprises and not ratings.
    #[must_use]
    pub const fn lists_people(self) -> bool {
        matches!(self, Self::Pool | Self::EnterpriseList)
    }

    /// The stored code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::HallRatings => Channel::Hall.code(),
            Self::HallVolumes => "hall_volume",
            Self::HotlineOrders => Channel::Hotline.code(),
            Self::HotlineSummary => "hotline_summary",
            Self::Pairing => "pairing",
            Self::EnterpriseRatings => Channel::Enterprise.code(),
            Self::EnterpriseList => "enterprise_list",
            Self::Pool => "pool",
            Self::Survey => Channel::Survey.code(),
        }
    }

    /// The kind with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The official label in Chinese.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::HallRatings => "办事大厅好差评",
            Self::HallVolumes => "各单位办件量",
            Self::HotlineOrders => "12345 热线工单或网上留言",
            Self::HotlineSummary => "热线汇总表",
            Self::Pairing => "结对社区、村的评议",
            Self::EnterpriseRatings => "企业评议",
            Self::EnterpriseList => "企业名单",
            Self::Pool => "样本库",
            Self::Survey => "调查机构的逐人数据",
        }
    }

    /// The columns that are read, in their fixed order.
    #[must_use]
    pub fn columns(self) -> Vec<KnownColumn> {
        let column = |field: Field| KnownColumn {
            required: field.need != Need::Optional,
            key: field.key,
            name: field.shown,
            aliases: field.aliases,
        };
        self.fields().into_iter().map(column).collect()
    }

    pub(super) fn fields(self) -> Vec<Field> {
        match self {
            Self::HallRatings => hall::columns::fields(),
            Self::HallVolumes => hall::volume::fields().into(),
            Self::HotlineOrders => hotline::columns::fields(),
            Self::HotlineSummary => hotline::summary_columns::fields().into(),
            Self::Pairing => pairing::fields().into(),
            Self::EnterpriseRatings => enterprise::fields(&BTreeMap::new()).0,
            Self::EnterpriseList => enterprise_list::fields().into(),
            Self::Pool => pool::fields().into(),
            Self::Survey => survey::columns::usual_fields().into(),
        }
    }

    /// Whether columns that are no field may be items that were asked.
    pub(super) const fn has_items(self) -> bool {
        matches!(self, Self::EnterpriseRatings | Self::Survey)
    }
}
