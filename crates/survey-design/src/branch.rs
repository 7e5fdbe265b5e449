//! A branch of the indicator tree 指标分支: what one method department of the "1+6" owns, and the only part it may change.

mod change;
mod problem;
#[cfg(test)]
mod tests;

pub use change::{BranchChange, branch_changes};
pub use problem::BranchProblem;

use crate::{Indicator, IndicatorSet, Questionnaire, check};
use std::collections::BTreeSet;
use vocabulary::{IndicatorId, Points};

/// Most characters of an indicator's name.
const LONGEST_NAME: usize = 40;

/// What an edited branch is held against.
#[derive(Clone, Copy, Debug)]
pub struct BranchGround<'a> {
    /// Every code any version of the tree ever had; a code that was given up is never given again.
    pub spent: &'a BTreeSet<IndicatorId>,
    /// The questionnaires asked: leaves name their items, and their items name leaves.
    pub asked: &'a [&'a Questionnaire],
}

/// The points an owner has under one heading; the overall method gives them, its owner spreads them over leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share<'a> {
    /// The heading.
    pub heading: &'a Indicator,
    /// Sum of the owner's leaves below it.
    pub points: Points,
}

impl IndicatorSet {
    /// The owners of leaves, in the order of their first.
    #[must_use]
    pub fn owners(&self) -> Vec<&str> {
        let mut owners: Vec<&str> = Vec::new();
        for leaf in self.indicators.iter().filter(|node| !self.is_heading(node)) {
            if !owners.contains(&leaf.owner.as_str()) {
                owners.push(&leaf.owner);
            }
        }
        owners
    }

    /// All nodes of an owner, in the order of the tree.
    #[must_use]
    pub fn branch(&self, owner: &str) -> Vec<Indicator> {
        let own = self.indicators.iter().filter(|node| node.owner == owner);
        own.cloned().collect()
    }

    /// What an owner has under each heading it has leaves under, in the order of the tree.
    #[must_use]
    pub fn shares(&self, owner: &str) -> Vec<Share<'_>> {
        let shares = self.indicators.iter().filter_map(|heading| {
            let own = |node: &&Indicator| node.owner == owner && is_under(node, &heading.id);
            let mut own = self.indicators.iter().filter(own).peekable();
            own.peek()?;
            let points = sum(own);
            Some(Share { heading, points })
        });
        shares.collect()
    }

    /// Whether others stand below the node.
    #[must_use]
    pub fn is_heading(&self, node: &Indicator) -> bool {
        self.indicators
            .iter()
            .any(|other| is_under(other, &node.id))
    }

    /// The next version of the tree, in which this owner's branch is `branch` and nothing else has changed.
    ///
    /// Names, points and measures of leaves may change, leaves may go and come; headings keep their points and leaves their
    /// heading. New leaves stand after the last one under their heading.
    ///
    /// # Errors
    /// Every rule the branch breaks, at once.
    pub fn with_branch(
        &self,
        owner: &str,
        branch: &[Indicator],
        ground: &BranchGround<'_>,
    ) -> Result<Self, Vec<BranchProblem>> {
        let before = self.branch(owner);
        if before.len() == branch.len() && before.iter().all(|node| branch.contains(node)) {
            return Err(vec![BranchProblem::Unchanged]);
        }
        let mut problems: Vec<BranchProblem> = branch
            .iter()
            .filter_map(|node| self.refused(owner, node, ground.spent))
            .collect();
        problems.extend(twice(branch));
        problems.extend(self.wrong_structure(&before, branch));
        problems.extend(self.wrong_shares(owner, branch));
        if !problems.is_empty() {
            return Err(problems);
        }
        let next = self.replaced(owner, branch);
        let broken = check::indicators(&next, ground.asked);
        if broken.is_empty() {
            Ok(next)
        } else {
            Err(broken.into_iter().map(BranchProblem::Template).collect())
        }
    }

    /// Why one node cannot stand in the branch.
    fn refused(
        &self,
        owner: &str,
        node: &Indicator,
        spent: &BTreeSet<IndicatorId>,
    ) -> Option<BranchProblem> {
        let known = self.indicators.iter().find(|other| other.id == node.id);
        let id = || node.id.clone();
        if node.owner != owner || known.is_some_and(|known| known.owner != owner) {
            return Some(BranchProblem::NotOwn(id()));
        }
        if known.is_none() && spent.contains(&node.id) {
            return Some(BranchProblem::CodeSpent(id()));
        }
        let length = node.name.trim().chars().count();
        if !(1..=LONGEST_NAME).contains(&length) {
            return Some(BranchProblem::Name(id()));
        }
        (node.points.steps() <= 0).then(|| BranchProblem::Points(id()))
    }

    /// Headings are as they were but for their names, and every leaf stands under a heading, a known one under its own.
    fn wrong_structure(&self, before: &[Indicator], branch: &[Indicator]) -> Vec<BranchProblem> {
        let mut problems = Vec::new();
        for known in before {
            let now = branch.iter().find(|node| node.id == known.id);
            let stays = match now {
                None => !self.is_heading(known),
                Some(now) if self.is_heading(known) => {
                    let name = now.name.clone();
                    *now == Indicator {
                        name,
                        ..known.clone()
                    }
                }
                Some(now) => now.parent == known.parent,
            };
            if !stays {
                problems.push(BranchProblem::Moved(known.id.clone()));
            }
        }
        let new = branch
            .iter()
            .filter(|node| before.iter().all(|known| known.id != node.id));
        let homeless = new.filter(|leaf| {
            let heading = |node: &&Indicator| leaf.parent.as_ref() == Some(&node.id);
            let heading = self.indicators.iter().find(heading);
            !heading.is_some_and(|heading| self.is_heading(heading))
        });
        problems.extend(homeless.map(|leaf| BranchProblem::Moved(leaf.id.clone())));
        problems
    }

    /// Headings under which the branch does not spend exactly what its owner has there.
    fn wrong_shares(&self, owner: &str, branch: &[Indicator]) -> Vec<BranchProblem> {
        let shares = self.shares(owner);
        let wrong = self.indicators.iter().filter_map(|heading| {
            let share = shares.iter().find(|share| share.heading.id == heading.id);
            let should = share.map_or_else(Points::default, |share| share.points);
            let is = sum(branch.iter().filter(|node| is_under(node, &heading.id)));
            let (heading, name) = (heading.id.clone(), heading.name.clone());
            (is != should).then_some(BranchProblem::Share {
                heading,
                name,
                is,
                should,
            })
        });
        wrong.collect()
    }

    fn replaced(&self, owner: &str, branch: &[Indicator]) -> Self {
        let edited = |id: &IndicatorId| branch.iter().find(|node| node.id == *id);
        let mut indicators: Vec<Indicator> = Vec::new();
        for node in &self.indicators {
            match edited(&node.id) {
                Some(now) => indicators.push(now.clone()),
                None if node.owner != owner => indicators.push(node.clone()),
                None => {}
            }
        }
        for leaf in branch {
            if indicators.iter().all(|node| node.id != leaf.id) {
                let beside = |node: &Indicator| {
                    node.parent == leaf.parent || leaf.parent.as_ref() == Some(&node.id)
                };
                let last = indicators.iter().rposition(beside);
                indicators.insert(last.map_or(indicators.len(), |at| at + 1), leaf.clone());
            }
        }
        Self {
            version: self.version + 1,
            indicators,
            ..self.clone()
        }
    }
}

/// The next code under a heading: its own with a running number no version ever used.
#[must_use]
pub fn next_code(heading: &IndicatorId, spent: &BTreeSet<IndicatorId>) -> IndicatorId {
    let number = |code: &IndicatorId| -> Option<u32> {
        code.as_str().strip_prefix(heading.as_str())?.parse().ok()
    };
    let last = spent.iter().filter_map(number).max().unwrap_or_default();
    IndicatorId::new(format!("{heading}{:02}", last + 1))
}

/// Codes that stand in the branch more than once.
fn twice(branch: &[Indicator]) -> impl Iterator<Item = BranchProblem> {
    let again = branch.iter().enumerate().filter(|(index, node)| {
        let earlier = &branch[..*index];
        earlier.iter().any(|other| other.id == node.id)
    });
    again.map(|(_, node)| BranchProblem::CodeSpent(node.id.clone()))
}

fn is_under(node: &Indicator, heading: &IndicatorId) -> bool {
    node.parent.as_ref() == Some(heading)
}

fn sum<'a>(nodes: impl Iterator<Item = &'a Indicator>) -> Points {
    let steps = nodes.fold(0_i64, |sum, node| sum.saturating_add(node.points.steps()));
    Points::from_steps(steps)
}
