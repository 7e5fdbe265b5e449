//! The file's own totals against the rows above them.

use crate::batch::TotalsCheck;
use crate::cell::{folded, parse_decimal, plain_text, squeezed};
use crate::sheet::{Cell, Row};

const LABELS: [&str; 6] = ["合计", "总计", "共计", "小计", "总数", "累计"];

/// Whether the first text of a row marks it as a totals row: `合计`, `总计：`, `合计305件`.
pub(super) fn is_label(first: &str) -> bool {
    LABELS.iter().any(|label| {
        first.strip_prefix(label).is_some_and(|rest| {
            rest.chars()
                .all(|c| c.is_ascii_digit() || "件条个次人户行,:().共数".contains(c))
        })
    })
}

/// Subtotals are skipped; only totals of the whole table are compared.
fn is_of_the_whole(row: &Row) -> bool {
    first_text(row).is_some_and(|text| !text.starts_with("小计"))
}

fn first_text(row: &Row) -> Option<String> {
    row.cells
        .iter()
        .map(|cell| squeezed(&plain_text(cell)))
        .find(|text| !text.is_empty())
}

/// Totals rows that are compared; a sheet has one or two.
const HELD: usize = 100;

/// Sums of the data rows so far, and the totals rows that are to be compared with them at the end.
pub(super) struct Running {
    columns: Vec<Column>,
    rows: u64,
    totals: Vec<Row>,
}

#[derive(Clone, Default)]
struct Column {
    summed: bool,
    sum: f64,
    figures: u64,
}

impl Running {
    /// `people`: whether the table names people; then nothing is summed, since a sum over one row is its cell.
    pub fn new(labels: &[String], people: bool) -> Self {
        let column = |label: &String| Column {
            summed: !people && is_summed(label),
            ..Column::default()
        };
        Self {
            columns: labels.iter().map(column).collect(),
            rows: 0,
            totals: Vec::new(),
        }
    }

    /// Adds a row of data.
    pub fn add(&mut self, row: &Row) {
        self.rows += 1;
        for (column, cell) in self.columns.iter_mut().zip(&row.cells) {
            if column.summed
                && may_be_figure(cell)
                && let Some(figure) = number(cell)
            {
                column.sum += figure;
                column.figures += 1;
            }
        }
    }

    /// Keeps a totals row; subtotals are not compared.
    pub fn hold(&mut self, row: Row) {
        if self.totals.len() < HELD && is_of_the_whole(&row) {
            self.totals.push(row);
        }
    }

    /// Each figure of each totals row; figures that are no sums (rates, means, dates, codes) are left out.
    pub fn check(&self, sheet: &str, labels: &[String]) -> Vec<TotalsCheck> {
        let mut checks = Vec::new();
        for row in &self.totals {
            for (column, cell) in row.cells.iter().enumerate() {
                let label = labels.get(column).map_or("", String::as_str);
                let summed = self.columns.get(column).is_some_and(|c| c.summed);
                let (stated, computed) = match (number(cell), counted(cell)) {
                    (Some(stated), _) if summed => (stated, self.sum_of(column, stated)),
                    (None, Some(stated)) => (stated, self.rows()),
                    _ => continue,
                };
                checks.push(TotalsCheck {
                    sheet: sheet.to_owned(),
                    row: row.number,
                    column: label.to_owned(),
                    stated: shown(stated),
                    computed: shown(computed),
                    agrees: same(stated, computed),
                });
            }
        }
        checks
    }

    /// The sum of a column; the number of rows where the column holds no figures or that is what is stated.
    fn sum_of(&self, column: usize, stated: f64) -> f64 {
        let Some(column) = self.columns.get(column).filter(|c| c.figures > 0) else {
            return self.rows();
        };
        match same(self.rows(), stated) && !same(column.sum, stated) {
            true => self.rows(),
            false => column.sum,
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a sheet has far fewer than 2^52 rows"
    )]
    fn rows(&self) -> f64 {
        self.rows as f64
    }
}

/// Most cells are text; only those that begin like a figure are read as one.
fn may_be_figure(cell: &Cell) -> bool {
    match cell {
        Cell::Number(_) | Cell::Serial(_) => true,
        Cell::Text(text) => {
            let begins =
                |c: char| c.is_ascii_digit() || "-'’＇－".contains(c) || ('０'..='９').contains(&c);
            text.len() <= 60 && text.trim_start().starts_with(begins)
        }
        Cell::Blank | Cell::Truth(_) | Cell::Fault(_) => false,
    }
}

fn number(cell: &Cell) -> Option<f64> {
    parse_decimal(cell)
        .ok()
        .flatten()
        .map(|found| found.as_f64())
}

/// The number of rows in `合计：305件` or `305件`.
fn counted(cell: &Cell) -> Option<f64> {
    let text = squeezed(&folded(&plain_text(cell)));
    let digits = text.trim_matches(|c: char| !c.is_ascii_digit());
    let marked = LABELS.iter().any(|label| text.starts_with(label));
    let with_word = text.ends_with(['件', '条', '个', '行']);
    match marked || with_word {
        true => number(&Cell::Text(digits.to_owned())),
        false => None,
    }
}

fn is_summed(label: &str) -> bool {
    const NOT_SUMMED: [&str; 15] = [
        "率",
        "平均",
        "得分",
        "排名",
        "名次",
        "时间",
        "日期",
        "编号",
        "编码",
        "代码",
        "电话",
        "等级",
        "评价次数",
        "渠道",
        "满意度",
    ];
    !NOT_SUMMED.iter().any(|word| label.contains(word))
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * b.abs().max(1.0)
}

fn shown(value: f64) -> String {
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
