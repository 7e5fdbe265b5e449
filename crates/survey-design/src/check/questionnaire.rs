//! A questionnaire: unique codes, logic that looks back, fair scales, texts for every page.

use super::{Findings, Template, finding::step, reachable, route, rule::Rule};
use crate::{AnswerKind, Item, ItemEnglish, Questionnaire, ReasonOption, Repeat, TemplateKind};
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
            english(item, &pointer, findings);
            route::check(&self.items, index, findings);
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
        ("/title", &questionnaire.title),
        ("/intro", &questionnaire.intro),
    ];
    let english = questionnaire.english.iter();
    let english = english.flat_map(|english| {
        [
            ("/english/title", &english.title),
            ("/english/intro", &english.intro),
        ]
    });
    for (pointer, text) in texts.into_iter().chain(english) {
        if text.trim().is_empty() {
            findings.add(pointer, Rule::EmptyText, "文字是空的");
        }
    }
    let scored = |item: &Item| matches!(item.kind, AnswerKind::Level { .. });
    if !questionnaire.items.iter().any(scored) {
        findings.add("/items", Rule::NothingScored, "没有一道满意度评分题");
    }
}

fn texts(item: &Item, pointer: &str, findings: &mut Findings) {
    let english = item.english.as_ref().map(|english| &english.title);
    let titles = [("/title", Some(&item.title)), ("/english/title", english)];
    for (place, title) in titles {
        let Some(title) = title else { continue };
        let pointer = format!("{pointer}{place}");
        if title.trim().is_empty() {
            findings.add(&pointer, Rule::EmptyText, "题目是空的");
        }
        let named = title.contains("{unit}");
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
}

/// English options are options the item has, and `aside` stands only where the kind has such a text.
fn english(item: &Item, pointer: &str, findings: &mut Findings) {
    let Some(ItemEnglish { aside, options, .. }) = &item.english else {
        return;
    };
    let offered = item.kind.option_codes();
    for code in options
        .keys()
        .filter(|code| !offered.contains(&code.as_str()))
    {
        let pointer = format!("{pointer}/english/options{}", step(code));
        findings.add(
            pointer,
            Rule::EnglishUnknown,
            format!("这道题没有选项 {code}"),
        );
    }
    let has_aside = match &item.kind {
        AnswerKind::Level { .. } | AnswerKind::Note { .. } => true,
        AnswerKind::YesNo { dont_know } => dont_know.is_some(),
        AnswerKind::Number { measure, .. } => measure.is_some(),
        _ => false,
    };
    if aside.is_some() && !has_aside {
        let pointer = format!("{pointer}/english/aside");
        findings.add(pointer, Rule::EnglishUnknown, "这道题没有 aside 所译的文字");
    }
}

fn kind(kind: &AnswerKind, pointer: &str, findings: &mut Findings) {
    let at = |place: &str| format!("{pointer}/kind/{place}");
    let empty = "文字是空的，或者一个字也写不了";
    let mut filled = |text: &str, place: &str| {
        if text.trim().is_empty() {
            findings.add(at(place), Rule::EmptyText, empty);
        }
    };
    match kind {
        AnswerKind::Level { levels, dont_know } => {
            filled(dont_know, "level/dont_know");
            scale(levels, &at("level/levels"), findings);
        }
        AnswerKind::Reasons { options: list, .. } => {
            options(list.iter(), &at("reasons/options"), findings);
        }
        AnswerKind::Choice { options: list } => {
            options(list.iter(), &at("choice/options"), findings);
        }
        AnswerKind::Several {
            options: list,
            none,
        } => options(list.iter().chain(none), &at("several/options"), findings),
        AnswerKind::YesNo { dont_know } => {
            if let Some(text) = dont_know {
                filled(text, "yes_no/dont_know");
            }
        }
        AnswerKind::Number { min, max, .. } => {
            if min >= max {
                let message = format!("最小 {min}，最大 {max}");
                findings.add(at("number"), Rule::NumberBounds, message);
            }
        }
        AnswerKind::Note { text } => filled(text, "note/text"),
        AnswerKind::Text { max_chars } => {
            if *max_chars == 0 {
                findings.add(at("text/max_chars"), Rule::EmptyText, empty);
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

fn options<'a>(
    options: impl Iterator<Item = &'a ReasonOption> + Clone,
    pointer: &str,
    findings: &mut Findings,
) {
    let codes: BTreeSet<&str> = options.clone().map(|option| option.code.as_str()).collect();
    let empty = |option: &ReasonOption| option.label.trim().is_empty() || option.code.is_empty();
    let (number, mut all) = (options.clone().count(), options);
    if number < 2 || codes.len() != number || all.any(empty) {
        findings.add(
            pointer,
            Rule::Options,
            "选项少于两个，或代码重复，或文字为空",
        );
    }
}
