//! The whole tree and the changes of a branch, to be read.

use crate::form::{Cell, Table};
use survey_design::{BranchChange, IndicatorSet, Measure};

/// All indicators with their owners.
pub(crate) fn tree_table(tree: &IndicatorSet, heading: String) -> Table {
    let rows = tree.indicators.iter().map(|node| {
        vec![
            Cell::text(node.id.as_str()),
            Cell::text(node.name.as_str()),
            Cell::text(node.points.to_string()),
            Cell::text(node.owner.as_str()),
            Cell::text(
                node.measure
                    .as_ref()
                    .map(Measure::label)
                    .unwrap_or_default(),
            ),
        ]
    });
    Table {
        heading,
        head: vec![
            ("代码", false),
            ("指标", false),
            ("分值", true),
            ("牵头部门", false),
            ("数据来源", false),
        ],
        rows: rows.collect(),
        empty: "还没有指标。",
    }
}

/// One row per change.
pub(crate) fn change_rows(changes: &[BranchChange]) -> Vec<Vec<Cell>> {
    let row = |change: &BranchChange| vec![Cell::text(change.to_string())];
    changes.iter().map(row).collect()
}
