//! What differs between two states of a branch, in words.

use crate::{Indicator, Measure};
use std::fmt;
use vocabulary::{IndicatorId, Points};

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BranchChange {
    /// A new leaf.
    Added(Indicator),
    /// A leaf that is no more.
    Removed(Indicator),
    /// Another name.
    Renamed {
        /// Its code.
        id: IndicatorId,
        /// The name it had.
        from: String,
        /// The name it has.
        to: String,
    },
    /// Other points.
    Weighed {
        /// Its code.
        id: IndicatorId,
        /// Its name now.
        name: String,
        /// The points it had.
        from: Points,
        /// The points it has.
        to: Points,
    },
    /// Measured by something else.
    Measured {
        /// Its code.
        id: IndicatorId,
        /// Its name now.
        name: String,
        /// What it was measured by.
        from: String,
        /// What it is measured by.
        to: String,
    },
}

/// Every difference: what is no more and what has changed in the order of before, then what is new.
#[must_use]
pub fn branch_changes(before: &[Indicator], after: &[Indicator]) -> Vec<BranchChange> {
    let find =
        |nodes: &[Indicator], id: &IndicatorId| nodes.iter().find(|node| node.id == *id).cloned();
    let mut changes = Vec::new();
    for was in before {
        match find(after, &was.id) {
            None => changes.push(BranchChange::Removed(was.clone())),
            Some(is) => changes.extend(differences(was, is)),
        }
    }
    let new = after.iter().filter(|node| find(before, &node.id).is_none());
    changes.extend(new.cloned().map(BranchChange::Added));
    changes
}

fn differences(was: &Indicator, is: Indicator) -> Vec<BranchChange> {
    let mut changes = Vec::new();
    if was.name != is.name {
        changes.push(BranchChange::Renamed {
            id: is.id.clone(),
            from: was.name.clone(),
            to: is.name.clone(),
        });
    }
    if was.points != is.points {
        changes.push(BranchChange::Weighed {
            id: is.id.clone(),
            name: is.name.clone(),
            from: was.points,
            to: is.points,
        });
    }
    if was.measure != is.measure {
        changes.push(BranchChange::Measured {
            from: measured_by(was),
            to: measured_by(&is),
            id: is.id,
            name: is.name,
        });
    }
    changes
}

fn measured_by(node: &Indicator) -> String {
    node.measure
        .as_ref()
        .map(Measure::label)
        .unwrap_or_default()
}

impl fmt::Display for BranchChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Added(leaf) => write!(
                f,
                "新增 {}“{}”，{} 分，数据来源：{}",
                leaf.id,
                leaf.name,
                leaf.points,
                measured_by(leaf)
            ),
            Self::Removed(leaf) => {
                write!(f, "撤销 {}“{}”（{} 分）", leaf.id, leaf.name, leaf.points)
            }
            Self::Renamed { id, from, to } => write!(f, "{id} 名称“{from}”改为“{to}”"),
            Self::Weighed { id, name, from, to } => {
                write!(f, "{id}“{name}”分值 {from} 改为 {to}")
            }
            Self::Measured { id, name, from, to } => {
                write!(f, "{id}“{name}”数据来源“{from}”改为“{to}”")
            }
        }
    }
}
