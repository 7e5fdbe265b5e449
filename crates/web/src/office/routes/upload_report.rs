//! What was found in a file that was sent up, in words and tables.

use crate::{
    form::{Cell, Table},
    wording,
};
use rating_import::{DropReason, FileKind, ImportIssue, QualityScore};
use std::collections::BTreeMap;
use storage::uploads::{Upload, UploadState};
use workflows::{ImportReport, TotalsLine};

/// Rows of a table that are shown.
const SHOWN: usize = 100;

/// What became of the rows, or would.
pub(super) fn outcome(upload: &Upload, report: &ImportReport) -> String {
    let number = wording::thousands;
    let found = &report.found;
    let left_out = found.rows_unrated + found.rows_elsewhere;
    let good = report.rows_total - report.rejected - report.duplicate - left_out;
    let verdict = match (report.rejected, good) {
        (0, _) => "全部可以导入",
        (_, 0) => "没有一行可以导入",
        _ => "部分可以导入",
    };
    let verdict = match upload.state {
        UploadState::Applied => "入库结果",
        _ => verdict,
    };
    let beside = [
        ("没有评价", found.rows_unrated),
        ("不参评", found.rows_elsewhere),
    ];
    let beside: String = beside
        .iter()
        .filter(|(_, rows)| *rows > 0)
        .map(|(words, rows)| format!("，{words} {}", number(*rows)))
        .collect();
    format!(
        "{verdict}：共 {} 行，新增 {}，相同 {}，更新 {}，重复 {}，有问题 {}{beside}。",
        number(report.rows_total),
        number(report.new),
        number(report.same),
        number(report.changed),
        number(report.duplicate),
        number(report.rejected)
    )
}

/// Whether the file's own totals agree with its rows.
pub(super) fn totals_words(report: &ImportReport) -> Option<String> {
    let checks = &report.found.totals_check;
    let wrong: Vec<_> = checks.iter().filter(|check| !check.agrees).collect();
    match (checks.len(), wrong.first()) {
        (0, _) => None,
        (all, None) => Some(format!("文件自己的合计 {all} 处都与各行相符。")),
        (_, Some(first)) => Some(format!(
            "文件自己的合计有 {} 处与各行不符，例如第 {} 行“{}”写 {}，各行相加是 {}。",
            wrong.len(),
            first.row,
            first.column,
            first.stated,
            first.computed
        )),
    }
}

/// What was found, the empty tables left out.
pub(super) fn findings(report: &ImportReport, kind: Option<FileKind>) -> Vec<Table> {
    let rest = [
        unknown_names(report),
        columns(report, kind),
        dropped(report),
    ];
    let rest = rest.into_iter().filter(|table| !table.rows.is_empty());
    let issues = issue_table(&report.issues, report.issues_total);
    std::iter::once(issues).chain(rest).collect()
}

/// The first things that are wrong, of so many.
pub(super) fn issue_table(issues: &[ImportIssue], total: u64) -> Table {
    let rows = issues.iter().take(SHOWN).map(|issue| {
        vec![
            Cell::text(issue.sheet.as_str()),
            Cell::text(issue.row.to_string()),
            Cell::text(issue.column.as_str()),
            Cell::text(issue.code.as_str()),
            Cell::text(issue.message.as_str()),
            Cell::text(issue.remedy.as_str()),
        ]
    });
    Table {
        heading: format!(
            "有问题的地方（共 {} 处，显示前 {} 处）",
            total,
            issues.len().min(SHOWN)
        ),
        head: vec![
            ("工作表", false),
            ("行", true),
            ("列", false),
            ("代码", false),
            ("问题", false),
            ("怎么改", false),
        ],
        rows: rows.collect(),
        empty: "没有问题。",
    }
}

/// Names of units nobody knows.
fn unknown_names(report: &ImportReport) -> Table {
    let names = report
        .found
        .unknown_names
        .iter()
        .take(SHOWN)
        .map(|unknown| {
            vec![
                Cell::link(unknown.name.as_str(), "/office/names"),
                Cell::text(unknown.rows.to_string()),
                Cell::text(unknown.suggestions.join("、")),
            ]
        });
    Table {
        heading: "不认识的单位名称（点名称去登记）".to_owned(),
        head: vec![("文件里的名称", false), ("行数", true), ("可能是", false)],
        rows: names.collect(),
        empty: "",
    }
}

/// Columns that were recognised, and as what where they have another name.
fn columns(report: &ImportReport, kind: Option<FileKind>) -> Table {
    let known = kind.map(FileKind::columns).unwrap_or_default();
    let read_as = |(key, label): (&String, &String)| {
        let field = known.iter().find(|field| field.key == *key);
        match field.filter(|field| field.name != *label) {
            Some(field) => format!("{label}（读作{}）", field.name),
            None => label.clone(),
        }
    };
    let columns = report.found.headers.iter().map(|header| {
        let columns: Vec<String> = header.columns.iter().map(&read_as).collect();
        vec![
            Cell::text(header.sheet.as_str()),
            Cell::text(columns.join("、")),
        ]
    });
    Table {
        heading: "认出的列".to_owned(),
        head: vec![("工作表", false), ("文件里的列名", false)],
        rows: columns.collect(),
        empty: "",
    }
}

/// Columns that were not taken.
fn dropped(report: &ImportReport) -> Table {
    let dropped = report.found.dropped_columns.iter().map(|column| {
        let why = match column.why {
            DropReason::Personal => "个人信息，不收",
            DropReason::Repeated => "与另一列重复",
            DropReason::NotNeeded => "用不到",
        };
        vec![
            Cell::text(column.sheet.as_str()),
            Cell::text(column.column.as_str()),
            Cell::text(why),
        ]
    });
    Table {
        heading: "没有收的列".to_owned(),
        head: vec![("工作表", false), ("文件里的列名", false), ("原因", false)],
        rows: dropped.collect(),
        empty: "",
    }
}

/// What the hotline states in total beside the single orders, what differs first.
pub(super) fn hotline_totals(lines: &[TotalsLine], names: &BTreeMap<String, String>) -> Table {
    let (agree, differ): (Vec<_>, Vec<_>) = lines.iter().partition(|line| line.agrees());
    let row = |line: &&TotalsLine| {
        let name = names
            .get(line.unit.as_str())
            .map_or(line.unit.as_str(), String::as_str);
        let month = match line.month.as_str() {
            "" => "全部",
            month => month,
        };
        let verdict = match line.stated.abs_diff(line.imported) {
            0 => "一致".to_owned(),
            gap if line.imported < line.stated => format!("少 {} 件", wording::thousands(gap)),
            gap => format!("多 {} 件", wording::thousands(gap)),
        };
        vec![
            Cell::text(name),
            Cell::text(month),
            Cell::text(wording::thousands(line.stated)),
            Cell::text(wording::thousands(line.imported)),
            Cell::text(verdict),
        ]
    };
    Table {
        heading: format!(
            "热线汇总表与已入库的工单：{} 处一致，{} 处不一致",
            agree.len(),
            differ.len()
        ),
        head: vec![
            ("单位", false),
            ("月份", false),
            ("汇总表", true),
            ("已入库", true),
            ("结果", false),
        ],
        rows: differ.iter().chain(&agree).take(SHOWN).map(row).collect(),
        empty: "",
    }
}

/// The score of the file and what it lost, so that its source can check and mend.
pub(super) fn quality(score: &QualityScore) -> Table {
    let total = score.total();
    let rows = score.parts.iter().map(|part| {
        let lost = part.deductions.iter().map(|deduction| {
            format!(
                "{} {} {}扣 {}",
                deduction.reason.label(),
                deduction.count,
                deduction.reason.unit(),
                deduction.points
            )
        });
        let points = part
            .score
            .map_or("不能评".to_owned(), |points| points.to_string());
        vec![
            Cell::text(part.part.label()),
            Cell::text(part.full.to_string()),
            Cell::text(points),
            Cell::text(lost.collect::<Vec<_>>().join("；")),
        ]
    });
    Table {
        heading: match total {
            Some(total) => format!("来源数据质量：{total} 分"),
            None => "来源数据质量（有一项还不能评，不给总分）".to_owned(),
        },
        head: vec![
            ("方面", false),
            ("满分", true),
            ("得分", true),
            ("扣分", false),
        ],
        rows: rows.collect(),
        empty: "",
    }
}
