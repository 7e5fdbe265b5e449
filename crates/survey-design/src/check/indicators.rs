//! An indicator tree: known parents, no cycles, leaves that sum to exactly 100.

use super::{Findings, Template, rule::Rule};
use crate::{Indicator, IndicatorSet, TemplateKind};
use std::collections::BTreeMap;
use vocabulary::{IndicatorId, Points};

impl Template for IndicatorSet {
    const KIND: TemplateKind = TemplateKind::Indicators;

    fn check(&self, findings: &mut Findings) {
        let by_id: BTreeMap<&IndicatorId, &Indicator> = self
            .indicators
            .iter()
            .map(|node| (&node.id, node))
            .collect();
        let mut whole = true;
        for (index, node) in self.indicators.iter().enumerate() {
            let earlier = &self.indicators[..index];
            whole &= place(
                node,
                earlier,
                &by_id,
                &format!("/indicators/{index}"),
                findings,
            );
        }
        if whole {
            points(self, findings);
        }
    }
}

/// Checks code and place of one node; false when the tree cannot be summed.
fn place(
    node: &Indicator,
    earlier: &[Indicator],
    by_id: &BTreeMap<&IndicatorId, &Indicator>,
    pointer: &str,
    findings: &mut Findings,
) -> bool {
    if earlier.iter().any(|other| other.id == node.id) {
        let message = format!("指标代码 {} 用了不止一次", node.id);
        findings.add(format!("{pointer}/id"), Rule::DuplicateIndicator, message);
        return false;
    }
    let pointer = format!("{pointer}/parent");
    match ancestors(node, by_id) {
        Ok(_) => true,
        Err(Broken::Missing(parent)) => {
            let message = format!("没有上级指标 {parent}");
            findings.add(pointer, Rule::ParentMissing, message);
            false
        }
        Err(Broken::Cycle) => {
            let message = format!("{} 的上级绕回了自己", node.id);
            findings.add(pointer, Rule::IndicatorCycle, message);
            false
        }
        Err(Broken::Elsewhere) => false,
    }
}

enum Broken<'a> {
    /// The node's own parent does not exist.
    Missing(&'a IndicatorId),
    /// The node is its own ancestor.
    Cycle,
    /// Some node above is broken and is reported there.
    Elsewhere,
}

/// The headings above a node, nearest first.
fn ancestors<'a>(
    node: &'a Indicator,
    by_id: &BTreeMap<&IndicatorId, &'a Indicator>,
) -> Result<Vec<&'a IndicatorId>, Broken<'a>> {
    let mut above = Vec::new();
    let mut next = node.parent.as_ref();
    while let Some(parent) = next {
        if *parent == node.id {
            return Err(Broken::Cycle);
        }
        let Some(found) = by_id.get(parent) else {
            return Err(if above.is_empty() {
                Broken::Missing(parent)
            } else {
                Broken::Elsewhere
            });
        };
        if above.contains(&parent) {
            return Err(Broken::Elsewhere);
        }
        above.push(parent);
        next = found.parent.as_ref();
    }
    Ok(above)
}

/// Points of a sound tree: leaves sum to 100, headings to their leaves.
fn points(set: &IndicatorSet, findings: &mut Findings) {
    let by_id: BTreeMap<&IndicatorId, &Indicator> =
        set.indicators.iter().map(|node| (&node.id, node)).collect();
    let is_heading = |node: &Indicator| {
        set.indicators
            .iter()
            .any(|n| n.parent.as_ref() == Some(&node.id))
    };
    let mut sums: BTreeMap<&IndicatorId, i64> = BTreeMap::new();
    let mut total = 0_i64;
    for (index, leaf) in set
        .indicators
        .iter()
        .enumerate()
        .filter(|(_, node)| !is_heading(node))
    {
        total = total.saturating_add(leaf.points.steps());
        for heading in ancestors(leaf, &by_id).unwrap_or_default() {
            let sum = sums.entry(heading).or_default();
            *sum = sum.saturating_add(leaf.points.steps());
        }
        if leaf.measure.is_none() || leaf.points.steps() <= 0 {
            let message = format!("末级指标 {} 没有分值或 measure", leaf.id);
            findings.add(format!("/indicators/{index}"), Rule::LeafMeasure, message);
        }
    }
    if total != Points::whole(100).steps() {
        let message = format!("末级指标合计 {}，应为 100", Points::from_steps(total));
        findings.add("/indicators", Rule::LeafSum, message);
    }
    for (index, node) in set
        .indicators
        .iter()
        .enumerate()
        .filter(|(_, node)| is_heading(node))
    {
        let sum = Points::from_steps(sums.get(&node.id).copied().unwrap_or_default());
        if node.points != sum || node.measure.is_some() {
            let message = format!("{} 写的是 {}，其下末级指标合计 {sum}", node.id, node.points);
            findings.add(format!("/indicators/{index}"), Rule::HeadingPoints, message);
        }
    }
}
