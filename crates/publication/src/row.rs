//! One row of a ranking as typed cells; every table is made from these and from nothing else.

use analytics::{Band, Flag, RankingRow, Status};
use vocabulary::rounded_text;

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    /// Nothing.
    Empty,
    /// Text.
    Text(String),
    /// A whole number.
    Count(u64),
    /// A number published with two decimals.
    Decimal(f64),
}

impl Cell {
    /// The published text; not yet safe for a spreadsheet program.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Count(number) => number.to_string(),
            Self::Decimal(number) => rounded_text(*number, 2),
        }
    }
}

/// Stable column names, in the order of [`cells`].
pub(crate) const COLUMNS: [&str; 13] = [
    "unit",
    "class",
    "n",
    "score",
    "ci_low",
    "ci_high",
    "band",
    "rank_low",
    "rank_high",
    "place",
    "status",
    "weight_covered",
    "flags",
];

/// The cells of a row under [`COLUMNS`], with codes instead of Chinese labels.
pub(crate) fn cells(row: &RankingRow) -> [Cell; 13] {
    let decimal = |number: Option<f64>| number.map_or(Cell::Empty, Cell::Decimal);
    let rank = |rank: Option<u32>| rank.map_or(Cell::Empty, |rank| Cell::Count(rank.into()));
    [
        Cell::Text(row.unit.to_string()),
        Cell::Text(row.class.to_string()),
        row.n.map_or(Cell::Empty, Cell::Count),
        decimal(row.score),
        decimal(row.ci_low),
        decimal(row.ci_high),
        row.band
            .map_or(Cell::Empty, |band| Cell::Text(band_code(band).to_owned())),
        rank(row.rank_low),
        rank(row.rank_high),
        rank(row.place),
        Cell::Text(row.status.code().to_owned()),
        Cell::Decimal(row.weight_covered),
        Cell::Text(flag_codes(&row.flags)),
    ]
}

/// Flag codes separated by spaces.
fn flag_codes(flags: &[Flag]) -> String {
    let codes: Vec<String> = flags.iter().map(Flag::to_string).collect();
    codes.join(" ")
}

/// Flag texts separated by a full-width semicolon.
pub(crate) fn flag_labels(flags: &[Flag]) -> String {
    let labels: Vec<String> = flags.iter().map(Flag::label).collect();
    labels.join("；")
}

const fn band_code(band: Band) -> &'static str {
    match band {
        Band::Above => "above",
        Band::Same => "same",
        Band::Below => "below",
    }
}

/// The text of the column 档次.
#[must_use]
pub const fn band_label(band: Band) -> &'static str {
    match band {
        Band::Above => "明显好于平均",
        Band::Same => "与平均相当",
        Band::Below => "明显低于平均",
    }
}

/// The text of the column 状态.
#[must_use]
pub const fn status_label(status: Status) -> &'static str {
    match status {
        Status::Ranked => "参加排名",
        Status::Shown => "只公布得分和档次",
        Status::Bracketed => "样本偏少，得分仅供参考",
        Status::Hidden => "样本不足，不予公布",
    }
}
