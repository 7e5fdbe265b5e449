//! A questionnaire: unique codes, logic that looks back, fair scales, texts for every page.

use super::{Findings, Template, finding::step, reachable, rule::Rule};
use crate::{AnswerKind, Item, Questionnaire, ReasonOption, Repeat, TemplateKind};
use std::collections::BTreeSet;
use vocabulary::Level;

impl Template for Questionnaire {
    const KIND: TemplateKind = TemplateKind::Questionnaire;

    fn check(&self, findings: &mut Findings) {
        head(self, findings);
        for (index, item) in self.items.iter().enumerate() {
            let pointer = format!("/items/{index}");
            if self.items[..index]
                .iter()
                .any(|earlier| earlier.id == item.id)
            {
                let message = format!("题目代码 {} 用了不止一次", item.id);
                findings.add(format!("{pointer}/id"), Rule::DuplicateItem, message);
            }
            texts(item, &pointer, findings);
            kind(&item.kind, &pointer, findings);
            condition(item, &self.items[..index], &pointer, findings);
        }
        for index in reachable::never_shown(&self.items) {
            let message = format!("{} 在任何回答下都不会出现", self.items[index].id);
            findings.add(
                format!("/items/{index}/show_when"),
                Rule::NeverShown,
                message,
            );
        }
    }
}

fn head(questionnaire: &Questionnaire, findings: &mut Findings) {
    let texts = [
        ("title", &questionnaire.title),
        ("intro", &questionnaire.intro),
    ];
    for (name, _) in texts.into_iter().filter(|(_, text)| text.trim().is_empty()) {
        findings.add(step(name), Rule::EmptyText, "文字是空的");
    }
    let scored = |item: &Item| matches!(item.kind, AnswerKind::Level { .. });
    if !questionnaire.items.iter().any(scored) {
        findings.add("/items", Rule::NothingScored, "没有一道满意度评分题");
    }
}

fn texts(item: &Item, pointer: &str, findings: &mut Findings) {
    let pointer = format!("{pointer}/title");
    if item.title.trim().is_empty() {
        findings.add(&pointer, Rule::EmptyText, "题目是空的");
    }
    let named = item.title.contains("{unit}");
    let scored = matches!(item.kind, AnswerKind::Level { .. });
    match item.repeat {
        Repeat::EachUnit if scored && !named => {
            findings.add(&pointer, Rule::UnitInTitle, "没有写明问的是哪个部门");
        }
        Repeat::Once if named => {
            findings.add(&pointer, Rule::UnitInTitle, "只问一次的题没有部门可填");
        }
        Repeat::EachUnit | Repeat::Once => {}
    }
}

fn kind(kind: &AnswerKind, pointer: &str, findings: &mut Findings) {
    match kind {
        AnswerKind::Level { levels, dont_know } => {
            scale(levels, &format!("{pointer}/kind/level/levels"), findings);
            if dont_know.trim().is_empty() {
                let pointer = format!("{pointer}/kind/level/dont_know");
                findings.add(pointer, Rule::EmptyText, "“不了解”的文字是空的");
            }
        }
        AnswerKind::Reasons { options: list, .. } => {
            options(list, &format!("{pointer}/kind/reasons/options"), findings);
        }
        AnswerKind::Choice { options: list } => {
            options(list, &format!("{pointer}/kind/choice/options"), findings);
        }
        AnswerKind::Text { max_chars } => {
            if *max_chars == 0 {
                let pointer = format!("{pointer}/kind/text/max_chars");
                findings.add(pointer, Rule::EmptyText, "一个字也写不了");
            }
        }
    }
}

/// Abuse reported by the press: a scale that offers only shades of praise.
fn scale(levels: &[Level], pointer: &str, findings: &mut Findings) {
    let indexes: Vec<usize> = levels
        .iter()
        .filter_map(|level| level.scored_index())
        .collect();
    let favourable = indexes.iter().filter(|index| **index < 2).count();
    let bad = levels.iter().filter(|level| level.is_bad()).count();
    let ordered = indexes.len() == levels.len() && indexes.is_sorted_by(|a, b| a < b);
    if favourable != bad || bad == 0 || !ordered {
        let message =
            format!("满意一侧 {favourable} 个等次，不满意一侧 {bad} 个，或次序、取值不对");
        findings.add(pointer, Rule::Asymmetric, message);
    }
}

fn options(options: &[ReasonOption], pointer: &str, findings: &mut Findings) {
    let codes: BTreeSet<&str> = options.iter().map(|option| option.code.as_str()).collect();
    let empty = |option: &ReasonOption| option.label.trim().is_empty() || option.code.is_empty();
    if options.len() < 2 || codes.len() != options.len() || options.iter().any(empty) {
        findings.add(
            pointer,
            Rule::Options,
            "选项少于两个，或代码重复，或文字为空",
        );
    }
}

fn condition(item: &Item, earlier: &[Item], pointer: &str, findings: &mut Findings) {
    let Some(condition) = &item.show_when else {
        return;
    };
    let pointer = format!("{pointer}/show_when");
    for seen in condition.items() {
        match earlier.iter().find(|earlier| earlier.id == *seen) {
            None => {
                let message = format!("显示条件看的 {seen} 不在这道题之前");
                findings.add(&pointer, Rule::LooksForward, message);
            }
            Some(other) if item.repeat == Repeat::Once && other.repeat == Repeat::EachUnit => {
                let message = format!("{} 只问一次，{seen} 逐个部门问", item.id);
                findings.add(&pointer, Rule::MixedRepeat, message);
            }
            Some(_) => {}
        }
    }
}
