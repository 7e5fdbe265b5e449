//! What a method department may change, and that nothing else ever changes with it.

use super::*;
use crate::{Measure, parse_indicators, parse_questionnaire};
use proptest::prelude::*;
use std::sync::LazyLock;
use vocabulary::Channel;

const TREE: &[u8] = include_bytes!("../../../../survey-templates/indicators/one-plus-six.json");
const OVERALL: &[u8] = include_bytes!("../../../../survey-templates/questionnaires/overall.json");
const ENTERPRISE: &[u8] =
    include_bytes!("../../../../survey-templates/questionnaires/enterprise.json");
const HOTLINE: &str = "市信访局";
const FEDERATION: &str = "市工商联";

static SHIPPED: LazyLock<IndicatorSet> = LazyLock::new(|| parse_indicators(TREE).unwrap());
static ASKED: LazyLock<[Questionnaire; 2]> =
    LazyLock::new(|| [OVERALL, ENTERPRISE].map(|bytes| parse_questionnaire(bytes).unwrap()));

fn tree() -> IndicatorSet {
    SHIPPED.clone()
}

fn codes(set: &IndicatorSet) -> BTreeSet<IndicatorId> {
    set.indicators.iter().map(|node| node.id.clone()).collect()
}

fn points(text: &str) -> Points {
    Points::parse(text).unwrap()
}

fn tried(
    set: &IndicatorSet,
    owner: &str,
    branch: &[Indicator],
) -> Result<IndicatorSet, Vec<BranchProblem>> {
    let (spent, asked) = (codes(set), [&ASKED[0], &ASKED[1]]);
    let ground = BranchGround {
        spent: &spent,
        asked: &asked,
    };
    set.with_branch(owner, branch, &ground)
}

/// Edits the branch of an owner and says which rules were broken.
fn check(owner: &str, edit: impl FnOnce(&mut Vec<Indicator>), expected: &[&str]) {
    let set = tree();
    let mut branch = set.branch(owner);
    edit(&mut branch);
    let codes = match tried(&set, owner, &branch) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(BranchProblem::code).collect(),
    };
    assert_eq!(codes, expected);
}

fn leaf<'a>(branch: &'a mut [Indicator], id: &str) -> &'a mut Indicator {
    let found = branch.iter_mut().find(|node| node.id.as_str() == id);
    found.unwrap()
}

fn new_leaf(id: &str, heading: &str, of: &str) -> Indicator {
    Indicator {
        id: id.into(),
        name: "回访核实率".to_owned(),
        parent: Some(heading.into()),
        points: points(of),
        owner: HOTLINE.to_owned(),
        measure: Some(Measure::Channel {
            channel: Channel::Hotline,
            item: None,
        }),
    }
}

#[test]
fn points_go_from_leaf_to_leaf_names_change_and_leaves_come_and_go() {
    let set = tree();
    let mut branch = set.branch(HOTLINE);
    leaf(&mut branch, "Z213").points = points("4.5");
    leaf(&mut branch, "Z214").points = points("3");
    leaf(&mut branch, "Z211").name = "工单一天内签收".to_owned();
    branch.retain(|node| node.id.as_str() != "Z215");
    branch.push(new_leaf("Z221", "Z2", "1.5"));

    let next = tried(&set, HOTLINE, &branch).unwrap();

    assert_eq!(next.version, 2);
    let words: Vec<String> = branch_changes(&set.branch(HOTLINE), &next.branch(HOTLINE))
        .iter()
        .map(ToString::to_string)
        .collect();
    let expected = [
        "Z211 名称“工单及时签收”改为“工单一天内签收”",
        "Z213“诉求解决”分值 4 改为 4.5",
        "Z214“诉求人满意”分值 4 改为 3",
        "撤销 Z215“重复诉求下降”（1 分）",
        "新增 Z221“回访核实率”，1.5 分，数据来源：12345 热线",
    ];
    assert_eq!(words, expected);
    let after = next.indicators.iter().position(|n| n.id.as_str() == "Z221");
    let heading = next.indicators.iter().position(|n| n.id.as_str() == "Z3");
    assert_eq!(after.map(|at| at + 1), heading, "it stands last under Z2");
}

#[test]
fn every_rule_has_a_branch_that_breaks_it() {
    let none: &[&str] = &["SD-421"];
    check(HOTLINE, |_| (), none);
    check(HOTLINE, |branch| branch.reverse(), none);
    let foreign = |branch: &mut Vec<Indicator>| branch.extend(tree().branch(FEDERATION).pop());
    check(HOTLINE, foreign, &["SD-422", "SD-427"]);
    let given_away = |branch: &mut Vec<Indicator>| leaf(branch, "Z211").owner = FEDERATION.into();
    check(HOTLINE, given_away, &["SD-422"]);
    check(
        HOTLINE,
        |branch| leaf(branch, "Z211").name = " ".into(),
        &["SD-424"],
    );
    check(
        HOTLINE,
        |branch| leaf(branch, "Z211").name = "长".repeat(41),
        &["SD-424"],
    );
    let swapped = |branch: &mut Vec<Indicator>| {
        leaf(branch, "Z211").points = points("-1");
        leaf(branch, "Z212").points = points("5");
    };
    check(HOTLINE, swapped, &["SD-425"]);
    let moved = |branch: &mut Vec<Indicator>| leaf(branch, "Z215").parent = Some("Z4".into());
    check(HOTLINE, moved, &["SD-426", "SD-427", "SD-427"]);
    let heavier = |branch: &mut Vec<Indicator>| leaf(branch, "Z213").points = points("4.0001");
    check(HOTLINE, heavier, &["SD-427"]);
    let elsewhere = |branch: &mut Vec<Indicator>| branch.push(new_leaf("Z113", "Z1", "1"));
    check(HOTLINE, elsewhere, &["SD-427"]);
    let below_a_leaf = |branch: &mut Vec<Indicator>| branch.push(new_leaf("Z2130", "Z213", "1"));
    check(HOTLINE, below_a_leaf, &["SD-426", "SD-427"]);
    let unmeasured = |branch: &mut Vec<Indicator>| leaf(branch, "Z211").measure = None;
    check(HOTLINE, unmeasured, &["SD-406"]);
    let unasked = |branch: &mut Vec<Indicator>| {
        leaf(branch, "Z211").measure = Some(Measure::Channel {
            channel: Channel::Survey,
            item: Some("nowhere".into()),
        });
    };
    check(HOTLINE, unasked, &["SD-407"]);
}

#[test]
fn a_leaf_that_a_question_feeds_does_not_go() {
    let merged = |branch: &mut Vec<Indicator>| {
        branch.retain(|node| node.id.as_str() != "Z105");
        leaf(branch, "Z104").points = points("4");
    };
    check(FEDERATION, merged, &["SD-310"]);
}

#[test]
fn whoever_owns_a_heading_changes_its_name_only() {
    let office = "市群众评价办公室";
    check(
        office,
        |branch| leaf(branch, "Z1").name = "落实重点工作".into(),
        &[],
    );
    check(
        office,
        |branch| leaf(branch, "Z1").points = points("21"),
        &["SD-426"],
    );
    check(
        office,
        |branch| branch.retain(|node| node.id.as_str() != "Z1"),
        &["SD-426"],
    );
}

#[test]
fn a_code_that_was_given_up_is_never_given_again() {
    let set = tree();
    let mut spent = codes(&set);
    spent.insert("Z221".into());
    let ground = BranchGround {
        spent: &spent,
        asked: &[],
    };
    let mut branch = set.branch(HOTLINE);
    leaf(&mut branch, "Z213").points = points("3");
    let both = [new_leaf("Z222", "Z2", "0.5"), new_leaf("Z222", "Z2", "0.5")];
    let mut again = branch.clone();
    again.push(new_leaf("Z221", "Z2", "1"));
    branch.extend(both);

    for branch in [again, branch] {
        let problems = set.with_branch(HOTLINE, &branch, &ground).unwrap_err();
        assert_eq!(problems[0].code(), "SD-423");
    }
    assert_eq!(next_code(&"Z2".into(), &spent).as_str(), "Z222");
    assert_eq!(next_code(&"Z9".into(), &spent).as_str(), "Z901");
}

/// One thing somebody does to a branch: sensible as a rule, and sometimes not.
#[derive(Clone, Debug)]
enum Deed {
    Shift(usize, usize, i64),
    Split(usize, i64),
    Merge(usize, usize),
    Rename(usize, String),
    Weigh(usize, i64),
    Copy(usize),
    Steal(usize),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let at = 0_usize..64;
    let deed = prop_oneof![
        6 => (at.clone(), at.clone(), 1_i64..30_000).prop_map(|(a, b, n)| Deed::Shift(a, b, n)),
        6 => (at.clone(), 1_i64..20_000).prop_map(|(a, n)| Deed::Split(a, n)),
        4 => (at.clone(), at.clone()).prop_map(|(a, b)| Deed::Merge(a, b)),
        6 => (at.clone(), "[一-十办事]{1,20}").prop_map(|(a, name)| Deed::Rename(a, name)),
        1 => (at.clone(), -5_000_i64..60_000).prop_map(|(a, n)| Deed::Weigh(a, n)),
        1 => at.clone().prop_map(Deed::Copy),
        1 => at.prop_map(Deed::Steal),
    ];
    proptest::collection::vec(deed, 1..6)
}

fn add(node: &mut Indicator, steps: i64) {
    node.points = Points::from_steps(node.points.steps() + steps);
}

fn done(set: &IndicatorSet, owner: &str, deeds: &[Deed]) -> Vec<Indicator> {
    let (mut branch, mut spent) = (set.branch(owner), codes(set));
    for deed in deeds {
        let n = branch.len();
        match deed {
            Deed::Shift(a, b, steps) => {
                add(&mut branch[a % n], -steps);
                add(&mut branch[b % n], *steps);
            }
            Deed::Split(a, steps) => {
                let heading = branch[a % n].parent.clone().unwrap_or_else(|| "Z1".into());
                let mut new = branch[a % n].clone();
                new.id = next_code(&heading, &spent);
                new.points = Points::from_steps(*steps);
                spent.insert(new.id.clone());
                add(&mut branch[a % n], -steps);
                branch.push(new);
            }
            Deed::Merge(a, b) if a % n != b % n => {
                let points = branch[a % n].points.steps();
                add(&mut branch[b % n], points);
                branch.remove(a % n);
            }
            Deed::Merge(..) => {}
            Deed::Rename(a, name) => branch[a % n].name.clone_from(name),
            Deed::Weigh(a, steps) => branch[a % n].points = Points::from_steps(*steps),
            Deed::Copy(a) => branch.push(branch[a % n].clone()),
            Deed::Steal(a) => branch.push(set.indicators[a % set.indicators.len()].clone()),
        }
    }
    branch
}

fn bytes(set: &IndicatorSet, owner: &str) -> String {
    serde_json::to_string(&set.branch(owner)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn what_is_taken_leaves_every_other_branch_byte_for_byte_and_every_sum_right(
        who in 0_usize..7,
        deeds in deeds(),
    ) {
        let set = tree();
        let owner = set.owners()[who].to_owned();
        let branch = done(&set, &owner, &deeds);
        if let Ok(next) = tried(&set, &owner, &branch) {
            for other in set.owners().into_iter().filter(|other| *other != owner) {
                prop_assert_eq!(bytes(&next, other), bytes(&set, other));
            }
            prop_assert_eq!(next.shares(&owner).len(), set.shares(&owner).len());
            for (was, is) in set.shares(&owner).iter().zip(next.shares(&owner)) {
                prop_assert_eq!(was.points, is.points);
            }
            let text = serde_json::to_vec(&next).unwrap();
            prop_assert_eq!(parse_indicators(&text), Ok(next.clone()));
            prop_assert!(!branch_changes(&set.branch(&owner), &next.branch(&owner)).is_empty());
        }
    }

    #[test]
    fn two_branches_may_be_taken_in_either_order(first in deeds(), second in deeds()) {
        let set = tree();
        let (one, other) = (done(&set, HOTLINE, &first), done(&set, "市民政局", &second));
        let both = |a: (&str, &[Indicator]), b: (&str, &[Indicator])| {
            tried(&set, a.0, a.1).and_then(|next| tried(&next, b.0, b.1))
        };
        let alone = tried(&set, HOTLINE, &one).is_ok() && tried(&set, "市民政局", &other).is_ok();
        let (one, other) = ((HOTLINE, one.as_slice()), ("市民政局", other.as_slice()));
        if alone && !clash(one.1, other.1, &set) {
            let (this, that) = (both(one, other).unwrap(), both(other, one).unwrap());
            for owner in set.owners() {
                prop_assert_eq!(bytes(&this, owner), bytes(&that, owner));
            }
        }
    }
}

/// Whether both branches gave a new leaf the same code.
fn clash(one: &[Indicator], other: &[Indicator], set: &IndicatorSet) -> bool {
    let known = codes(set);
    let new = one.iter().filter(|node| !known.contains(&node.id));
    new.into_iter()
        .any(|node| other.iter().any(|that| that.id == node.id))
}
