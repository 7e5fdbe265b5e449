//! Systematic drawing with chances in proportion to size, in whole numbers, with reserve replicates.

use crate::Chance;

/// Who is taken with certainty when `n` are drawn in proportion to `sizes`, and what is left for the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certainty {
    /// One per unit: whether its share of the sample reaches 1.
    pub certain: Vec<bool>,
    /// How many are drawn from the others.
    pub left: u64,
    /// Sum of the sizes of the others.
    pub total: u64,
}

impl Certainty {
    /// Sets aside every unit with `n·x ≥ Σx`, again and again until no unit of the rest reaches its share.
    ///
    /// `n` is at most the number of units; sizes are above 0 and below 2^32.
    ///
    /// **Source**: Särndal, Swensson & Wretman 1992 §3.6.2; methodology A1. Golden numbers: `pps/pi`.
    #[must_use]
    pub fn of(sizes: &[u64], n: u64) -> Self {
        let mut found = Self {
            certain: vec![false; sizes.len()],
            left: n,
            total: sizes.iter().sum(),
        };
        loop {
            let (left, total) = (found.left, found.total);
            let reaches =
                |size: u64| left > 0 && u128::from(left) * u128::from(size) >= total.into();
            for (size, certain) in sizes.iter().zip(&mut found.certain) {
                if !*certain && reaches(*size) {
                    *certain = true;
                    found.left -= 1;
                    found.total -= size;
                }
            }
            if found.left == left {
                return found;
            }
        }
    }

    /// The chance of a unit of this size that is not certain, in replicates `0..=released` of `0..=reserves`.
    ///
    /// The points of one replicate are a circle of length Σx∕n. A unit meets one of the released points of the circle with
    /// the chance that a stretch of its length covers one: `(released + 1)·x` when it is shorter than the distance of
    /// neighbouring points, else `released` whole distances and its own length.
    #[must_use]
    pub fn chance(&self, size: u64, released: u8, reserves: u8) -> Chance {
        let replicates = u64::from(reserves) + 1;
        let length = self.left * replicates * size;
        let met = length.min(self.total) * u64::from(released) + length;
        Chance::capped(met, self.total * replicates)
    }

    /// The units met by the points `(j·Σx + start) ∕ (n·replicates)`, j from 0, with the smallest replicate that meets
    /// them: replicate `(j + rotation) mod replicates`. Certain units are passed over.
    ///
    /// `start` is below Σx of the others. Units are met in the order given.
    ///
    /// **Source**: Madow 1949; Särndal, Swensson & Wretman 1992 §3.6.2. Golden numbers: `pps/systematic_u037`.
    #[must_use]
    pub fn systematic(
        &self,
        sizes: &[u64],
        start: u64,
        (rotation, reserves): (u64, u8),
    ) -> Vec<(usize, u8)> {
        let replicates = u64::from(reserves) + 1;
        let points = self.left * replicates;
        let mut met: Vec<(usize, u8)> = Vec::new();
        let (mut point, mut behind) = (0, 0_u64);
        for (unit, size) in sizes.iter().enumerate() {
            if self.certain[unit] {
                continue;
            }
            behind += size;
            let end = u128::from(behind) * u128::from(points);
            let mut smallest = None;
            while point < points
                && u128::from(point) * u128::from(self.total) + u128::from(start) < end
            {
                let replicate = (point + rotation) % replicates;
                smallest = Some(smallest.map_or(replicate, |least: u64| least.min(replicate)));
                point += 1;
            }
            if let Some(replicate) = smallest.and_then(|replicate| u8::try_from(replicate).ok()) {
                met.push((unit, replicate));
            }
        }
        met
    }
}

/// A whole number from 0 to below `most`, from a 64-bit random number.
#[must_use]
pub(crate) fn below(most: u64, random: u64) -> u64 {
    let scaled = u128::from(most) * u128::from(random);
    u64::try_from(scaled >> 64).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_large_unit_is_certain_and_the_rest_share() {
        // 2·6∕10 > 1: certain. Then one more of sizes 1 and 3.
        let found = Certainty::of(&[6, 1, 3], 2);

        assert_eq!(found.certain, [true, false, false]);
        let chance = |size| found.chance(size, 0, 0).to_string();
        assert_eq!([chance(1), chance(3)], ["1/4", "3/4"]);
    }

    #[test]
    fn taking_one_out_can_make_another_certain() {
        // 3·90∕134 and then 2·40∕44 pass 1.
        let found = Certainty::of(&[90, 40, 3, 1], 3);

        assert_eq!(found.certain, [true, true, false, false]);
        assert_eq!((found.left, found.total), (1, 4));
    }

    #[test]
    fn the_points_pick_the_units_they_fall_into() {
        // Stretches 0-2, 2-3, 3-7, 7-8 on a line of 8, certain 3-7 left out: of 0-2, 2-3, 3-4 one is met.
        let sizes = [2, 1, 4, 1];
        let found = Certainty::of(&sizes, 2);
        assert_eq!(found.certain, [false, false, true, false]);

        let met = |start| found.systematic(&sizes, start, (0, 0));

        assert_eq!(
            [met(0), met(1), met(2), met(3)],
            [[(0, 0)], [(0, 0)], [(1, 0)], [(3, 0)]]
        );
    }

    proptest! {
        #[test]
        fn every_chance_is_the_share_of_starts_that_meet_the_unit(
            sizes in proptest::collection::vec(1_u64..9, 2..9),
            n in 1_u64..5,
            reserves in 0_u8..3,
        ) {
            let n = n.min(sizes.len() as u64 - 1);
            let found = Certainty::of(&sizes, n);
            prop_assume!(found.left > 0);
            let replicates = u64::from(reserves) + 1;
            for released in 0..=reserves {
                let mut times = vec![0; sizes.len()];
                for start in 0..found.total {
                    for rotation in 0..replicates {
                        for (unit, replicate) in found.systematic(&sizes, start, (rotation, reserves)) {
                            times[unit] += u64::from(replicate <= released);
                        }
                    }
                }
                for (unit, size) in sizes.iter().enumerate().filter(|(unit, _)| !found.certain[*unit]) {
                    let chance = found.chance(*size, released, reserves);
                    prop_assert_eq!(Chance::new(times[unit], found.total * replicates), Some(chance), "unit {}", unit);
                }
            }
        }

        #[test]
        fn as_many_units_are_met_as_wanted(
            sizes in proptest::collection::vec(1_u64..5_000, 1..60),
            part: u64,
            random: u64,
        ) {
            let n = part % sizes.len() as u64;
            let found = Certainty::of(&sizes, n);

            let met = found.systematic(&sizes, below(found.total, random), (0, 0));

            let certain = found.certain.iter().filter(|it| **it).count();
            prop_assert_eq!((met.len() + certain) as u64, n);
        }
    }
}
