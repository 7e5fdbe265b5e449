//! Questions nobody can ever see, found by trying the answers their conditions look at.

use crate::{AnswerKind, AnswerValue, Condition, Item};
use std::collections::{BTreeMap, BTreeSet};
use vocabulary::{ItemId, Level};

/// Ways of answering tried per question; a condition beyond it is taken as reachable.
const MOST_TRIES: u32 = 200_000;

/// Positions of items that no way of answering shows.
///
/// Items whose condition looks at an unknown or later item are left out: that is a problem of its own.
pub(super) fn never_shown(items: &[Item]) -> Vec<usize> {
    (0..items.len())
        .filter(|index| looks_back(items, *index) && !is_reachable(items, *index))
        .collect()
}

fn looks_back(items: &[Item], index: usize) -> bool {
    let seen = items[index]
        .show_when
        .iter()
        .flat_map(|condition| condition.items());
    let earlier = &items[..index];
    seen.into_iter()
        .all(|id| earlier.iter().any(|item| item.id == *id))
}

fn is_reachable(items: &[Item], index: usize) -> bool {
    let mut wanted = BTreeSet::from([&items[index].id]);
    for item in items[..=index].iter().rev() {
        if wanted.contains(&item.id) {
            wanted.extend(
                item.show_when
                    .iter()
                    .flat_map(|condition| condition.items()),
            );
        }
    }
    let path: Vec<&Item> = items[..=index]
        .iter()
        .filter(|item| wanted.contains(&item.id))
        .collect();
    let mut tries = 0;
    some_way(&path, &mut BTreeMap::new(), &mut tries)
}

/// Whether some way of answering the first items of `path` shows the last one.
fn some_way(path: &[&Item], answers: &mut BTreeMap<ItemId, AnswerValue>, tries: &mut u32) -> bool {
    *tries += 1;
    if *tries > MOST_TRIES {
        return true;
    }
    let Some((item, rest)) = path.split_first() else {
        return false;
    };
    let shown = item
        .show_when
        .as_ref()
        .is_none_or(|when| when.holds(&|id| answers.get(id)));
    if rest.is_empty() {
        return shown;
    }
    if some_way(rest, answers, tries) {
        return true;
    }
    let ways = if shown {
        possible_answers(item, rest)
    } else {
        Vec::new()
    };
    for way in ways {
        answers.insert(item.id.clone(), way);
        if some_way(rest, answers, tries) {
            return true;
        }
    }
    answers.remove(&item.id);
    false
}

fn possible_answers(item: &Item, rest: &[&Item]) -> Vec<AnswerValue> {
    let codes = || -> Vec<String> {
        let codes = item.kind.option_codes();
        codes.into_iter().map(str::to_owned).collect()
    };
    let one_each = || {
        let each = codes().into_iter();
        each.map(|code| AnswerValue::Options(vec![code])).collect()
    };
    match &item.kind {
        AnswerKind::Level { levels, .. } => {
            let offered = levels.iter().copied().chain([Level::DontKnow]);
            offered.map(AnswerValue::Level).collect()
        }
        AnswerKind::Choice { .. } | AnswerKind::YesNo { .. } => one_each(),
        AnswerKind::Several {
            none: Some(none), ..
        } => {
            let mut others = codes();
            others.retain(|code| *code != none.code);
            let alone = AnswerValue::Options(vec![none.code.clone()]);
            subsets(&others).into_iter().chain([alone]).collect()
        }
        AnswerKind::Several { none: None, .. } | AnswerKind::Reasons { .. } => subsets(&codes()),
        AnswerKind::Number { min, max, .. } => {
            let inside = |number: &i32| (min..=max).contains(&number);
            let telling = telling_numbers(&item.id, rest).into_iter();
            let all = telling.chain([*min, *max]).filter(inside);
            all.map(AnswerValue::Number).collect()
        }
        AnswerKind::Note { .. } => Vec::new(),
        AnswerKind::Text { .. } => vec![AnswerValue::Text("…".to_owned())],
    }
}

/// Numbers at and just beyond each bound the later conditions set on an item.
fn telling_numbers(asked: &ItemId, rest: &[&Item]) -> BTreeSet<i32> {
    let conditions = rest.iter().filter_map(|item| item.show_when.as_ref());
    let bounds = conditions
        .flat_map(Condition::leaves)
        .filter_map(|leaf| match leaf {
            Condition::NumberIn {
                item,
                at_least,
                at_most,
            } if item == asked => Some([*at_least, *at_most]),
            _ => None,
        });
    bounds
        .flatten()
        .flatten()
        .flat_map(|bound| [bound.saturating_sub(1), bound, bound.saturating_add(1)])
        .collect()
}

/// Every choice of some options; of a long list only single options, pairs and all.
fn subsets(codes: &[String]) -> Vec<AnswerValue> {
    let mut chosen: Vec<Vec<String>> = vec![Vec::new()];
    for code in codes {
        let with: Vec<Vec<String>> = chosen
            .iter()
            .filter(|set| codes.len() <= 10 || set.len() < 2)
            .map(|set| [set.as_slice(), std::slice::from_ref(code)].concat())
            .collect();
        chosen.extend(with);
    }
    chosen.push(codes.to_vec());
    chosen
        .into_iter()
        .filter(|set| !set.is_empty())
        .map(AnswerValue::Options)
        .collect()
}
