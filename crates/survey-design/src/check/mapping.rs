//! Mappings of files from outside: columns named, one column per question, no cell text with two meanings.

use super::{Findings, Template, finding::step, rule::Rule};
use crate::{GroupOf, HotlineMapping, SurveyMapping, TemplateKind, UnitOf};
use std::collections::BTreeSet;

impl Template for SurveyMapping {
    const KIND: TemplateKind = TemplateKind::SurveyMapping;

    fn check(&self, findings: &mut Findings) {
        columns(self, findings);
        let mut asked = BTreeSet::new();
        for (column, item) in &self.items {
            if !asked.insert(item) {
                let message = format!("题目 {item} 对应了不止一列");
                findings.add(format!("/items{}", step(column)), Rule::ItemTwice, message);
            }
        }
        for (index, text) in self.not_answers.iter().enumerate() {
            if self.levels.contains_key(text) {
                let message = format!("“{text}”既算回答又不算回答");
                findings.add(format!("/not_answers/{index}"), Rule::AnswerTwice, message);
            }
        }
        if self.weight_factor == 0 {
            findings.add("/weight_factor", Rule::WeightFactor, "权重倍数为 0");
        }
    }
}

fn columns(mapping: &SurveyMapping, findings: &mut Findings) {
    let unit = match &mapping.unit {
        UnitOf::Column(column) => Some(column),
        UnitOf::Fixed(_) => None,
    };
    let group = match &mapping.group {
        GroupOf::Column { column, .. } => Some(column),
        GroupOf::Fixed(_) => None,
    };
    let named = [
        ("/respondent", Some(&mapping.respondent)),
        ("/stratum", mapping.stratum.as_ref()),
        ("/weight", mapping.weight.as_ref()),
        ("/unit/column", unit),
        ("/group/column/column", group),
    ];
    for (pointer, column) in named {
        if column.is_some_and(|column| column.trim().is_empty()) {
            findings.add(pointer, Rule::MappingEmpty, "列名是空的");
        }
    }
    let lists = [
        ("/items", mapping.items.is_empty()),
        ("/levels", mapping.levels.is_empty()),
    ];
    for (pointer, _) in lists.into_iter().filter(|(_, empty)| *empty) {
        findings.add(pointer, Rule::MappingEmpty, "一项也没有列");
    }
}

impl Template for HotlineMapping {
    const KIND: TemplateKind = TemplateKind::HotlineMapping;

    fn check(&self, findings: &mut Findings) {
        if self.columns.is_empty() {
            findings.add("/columns", Rule::MappingEmpty, "一列也没有写");
        }
        for (field, _) in self
            .columns
            .iter()
            .filter(|(_, header)| header.trim().is_empty())
        {
            findings.add(
                format!("/columns{}", step(field)),
                Rule::MappingEmpty,
                "列名是空的",
            );
        }
    }
}
