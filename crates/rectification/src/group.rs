//! Which opinions of a unit may be one matter: a proposal, of which a person confirms every part.

use crate::{
    Opinion, propose_merges,
    theme::{is_other, theme_of},
};
use std::collections::{BTreeMap, BTreeSet};
use survey_design::MergeRules;
use vocabulary::OpinionId;

/// Opinions that may be one matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpinionGroup {
    /// What they seem to be about.
    pub title: String,
    /// The opinions, the one the others were compared with first; at least one.
    pub members: Vec<GroupMember>,
}

/// One opinion of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupMember {
    /// The opinion.
    pub opinion: OpinionId,
    /// Why it is in the group, in a clerk's words.
    pub why: String,
}

impl OpinionGroup {
    /// The opinion the others were compared with, which names the group.
    #[must_use]
    pub fn leader(&self) -> &OpinionId {
        &self.members[0].opinion
    }
}

/// Proposes groups for opinions of one unit: what says nearly the same, then what ticks the same reason or names the same
/// subject, and what is left by itself. Largest first, then by the leader's id.
///
/// Praise and clues are left out. Every other opinion stands in exactly one group, so that none is forgotten; the order of the
/// opinions does not matter.
#[must_use]
pub fn propose_groups(opinions: &[Opinion], rules: MergeRules) -> Vec<OpinionGroup> {
    let mut waiting: BTreeMap<&OpinionId, &Opinion> = opinions
        .iter()
        .filter(|opinion| opinion.asks_for_action())
        .map(|opinion| (&opinion.id, opinion))
        .collect();
    let texts: Vec<_> = waiting
        .values()
        .map(|opinion| (opinion.id.clone(), opinion.text.clone()))
        .collect();
    let mut groups = Vec::new();
    let mut placed = BTreeSet::new();
    for proposal in propose_merges(&texts, rules) {
        let leader = GroupMember {
            opinion: proposal.leader.clone(),
            why: "与它比较".to_owned(),
        };
        let alike = proposal.members.iter().map(|member| GroupMember {
            opinion: member.opinion.clone(),
            why: member.explanation(),
        });
        let members: Vec<_> = std::iter::once(leader).chain(alike).collect();
        placed.extend(members.iter().map(|member| member.opinion.clone()));
        groups.push(OpinionGroup {
            title: theme_of(waiting[&proposal.leader]).1,
            members,
        });
    }
    waiting.retain(|id, _| !placed.contains(*id));
    groups.extend(by_theme(&waiting));
    groups.sort_by(|a, b| (b.members.len(), a.leader()).cmp(&(a.members.len(), b.leader())));
    groups
}

/// Groups by reason or subject; what is about nothing known is a group of one.
fn by_theme(waiting: &BTreeMap<&OpinionId, &Opinion>) -> Vec<OpinionGroup> {
    let mut groups = BTreeMap::<(String, &str), OpinionGroup>::new();
    for opinion in waiting.values() {
        let (code, title) = theme_of(opinion);
        let alone = if is_other(&code) {
            opinion.id.as_str()
        } else {
            ""
        };
        let why = match opinion.reasons.first() {
            Some(reason) => format!("勾选了“{}”", reason.label),
            None if alone.is_empty() => "字句里说到".to_owned(),
            None => "没有相近的意见".to_owned(),
        };
        let group = groups.entry((code, alone)).or_insert_with(|| OpinionGroup {
            title,
            members: Vec::new(),
        });
        group.members.push(GroupMember {
            opinion: opinion.id.clone(),
            why,
        });
    }
    groups.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RawOpinion;
    use proptest::prelude::*;
    use survey_design::ReasonOption;
    use vocabulary::{Channel, Level, Weight};

    fn rules() -> MergeRules {
        let part = |text| Weight::parse(text).unwrap();
        MergeRules {
            alike_from: part("0.3"),
            other_place: part("0.4"),
        }
    }

    fn opinion(id: &str, reason: &str, text: &str) -> Opinion {
        let reason = (!reason.is_empty()).then(|| ReasonOption {
            code: reason.into(),
            label: "办理慢".into(),
        });
        Opinion::from_raw(RawOpinion {
            id: id.into(),
            channel: Channel::Hotline,
            unit: None,
            reasons: reason.into_iter().collect(),
            level: Some(Level::Dissatisfied),
            text: text.into(),
        })
    }

    fn said() -> Vec<Opinion> {
        vec![
            opinion("O1", "", "解放路的路灯不亮"),
            opinion("O2", "", "解放路路灯一直不亮！"),
            opinion("O3", "slow", ""),
            opinion("O4", "slow", ""),
            opinion("O5", "", "蓝天少了"),
            opinion("O6", "", "河水发绿"),
            opinion("O7", "", "收了红包才办"),
        ]
    }

    #[test]
    fn what_is_alike_comes_first_and_nothing_is_forgotten_but_clues() {
        let groups = propose_groups(&said(), rules());

        let shown: Vec<Vec<&str>> = groups
            .iter()
            .map(|group| group.members.iter().map(|it| it.opinion.as_str()).collect())
            .collect();
        assert_eq!(
            shown,
            [vec!["O1", "O2"], vec!["O3", "O4"], vec!["O5"], vec!["O6"]]
        );
        assert!(groups[0].members[1].why.starts_with("共同词："));
        assert_eq!(
            (groups[1].title.as_str(), groups[1].members[0].why.as_str()),
            ("办理慢", "勾选了“办理慢”")
        );
        assert_eq!(groups[2].members[0].why, "没有相近的意见");
    }

    proptest! {
        #[test]
        fn the_order_of_opinions_does_not_matter(order in Just(said()).prop_shuffle()) {
            prop_assert_eq!(propose_groups(&order, rules()), propose_groups(&said(), rules()));
        }
    }
}
