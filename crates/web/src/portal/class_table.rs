//! The table that is also a chart: bands first, then units without a place, then those with too few answers.

use super::notes;
use crate::{
    Svg,
    chart::{RankInterval, RankScale, ScoreInterval, ScoreScale},
    icon::band_mark,
    wording,
};
use analytics::{Band, RankingRow, Status};
use publication::{ClassTable, PlaceChange, TableRow};

/// What the drawing of each row shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// Rank intervals.
    #[default]
    Rank,
    /// Scores with their intervals.
    Score,
}

impl View {
    /// From the address: `score`, anything else is the rank view.
    #[must_use]
    pub fn from_code(code: Option<&str>) -> Self {
        match code {
            Some("score") => Self::Score,
            _ => Self::Rank,
        }
    }

    /// The value in the address.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Rank => "rank",
            Self::Score => "score",
        }
    }
}

/// One class, ready to print.
#[derive(Clone, Debug)]
pub struct ClassTableView {
    /// Heading of the figure.
    pub heading: &'static str,
    /// How to read it, in one sentence.
    pub sentence: String,
    /// Caption for those who hear the page.
    pub caption: String,
    /// Name of the drawn column.
    pub column: &'static str,
    /// Head of the drawn column.
    pub axis: Svg,
    /// Groups of rows; empty groups are left out.
    pub groups: Vec<TableGroup>,
    /// Remark and the units it belongs to.
    pub notes: Vec<(String, String)>,
    /// Method and source under the figure.
    pub source: String,
}

/// Rows that are said in one breath.
#[derive(Clone, Debug)]
pub struct TableGroup {
    /// Style class.
    pub class: &'static str,
    /// Shape that repeats the colour.
    pub mark: Svg,
    /// What the rows have in common.
    pub heading: String,
    /// Why.
    pub note: String,
    /// The rows.
    pub rows: Vec<TableLine>,
}

/// One unit.
#[derive(Clone, Debug)]
pub struct TableLine {
    /// Place, or empty.
    pub place: String,
    /// Name.
    pub name: String,
    /// Address of its page.
    pub href: String,
    /// Whether a remark stands under the table.
    pub noted: bool,
    /// The drawing; none for units without an interval.
    pub drawing: Option<Svg>,
    /// The drawing in words, or why there is none.
    pub words: String,
    /// Score; in brackets or empty where it must be.
    pub score: String,
    /// Half width of the interval.
    pub margin: String,
    /// Change of place as a sign and in words.
    pub change: (String, String),
}

struct Drawer<'a> {
    round: Option<&'a str>,
    view: View,
    ranks: RankScale,
    scores: ScoreScale,
    hidden_below: u32,
}

/// Builds the table of one class; units lead to their pages where the round has such.
#[must_use]
pub fn class_table(
    round: Option<&str>,
    round_title: &str,
    table: &ClassTable,
    view: View,
    hidden_below: u32,
) -> ClassTableView {
    let ranked = table
        .rows
        .iter()
        .filter(|row| row.row.status == Status::Ranked)
        .count();
    let intervals: Vec<_> = table
        .rows
        .iter()
        .filter_map(|row| score_interval(&row.row))
        .collect();
    let drawer = Drawer {
        round,
        view,
        ranks: RankScale {
            count: u32::try_from(ranked).unwrap_or(u32::MAX).max(1),
        },
        scores: ScoreScale::around(&intervals, table.mean),
        hidden_below,
    };
    let (heading, sentence, column, axis) = drawer.texts();
    ClassTableView {
        heading,
        sentence,
        caption: format!(
            "{round_title}“{}”{} 个单位的位次区间、得分和与上季度相比的位次变化",
            table.name,
            table.rows.len()
        ),
        column,
        axis,
        groups: drawer.groups(table),
        notes: notes_of(table),
        source: source(hidden_below),
    }
}

impl Drawer<'_> {
    fn texts(&self) -> (&'static str, String, &'static str, Svg) {
        match self.view {
            View::Rank => (
                "各部门的位次区间",
                "横条是位次可能的范围，圆点是按得分排出的位次。横条重叠多的部门，不宜分先后。"
                    .to_owned(),
                "位次区间",
                self.ranks.axis(),
            ),
            View::Score => {
                let (low, high) = self.scores.ends();
                (
                    "各部门的得分",
                    format!(
                        "圆点是得分，横条是误差范围，红虚线是同类平均。横轴从 {low} 分画到 {high} 分，不从零开始。"
                    ),
                    "得分和误差范围",
                    self.scores.axis(),
                )
            }
        }
    }

    fn groups(&self, table: &ClassTable) -> Vec<TableGroup> {
        let mean = table.mean.map_or_else(
            || "同类平均".to_owned(),
            |mean| format!("同类平均 {} 分", wording::decimal(mean, 2)),
        );
        let ranked =
            |band| move |row: &RankingRow| row.status == Status::Ranked && row.band == Some(band);
        [
            self.group(
                table,
                "hi",
                "明显高于平均",
                &format!("高出{mean}，差别不像偶然"),
                &ranked(Band::Above),
            ),
            self.group(
                table,
                "mid",
                "和平均差不多",
                &format!("与{mean}相比，分不出高低"),
                &ranked(Band::Same),
            ),
            self.group(
                table,
                "lo",
                "明显低于平均",
                &format!("低于{mean}，差别不像偶然"),
                &ranked(Band::Below),
            ),
            self.group(
                table,
                "mid",
                "有得分，不排名",
                "样本还不够排名次",
                &|row| row.status == Status::Shown,
            ),
            self.group(
                table,
                "non",
                "样本偏少，得分加括号",
                "仅供参考，不比较",
                &|row| row.status == Status::Bracketed,
            ),
            self.group(
                table,
                "non",
                "样本不足，不排名",
                "不显示得分",
                &|row| row.status == Status::Hidden,
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn group(
        &self,
        table: &ClassTable,
        class: &'static str,
        heading: &str,
        note: &str,
        belongs: &dyn Fn(&RankingRow) -> bool,
    ) -> Option<TableGroup> {
        let rows: Vec<_> = table
            .rows
            .iter()
            .filter(|row| belongs(&row.row))
            .map(|row| self.line(table, row))
            .collect();
        (!rows.is_empty()).then(|| TableGroup {
            class,
            mark: band_mark(class),
            heading: format!("{heading}，{} 个部门", rows.len()),
            note: note.to_owned(),
            rows,
        })
    }

    fn line(&self, table: &ClassTable, line: &TableRow) -> TableLine {
        let row = &line.row;
        let (drawing, words) = self.drawing(row);
        TableLine {
            place: row
                .place
                .map_or_else(String::new, |place| place.to_string()),
            name: line.unit_name.clone(),
            href: self
                .round
                .map_or_else(String::new, |round| format!("/r/{round}/d/{}", row.unit)),
            noted: is_noted(table, row),
            drawing,
            words,
            score: score_text(row),
            margin: margin_text(row),
            change: change_text(line.change),
        }
    }

    fn drawing(&self, row: &RankingRow) -> (Option<Svg>, String) {
        if row.status == Status::Hidden {
            let few = format!(
                "样本不足，不显示（有效评价少于 {} 份或不评分）",
                self.hidden_below
            );
            return (None, few);
        }
        match self.view {
            View::Rank => match rank_interval(row) {
                Some(interval) => (
                    Some(self.ranks.row(interval)),
                    format!("第 {} 到 {} 名", interval.low, interval.high),
                ),
                None => (None, "样本偏少，不排名".to_owned()),
            },
            View::Score => match score_interval(row) {
                Some(interval) => (
                    Some(self.scores.row(interval)),
                    format!(
                        "{} 到 {} 分",
                        wording::decimal(interval.low, 2),
                        wording::decimal(interval.high, 2)
                    ),
                ),
                None => (None, "样本偏少，误差太大，不画".to_owned()),
            },
        }
    }
}

/// The rank interval of a ranked unit.
pub(super) fn rank_interval(row: &RankingRow) -> Option<RankInterval> {
    Some(RankInterval {
        low: row.rank_low?,
        high: row.rank_high?,
        place: row.place?,
    })
}

fn score_interval(row: &RankingRow) -> Option<ScoreInterval> {
    Some(ScoreInterval {
        low: row.ci_low?,
        high: row.ci_high?,
        score: row.score?,
    })
}

/// The score as it may be printed: in brackets, or 样本不足 as nothing at all.
pub(super) fn score_text(row: &RankingRow) -> String {
    match (row.status, row.score) {
        (Status::Hidden, _) | (_, None) => String::new(),
        (Status::Bracketed, Some(score)) => format!("（{}）", wording::decimal(score, 2)),
        (Status::Ranked | Status::Shown, Some(score)) => wording::decimal(score, 2),
    }
}

/// Half the width of the interval, as it is read beside the score.
pub(super) fn margin_text(row: &RankingRow) -> String {
    match (row.ci_low, row.ci_high) {
        (Some(low), Some(high)) => format!("±{}", wording::decimal((high - low) / 2.0, 1)),
        _ => String::new(),
    }
}

fn change_text(change: PlaceChange) -> (String, String) {
    match change {
        PlaceChange::NotComparable => ("—".to_owned(), "不可比".to_owned()),
        PlaceChange::Unchanged => ("持平".to_owned(), "不变".to_owned()),
        PlaceChange::Up(places) => (format!("↑ {places}"), format!("升 {places} 名")),
        PlaceChange::Down(places) => (format!("↓ {places}"), format!("降 {places} 名")),
    }
}

/// Each remark once, with the units it belongs to; what holds for all units of the class is said of all.
fn notes_of(table: &ClassTable) -> Vec<(String, String)> {
    let shown: Vec<_> = table
        .rows
        .iter()
        .filter(|row| row.row.status != Status::Hidden)
        .collect();
    let mut remarks: Vec<(String, Vec<&str>)> = Vec::new();
    for row in &shown {
        for words in notes::in_words(&row.row.flags) {
            match remarks.iter_mut().find(|(known, _)| *known == words) {
                Some((_, units)) => units.push(&row.unit_name),
                None => remarks.push((words, vec![&row.unit_name])),
            }
        }
    }
    remarks
        .into_iter()
        .map(|(words, units)| match units.len() {
            all if all == shown.len() && all > 1 => (words, "本类全部单位。".to_owned()),
            _ => (words, format!("{}。", units.join("、"))),
        })
        .collect()
}

/// Whether the row has a remark that not every row of the class has.
fn is_noted(table: &ClassTable, row: &RankingRow) -> bool {
    let shown = || {
        table
            .rows
            .iter()
            .filter(|other| other.row.status != Status::Hidden)
    };
    row.status != Status::Hidden
        && row.flags.iter().any(|flag| {
            shown().count() == 1 || !shown().all(|other| other.row.flags.contains(flag))
        })
}

fn source(hidden_below: u32) -> String {
    format!(
        "区间为 95% 水平。得分满分 100，按抽样设计加权；有效评价少于 {hidden_below} 份的部门不显示得分，样本还不够的不排名。相同得分名次并列，排名不分先后。"
    )
}
