//! Completed cases per unit 办件量: the denominator of the active rating rate.

use super::{Quarter, Written, hall::HallRating};
use crate::demo::{
    dice::Dice,
    sheet::{Cell, Merged, Sheet, write_xlsx},
    truth::Truth,
};
use anyhow::Result;
use std::path::Path;

const HEADERS: [&str; 4] = ["序号", "单位", "办件量", "其中：即办件"];

/// Writes one row per unit with a window: all rated cases and the few the export has lost.
pub fn write(
    truth: &Truth,
    quarter: &Quarter,
    ledger: &[HallRating],
    folder: &Path,
) -> Result<Written> {
    let mut rows = vec![HEADERS.map(Cell::text).to_vec()];
    let mut total = (0, 0);
    for (unit, known) in truth.units().iter().enumerate() {
        let rated = ledger
            .iter()
            .filter(|rating| rating.first && rating.unit == unit)
            .count();
        let rated = u32::try_from(rated)?;
        if rated == 0 {
            continue;
        }
        let mut dice = Dice::new(
            truth.seed(),
            &format!("cases {} {}", quarter.code, known.id),
            0,
        );
        let cases = rated + rated * dice.below(6) / 100;
        let at_once = cases * (30 + dice.below(30)) / 100;
        total = (total.0 + cases, total.1 + at_once);
        let number = u32::try_from(rows.len())?;
        rows.push(vec![
            Cell::Number(number),
            Cell::text(known.name.as_str()),
            Cell::Number(cases),
            Cell::Number(at_once),
        ]);
    }
    let count = rows.len() - 1;
    rows.push(vec![
        Cell::Empty,
        Cell::text("合计"),
        Cell::Number(total.0),
        Cell::Number(total.1),
    ]);
    let path = folder.join(format!("办件量-{}.xlsx", quarter.code));
    let title = Merged {
        rows: (0, 0),
        columns: (0, 3),
        text: "云溪市政务服务中心办件量统计表",
    };
    write_xlsx(
        &path,
        &Sheet {
            name: "办件量",
            merged: vec![title],
            first_row: 1,
            rows,
        },
    )?;
    Ok(Written {
        path,
        rows: count,
        repeated: 0,
        faulty: 0,
    })
}
