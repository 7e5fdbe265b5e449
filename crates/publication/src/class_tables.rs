//! From a ranking to the tables of a bulletin.

use crate::{ClassTable, PlaceChange, TableRow, headline};
use analytics::{Band, Ranking, RankingRow};
use std::collections::BTreeMap;
use survey_design::{Unit, UnitClass};
use vocabulary::{ClassId, UnitId, round_half_away};

/// One table per class in the order of the ranking, with names and with the change against the round before.
///
/// Places are compared only for units that were ranked both times in the same class; means only where both exist.
/// A unit or class without a name shows its code.
#[must_use]
pub fn class_tables(
    ranking: &Ranking,
    before: Option<&Ranking>,
    classes: &[UnitClass],
    units: &[Unit],
) -> Vec<ClassTable> {
    let names: BTreeMap<&UnitId, &str> = units
        .iter()
        .map(|u| (&u.id, u.short_name.as_str()))
        .collect();
    let table = |class: &ClassId, mean: Option<f64>| ClassTable {
        id: class.clone(),
        name: classes
            .iter()
            .find(|known| known.id == *class)
            .map_or_else(|| class.to_string(), |known| known.name.clone()),
        mean,
        mean_change: change_of_mean(mean, before, class),
        rows: ranking
            .rows
            .iter()
            .filter(|row| row.class == *class)
            .map(|row| TableRow {
                unit_name: names
                    .get(&row.unit)
                    .map_or_else(|| row.unit.to_string(), |name| (*name).to_owned()),
                change: PlaceChange::between(place_before(row, before), row.place),
                row: row.clone(),
            })
            .collect(),
    };
    ranking
        .class_means
        .iter()
        .map(|mean| table(&mean.class, mean.mean))
        .collect()
}

/// The headline of a ranking: how many units of all classes are clearly above and below the mean of their class.
#[must_use]
pub fn headline_of(rows: &[RankingRow]) -> String {
    let count = |band| {
        rows.iter()
            .map(|row| u32::from(row.band == Some(band)))
            .sum()
    };
    headline(count(Band::Above), count(Band::Below))
}

/// A part per hundred of a whole, two decimals; `None` when the whole is zero.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of people and ratings stay far below 2^53"
)]
pub fn percentage(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| round_half_away(100.0 * part as f64 / whole as f64, 2))
}

fn place_before(row: &RankingRow, before: Option<&Ranking>) -> Option<u32> {
    let mut rows = before?.rows.iter();
    rows.find(|old| old.unit == row.unit && old.class == row.class)?
        .place
}

fn change_of_mean(now: Option<f64>, before: Option<&Ranking>, class: &ClassId) -> Option<f64> {
    let mut means = before?.class_means.iter();
    let old = means.find(|old| old.class == *class)?.mean?;
    Some(round_half_away(now? - old, 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use analytics::ClassMean;

    fn ranking(mean: f64) -> Ranking {
        Ranking {
            round: "2026Q3".into(),
            rules_digest: String::new(),
            rows: sample::rows(),
            class_means: vec![ClassMean {
                class: "service".into(),
                units: 2,
                mean: Some(mean),
            }],
        }
    }

    #[test]
    fn a_table_compares_with_the_round_before() {
        let mut before = ranking(90.93);
        before.rows[0].place = Some(3);
        before.rows[1].status = analytics::Status::Shown;
        before.rows[1].place = None;
        let classes = [UnitClass {
            id: "service".into(),
            name: "服务管理类".to_owned(),
        }];

        let tables = class_tables(&ranking(90.53), Some(&before), &classes, &[]);

        assert_eq!(tables.len(), 1);
        assert_eq!(tables[0].name, "服务管理类");
        assert_eq!(tables[0].mean_change, Some(-0.4));
        assert_eq!(tables[0].rows[0].change, PlaceChange::Up(2));
        assert_eq!(tables[0].rows[1].change, PlaceChange::NotComparable);
        assert_eq!(tables[0].rows[1].unit_name, "D01");
    }

    #[test]
    fn a_first_round_has_nothing_to_compare() {
        let tables = class_tables(&ranking(90.53), None, &[], &[]);

        assert_eq!(tables[0].mean_change, None);
        assert!(
            tables[0]
                .rows
                .iter()
                .all(|row| row.change == PlaceChange::NotComparable)
        );
    }

    #[test]
    fn the_headline_counts_the_bands_of_the_table() {
        assert_eq!(
            headline_of(&sample::rows()),
            "一个部门明显好于平均，没有部门明显低于平均"
        );
    }

    #[test]
    fn a_share_of_nobody_is_unknown_not_zero() {
        assert_eq!(percentage(2, 3), Some(66.67));
        assert_eq!(percentage(0, 0), None);
    }
}
