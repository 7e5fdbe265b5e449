//! What each consumer of a result receives: its own fields and nothing else (domain C.8).

use crate::{AnnualResult, Grade, TableRow};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use vocabulary::{MatterId, UnitId};

/// Everything the pushes are cut from.
#[derive(Clone, Copy, Debug)]
pub struct PushSource<'a> {
    /// Result id such as `YX-2026Q3-R1`.
    pub result_id: &'a str,
    /// Names of all units.
    pub names: &'a BTreeMap<UnitId, String>,
    /// The year's results.
    pub annual: &'a [AnnualResult],
    /// The published rows.
    pub rows: &'a [TableRow],
    /// All matters of the round.
    pub matters: &'a [MatterRecord],
}

/// How a matter went, as far as a consumer may know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatterRecord {
    /// The matter.
    pub id: MatterId,
    /// The unit in charge.
    pub unit: UnitId,
    /// Redacted title.
    pub title: String,
    /// Where it stands, in Chinese.
    pub state: String,
    /// What went wrong with it; empty when nothing did.
    pub marks: BTreeSet<MatterMark>,
}

/// Why a matter concerns the discipline commission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatterMark {
    /// 超期.
    Overdue,
    /// 重办.
    Reopened,
    /// 升级督办.
    Escalated,
}

impl MatterMark {
    /// The official label in Chinese.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Overdue => "超期",
            Self::Reopened => "重办",
            Self::Escalated => "升级督办",
        }
    }
}

/// A kind of field a consumer does not receive, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The fields.
    pub what: String,
    /// The reason.
    pub why: String,
}

/// For the organisation department 组织部: annual score, grade and multiplier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrganisationDepartmentPush {
    /// Result id.
    pub result_id: String,
    /// One line per unit.
    pub units: Vec<AnnualLine>,
    /// What was left out.
    pub left_out: Vec<LeftOut>,
}

/// One unit for the organisation department.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnnualLine {
    /// The unit.
    pub unit: UnitId,
    /// Its name.
    pub unit_name: String,
    /// Annual score, 0-100.
    pub annual_score: f64,
    /// Grade of the year.
    pub grade: Grade,
    /// Multiplier of the year.
    pub multiplier: f64,
}

/// For the discipline commission 纪委监委: matters that are overdue, were reopened or escalated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisciplineCommissionPush {
    /// Result id.
    pub result_id: String,
    /// The matters, each with its marks.
    pub matters: Vec<MatterRecord>,
    /// What was left out.
    pub left_out: Vec<LeftOut>,
}

/// For a stationed group 派驻纪检监察组: figures and matters of its own units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StationedGroupPush {
    /// Result id.
    pub result_id: String,
    /// Name of the group.
    pub group: String,
    /// Published figures of its units.
    pub units: Vec<TableRow>,
    /// Matters of its units.
    pub matters: Vec<MatterRecord>,
    /// What was left out.
    pub left_out: Vec<LeftOut>,
}

/// The three consumers' payloads under one name, for storage and delivery.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "consumer", rename_all = "snake_case")]
pub enum ResultPush {
    /// 组织部.
    OrganisationDepartment(OrganisationDepartmentPush),
    /// 纪委监委.
    DisciplineCommission(DisciplineCommissionPush),
    /// 派驻纪检监察组.
    StationedGroup(StationedGroupPush),
}

impl ResultPush {
    /// The consumer's name in Chinese.
    #[must_use]
    pub fn consumer(&self) -> &str {
        match self {
            Self::OrganisationDepartment(_) => "组织部",
            Self::DisciplineCommission(_) => "纪委监委",
            Self::StationedGroup(push) => &push.group,
        }
    }

    /// What the consumer did not receive, and why.
    #[must_use]
    pub fn left_out(&self) -> &[LeftOut] {
        match self {
            Self::OrganisationDepartment(push) => &push.left_out,
            Self::DisciplineCommission(push) => &push.left_out,
            Self::StationedGroup(push) => &push.left_out,
        }
    }
}

/// The push for the organisation department.
#[must_use]
pub fn for_organisation_department(source: &PushSource<'_>) -> OrganisationDepartmentPush {
    let line = |result: &AnnualResult| AnnualLine {
        unit: result.unit.clone(),
        unit_name: source.names.get(&result.unit).cloned().unwrap_or_default(),
        annual_score: result.annual_score,
        grade: result.grade,
        multiplier: result.multiplier,
    };
    OrganisationDepartmentPush {
        result_id: source.result_id.to_owned(),
        units: source.annual.iter().map(line).collect(),
        left_out: vec![
            out("意见原文和整改事项", "年度考核只用年度得分、等次和系数"),
            out("季度名次和各渠道得分", "年度考核只用年度得分、等次和系数"),
            out("问题线索", "只送纪检监察机关"),
        ],
    }
}

/// The push for the discipline commission.
#[must_use]
pub fn for_discipline_commission(source: &PushSource<'_>) -> DisciplineCommissionPush {
    let marked = source
        .matters
        .iter()
        .filter(|matter| !matter.marks.is_empty());
    DisciplineCommissionPush {
        result_id: source.result_id.to_owned(),
        matters: marked.cloned().collect(),
        left_out: vec![
            out(
                "得分、名次和年度等次",
                "监督问责只看超期、重办和升级督办的事项",
            ),
            out("按期办结的事项", "没有需要监督的情形"),
            out("提出意见的人", "评价系统不保存意见与人的对应关系"),
        ],
    }
}

/// The push for the stationed group that watches these units.
#[must_use]
pub fn for_stationed_group(
    source: &PushSource<'_>,
    group: &str,
    own: &BTreeSet<UnitId>,
) -> StationedGroupPush {
    let rows = source
        .rows
        .iter()
        .filter(|line| own.contains(&line.row.unit));
    let matters = source
        .matters
        .iter()
        .filter(|matter| own.contains(&matter.unit));
    StationedGroupPush {
        result_id: source.result_id.to_owned(),
        group: group.to_owned(),
        units: rows.cloned().collect(),
        matters: matters.cloned().collect(),
        left_out: vec![
            out("其他单位的得分和事项", "只送驻在单位的情况"),
            out("年度得分、等次和系数", "只送组织部"),
            out("提出意见的人", "评价系统不保存意见与人的对应关系"),
        ],
    }
}

fn out(what: &str, why: &str) -> LeftOut {
    LeftOut {
        what: what.to_owned(),
        why: why.to_owned(),
    }
}

#[cfg(test)]
mod tests;
