//! A branch as it stands in the form: every field as text, so that nothing typed is lost when it is refused.

use crate::answer::Posted;
use survey_design::{Indicator, Measure};
use vocabulary::{Channel, IndicatorId, Points};
use workflows::{BranchDraft, NodeDraft};

/// Most rows a form may hold.
const MOST_ROWS: usize = 300;

/// One node in the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedRow {
    /// Its code; empty for a new leaf.
    pub code: String,
    /// Code of its heading; empty for a heading.
    pub heading: String,
    /// Name.
    pub name: String,
    /// Points.
    pub points: String,
    /// What it is measured by, as `measure_code` writes it.
    pub measure: String,
    /// Whether it is given up.
    pub gone: bool,
}

/// The whole form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typing {
    /// Digest of the version the form was made from.
    pub seen: String,
    /// Nodes in order.
    pub rows: Vec<TypedRow>,
    /// Why the change is proposed.
    pub note: String,
}

impl TypedRow {
    pub(super) fn of(node: &Indicator) -> Self {
        Self {
            code: node.id.to_string(),
            heading: node
                .parent
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            name: node.name.clone(),
            points: node.points.to_string(),
            measure: node.measure.as_ref().map(measure_code).unwrap_or_default(),
            gone: false,
        }
    }

    /// A row nothing was typed in.
    pub(super) fn is_blank(&self) -> bool {
        self.code.is_empty() && self.name.trim().is_empty() && self.points.trim().is_empty()
    }

    /// How an official calls it.
    pub(crate) fn called(&self) -> &str {
        match self.code.as_str() {
            "" => "新指标",
            code => code,
        }
    }

    /// The points that count now; none where there is no number.
    pub(super) fn counted(&self) -> Option<Points> {
        let counts = !self.gone && !self.heading.is_empty() && !self.is_blank();
        Points::parse(&self.points).ok().filter(|_| counts)
    }
}

impl Typing {
    /// The form as it was posted.
    pub(super) fn of(fields: &Posted) -> Self {
        let text = |name: &str, at: usize| fields.text(&format!("{name}-{at}")).to_owned();
        let known = (0..MOST_ROWS).take_while(|at| fields.maybe(&format!("code-{at}")).is_some());
        let rows = known.map(|at| TypedRow {
            code: text("code", at),
            heading: text("heading", at),
            name: text("name", at),
            points: text("points", at),
            measure: text("measure", at),
            gone: !text("gone", at).is_empty(),
        });
        Self {
            seen: fields.text("seen").to_owned(),
            rows: rows.collect(),
            note: fields.text("note").to_owned(),
        }
    }

    /// What it means.
    ///
    /// # Errors
    /// Every row whose points are no number or that names no source.
    pub(super) fn draft(&self) -> Result<BranchDraft, Vec<String>> {
        let (mut nodes, mut problems) = (Vec::new(), Vec::new());
        let kept = self.rows.iter().filter(|row| !row.gone && !row.is_blank());
        for row in kept {
            match node(row) {
                Ok(node) => nodes.push(node),
                Err(problem) => problems.push(problem),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(BranchDraft {
            seen: self.seen.clone(),
            nodes,
        })
    }
}

fn node(row: &TypedRow) -> Result<NodeDraft, String> {
    let points = Points::parse(&row.points).map_err(|_| {
        let (called, typed) = (row.called(), row.points.trim());
        format!("{called}：分值“{typed}”不是数字；请填数字，最多四位小数，例如 1.5")
    })?;
    let measure = measure_of(&row.measure);
    if measure.is_none() && !row.heading.is_empty() {
        return Err(format!("{}：没有选数据来源；请选一个", row.called()));
    }
    let code = |text: &str| {
        Some(text)
            .filter(|text| !text.is_empty())
            .map(IndicatorId::from)
    };
    Ok(NodeDraft {
        code: code(&row.code),
        heading: code(&row.heading),
        name: row.name.clone(),
        points,
        measure,
    })
}

/// A measure as the form names it.
pub(super) fn measure_code(measure: &Measure) -> String {
    match measure {
        Measure::Channel {
            channel,
            item: Some(item),
        } => format!("{}/{item}", channel.code()),
        Measure::Channel { channel, .. } => channel.code().to_owned(),
        Measure::Inspection => "inspection".to_owned(),
        Measure::OutsideDecision => "outside_decision".to_owned(),
    }
}

fn measure_of(code: &str) -> Option<Measure> {
    match code {
        "inspection" => return Some(Measure::Inspection),
        "outside_decision" => return Some(Measure::OutsideDecision),
        _ => {}
    }
    let (channel, item) = code.split_once('/').unwrap_or((code, ""));
    Some(Measure::Channel {
        channel: Channel::from_code(channel)?,
        item: Some(item).filter(|item| !item.is_empty()).map(Into::into),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_comes_back_as_it_was() {
        let channels = Channel::ALL.map(|channel| Measure::Channel {
            channel,
            item: Some("overall".into()).filter(|_| channel == Channel::Survey),
        });
        let others = [Measure::Inspection, Measure::OutsideDecision];
        for measure in channels.into_iter().chain(others) {
            assert_eq!(measure_of(&measure_code(&measure)), Some(measure));
        }
        for nonsense in ["", "radio", "/overall"] {
            assert_eq!(measure_of(nonsense), None);
        }
    }

    #[test]
    fn a_row_that_means_nothing_is_named_and_the_others_are_read() {
        let row = |code: &str, points: &str, measure: &str| TypedRow {
            code: code.to_owned(),
            heading: "Z2".to_owned(),
            name: "窗口".to_owned(),
            points: points.to_owned(),
            measure: measure.to_owned(),
            gone: false,
        };
        let typing = |rows: Vec<TypedRow>| Typing {
            rows,
            ..Typing::default()
        };
        let blank = TypedRow {
            heading: "Z2".to_owned(),
            measure: "hall".to_owned(),
            ..TypedRow::default()
        };
        let good = typing(vec![row("Z201", " 1.5 ", "hall"), blank]).draft();
        assert_eq!(good.map(|draft| draft.nodes.len()), Ok(1));
        let bad = typing(vec![row("Z201", "一", "hall"), row("", "1", "")]).draft();
        let said = bad.unwrap_err();
        assert!(said[0].starts_with("Z201：分值“一”") && said[1].starts_with("新指标：没有选"));
    }
}
