//! The way through a questionnaire: conditions look back, at answers that can be given, and never go in circles.

use super::{Findings, rule::Rule};
use crate::{AnswerKind, Condition, Item, Repeat};
use std::collections::BTreeSet;
use vocabulary::{ItemId, Level};

/// Notes what is wrong with the condition of one item.
pub(super) fn check(items: &[Item], index: usize, findings: &mut Findings) {
    let item = &items[index];
    let Some(condition) = &item.show_when else {
        return;
    };
    let pointer = format!("/items/{index}/show_when");
    for leaf in condition.leaves() {
        let Some(seen) = leaf.item() else {
            findings.add(&pointer, Rule::ConditionValue, "条件里有一处没有内容");
            continue;
        };
        match items[..index].iter().find(|earlier| earlier.id == *seen) {
            None if leads_back(items, seen, &item.id) => {
                let message = format!("{0} 要看 {seen}，{seen} 又要看 {0}，绕成了圈", item.id);
                findings.add(&pointer, Rule::ConditionCycle, message);
            }
            None => {
                let message = format!("显示条件看的 {seen} 不在这道题之前");
                findings.add(&pointer, Rule::LooksForward, message);
            }
            Some(other) if item.repeat == Repeat::Once && other.repeat == Repeat::EachUnit => {
                let message = format!("{} 只问一次，{seen} 逐个部门问", item.id);
                findings.add(&pointer, Rule::MixedRepeat, message);
            }
            Some(other) if !can_hold(leaf, &other.kind) => {
                let message = format!("{seen} 不会有条件里写的回答");
                findings.add(&pointer, Rule::ConditionValue, message);
            }
            Some(_) => {}
        }
    }
}

/// Whether the condition of `from`, or of an item it looks at, looks at `target`.
fn leads_back(items: &[Item], from: &ItemId, target: &ItemId) -> bool {
    let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(id) = open.pop() {
        if id == target {
            return true;
        }
        let condition = items
            .iter()
            .find(|item| item.id == *id)
            .and_then(|item| item.show_when.as_ref());
        if seen.insert(id) {
            open.extend(condition.iter().flat_map(|condition| condition.items()));
        }
    }
    false
}

/// Whether every answer the part names is one the item can have, and it names at least one.
fn can_hold(leaf: &Condition, kind: &AnswerKind) -> bool {
    match (leaf, kind) {
        (
            Condition::LevelIn { levels, .. },
            AnswerKind::Level {
                levels: offered, ..
            },
        ) => {
            let known = |level: &Level| *level == Level::DontKnow || offered.contains(level);
            !levels.is_empty() && levels.iter().all(known)
        }
        (Condition::OptionIn { options, .. }, kind) => {
            let offered = kind.option_codes();
            let known = |code: &String| offered.contains(&code.as_str());
            !options.is_empty() && options.iter().all(known)
        }
        (
            Condition::NumberIn {
                at_least, at_most, ..
            },
            AnswerKind::Number { min, max, .. },
        ) => {
            let (least, most) = (at_least.unwrap_or(*min), at_most.unwrap_or(*max));
            (at_least.is_some() || at_most.is_some()) && least.max(*min) <= most.min(*max)
        }
        _ => false,
    }
}
