//! Whether templates may be used: every problem at once, each with file, JSON pointer, rule and remedy.

mod across;
mod calendar;
mod demo;
mod duplicate_keys;
mod finding;
mod indicators;
mod mapping;
mod numbers;
mod questionnaire;
mod reachable;
mod route;
mod rule;
mod rules;
mod shape;
mod world;

pub(crate) use finding::{Findings, problems};
pub use finding::{TemplateProblem, rule_texts};

use crate::{
    DemoWorld, HotlineMapping, IndicatorSet, Questionnaire, Rules, SurveyMapping, World,
    template::TemplateKind,
};
use rule::Rule;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A kind of file with rules of its own, beyond its shape.
pub(crate) trait Template: DeserializeOwned {
    /// Its kind.
    const KIND: TemplateKind;

    /// Notes each rule the content breaks.
    fn check(&self, findings: &mut Findings);
}

/// A parsed file of any kind.
pub(crate) enum AnyTemplate {
    Rules(Box<Rules>),
    Questionnaire(Questionnaire),
    Indicators(IndicatorSet),
    World(World),
    Demo(Box<DemoWorld>),
    SurveyMapping(SurveyMapping),
    HotlineMapping(HotlineMapping),
}

/// Checks a folder of templates, given as (path from the folder's root with `/`, bytes).
///
/// Only `.json` files are templates; those under `schema/` are the published schemas and are left alone.
/// Problems come in the order of the files, then in the order found; an empty list means every file may be used.
#[must_use]
pub fn check_folder(files: &[(String, Vec<u8>)]) -> Vec<TemplateProblem> {
    let mut found = Vec::new();
    let mut parsed = Vec::new();
    for (path, bytes) in files.iter().filter(|(path, _)| is_template(path)) {
        match parse_any(path, bytes) {
            Ok(template) => parsed.push((path.as_str(), template)),
            Err(findings) => found.extend(problems(path, findings)),
        }
    }
    let known: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    found.extend(across::check(&parsed, &known));
    let position = |problem: &TemplateProblem| known.iter().position(|path| **path == problem.file);
    found.sort_by_key(position);
    found
}

/// What a tree breaks by itself, and with the questionnaires that are asked.
pub(crate) fn indicators(set: &IndicatorSet, asked: &[&Questionnaire]) -> Vec<TemplateProblem> {
    let mut findings = Findings::default();
    set.check(&mut findings);
    across::indicators_agree(set, asked, &mut findings);
    problems("", findings)
}

fn is_template(path: &str) -> bool {
    let in_schema = path.starts_with("schema/") || path.contains("/schema/");
    path.ends_with(".json") && !in_schema
}

fn parse_any(path: &str, bytes: &[u8]) -> Result<AnyTemplate, Findings> {
    let content = json(bytes)?;
    let Some(kind) = TemplateKind::of(path, &content) else {
        let pointer = if content.get("$schema").is_some() {
            "/$schema"
        } else {
            ""
        };
        return Err(Findings::one(
            pointer,
            Rule::KindUnknown,
            "看不出这是哪一种模板",
        ));
    };
    Ok(match kind {
        TemplateKind::Rules => AnyTemplate::Rules(Box::new(read(bytes)?)),
        TemplateKind::Questionnaire => AnyTemplate::Questionnaire(read(bytes)?),
        TemplateKind::Indicators => AnyTemplate::Indicators(read(bytes)?),
        TemplateKind::World => AnyTemplate::World(read(bytes)?),
        TemplateKind::Demo => AnyTemplate::Demo(Box::new(read(bytes)?)),
        TemplateKind::SurveyMapping => AnyTemplate::SurveyMapping(read(bytes)?),
        TemplateKind::HotlineMapping => AnyTemplate::HotlineMapping(read(bytes)?),
    })
}

/// Reads one template: JSON, keys, shape, then the rules of its kind.
///
/// # Errors
/// All findings. Unknown fields are noted and left out, so that the other rules are still checked.
pub(crate) fn read<T: Template>(bytes: &[u8]) -> Result<T, Findings> {
    let mut content = json(bytes)?;
    let mut findings = duplicate_keys::find(without_mark(bytes));
    let unknown = shape::check(&T::KIND.schema(), &content, &mut findings);
    for pointer in &unknown {
        remove(&mut content, pointer);
    }
    match serde_json::from_value::<T>(content) {
        Ok(template) => {
            template.check(&mut findings);
            if findings.is_empty() {
                Ok(template)
            } else {
                Err(findings)
            }
        }
        Err(refused) => {
            if findings.is_empty() {
                findings.add("", Rule::WrongValue, format!("读不懂：{refused}"));
            }
            Err(findings)
        }
    }
}

fn json(bytes: &[u8]) -> Result<Value, Findings> {
    serde_json::from_slice(without_mark(bytes)).map_err(|refused| {
        let place = format!(
            "第 {} 行第 {} 列不合 JSON 的写法",
            refused.line(),
            refused.column()
        );
        Findings::one("", Rule::NotJson, place)
    })
}

/// Windows editors put a byte order mark in front of UTF-8 text.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

fn remove(content: &mut Value, pointer: &str) {
    let Some((parent, key)) = pointer.rsplit_once('/') else {
        return;
    };
    let key = key.replace("~1", "/").replace("~0", "~");
    if let Some(Value::Object(fields)) = content.pointer_mut(parent) {
        fields.shift_remove(&key);
    }
}
