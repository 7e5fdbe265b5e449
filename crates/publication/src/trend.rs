//! Places and scores over the last rounds.

use serde::{Deserialize, Serialize};
use vocabulary::{ClassId, RoundId, UnitId};

/// Most rounds a trend shows.
pub const TREND_ROUNDS: usize = 5;

/// The last rounds, oldest first, and each unit's points in them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trend {
    /// The rounds, oldest first, at most [`TREND_ROUNDS`].
    pub rounds: Vec<TrendRound>,
    /// One line per unit, in the order of its first appearance.
    pub units: Vec<UnitTrend>,
}

/// One round of a trend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrendRound {
    /// The round.
    pub id: RoundId,
    /// Its title.
    pub title: String,
}

/// The line of one unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitTrend {
    /// The unit.
    pub unit: UnitId,
    /// Its class.
    pub class: ClassId,
    /// One entry per round of the trend; none where the unit was not in the round.
    pub points: Vec<Option<TrendPoint>>,
}

/// A unit in one round, as it was published then.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrendPoint {
    /// Place in the class; none when it was not ranked.
    pub place: Option<u32>,
    /// Published score; none when it was hidden.
    pub score: Option<f64>,
}

/// The published points of a round, for [`trend`].
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedRound {
    /// The round.
    pub round: TrendRound,
    /// Unit, class and point, in the order published.
    pub points: Vec<(UnitId, ClassId, TrendPoint)>,
}

/// The trend over the last [`TREND_ROUNDS`] of the rounds given, oldest first.
#[must_use]
pub fn trend(rounds: &[PublishedRound]) -> Trend {
    let kept = &rounds[rounds.len().saturating_sub(TREND_ROUNDS)..];
    let mut units: Vec<UnitTrend> = Vec::new();
    for (index, round) in kept.iter().enumerate() {
        for (unit, class, point) in &round.points {
            let line = line_of(&mut units, unit, class, kept.len());
            line.class = class.clone();
            line.points[index] = Some(*point);
        }
    }
    Trend {
        rounds: kept.iter().map(|round| round.round.clone()).collect(),
        units,
    }
}

fn line_of<'a>(
    units: &'a mut Vec<UnitTrend>,
    unit: &UnitId,
    class: &ClassId,
    rounds: usize,
) -> &'a mut UnitTrend {
    let index = units
        .iter()
        .position(|line| line.unit == *unit)
        .unwrap_or_else(|| {
            units.push(UnitTrend {
                unit: unit.clone(),
                class: class.clone(),
                points: vec![None; rounds],
            });
            units.len() - 1
        });
    &mut units[index]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(id: &str, places: &[(&str, u32)]) -> PublishedRound {
        let points = places
            .iter()
            .map(|(unit, place)| {
                let point = TrendPoint {
                    place: Some(*place),
                    score: Some(90.0),
                };
                ((*unit).into(), "service".into(), point)
            })
            .collect();
        PublishedRound {
            round: TrendRound {
                id: id.into(),
                title: id.to_owned(),
            },
            points,
        }
    }

    #[test]
    fn a_trend_keeps_the_last_five_rounds() {
        let rounds: Vec<_> = ["2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1", "2026Q2"]
            .iter()
            .map(|id| round(id, &[("D01", 1)]))
            .collect();

        let trend = trend(&rounds);

        assert_eq!(trend.rounds.len(), TREND_ROUNDS);
        assert_eq!(trend.rounds[0].id.as_str(), "2025Q2");
        assert!(trend.units[0].points.iter().all(Option::is_some));
    }

    #[test]
    fn a_unit_that_joined_later_has_gaps_before() {
        let trend = trend(&[
            round("2026Q2", &[("D01", 1)]),
            round("2026Q3", &[("D02", 1), ("D01", 2)]),
        ]);

        let late = trend
            .units
            .iter()
            .find(|line| line.unit.as_str() == "D02")
            .unwrap();

        assert_eq!(late.points[0], None);
        assert_eq!(late.points[1].unwrap().place, Some(1));
    }
}
