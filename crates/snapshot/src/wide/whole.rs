//! Floating-point cells as whole numbers.

/// Beyond this a float no longer holds every whole number.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The whole number a float stands for, where it stands for one.
#[expect(
    clippy::cast_possible_truncation,
    reason = "whole and below 2^53, so that the cast is exact"
)]
pub(super) fn whole(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() < EXACT).then_some(value as i64)
}

/// A weight in millionths, rounded half up; none when negative, not finite or beyond 10⁹ people.
///
/// Without the library's rounding, which costs more than reading the weight.
#[expect(
    clippy::cast_possible_truncation,
    reason = "between 0 and 2^53, so that the cast takes the whole part"
)]
pub(super) fn millionths(weight: f64) -> Option<u64> {
    let scaled = weight * 1e6;
    if !(0.0..EXACT).contains(&scaled) {
        return None;
    }
    let down = scaled as i64;
    let steps = down + i64::from(scaled - down as f64 >= 0.5);
    u64::try_from(steps).ok().filter(|steps| *steps <= MOST)
}

/// Most weight of one row: 10⁹ people.
const MOST: u64 = 1_000_000_000_000_000;

/// A weight that is a whole number, in millionths.
pub(super) fn whole_millionths(weight: i64) -> Option<u64> {
    let steps = u64::try_from(weight).ok()?.checked_mul(1_000_000)?;
    (steps <= MOST).then_some(steps)
}
