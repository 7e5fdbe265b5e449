//! Checks on numbers that several kinds of template share.

use super::rule::Rule;
use crate::check::Findings;
use vocabulary::{Points, Weight};

const HUNDRED: Weight = Weight::whole(100);

/// The weights are not negative and sum to exactly 100.
pub(super) fn sums_to_hundred<'a>(
    weights: impl IntoIterator<Item = &'a Weight>,
    pointer: &str,
    rule: Rule,
    findings: &mut Findings,
) {
    let mut sum = 0_i64;
    let mut negative = false;
    for weight in weights {
        sum = sum.saturating_add(weight.steps());
        negative |= weight.steps() < 0;
    }
    if negative {
        findings.add(pointer, Rule::NegativeWeight, "有小于 0 的权重");
    }
    if sum != HUNDRED.steps() {
        let sum = Weight::from_steps(sum);
        findings.add(pointer, rule, format!("权重合计 {sum}，应为 100"));
    }
}

/// The share lies between 0 and 1.
pub(super) fn share(value: Weight, pointer: &str, findings: &mut Findings) {
    if !(0..=Weight::SCALE).contains(&value.steps()) {
        findings.add(
            pointer,
            Rule::RateRange,
            format!("{value} 不在 0 到 1 之间"),
        );
    }
}

/// The percentage lies between 0 and 100.
pub(super) fn percentage(value: Weight, pointer: &str, findings: &mut Findings) {
    if !(0..=HUNDRED.steps()).contains(&value.steps()) {
        findings.add(
            pointer,
            Rule::ShareRange,
            format!("{value} 不在 0 到 100 之间"),
        );
    }
}

/// The points lie between 0 and 100.
pub(super) fn on_ruler(value: Points) -> bool {
    (0..=Points::whole(100).steps()).contains(&value.steps())
}
