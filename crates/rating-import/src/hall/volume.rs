//! Completed cases per unit 办件量: what the active rating rate is measured against.

use crate::cell::{parse_count, parse_text, squeezed};
use crate::collect::{Keyed, Outcome, Resolver, collect};
use crate::header::Field;
use crate::header::Need::Required;
use crate::names::UnitIndex;
use crate::sheet::SheetFile;
use crate::{HandOn, Stopped, Summary};
use serde::{Deserialize, Serialize};
use vocabulary::UnitId;

/// Completed cases under one name of a unit; a unit with an old and a new name has two rows to be added up.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HallVolume {
    /// The name as written.
    pub row_key: String,
    /// The unit.
    pub unit: UnitId,
    /// Cases completed in the period.
    pub completed_cases: u64,
}

impl Keyed for HallVolume {
    fn key(&self) -> &str {
        &self.row_key
    }
}

/// Reads the volumes of a file: a sheet or file of its own with unit and completed cases.
///
/// # Errors
/// [`Stopped::Refused`] with code `RI-040` when no sheet is a volume table, which is usual for rating exports.
pub fn parse_volumes(
    file: &mut SheetFile,
    units: &UnitIndex,
    hand_on: &mut HandOn<'_, HallVolume>,
) -> Result<Summary, Stopped> {
    let fields = fields();
    let mut names = Resolver::new(units);
    let mut summary = collect(
        file,
        &fields,
        |view, issues| {
            let unit = names.resolve(view, "unit", issues);
            let completed = view.require("completed", parse_count, issues);
            let name = parse_text(view.cell("unit"));
            Outcome::of(
                unit.zip(completed)
                    .map(|(unit, completed_cases)| HallVolume {
                        row_key: squeezed(&name.unwrap_or_default()),
                        unit,
                        completed_cases,
                    }),
            )
        },
        hand_on,
    )?;
    summary.unknown_names = names.into_unknown();
    Ok(summary)
}

pub(crate) fn fields() -> [Field; 2] {
    [
        Field::new(
            "unit",
            Required,
            &[
                "单位",
                "单位名称",
                "部门",
                "部门名称",
                "受理部门",
                "办理部门",
                "被评价单位",
            ],
        ),
        Field::new(
            "completed",
            Required,
            &[
                "办结件数",
                "办结量",
                "办结数",
                "办件量",
                "办结办件数",
                "办结总数",
            ],
        ),
    ]
}
