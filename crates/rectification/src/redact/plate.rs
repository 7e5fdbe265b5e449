//! Number plates 车牌.

use super::Mask;
use super::glyph::{Letters, digit, is_separator};

const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

/// Province, letter of the city, and five or six letters and digits, at least one of them a digit; trailers, learners and the
/// police have four and a character: 浙A1234挂.
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
    let (mut at, mut digits, mut end) = (city + 1, 0, None);
    for signs in 1..=6 {
        let next = skip_separator(letters, at);
        // The sixth sign of a new-energy plate stands close to the fifth; what stands apart begins something else.
        if signs == 6
            && (next != at || !letters.at(next).is_some_and(|c| c.is_ascii_alphanumeric()))
        {
            break;
        }
        match letters.at(next) {
            Some(c) if digit(c).is_some() => digits += 1,
            Some(c) if c.is_ascii_uppercase() => {}
            _ => break,
        }
        at = next + 1;
        if signs == 4 && letters.at(at).is_some_and(|c| "挂学警港澳领使".contains(c)) {
            return Some(at + 1);
        }
        let goes_on = letters.at(at).is_some_and(|c| c.is_ascii_alphanumeric());
        if signs >= 5 && (digits > 0 || speaks_of_cars(letters, start, at)) && !goes_on {
            end = Some(at);
        }
    }
    end
}

/// Where letters alone are a plate: "车主快挪车，浙YEBKVS".
fn speaks_of_cars(letters: &Letters, start: usize, end: usize) -> bool {
    let near = &letters.plain[start.saturating_sub(8)..(end + 6).min(letters.plain.len())];
    let near: String = near.iter().collect();
    let words = ["车", "牌", "违停", "举报", "消防", "号"];
    words.iter().any(|word| near.contains(word))
}

fn skip_separator(letters: &Letters, at: usize) -> usize {
    at + usize::from(letters.at(at).is_some_and(is_separator))
}
