//! Whether doubtful ratings decide anything: every unit with and without them.

use crate::{Band, competition_places};

/// Where a unit stands in one of the two calculations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// Its score; none when it has none.
    pub score: Option<f64>,
    /// Its band; none when it has none.
    pub band: Option<Band>,
}

/// A unit with all ratings and without the flagged ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SensitivityLine {
    /// With all ratings: what is published.
    pub with: Standing,
    /// Without the flagged ratings.
    pub without: Standing,
    /// Place among the units that have a score, with all ratings.
    pub place_with: Option<u32>,
    /// Place among the units that have a score, without the flagged ratings.
    pub place_without: Option<u32>,
}

impl SensitivityLine {
    /// Whether the flagged ratings decide the band: such a unit is marked.
    #[must_use]
    pub fn band_changes(&self) -> bool {
        self.with.band != self.without.band
    }
}

/// Sets the two calculations side by side, one line per unit in the order given.
///
/// Estimate `without` on the same design, with the weights of flagged rows set to 0: rows stay, so that the PSUs do.
///
/// Source: methodology E, sensitivity line.
#[must_use]
pub fn sensitivity(with: &[Standing], without: &[Standing]) -> Vec<SensitivityLine> {
    let (places_with, places_without) = (places(with), places(without));
    with.iter()
        .zip(without)
        .zip(places_with.into_iter().zip(places_without))
        .map(
            |((with, without), (place_with, place_without))| SensitivityLine {
                with: *with,
                without: *without,
                place_with,
                place_without,
            },
        )
        .collect()
}

fn places(standings: &[Standing]) -> Vec<Option<u32>> {
    let scores: Vec<_> = standings
        .iter()
        .filter_map(|standing| standing.score)
        .collect();
    let mut found = competition_places(&scores).into_iter();
    standings
        .iter()
        .map(|standing| standing.score.and_then(|_| found.next()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(score: Option<f64>, band: Option<Band>) -> Standing {
        Standing { score, band }
    }

    #[test]
    fn a_unit_that_lives_on_flagged_ratings_is_marked() {
        let lines = sensitivity(
            &[
                standing(Some(90.0), Some(Band::Above)),
                standing(Some(80.0), Some(Band::Same)),
                standing(None, None),
            ],
            &[
                standing(Some(79.0), Some(Band::Same)),
                standing(Some(81.0), Some(Band::Same)),
                standing(None, None),
            ],
        );

        let found: Vec<_> = lines
            .iter()
            .map(|line| (line.place_with, line.place_without, line.band_changes()))
            .collect();
        assert_eq!(
            found,
            [
                (Some(1), Some(2), true),
                (Some(2), Some(1), false),
                (None, None, false)
            ]
        );
    }
}
