//! A world: codes and names that mean one thing, pairings and rounds that exist and are in order.

use super::{Findings, Template, rule::Rule};
use crate::{TemplateKind, World, WorldRound};
use std::collections::{BTreeMap, BTreeSet};

impl Template for World {
    const KIND: TemplateKind = TemplateKind::World;

    fn check(&self, findings: &mut Findings) {
        codes(self, findings);
        classes(self, findings);
        names(self, findings);
        pairings(self, findings);
        rounds(&self.rounds, findings);
    }
}

fn codes(world: &World, findings: &mut Findings) {
    unique(
        world.classes.iter().map(|class| class.id.as_str()),
        "classes",
        findings,
    );
    unique(
        world.units.iter().map(|unit| unit.id.as_str()),
        "units",
        findings,
    );
    unique(
        world.bodies.iter().map(|body| body.id.as_str()),
        "bodies",
        findings,
    );
    unique(
        world.rounds.iter().map(|round| round.id.as_str()),
        "rounds",
        findings,
    );
    let lists = [
        ("/classes", world.classes.is_empty()),
        ("/units", world.units.is_empty()),
    ];
    for (pointer, _) in lists.into_iter().filter(|(_, empty)| *empty) {
        findings.add(pointer, Rule::NothingListed, "一个也没有列");
    }
    let served = world.units.iter().any(|unit| unit.enterprise_facing);
    if served && !world.questionnaires.is_empty() && world.questionnaires.len() < 2 {
        findings.add(
            "/questionnaires",
            Rule::NoEnterpriseQuestionnaire,
            "有涉企部门，但没有涉企问卷",
        );
    }
}

fn unique<'a>(codes: impl Iterator<Item = &'a str>, list: &str, findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    for (index, code) in codes.enumerate() {
        if !seen.insert(code) || code.is_empty() {
            let message = format!("代码“{code}”是空的或用了不止一次");
            findings.add(format!("/{list}/{index}/id"), Rule::DuplicateId, message);
        }
    }
}

fn classes(world: &World, findings: &mut Findings) {
    for (index, unit) in world.units.iter().enumerate() {
        if !world.classes.iter().any(|class| class.id == unit.class) {
            let message = format!("没有类别 {}", unit.class);
            findings.add(format!("/units/{index}/class"), Rule::ClassUnknown, message);
        }
    }
}

/// A row of a file names its unit by text, so one text may mean one unit only.
fn names(world: &World, findings: &mut Findings) {
    let mut owners: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, unit) in world.units.iter().enumerate() {
        let own = [
            ("name".to_owned(), &unit.name),
            ("short_name".to_owned(), &unit.short_name),
        ];
        let aliases = unit.aliases.iter().enumerate();
        let aliases = aliases.map(|(place, alias)| (format!("aliases/{place}"), alias));
        for (place, text) in own.into_iter().chain(aliases) {
            let owner = owners.insert(text.trim(), index);
            let repeated = owner == Some(index) && place.starts_with("aliases");
            if text.trim().is_empty() || repeated || owner.is_some_and(|owner| owner != index) {
                let message = format!("名称“{text}”是空的，或已经指 {}", owner_code(world, owner));
                findings.add(format!("/units/{index}/{place}"), Rule::NameTaken, message);
            }
        }
    }
}

fn owner_code(world: &World, owner: Option<usize>) -> &str {
    owner.map_or("", |index| world.units[index].id.as_str())
}

fn pairings(world: &World, findings: &mut Findings) {
    for (index, pairing) in world.pairings.iter().enumerate() {
        let pointer = format!("/pairings/{index}");
        if !world.units.iter().any(|unit| unit.id == pairing.unit) {
            let message = format!("没有部门 {}", pairing.unit);
            findings.add(format!("{pointer}/unit"), Rule::PairingUnknown, message);
        }
        if !world.bodies.iter().any(|body| body.id == pairing.body) {
            let message = format!("没有社区（村） {}", pairing.body);
            findings.add(format!("{pointer}/body"), Rule::PairingUnknown, message);
        }
        if pairing.to.is_some_and(|to| to < pairing.from) {
            findings.add(format!("{pointer}/to"), Rule::DateOrder, "截止日早于起始日");
        }
        let overlaps = world.pairings[..index].iter().any(|other| {
            other.unit == pairing.unit
                && other.body == pairing.body
                && other.to.is_none_or(|to| to >= pairing.from)
                && pairing.to.is_none_or(|to| to >= other.from)
        });
        if overlaps {
            let message = format!("{} 与 {} 的结对重复", pairing.unit, pairing.body);
            findings.add(pointer, Rule::PairedTwice, message);
        }
    }
}

fn rounds(rounds: &[WorldRound], findings: &mut Findings) {
    for (index, round) in rounds.iter().enumerate() {
        let pointer = format!("/rounds/{index}");
        if round.period_end < round.period_start {
            findings.add(
                format!("{pointer}/period_end"),
                Rule::DateOrder,
                "截止日早于起始日",
            );
        }
        let Some(before) = index.checked_sub(1).map(|before| &rounds[before]) else {
            continue;
        };
        let follows = before.period_end < round.period_start;
        let numbered = (before.year, before.quarter) < (round.year, round.quarter);
        if !follows || !numbered {
            let message = format!("{} 没有排在 {} 之后", round.id, before.id);
            findings.add(pointer, Rule::RoundOrder, message);
        }
    }
}
