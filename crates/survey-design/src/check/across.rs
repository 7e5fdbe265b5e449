//! Rules between files: what a file names exists, and agrees.

use super::{AnyTemplate, Findings, TemplateProblem, problems, rule::Rule};
use crate::{
    AnswerKind, DemoWorld, IndicatorSet, Measure, Questionnaire, Rules, UnitOf, World,
    template::{TemplateKind, reference_candidates},
};
use std::collections::BTreeSet;
use vocabulary::UnitId;

mod demo;

/// The parsed files, each with its path.
pub(super) type Parsed<'a> = [(&'a str, AnyTemplate)];

/// Checks what the parsed files say about one another; `known` are the paths of all files, readable or not.
pub(super) fn check(parsed: &Parsed<'_>, known: &[&str]) -> Vec<TemplateProblem> {
    let mut found = same_versions(parsed);
    for (path, template) in parsed {
        let mut findings = Findings::default();
        match template {
            AnyTemplate::World(world) => check_world(path, world, parsed, known, &mut findings),
            AnyTemplate::Demo(demo) => check_demo(path, demo, parsed, known, &mut findings),
            AnyTemplate::SurveyMapping(mapping) => {
                if let UnitOf::Fixed(unit) = &mapping.unit {
                    mapped_unit(path, unit, "/unit/fixed", parsed, &mut findings);
                }
            }
            AnyTemplate::HotlineMapping(mapping) => {
                if let Some(unit) = &mapping.unit {
                    mapped_unit(path, unit, "/unit", parsed, &mut findings);
                }
            }
            AnyTemplate::Rules(_) | AnyTemplate::Questionnaire(_) | AnyTemplate::Indicators(_) => {}
        }
        found.extend(problems(path, findings));
    }
    found
}

/// `code` and `version` name a template for ever, so a pair may occur once per kind.
fn same_versions(parsed: &Parsed<'_>) -> Vec<TemplateProblem> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (path, template) in parsed {
        let (kind, code, version) = match template {
            AnyTemplate::Rules(t) => (TemplateKind::Rules, &t.code, t.version),
            AnyTemplate::Questionnaire(t) => (TemplateKind::Questionnaire, &t.code, t.version),
            AnyTemplate::Indicators(t) => (TemplateKind::Indicators, &t.code, t.version),
            AnyTemplate::World(t) => (TemplateKind::World, &t.code, 0),
            AnyTemplate::Demo(t) => (TemplateKind::Demo, &t.code, t.version),
            AnyTemplate::SurveyMapping(t) => (TemplateKind::SurveyMapping, &t.code, t.version),
            AnyTemplate::HotlineMapping(t) => (TemplateKind::HotlineMapping, &t.code, t.version),
        };
        if !seen.insert((kind, code, version)) {
            let message = format!("代码“{code}”的这个版本已经有了");
            found.extend(problems(
                path,
                Findings::one("/code", Rule::SameVersion, message),
            ));
        }
    }
    found
}

fn check_world(
    path: &str,
    world: &World,
    parsed: &Parsed<'_>,
    known: &[&str],
    findings: &mut Findings,
) {
    let mut follow = |kind, reference: &str, pointer: &str| {
        resolve(path, kind, reference, known).or_else(|| {
            let message = format!("找不到文件 {reference}");
            findings.add(pointer, Rule::FileMissing, message);
            None
        })
    };
    follow(TemplateKind::Rules, &world.rules, "/rules");
    let set = world
        .indicators
        .as_ref()
        .and_then(|reference| follow(TemplateKind::Indicators, reference, "/indicators"));
    let mut asked = Vec::new();
    for (index, reference) in world.questionnaires.iter().enumerate() {
        let pointer = format!("/questionnaires/{index}");
        asked.extend(follow(TemplateKind::Questionnaire, reference, &pointer));
    }
    let set = set.and_then(|path| indicators(&path, parsed));
    let asked: Option<Vec<&Questionnaire>> = asked
        .iter()
        .map(|path| questionnaire(path, parsed))
        .collect();
    if let (Some(set), Some(asked)) = (set, asked) {
        indicators_agree(set, &asked, findings);
    }
}

/// Items feed leaves that exist, and leaves name items that are asked.
pub(super) fn indicators_agree(
    set: &IndicatorSet,
    asked: &[&Questionnaire],
    findings: &mut Findings,
) {
    let items = || asked.iter().flat_map(|questionnaire| &questionnaire.items);
    for (index, questionnaire) in asked.iter().enumerate() {
        for item in &questionnaire.items {
            let Some(fed) = &item.indicator else { continue };
            let leaf = set.indicators.iter().find(|node| node.id == *fed);
            if leaf.is_none_or(|leaf| leaf.measure.is_none()) {
                let message = format!("题目 {} 对应的 {fed} 不是末级指标", item.id);
                findings.add(
                    format!("/questionnaires/{index}"),
                    Rule::IndicatorUnknown,
                    message,
                );
            }
        }
    }
    for leaf in &set.indicators {
        let Some(Measure::Channel {
            item: Some(measured),
            ..
        }) = &leaf.measure
        else {
            continue;
        };
        let is_asked = |item: &crate::Item| {
            item.id == *measured && matches!(item.kind, AnswerKind::Level { .. })
        };
        if !asked.is_empty() && !items().any(is_asked) {
            let message = format!("指标 {} 要看的评分题 {measured} 不在问卷里", leaf.id);
            findings.add("/indicators", Rule::ItemUnknown, message);
        }
    }
}

fn check_demo(
    path: &str,
    demo: &DemoWorld,
    parsed: &Parsed<'_>,
    known: &[&str],
    findings: &mut Findings,
) {
    let Some(place) = resolve(path, TemplateKind::World, &demo.world, known) else {
        let message = format!("找不到文件 {}", demo.world);
        return findings.add("/world", Rule::FileMissing, message);
    };
    let Some(world) = world(&place, parsed) else {
        return;
    };
    demo::agrees(demo, world, findings);
    let rules = resolve(&place, TemplateKind::Rules, &world.rules, known);
    if let Some(rules) = rules.and_then(|path| rules_at(&path, parsed)) {
        demo::fills_quota(demo, rules, findings);
    }
}

/// A mapping that names a unit is used with the `world.json` in its own folder.
fn mapped_unit(
    path: &str,
    unit: &UnitId,
    pointer: &str,
    parsed: &Parsed<'_>,
    findings: &mut Findings,
) {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let place = format!("{folder}/world.json");
    let place = place.trim_start_matches('/');
    if world(place, parsed).is_some_and(|world| !world.units.iter().any(|u| u.id == *unit)) {
        let message = format!("{place} 里没有部门 {unit}");
        findings.add(pointer, Rule::MappingUnitUnknown, message);
    }
}

fn resolve(file: &str, kind: TemplateKind, reference: &str, known: &[&str]) -> Option<String> {
    let candidates = reference_candidates(file, kind, reference);
    candidates
        .into_iter()
        .find(|path| known.contains(&path.as_str()))
}

fn at<'a>(path: &str, parsed: &'a Parsed<'_>) -> Option<&'a AnyTemplate> {
    parsed
        .iter()
        .find(|(known, _)| *known == path)
        .map(|(_, template)| template)
}

fn world<'a>(path: &str, parsed: &'a Parsed<'_>) -> Option<&'a World> {
    match at(path, parsed) {
        Some(AnyTemplate::World(world)) => Some(world),
        _ => None,
    }
}

fn rules_at<'a>(path: &str, parsed: &'a Parsed<'_>) -> Option<&'a Rules> {
    match at(path, parsed) {
        Some(AnyTemplate::Rules(rules)) => Some(rules),
        _ => None,
    }
}

fn indicators<'a>(path: &str, parsed: &'a Parsed<'_>) -> Option<&'a IndicatorSet> {
    match at(path, parsed) {
        Some(AnyTemplate::Indicators(set)) => Some(set),
        _ => None,
    }
}

fn questionnaire<'a>(path: &str, parsed: &'a Parsed<'_>) -> Option<&'a Questionnaire> {
    match at(path, parsed) {
        Some(AnyTemplate::Questionnaire(questionnaire)) => Some(questionnaire),
        _ => None,
    }
}
