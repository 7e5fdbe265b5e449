//! One broken rule at one place of one file.

use super::rule::Rule;
use serde::Serialize;
use std::fmt;

/// A place in a template where a rule is broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TemplateProblem {
    /// Path of the file from the root of the templates; empty when only bytes were given.
    pub file: String,
    /// JSON pointer (RFC 6901) of the place; empty for the whole file.
    pub pointer: String,
    /// Stable code of the rule such as `SD-201`.
    pub code: &'static str,
    /// What is wrong, in Chinese.
    pub message: String,
    /// What to do, in Chinese.
    pub remedy: &'static str,
}

impl TemplateProblem {
    /// The same problem, said of this file.
    #[must_use]
    pub fn in_file(self, file: &str) -> Self {
        Self {
            file: file.to_owned(),
            ..self
        }
    }
}

impl fmt::Display for TemplateProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            pointer,
            code,
            message,
            remedy,
        } = self;
        let pointer = if pointer.is_empty() {
            "（整个文件）"
        } else {
            pointer
        };
        write!(f, "{file} {pointer} {code} {message}；{remedy}")
    }
}

/// Code and remedy of every rule, in order of codes, for the handbook.
#[must_use]
pub fn rule_texts() -> Vec<(&'static str, &'static str)> {
    Rule::ALL
        .iter()
        .map(|rule| (rule.code(), rule.remedy()))
        .collect()
}

/// What was found in one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Findings(Vec<(String, Rule, String)>);

impl Findings {
    /// Exactly one finding.
    pub(crate) fn one(pointer: &str, rule: Rule, message: impl Into<String>) -> Self {
        Self(vec![(pointer.to_owned(), rule, message.into())])
    }

    /// Notes that `rule` is broken at `pointer`.
    pub(crate) fn add(
        &mut self,
        pointer: impl Into<String>,
        rule: Rule,
        message: impl Into<String>,
    ) {
        self.0.push((pointer.into(), rule, message.into()));
    }

    /// Nothing was found.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Findings as problems of a file.
pub(crate) fn problems(file: &str, findings: Findings) -> Vec<TemplateProblem> {
    let problem = |(pointer, rule, message): (String, Rule, String)| TemplateProblem {
        file: file.to_owned(),
        pointer,
        code: rule.code(),
        message,
        remedy: rule.remedy(),
    };
    findings.0.into_iter().map(problem).collect()
}

/// A key as one step of a JSON pointer.
pub(crate) fn step(key: &str) -> String {
    format!("/{}", key.replace('~', "~0").replace('/', "~1"))
}
