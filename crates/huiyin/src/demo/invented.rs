//! Invented names, telephone numbers and sentences. Nobody listed here exists.

use super::dice::Dice;
use survey_design::{CommentTone, DemoComment, InventedNames};

/// Telephone numbers of people in sentences; those of the sample library start at 0.
const NUMBERS_IN_TEXT: u32 = 10_000;

/// A person's name.
pub fn name(dice: &mut Dice, names: &InventedNames) -> String {
    format!("{}{}", dice.pick(&names.family), dice.pick(&names.given))
}

/// The telephone number of an invented person: `1390000xxxx` and the following, one per `number` below ten million.
#[must_use]
pub fn phone(number: u32) -> String {
    format!("1390{number:07}")
}

/// Some telephone number, written as people write it: plain, with separators, or in full-width digits.
pub fn written_phone(dice: &mut Dice) -> String {
    let plain = phone(dice.below(NUMBERS_IN_TEXT));
    match dice.below(4) {
        0 => format!("{}-{}-{}", &plain[..3], &plain[3..7], &plain[7..]),
        1 => format!("{} {} {}", &plain[..3], &plain[3..7], &plain[7..]),
        2 => plain.chars().map(full_width).collect(),
        _ => plain,
    }
}

fn full_width(digit: char) -> char {
    let wide = digit
        .to_digit(10)
        .and_then(|value| char::from_u32(0xFF10 + value));
    wide.unwrap_or(digit)
}

/// Something people write in this tone; `None` when the demonstration has nothing of the kind.
pub fn comment<'a>(
    dice: &mut Dice,
    comments: &'a [DemoComment],
    tones: &[CommentTone],
) -> Option<&'a DemoComment> {
    let fitting: Vec<&DemoComment> = comments
        .iter()
        .filter(|c| tones.contains(&c.tone))
        .collect();
    if fitting.is_empty() {
        None
    } else {
        Some(*dice.pick(&fitting))
    }
}

/// The sentence with a request to call back; the telephone number must not survive the import.
pub fn with_phone(sentence: &str, dice: &mut Dice) -> String {
    let phone = written_phone(dice);
    match dice.below(3) {
        0 => format!("{sentence}请回电{phone}。"),
        1 => format!("{sentence}我的电话是 {phone}，找我就行。"),
        _ => format!("{sentence}联系方式：{phone}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn invented_numbers_are_eleven_digits_and_all_different() {
        let numbers: BTreeSet<String> = (0..25_000).map(phone).collect();

        assert_eq!(numbers.len(), 25_000);
        assert!(
            numbers
                .iter()
                .all(|number| number.len() == 11 && number.starts_with("13900"))
        );
    }

    #[test]
    fn telephone_numbers_come_in_several_spellings() {
        let mut dice = Dice::new(1, "spellings", 0);
        let written: Vec<String> = (0..100).map(|_| written_phone(&mut dice)).collect();

        assert!(written.iter().any(|text| text.contains('-')));
        assert!(written.iter().any(|text| text.contains('０')));
        assert!(written.iter().any(|text| text.starts_with("1390000")));
    }
}
