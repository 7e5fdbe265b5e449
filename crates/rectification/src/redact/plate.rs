//! Number plates 车牌.

use super::Mask;
use super::glyph::{Letters, digit, is_separator};

const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

/// Province, letter of the city, and five or six letters and digits with at least three digits among them.
///
/// Source: GA 36-2018 (ordinary plates five, new-energy plates six).
pub(super) fn find(letters: &Letters) -> Vec<Mask> {
    (0..letters.plain.len())
        .filter_map(|start| Some(Mask::new(start, plate_end(letters, start)?, "【车牌】")))
        .collect()
}

fn plate_end(letters: &Letters, start: usize) -> Option<usize> {
    letters.at(start).filter(|c| PROVINCES.contains(*c))?;
    let city = skip_separator(letters, start + 1);
    letters.at(city).filter(char::is_ascii_uppercase)?;
    let mut at = city + 1;
    let (mut signs, mut digits) = (0, 0);
    while signs < 6 {
        let next = skip_separator(letters, at);
        match letters.at(next) {
            Some(c) if digit(c).is_some() => digits += 1,
            Some(c) if c.is_ascii_uppercase() => {}
            _ => break,
        }
        signs += 1;
        at = next + 1;
    }
    let goes_on = letters.at(at).is_some_and(|c| c.is_ascii_alphanumeric());
    (signs >= 5 && digits >= 3 && !goes_on).then_some(at)
}

fn skip_separator(letters: &Letters, at: usize) -> usize {
    at + usize::from(letters.at(at).is_some_and(is_separator))
}
