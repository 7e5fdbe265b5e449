//! A demonstration agrees with the world it plays in.

use super::super::{Findings, rule::Rule};
use crate::{DemoWorld, Rules, World};
use vocabulary::{BodyId, UnitId};

/// Every unit, class, body and round the demonstration names is in the world, as it says.
pub(super) fn agrees(demo: &DemoWorld, world: &World, findings: &mut Findings) {
    for (pointer, unit) in named_units(demo) {
        if !world.units.iter().any(|known| known.id == *unit) {
            let message = format!("城市里没有部门 {unit}");
            findings.add(pointer, Rule::DemoUnitUnknown, message);
        }
    }
    rounds(demo, world, findings);
    for class in demo.quality.class_means.keys() {
        if !world.classes.iter().any(|known| known.id == *class) {
            let message = format!("城市里没有类别 {class}");
            findings.add("/quality/class_means", Rule::DemoUnitUnknown, message);
        }
    }
    for class in world
        .classes
        .iter()
        .filter(|c| !demo.quality.class_means.contains_key(&c.id))
    {
        let message = format!("类别 {} 没有真实水平", class.id);
        findings.add("/quality/class_means", Rule::DemoDisagrees, message);
    }
    for (index, account) in demo.accounts.iter().enumerate() {
        let known = |body: &BodyId| world.bodies.iter().any(|b| b.id == *body);
        if account.body.as_ref().is_some_and(|body| !known(body)) {
            let pointer = format!("/accounts/{index}/body");
            findings.add(pointer, Rule::DemoUnitUnknown, "城市里没有这个社区（村）");
        }
    }
    special(demo, world, findings);
}

fn named_units(demo: &DemoWorld) -> Vec<(String, &UnitId)> {
    let special = &demo.special;
    let mut named = vec![(
        "/special/no_hall_window".to_owned(),
        &special.no_hall_window,
    )];
    let few = special.few_hotline.iter().enumerate();
    named.extend(few.map(|(i, few)| (format!("/special/few_hotline/{i}/unit"), &few.unit)));
    let few = special.few_answers.iter().enumerate();
    named.extend(few.map(|(i, few)| (format!("/special/few_answers/{i}/unit"), &few.unit)));
    let old = special.old_names.iter().enumerate();
    named.extend(old.map(|(i, old)| (format!("/special/old_names/{i}/unit"), &old.unit)));
    for (i, consumer) in demo.consumers.iter().enumerate() {
        let units = consumer.units.iter().enumerate();
        named.extend(units.map(|(j, unit)| (format!("/consumers/{i}/units/{j}"), unit)));
    }
    for (i, account) in demo.accounts.iter().enumerate() {
        let units = account.units.iter().enumerate();
        named.extend(units.map(|(j, unit)| (format!("/accounts/{i}/units/{j}"), unit)));
    }
    named
}

fn rounds(demo: &DemoWorld, world: &World, findings: &mut Findings) {
    let known = |id: &vocabulary::RoundId| world.rounds.iter().any(|round| round.id == *id);
    if !known(&demo.round) {
        let message = format!("城市里没有轮次 {}", demo.round);
        findings.add("/round", Rule::DemoUnitUnknown, message);
    }
    for (index, id) in demo.earlier_rounds.iter().enumerate() {
        if !known(id) || *id == demo.round {
            let message = format!("{id} 不是城市里更早的轮次");
            findings.add(
                format!("/earlier_rounds/{index}"),
                Rule::DemoUnitUnknown,
                message,
            );
        }
    }
}

fn special(demo: &DemoWorld, world: &World, findings: &mut Findings) {
    let unit = |id: &UnitId| world.units.iter().find(|unit| unit.id == *id);
    if unit(&demo.special.no_hall_window).is_some_and(|unit| unit.has_hall_window) {
        let message = "所用城市里这个部门有办事窗口";
        findings.add("/special/no_hall_window", Rule::DemoDisagrees, message);
    }
    for (index, old) in demo.special.old_names.iter().enumerate() {
        if unit(&old.unit).is_some_and(|unit| !unit.aliases.contains(&old.name)) {
            let message = format!("“{}”不是 {} 的别名", old.name, old.unit);
            findings.add(
                format!("/special/old_names/{index}/name"),
                Rule::DemoDisagrees,
                message,
            );
        }
    }
}

/// The library is large enough for the draw.
pub(super) fn fills_quota(demo: &DemoWorld, rules: &Rules, findings: &mut Findings) {
    for (group, wanted) in &rules.sample.quota {
        let size = demo.pool.get(group).map_or(0, |members| members.size);
        if size < *wanted {
            let message = format!("{}要抽 {wanted} 人，样本库只有 {size} 人", group.label());
            findings.add(
                format!("/pool/{}", group.code()),
                Rule::PoolTooSmall,
                message,
            );
        }
    }
}
