//! Which place of the sums an answer belongs to.

use super::whole::whole;

/// Levels of a scale.
pub const LEVELS: usize = 5;

/// A place takes so many bits.
pub(super) const PLACE_BITS: usize = 3;
const DONT_KNOW_PLACE: u8 = 5;
/// Place of an empty answer.
pub(super) const BLANK_PLACE: u8 = 6;
/// An answer that is none.
pub(super) const OFF_SCALE: u8 = 7;

/// Places of the answers of a scale.
pub(super) struct AnswerPlaces {
    by_byte: [u8; 256],
    lowest: i64,
    missing: Vec<i64>,
}

impl AnswerPlaces {
    pub(super) fn new(lowest: i64, missing: &[i64]) -> Self {
        let mut places = Self {
            by_byte: [OFF_SCALE; 256],
            lowest,
            missing: missing.to_vec(),
        };
        places.by_byte = std::array::from_fn(|index| places.search(index as i64 - 128));
        places
    }

    pub(super) fn of(&self, value: i64) -> u8 {
        match usize::try_from(value.wrapping_add(128)) {
            Ok(index) if index < 256 => self.by_byte[index],
            _ => self.search(value),
        }
    }

    /// A whole number; NaN is an empty answer, as data frames write it.
    pub(super) fn of_float(&self, value: f64) -> u8 {
        if value.is_nan() {
            return BLANK_PLACE;
        }
        whole(value).map_or(OFF_SCALE, |whole| self.of(whole))
    }

    fn search(&self, value: i64) -> u8 {
        if self.missing.contains(&value) {
            return DONT_KNOW_PLACE;
        }
        match value.checked_sub(self.lowest) {
            Some(level @ 0..5) => level.to_le_bytes()[0],
            _ => OFF_SCALE,
        }
    }
}
