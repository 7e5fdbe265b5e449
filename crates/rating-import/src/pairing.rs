//! Ratings by paired communities and villages 结对评议, in our own template (domain F.4).

use crate::cell::{LevelCell, LevelCodes, parse_count, parse_id, parse_level};
use crate::collect::{Keyed, Outcome, Resolver, collect};
use crate::header::Field;
use crate::header::Need::{Optional, Required};
use crate::header::RowView;
use crate::issue::Problem;
use crate::names::{BodyIndex, UnitIndex};
use crate::sheet::SheetFile;
use crate::{HandOn, ImportIssue, Stopped, Summary};
use serde::{Deserialize, Serialize};
use vocabulary::{BodyId, Level, UnitId};

/// One rater's rating of one unit, with the matters raised to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PairingRow {
    /// `unit#body#rater`.
    pub row_key: String,
    /// The unit rated.
    pub unit: UnitId,
    /// The community or village the rater speaks for.
    pub body: BodyId,
    /// The rater's number inside the body; raters have no names here.
    pub rater: String,
    /// The level, or 不了解.
    pub level: Level,
    /// Matters raised to the unit.
    pub matters_raised: u64,
    /// Of these, solved.
    pub matters_solved: u64,
}

impl Keyed for PairingRow {
    fn key(&self) -> &str {
        &self.row_key
    }
}

/// Reads pairing ratings: 单位, 社区（村）, 评议人序号, 等级, 反映事项数, 解决事项数.
///
/// # Errors
/// [`Stopped::Refused`] when no sheet has the template's columns.
pub fn parse_pairing(
    file: &mut SheetFile,
    units: &UnitIndex,
    bodies: &BodyIndex,
    hand_on: &mut HandOn<'_, PairingRow>,
) -> Result<Summary, Stopped> {
    let fields = fields();
    let (mut units, mut bodies) = (Resolver::new(units), Resolver::new(bodies));
    let mut summary = collect(
        file,
        &fields,
        |view, issues| {
            let before = issues.len();
            let unit = units.resolve(view, "unit", issues);
            let body = bodies.resolve(view, "body", issues);
            let row = read_row(view, unit, body, issues);
            Outcome::of(row.filter(|_| issues.len() == before))
        },
        hand_on,
    )?;
    summary.unknown_names = units.into_unknown();
    summary.unknown_names.extend(bodies.into_unknown());
    Ok(summary)
}

pub(crate) fn fields() -> [Field; 6] {
    [
        Field::new("unit", Required, &["单位", "单位名称", "被评单位"]),
        Field::new(
            "body",
            Required,
            &["社区（村）", "社区/村", "社区", "村", "社区、村"],
        ),
        Field::new("rater", Required, &["评议人序号", "评议人编号", "序号"]),
        Field::new(
            "level",
            Required,
            &["等级", "评价等级", "满意度", "评议等级"],
        ),
        Field::new("raised", Optional, &["反映事项数", "反映数"]),
        Field::new("solved", Optional, &["解决事项数", "解决数"]),
    ]
}

fn read_row(
    view: &RowView<'_>,
    unit: Option<UnitId>,
    body: Option<BodyId>,
    issues: &mut Vec<ImportIssue>,
) -> Option<PairingRow> {
    let rater = view.require("rater", parse_id, issues);
    let level = view.require("level", given_level, issues);
    let matters_raised = view.read("raised", parse_count, issues).unwrap_or(0);
    let matters_solved = view.read("solved", parse_count, issues).unwrap_or(0);
    if matters_solved > matters_raised {
        issues.push(view.issue("solved", &Problem::PartsExceedWhole));
    }
    let (unit, body, rater) = (unit?, body?, rater?);
    Some(PairingRow {
        row_key: format!("{unit}#{body}#{rater}"),
        unit,
        body,
        rater,
        level: level?,
        matters_raised,
        matters_solved,
    })
}

/// A level somebody chose; a default has no meaning in our own templates.
pub(crate) fn given_level(cell: &crate::sheet::Cell) -> Result<Option<Level>, Problem> {
    match parse_level(cell, LevelCodes::Standard)? {
        LevelCell::Given(level) => Ok(Some(level)),
        LevelCell::Blank => Ok(None),
        LevelCell::Default => Err(Problem::UnknownLevel),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Imported, Limits, gathered};

    fn import(rows: &str) -> Imported<PairingRow> {
        let text = format!("单位,社区（村）,评议人序号,等级,反映事项数,解决事项数\n{rows}");
        let mut file =
            SheetFile::of_bytes(text.as_bytes(), "结对.csv", &Limits::default()).unwrap();
        let units = [("市教育局".to_owned(), UnitId::new("D02"))];
        let bodies = [("溪口社区".to_owned(), BodyId::new("C01"))];
        let (units, bodies) = (units.into_iter().collect(), bodies.into_iter().collect());
        gathered(|hand_on| parse_pairing(&mut file, &units, &bodies, hand_on)).unwrap()
    }

    #[test]
    fn a_rating_carries_its_matters() {
        let imported = import("市教育局,溪口社区,1,满意,3,2\n市教育局,溪口社区,2,不了解,,\n");

        assert_eq!(imported.issues, []);
        assert_eq!(imported.rows[0].row_key, "D02#C01#1");
        assert_eq!(
            (
                imported.rows[0].matters_raised,
                imported.rows[0].matters_solved
            ),
            (3, 2)
        );
        assert_eq!(imported.rows[1].level, Level::DontKnow);
    }

    #[test]
    fn more_solved_than_raised_and_unknown_names_are_rejected() {
        let imported = import(
            "市教育局,溪口社区,1,满意,1,2\n市教育局,溪口村,2,满意,,\n市体育局,溪口社区,3,,,\n",
        );

        let codes: Vec<&str> = imported.issues.iter().map(|i| i.code.as_str()).collect();
        assert_eq!(codes, ["RI-206", "RI-201", "RI-201", "RI-111"]);
        assert_eq!(imported.summary.rejected, 3);
        assert_eq!(imported.summary.unknown_names.len(), 2);
    }
}
