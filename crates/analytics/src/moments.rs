//! The sums of a round: everything a survey score needs, small, exact and mergeable.

use crate::{LevelSums, PsuTotal, RatingRow};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};
use vocabulary::{Channel, ItemId, RaterGroup, StratumId, UnitId};

/// Names a cell of one item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ItemCell {
    /// The unit.
    pub unit: UnitId,
    /// The item.
    pub item: ItemId,
    /// The layer.
    pub group: RaterGroup,
    /// The stratum.
    pub stratum: StratumId,
}

/// Names a cell over all items, in which the answers of one PSU are one total.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PooledCell {
    /// The unit.
    pub unit: UnitId,
    /// The layer.
    pub group: RaterGroup,
    /// The stratum.
    pub stratum: StratumId,
}

/// Sums of the survey ratings of a round.
///
/// Kept twice: per item, and pooled over items, because answers of one ballot hang together and the variance of
/// their mean needs the ballot's total. Independent of the ruler and of the order of rows. Shards merge by
/// addition as long as no PSU is split between them (a PSU's total must be complete before it is squared).
///
/// Source: methodology C1, C2 and C4.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Record", try_from = "Record")]
pub struct Moments {
    by_item: BTreeMap<ItemCell, LevelSums>,
    pooled: BTreeMap<PooledCell, LevelSums>,
    left_out: u64,
}

impl Moments {
    /// Sums the survey rows; rows of other channels are passed over, rows without positive weight are counted in
    /// [`left_out`](Self::left_out).
    ///
    /// # Panics
    /// When the weights of a cell sum to more than 1.8·10¹³ people.
    #[must_use]
    pub fn from_rows<'a>(rows: impl IntoIterator<Item = &'a RatingRow>) -> Self {
        let mut rows: Vec<_> = rows
            .into_iter()
            .filter(|row| row.channel == Channel::Survey)
            .collect();
        rows.sort_unstable_by_key(|row| (&row.unit, row.group, &row.stratum, row.psu, &row.item));
        let mut moments = Self::default();
        for psu in rows.chunk_by(|a, b| {
            (&a.unit, a.group, &a.stratum, a.psu) == (&b.unit, b.group, &b.stratum, b.psu)
        }) {
            let cell = PooledCell {
                unit: psu[0].unit.clone(),
                group: psu[0].group,
                stratum: psu[0].stratum.clone(),
            };
            let items = psu.chunk_by(|a, b| a.item == b.item);
            moments.add_psu(&cell, items.map(|rows| (rows[0].item.clone(), total(rows))));
        }
        moments
    }

    /// Adds everything one PSU said about one unit: each item once, with its complete total.
    pub fn add_psu(
        &mut self,
        cell: &PooledCell,
        items: impl IntoIterator<Item = (ItemId, PsuTotal)>,
    ) {
        let mut whole = PsuTotal::default();
        for (item, total) in items {
            whole.merge(&total);
            let sums = self.by_item.entry(cell.of_item(item)).or_default();
            sums.add_psu(&total);
        }
        self.left_out += whole.left_out;
        self.pooled.entry(cell.clone()).or_default().add_psu(&whole);
    }

    /// Adds the sums of other PSUs.
    pub fn merge(&mut self, other: &Self) {
        for (cell, sums) in &other.by_item {
            self.by_item.entry(cell.clone()).or_default().merge(sums);
        }
        for (cell, sums) in &other.pooled {
            self.pooled.entry(cell.clone()).or_default().merge(sums);
        }
        self.left_out += other.left_out;
    }

    /// Rows whose weight was zero or less; they entered no sum. Import refuses negative weights, so that anything
    /// here deserves a look.
    #[must_use]
    pub const fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Cells per item, sorted by unit, item, group, stratum.
    pub fn item_cells(&self) -> impl Iterator<Item = (&ItemCell, &LevelSums)> {
        self.by_item.iter()
    }

    /// Strata of one unit and group, all items together, sorted by stratum.
    pub fn group_cells(
        &self,
        unit: &UnitId,
        group: RaterGroup,
    ) -> impl Iterator<Item = (&StratumId, &LevelSums)> {
        let first = PooledCell {
            unit: unit.clone(),
            group,
            stratum: StratumId::new(""),
        };
        self.pooled
            .range(first..)
            .take_while(move |(cell, _)| cell.unit == *unit && cell.group == group)
            .map(|(cell, sums)| (&cell.stratum, sums))
    }

    /// Valid ratings a group gave a unit: valid answers to the item most people answered.
    ///
    /// A rating is one rater on one unit, however many items the questionnaire has.
    #[must_use]
    pub fn valid_ratings(&self, unit: &UnitId, group: RaterGroup) -> u64 {
        let mut by_item: BTreeMap<&ItemId, u64> = BTreeMap::new();
        for (cell, sums) in self.by_item.range(ItemCell::first_of(unit)..) {
            if cell.unit != *unit {
                break;
            }
            if cell.group == group {
                *by_item.entry(&cell.item).or_default() += sums.valid();
            }
        }
        by_item.into_values().max().unwrap_or(0)
    }
}

impl PooledCell {
    fn of_item(&self, item: ItemId) -> ItemCell {
        ItemCell {
            unit: self.unit.clone(),
            item,
            group: self.group,
            stratum: self.stratum.clone(),
        }
    }
}

impl ItemCell {
    fn first_of(unit: &UnitId) -> Self {
        Self {
            unit: unit.clone(),
            item: ItemId::new(""),
            group: RaterGroup::ALL[0],
            stratum: StratumId::new(""),
        }
    }
}

fn total(rows: &[&RatingRow]) -> PsuTotal {
    let mut total = PsuTotal::default();
    for row in rows {
        total.add(row.level, row.weight);
    }
    total
}

/// The written form: lists in the order of the cells.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    items: Vec<(ItemCell, LevelSums)>,
    pooled: Vec<(PooledCell, LevelSums)>,
    left_out: u64,
}

impl From<Moments> for Record {
    fn from(moments: Moments) -> Self {
        Self {
            items: moments.by_item.into_iter().collect(),
            pooled: moments.pooled.into_iter().collect(),
            left_out: moments.left_out,
        }
    }
}

impl TryFrom<Record> for Moments {
    type Error = RepeatedCell;

    fn try_from(record: Record) -> Result<Self, RepeatedCell> {
        let cells = (record.items.len(), record.pooled.len());
        let moments = Self {
            by_item: record.items.into_iter().collect(),
            pooled: record.pooled.into_iter().collect(),
            left_out: record.left_out,
        };
        if (moments.by_item.len(), moments.pooled.len()) == cells {
            Ok(moments)
        } else {
            Err(RepeatedCell)
        }
    }
}

/// A cell is listed twice, so that the sums are not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RepeatedCell;

impl fmt::Display for RepeatedCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AN-101: a cell of the moments is listed twice")
    }
}

impl std::error::Error for RepeatedCell {}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::{Level, Weight};

    fn row(item: &str, psu: u64, level: Level) -> RatingRow {
        RatingRow {
            unit: "D01".into(),
            item: item.into(),
            channel: Channel::Survey,
            group: RaterGroup::Citizens,
            stratum: "urban".into(),
            psu,
            weight: Weight::whole(1),
            level,
        }
    }

    #[test]
    fn answers_of_one_ballot_to_several_items_are_one_total_before_it_is_squared() {
        let rows = [
            row("Q1", 1, Level::VerySatisfied),
            row("Q2", 1, Level::VerySatisfied),
            row("Q1", 2, Level::VerySatisfied),
        ];

        let moments = Moments::from_rows(&rows);

        let squares: Vec<_> = moments
            .group_cells(&"D01".into(), RaterGroup::Citizens)
            .map(|(_, sums)| (sums.psus, sums.products[0] / 1_000_000_000_000))
            .collect();
        assert_eq!(squares, [(2, 2 * 2 + 1)]);
        assert_eq!(
            moments.valid_ratings(&"D01".into(), RaterGroup::Citizens),
            2
        );
    }

    #[test]
    fn a_cell_listed_twice_is_refused() {
        let moments = Moments::from_rows(&[row("Q1", 1, Level::Fair)]);
        let mut json = serde_json::to_value(&moments).unwrap();
        assert_eq!(
            serde_json::from_value::<Moments>(json.clone()).unwrap(),
            moments
        );

        let cells = json["items"].as_array_mut().unwrap();
        cells.push(cells[0].clone());

        let error = serde_json::from_value::<Moments>(json).unwrap_err();
        assert!(error.to_string().contains("AN-101"));
    }
}
