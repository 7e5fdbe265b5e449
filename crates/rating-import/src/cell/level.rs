//! Levels as words, digits or stars.

use super::text::{is_none_mark, plain_text, squeezed};
use crate::batch::Summary;
use crate::issue::Problem;
use crate::refused::Refusal;
use crate::sheet::Cell;
use serde::{Deserialize, Serialize};
use vocabulary::Level;

/// Which digits mean which level; words and stars mean the same everywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LevelCodes {
    /// 5 非常满意 … 1 非常不满意.
    #[default]
    Standard,
    /// 1 非常满意 … 5 非常不满意.
    Reversed,
    /// A window terminal 评价器: 0 default, 1 不满意, 3 满意, 4 非常满意.
    Kiosk,
}

impl LevelCodes {
    /// All of them, in the fixed order.
    pub const ALL: [Self; 3] = [Self::Standard, Self::Reversed, Self::Kiosk];

    /// The stored code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Reversed => "reversed",
            Self::Kiosk => "kiosk",
        }
    }

    /// The meaning with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|codes| codes.code() == code)
    }

    /// The official words in Chinese.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Standard => "5 为非常满意",
            Self::Reversed => "1 为非常满意",
            Self::Kiosk => "评价器：0 默认，1 不满意，3 满意，4 非常满意",
        }
    }
}

/// What a level cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelCell {
    /// Nothing.
    Blank,
    /// The system filled it in because nobody rated; never a rating.
    Default,
    /// A level that a person chose, or 不了解.
    Given(Level),
}

/// Reads 非常满意 … 非常不满意, 5 … 1, ★★★★☆, 五星, 😀 … 😡, 👍👎, 默认.
///
/// # Errors
/// [`Problem::UnknownLevel`] for anything else.
pub fn parse_level(cell: &Cell, codes: LevelCodes) -> Result<LevelCell, Problem> {
    if let Cell::Fault(_) = cell {
        return Err(Problem::SpreadsheetError);
    }
    let text = squeezed(&plain_text(cell));
    if is_none_mark(&text) || matches!(text.as_str(), "未评价" | "未评" | "未回访" | "未表态")
    {
        return Ok(LevelCell::Blank);
    }
    if text.contains("默认") {
        return Ok(LevelCell::Default);
    }
    if let Ok(digit) = text.strip_suffix(".0").unwrap_or(&text).parse::<u8>() {
        return by_digit(digit, codes);
    }
    by_word(&text)
        .or_else(|| by_stars(&text))
        .or_else(|| by_face(&text))
        .map(LevelCell::Given)
        .ok_or(Problem::UnknownLevel)
}

fn by_digit(digit: u8, codes: LevelCodes) -> Result<LevelCell, Problem> {
    let level = match (codes, digit) {
        (LevelCodes::Standard, 1..=5) => Level::from_code(i16::from(digit)),
        (LevelCodes::Reversed, 1..=5) => Level::from_code(6 - i16::from(digit)),
        (LevelCodes::Kiosk, 0) => return Ok(LevelCell::Default),
        (LevelCodes::Kiosk, 1) => Some(Level::Dissatisfied),
        (LevelCodes::Kiosk, 3) => Some(Level::Satisfied),
        (LevelCodes::Kiosk, 4) => Some(Level::VerySatisfied),
        _ => None,
    };
    level.map(LevelCell::Given).ok_or(Problem::UnknownLevel)
}

/// A word, alone or with its number: `非常满意`, `5-非常满意`, `非常满意(5分)`.
fn by_word(text: &str) -> Option<Level> {
    let word: String = text
        .chars()
        .filter(|c| {
            !c.is_ascii_digit() && !matches!(c, '-' | '(' | ')' | '分' | '.' | '、' | '_' | ':')
        })
        .collect();
    Some(match word.as_str() {
        "非常满意" | "很满意" | "十分满意" => Level::VerySatisfied,
        "满意" | "比较满意" => Level::Satisfied,
        "基本满意" | "一般" | "一般满意" => Level::Fair,
        "不满意" | "不太满意" | "较不满意" => Level::Dissatisfied,
        "非常不满意" | "很不满意" | "十分不满意" | "极不满意" => {
            Level::VeryDissatisfied
        }
        "不了解" | "不清楚" | "不知道" => Level::DontKnow,
        _ => return None,
    })
}

/// What the digits of a level column looked like, to notice codes other than those declared.
#[derive(Debug, Default)]
pub(crate) struct DigitsSeen {
    zero: bool,
    five: bool,
    bare: bool,
    /// A digit beside a word that has another digit among the standard codes: `1-非常满意`.
    reversed: bool,
}

impl DigitsSeen {
    pub fn look_at(&mut self, cell: &Cell) {
        let text = match cell {
            Cell::Text(text) if text.chars().any(|c| c.is_numeric()) => squeezed(text),
            Cell::Number(_) => plain_text(cell),
            _ => return,
        };
        let bare = text.strip_suffix(".0").unwrap_or(&text);
        self.zero |= bare == "0";
        self.five |= bare == "5";
        self.bare |= matches!(bare, "1" | "2" | "4" | "5");
        let digit = text.chars().find_map(|c| c.to_digit(10));
        if let (Some(digit), Some(level)) = (digit, by_word(&text)) {
            self.reversed |= digit != 3 && i64::from(digit) + i64::from(level.code()) == 6;
        }
    }

    /// A 0 in a column without any 5 is a window terminal's; a digit beside the word of the opposite level, in a
    /// column with bare digits, is reversed. Reading either as 1—5 would be wrong in silence.
    ///
    /// # Errors
    /// When the digits are not those of the codes declared.
    pub fn refuse_foreign(
        &self,
        codes: LevelCodes,
        summary: &Summary,
        key: &str,
    ) -> Result<(), Refusal> {
        let headers = summary.headers.iter();
        let column = || {
            let mut columns = headers.filter_map(|header| header.columns.get(key));
            columns.next().cloned().unwrap_or_default()
        };
        match codes {
            LevelCodes::Kiosk => Ok(()),
            LevelCodes::Standard | LevelCodes::Reversed if self.zero && !self.five => {
                Err(Refusal::ForeignLevelCodes { column: column() })
            }
            LevelCodes::Standard if self.reversed && self.bare => {
                Err(Refusal::ReversedLevelCodes { column: column() })
            }
            LevelCodes::Standard | LevelCodes::Reversed => Ok(()),
        }
    }
}

/// Filled stars count; hollow ones only where there are no filled ones.
fn by_stars(text: &str) -> Option<Level> {
    let filled = |c: &char| matches!(c, '★' | '⭐' | '🌟' | '*');
    let hollow = |c: &char| matches!(c, '☆' | '✩');
    if !text.is_empty()
        && text
            .chars()
            .all(|c| filled(&c) || hollow(&c) || c == '\u{FE0F}')
    {
        let stars = match text.chars().filter(filled).count() {
            0 => text.chars().filter(hollow).count(),
            stars => stars,
        };
        return Level::from_code(i16::try_from(stars).ok()?);
    }
    let number = text
        .strip_suffix("星级")
        .or_else(|| text.strip_suffix('星'))?;
    let stars = match number {
        "1" | "一" => 1,
        "2" | "二" | "两" => 2,
        "3" | "三" => 3,
        "4" | "四" => 4,
        "5" | "五" => 5,
        _ => return None,
    };
    Level::from_code(stars)
}

/// A face as kiosks and messages show it; a thumb says satisfied or not, no more.
fn by_face(text: &str) -> Option<Level> {
    let mut faces = text
        .chars()
        .filter(|c| !matches!(*c, '\u{FE0F}' | '\u{200D}' | '\u{1F3FB}'..='\u{1F3FF}'));
    let face = faces.next()?;
    if faces.any(|other| other != face) {
        return None;
    }
    Some(match face {
        '😀' | '😃' | '😄' | '😁' | '😍' | '🥰' | '🤩' => Level::VerySatisfied,
        '🙂' | '😊' | '☺' | '👍' => Level::Satisfied,
        '😐' | '😑' | '😶' => Level::Fair,
        '🙁' | '☹' | '😕' | '😟' | '😞' | '👎' => Level::Dissatisfied,
        '😠' | '😡' | '🤬' | '😤' => Level::VeryDissatisfied,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, codes: LevelCodes) -> Result<LevelCell, Problem> {
        parse_level(&Cell::Text(text.to_owned()), codes)
    }

    fn check(text: &str, code: i16) {
        let level = Level::from_code(code).unwrap();
        assert_eq!(
            read(text, LevelCodes::Standard),
            Ok(LevelCell::Given(level)),
            "{text}"
        );
    }

    #[test]
    fn words_digits_and_stars_mean_the_same_level() {
        for (text, code) in [
            ("非常满意", 5),
            ("非常满意 ", 5),
            ("5", 5),
            ("５", 5),
            ("5.0", 5),
            ("5-非常满意", 5),
            ("非常满意（5分）", 5),
            ("★★★★★", 5),
            ("五星", 5),
            ("满意", 4),
            ("★★★★☆", 4),
            ("⭐️⭐️⭐️", 3),
            ("😀", 5),
            ("🙂", 4),
            ("👍🏻", 4),
            ("😐", 3),
            ("☹️", 2),
            ("😡😡", 1),
            ("☆☆☆☆", 4),
            ("4星", 4),
            ("基本满意", 3),
            ("一般", 3),
            ("不满意", 2),
            ("★★", 2),
            ("非常不满意", 1),
            ("1", 1),
            ("不了解", 0),
        ] {
            check(text, code);
        }
    }

    #[test]
    fn default_and_blank_are_no_levels() {
        for text in ["默认", "系统默认", "系统默认好评"] {
            assert_eq!(read(text, LevelCodes::Standard), Ok(LevelCell::Default));
        }
        for text in ["", " ", "/", "未评价"] {
            assert_eq!(read(text, LevelCodes::Standard), Ok(LevelCell::Blank));
        }
    }

    #[test]
    fn foreign_digits_are_refused_unless_declared() {
        for text in ["0", "6", "7", "-1", "还行", "好评", "★★★★★★", "😀😡", "🤷"]
        {
            assert_eq!(
                read(text, LevelCodes::Standard),
                Err(Problem::UnknownLevel),
                "{text}"
            );
        }
        assert_eq!(
            read("1", LevelCodes::Reversed),
            Ok(LevelCell::Given(Level::VerySatisfied))
        );
        assert_eq!(read("0", LevelCodes::Kiosk), Ok(LevelCell::Default));
        assert_eq!(
            read("4", LevelCodes::Kiosk),
            Ok(LevelCell::Given(Level::VerySatisfied))
        );
        assert_eq!(read("2", LevelCodes::Kiosk), Err(Problem::UnknownLevel));
    }

    #[test]
    fn digits_of_a_workbook_are_levels_too() {
        assert_eq!(
            parse_level(&Cell::Number(4.0), LevelCodes::Standard),
            Ok(LevelCell::Given(Level::Satisfied))
        );
        assert_eq!(
            parse_level(&Cell::Number(4.5), LevelCodes::Standard),
            Err(Problem::UnknownLevel)
        );
    }
}
