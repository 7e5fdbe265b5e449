//! The page of a method department: its branch as a form, what it would change, what it has proposed, and the whole tree.

use super::typed::{TypedRow, Typing, measure_code};
use crate::{
    form::{Input, Section, Table},
    frame::ConsoleFrame,
    icon::Icon,
};
use askama::Template;
use survey_design::{AnswerKind, BranchChange, IndicatorSet, Measure, Questionnaire};
use vocabulary::{Channel, Points};

/// The page.
#[derive(Debug, Template)]
#[template(path = "console/branch.html")]
pub struct BranchPage {
    /// Frame.
    pub frame: ConsoleFrame,
    /// Paragraphs on top.
    pub lead: Vec<String>,
    /// Why what was posted is not taken.
    pub problems: Vec<String>,
    /// The form as typed.
    pub typing: Typing,
    /// The headings the department has leaves under.
    pub parts: Vec<HeadingPart>,
    /// What leaves may be measured by: value and words.
    pub measures: Vec<(String, String)>,
    /// What the form would change, and the digest of what it comes to.
    pub preview: Option<(Vec<BranchChange>, String)>,
    /// What was proposed before.
    pub sections: Vec<Section>,
    /// The whole tree.
    pub tree: Table,
}

/// A heading and the rows of the form under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadingPart {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What the department has under it.
    pub should: Points,
    /// What the rows add up to.
    pub is: Points,
    /// Rows with their position in the form.
    pub rows: Vec<(usize, TypedRow)>,
}

/// The headings of an owner with the rows typed; each has one empty row for a new leaf, which is added where it is missing.
pub(super) fn parts(tree: &IndicatorSet, owner: &str, typing: &mut Typing) -> Vec<HeadingPart> {
    let mut parts = Vec::new();
    for share in tree.shares(owner) {
        let code = share.heading.id.as_str();
        let under = |row: &TypedRow| row.heading == code;
        if !typing.rows.iter().any(|row| under(row) && row.is_blank()) {
            typing.rows.push(TypedRow {
                heading: code.to_owned(),
                ..TypedRow::default()
            });
        }
        let rows = typing.rows.iter().cloned().enumerate();
        let rows: Vec<_> = rows
            .filter(|(_, row)| under(row) || row.code == code)
            .collect();
        let steps = rows.iter().filter_map(|(_, row)| row.counted());
        let is = steps.fold(0_i64, |sum, points| sum.saturating_add(points.steps()));
        parts.push(HeadingPart {
            code: code.to_owned(),
            name: share.heading.name.clone(),
            should: share.points,
            is: Points::from_steps(is),
            rows,
        });
    }
    parts
}

/// What a leaf may be measured by: each stream, each item of the questionnaires that is rated, and the two that are none.
pub(super) fn measures(asked: &[&Questionnaire]) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for channel in Channel::ALL {
        let whole = Measure::Channel {
            channel,
            item: None,
        };
        all.push((measure_code(&whole), whole.label()));
        let questionnaire = match channel {
            Channel::Survey => asked.first(),
            Channel::Enterprise => asked.get(1),
            _ => None,
        };
        let items = questionnaire.iter().flat_map(|asked| &asked.items);
        for item in items.filter(|item| matches!(item.kind, AnswerKind::Level { .. })) {
            let title = item.title.replace("{unit}", "部门");
            let value = format!("{}/{}", channel.code(), item.id);
            all.push((value, format!("{}：{title}", channel.label())));
        }
    }
    let others = [Measure::Inspection, Measure::OutsideDecision];
    all.extend(others.map(|other| (measure_code(&other), other.label())));
    all
}
