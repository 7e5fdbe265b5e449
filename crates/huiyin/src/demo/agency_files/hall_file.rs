//! The rating export: GBK CSV with a title row, two header rows, repeated and faulty rows, a totals row and a note.

use super::{Quarter, Written, hall::HallRating};
use crate::demo::{
    dice::Dice,
    sheet::write_gbk_csv,
    truth::{Truth, per_thousand},
};
use anyhow::Result;
use chrono::Days;
use std::path::Path;

/// Upper header row: headings of the groups of columns, merged in the original.
const GROUPS: [&str; 18] = [
    "序号",
    "办件信息",
    "",
    "",
    "",
    "",
    "评价信息",
    "",
    "",
    "",
    "",
    "",
    "评价人信息",
    "",
    "",
    "差评整改",
    "",
    "",
];
/// Lower header row.
const HEADERS: [&str; 18] = [
    "",
    "办件编号",
    "事项名称",
    "受理部门",
    "受理时间",
    "办结时间",
    "评价渠道",
    "整体满意度",
    "评价时间",
    "评价次数",
    "评价标签",
    "文字评价",
    "评价人类型",
    "联系电话",
    "证件号码",
    "联系时间",
    "整改完成时间",
    "追评等级",
];
/// Writes the ratings, some of them twice, and a few rows that cannot be taken.
pub fn write(
    truth: &Truth,
    ledger: &[HallRating],
    quarter: &Quarter,
    folder: &Path,
) -> Result<Written> {
    let mut rows: Vec<[String; 17]> = ledger.iter().map(|rating| rating.cells.clone()).collect();
    let mut dice = Dice::new(truth.seed(), &format!("hall repeats {}", quarter.code), 0);
    let twice = per_thousand(truth.demo().hall.duplicates);
    let repeated: Vec<_> = rows
        .iter()
        .filter(|_| dice.chance(twice))
        .cloned()
        .collect();
    let faulty = faulty_rows(&rows, quarter);
    let (repeats, faults) = (repeated.len(), faulty.len());
    rows.extend(repeated);
    for (at, row) in (1..).zip(faulty) {
        rows.insert(rows.len() * at / 10, row);
    }
    let path = folder.join(format!("好差评评价明细-{}.csv", quarter.code));
    write_gbk_csv(&path, &lines(&rows, quarter))?;
    Ok(Written {
        path,
        rows: rows.len(),
        repeated: repeats,
        faulty: faults,
    })
}

fn lines(rows: &[[String; 17]], quarter: &Quarter) -> Vec<Vec<String>> {
    let padded = |cells: &[&str]| {
        let mut line: Vec<String> = cells.iter().map(|&cell| cell.to_owned()).collect();
        line.resize(18, String::new());
        line
    };
    let title = format!(
        "云溪市政务服务“好差评”评价明细表（{}至{}）",
        quarter.from, quarter.to
    );
    let mut lines = vec![padded(&[&title]), padded(&GROUPS), padded(&HEADERS)];
    for (number, row) in (1..).zip(rows) {
        let mut line = vec![format!("{number}")];
        line.extend(row.iter().cloned());
        lines.push(line);
    }
    lines.push(padded(&["合计", &rows.len().to_string()]));
    lines.push(padded(&[
        "注：本表由政务服务管理系统导出，办结后七日未评价的由系统默认评价。",
    ]));
    lines
}

/// Rows nobody can take: done before accepted, an unknown level, an unknown unit.
fn faulty_rows(rows: &[[String; 17]], quarter: &Quarter) -> Vec<[String; 17]> {
    let spoil = |number: usize, change: &dyn Fn(&mut [String; 17])| {
        let mut row = rows.get(number * 37 % rows.len().max(1))?.clone();
        row[0] = format!("11330799MB9999{number:014}");
        // Rated by a person on a terminal, long after the end: nothing else is wrong with the row.
        "4".clone_into(&mut row[5]);
        "4".clone_into(&mut row[6]);
        row[7] = format!("{} 09:00:00", quarter.to);
        change(&mut row);
        Some(row)
    };
    let backwards = |row: &mut [String; 17]| {
        row[3] = format!("{} 10:00:00", quarter.from + Days::new(40));
        row[4] = format!("{} 16:20:00", quarter.from + Days::new(12));
    };
    [
        spoil(1, &backwards),
        spoil(2, &|row| "超级赞".clone_into(&mut row[6])),
        spoil(3, &|row| "9".clone_into(&mut row[6])),
        spoil(4, &|row| "云溪市星际航行管理局".clone_into(&mut row[2])),
        spoil(5, &backwards),
        spoil(6, &|row| "不详".clone_into(&mut row[2])),
    ]
    .into_iter()
    .flatten()
    .collect()
}
