//! Answers of PSUs as small records: collected in any order and any cut, then summed exactly.

use crate::codes::{Codes, Pairs};
use analytics::{Moments, PooledCell, PsuTotal};
use std::collections::BTreeSet;
use vocabulary::{ItemId, Level, RaterGroup, StratumId, UnitId, Weight};

/// Where a record lies: unit, layer, stratum.
pub(crate) type Place = (UnitId, RaterGroup, StratumId);

/// Answers of PSUs, label by label; T1 of the methodology before it is grouped.
///
/// A record takes 32 bytes, whatever its labels.
#[derive(Debug, Default)]
pub struct Tally {
    units: Codes,
    items: Codes,
    strata: Codes,
    /// Unit and layer.
    layers: Pairs,
    /// Unit and layer, and stratum.
    places: Pairs,
    records: Vec<Record>,
    weight: u64,
}

#[derive(Clone, Copy, Debug)]
struct Record {
    psu: u64,
    weight: u64,
    place: u32,
    item: u32,
    answers: u32,
    kind: Kind,
}

/// What the answers of a record are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Of the level at this place, best first.
    Valid(u8),
    DontKnow,
    /// Of no positive weight.
    LeftOut,
    /// Nothing that counts, but the cell is known.
    Silent,
}

/// The weights together are more than 1.8·10¹³ people, or a count is more than 4·10⁹.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMuch;

impl Tally {
    /// The number of a place.
    pub(crate) fn place(&mut self, unit: &str, group: RaterGroup, stratum: &str) -> u32 {
        let layer = self
            .layers
            .number(self.units.text(unit.as_bytes()), group as u32);
        self.places
            .number(layer, self.strata.text(stratum.as_bytes()))
    }

    /// The number of an item.
    pub(crate) fn item(&mut self, item: &str) -> u32 {
        self.items.text(item.as_bytes())
    }

    /// Adds one answer.
    pub(crate) fn add_answer(
        &mut self,
        (place, psu, item): (u32, u64, u32),
        level: Level,
        weight: Weight,
    ) -> Result<(), TooMuch> {
        let mut total = PsuTotal::default();
        total.add(level, weight);
        self.add_total((place, psu, item), &total)
    }

    /// Adds a row of T1; the same cell may come again with other answers.
    pub(crate) fn add_total(
        &mut self,
        (place, psu, item): (u32, u64, u32),
        total: &PsuTotal,
    ) -> Result<(), TooMuch> {
        let record = |kind, answers: u64, weight| {
            let answers = u32::try_from(answers).map_err(|_| TooMuch)?;
            Ok(Record {
                psu,
                weight,
                place,
                item,
                answers,
                kind,
            })
        };
        let before = self.records.len();
        for (level, (answers, weight)) in (0..).zip(total.answers.iter().zip(total.weight)) {
            if (*answers, weight) != (0, 0) {
                self.records
                    .push(record(Kind::Valid(level), *answers, weight)?);
            }
        }
        if (total.dont_know, total.weight_dont_know) != (0, 0) {
            self.records.push(record(
                Kind::DontKnow,
                total.dont_know,
                total.weight_dont_know,
            )?);
        }
        if total.left_out > 0 {
            self.records.push(record(Kind::LeftOut, total.left_out, 0)?);
        }
        if self.records.len() == before {
            self.records.push(record(Kind::Silent, 0, 0)?);
        }
        for record in &self.records[before..] {
            self.weight = self.weight.checked_add(record.weight).ok_or(TooMuch)?;
        }
        Ok(())
    }

    /// Adds what another tally holds.
    pub(crate) fn absorb(&mut self, other: &Self) -> Result<(), TooMuch> {
        let places: Vec<u32> = other
            .place_labels()
            .map(|(unit, group, stratum)| self.place(unit.as_str(), group, stratum.as_str()))
            .collect();
        let items: Vec<u32> = other
            .item_labels()
            .map(|item| self.item(item.as_str()))
            .collect();
        self.weight = self.weight.checked_add(other.weight).ok_or(TooMuch)?;
        self.records
            .extend(other.records.iter().map(|record| Record {
                place: places[record.place as usize],
                item: items[record.item as usize],
                ..*record
            }));
        Ok(())
    }

    /// The sums a round is scored from.
    ///
    /// The same answers give the same sums, however they were cut and ordered.
    #[must_use]
    pub fn into_moments(self) -> Moments {
        let mut moments = Moments::default();
        self.for_each_psu(|cell, _, totals| moments.add_psu(&cell, totals));
        moments
    }

    /// Rows of T1, sorted by unit, layer, stratum, PSU, item.
    pub(crate) fn into_rows(self) -> Result<Vec<(PooledCell, u64, ItemId, PsuTotal)>, TooMuch> {
        let mut sorted = Self::default();
        for (unit, group, stratum) in self.place_labels().collect::<BTreeSet<Place>>() {
            sorted.place(unit.as_str(), group, stratum.as_str());
        }
        for item in self.item_labels().collect::<BTreeSet<_>>() {
            sorted.item(item.as_str());
        }
        sorted.absorb(&self)?;
        drop(self);
        let mut rows = Vec::new();
        sorted.for_each_psu(|cell, psu, totals| {
            rows.extend(
                totals
                    .into_iter()
                    .map(|(item, total)| (cell.clone(), psu, item, total)),
            );
        });
        Ok(rows)
    }

    /// Calls once per place and PSU, in the order of their numbers.
    fn for_each_psu(mut self, mut call: impl FnMut(PooledCell, u64, Vec<(ItemId, PsuTotal)>)) {
        let places: Vec<Place> = self.place_labels().collect();
        let items: Vec<ItemId> = self.item_labels().collect();
        self.records
            .sort_unstable_by_key(|record| (record.place, record.psu, record.item));
        for psu in self
            .records
            .chunk_by(|a, b| (a.place, a.psu) == (b.place, b.psu))
        {
            let (unit, group, stratum) = places[psu[0].place as usize].clone();
            let totals = psu.chunk_by(|a, b| a.item == b.item);
            let totals =
                totals.map(|records| (items[records[0].item as usize].clone(), total(records)));
            call(
                PooledCell {
                    unit,
                    group,
                    stratum,
                },
                psu[0].psu,
                totals.collect(),
            );
        }
    }

    fn place_labels(&self) -> impl Iterator<Item = Place> {
        self.places.list().iter().map(|(layer, stratum)| {
            let (unit, group) = self.layers.list()[*layer as usize];
            let group = RaterGroup::ALL[group as usize];
            (
                UnitId::new(self.units.labels()[unit as usize].to_string()),
                group,
                StratumId::new(self.strata.labels()[*stratum as usize].to_string()),
            )
        })
    }

    fn item_labels(&self) -> impl Iterator<Item = ItemId> {
        self.items
            .labels()
            .iter()
            .map(|label| ItemId::new(label.to_string()))
    }
}

fn total(records: &[Record]) -> PsuTotal {
    let mut total = PsuTotal::default();
    for record in records {
        let answers = u64::from(record.answers);
        match record.kind {
            Kind::Valid(level) => {
                total.answers[usize::from(level)] += answers;
                total.weight[usize::from(level)] += record.weight;
            }
            Kind::DontKnow => {
                total.dont_know += answers;
                total.weight_dont_know += record.weight;
            }
            Kind::LeftOut => total.left_out += answers,
            Kind::Silent => {}
        }
    }
    total
}

#[cfg(test)]
mod tests;
