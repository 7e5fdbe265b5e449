//! Counts, decimals and shares, all exact.

use super::text::{is_none_mark, plain_text, squeezed};
use crate::issue::Problem;
use crate::sheet::Cell;
use vocabulary::Weight;

/// A decimal as a whole number of the smallest place it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    digits: i128,
    places: u32,
}

impl Decimal {
    /// The value times a whole factor, in millionths; `None` when it has more places or is too large.
    #[must_use]
    pub fn scaled(self, factor: u32) -> Option<Weight> {
        let raised = self
            .digits
            .checked_mul(i128::from(factor))?
            .checked_mul(i128::from(Weight::SCALE))?;
        let divisor = 10_i128.checked_pow(self.places)?;
        let steps = (raised % divisor == 0).then_some(raised / divisor)?;
        i64::try_from(steps).ok().map(Weight::from_steps)
    }

    /// The nearest estimate.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "compared with a tolerance only")]
    pub fn as_f64(self) -> f64 {
        self.digits as f64 / 10_f64.powi(self.places.try_into().unwrap_or(i32::MAX))
    }
}

/// Reads a plain decimal such as `0.8694341151`, `1,234.5` or `-3`; `None` for a blank.
///
/// # Errors
/// [`Problem::NotExact`] for anything else, scientific notation included.
pub fn parse_decimal(cell: &Cell) -> Result<Option<Decimal>, Problem> {
    if let Cell::Fault(_) = cell {
        return Err(Problem::SpreadsheetError);
    }
    let text = squeezed(&plain_text(cell));
    if is_none_mark(&text) {
        return Ok(None);
    }
    decimal(&text).map(Some).ok_or(Problem::NotExact)
}

fn decimal(text: &str) -> Option<Decimal> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, decimals) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let whole = without_separators(whole)?;
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let kept = decimals.trim_end_matches('0');
    if whole.is_empty() || !plain(&whole) || !plain(decimals) || whole.len() + kept.len() > 30 {
        return None;
    }
    let digits: i128 = format!("{whole}{kept}").parse().ok()?;
    Some(Decimal {
        digits: if negative { -digits } else { digits },
        places: u32::try_from(kept.len()).ok()?,
    })
}

/// `1,234,567` loses its commas; `1,2` is not a number.
fn without_separators(whole: &str) -> Option<String> {
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let grouped = rest.is_empty() || (1..=3).contains(&first.len());
    (grouped && rest.iter().all(|group| group.len() == 3)).then(|| whole.replace(',', ""))
}

/// Reads a whole number of zero or more, with thousands separators or a counting word; `None` for a blank.
///
/// # Errors
/// [`Problem::NotACount`] for anything else.
pub fn parse_count(cell: &Cell) -> Result<Option<u64>, Problem> {
    if let Cell::Fault(_) = cell {
        return Err(Problem::SpreadsheetError);
    }
    let text = squeezed(&plain_text(cell));
    if is_none_mark(&text) {
        return Ok(None);
    }
    let bare = text.trim_end_matches(['件', '条', '个', '次', '人', '户', '项']);
    let whole = decimal(bare).filter(|found| found.places == 0);
    whole
        .and_then(|found| u64::try_from(found.digits).ok())
        .map(Some)
        .ok_or(Problem::NotACount)
}

/// Reads a share as 0—1: `97.5%`, `97.5` and `0.975` are the same; `None` for a blank and `/`.
///
/// A bare `1` may be one per cent or the whole and is refused.
///
/// # Errors
/// [`Problem::PercentAmbiguous`] for `1`, [`Problem::NotAPercent`] for what is no share.
pub fn parse_percent(cell: &Cell) -> Result<Option<Weight>, Problem> {
    if let Cell::Fault(_) = cell {
        return Err(Problem::SpreadsheetError);
    }
    let text = squeezed(&plain_text(cell));
    if is_none_mark(&text) {
        return Ok(None);
    }
    let marked = text.strip_suffix('%');
    let found = decimal(marked.unwrap_or(&text)).ok_or(Problem::NotAPercent)?;
    let value = found.as_f64();
    let hundredth = Decimal {
        places: found.places + 2,
        ..found
    };
    let share = match marked {
        Some(_) if (0.0..=100.0).contains(&value) => hundredth,
        None if value == 1.0 => return Err(Problem::PercentAmbiguous),
        None if (0.0..1.0).contains(&value) => found,
        None if (1.0..=100.0).contains(&value) => hundredth,
        _ => return Err(Problem::NotAPercent),
    };
    share.scaled(1).map(Some).ok_or(Problem::NotAPercent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    #[test]
    fn weights_keep_every_decimal_or_are_refused() {
        let scaled = |t: &str, factor| parse_decimal(&text(t)).unwrap().unwrap().scaled(factor);

        assert_eq!(scaled("1.013018", 1), Some(Weight::from_steps(1_013_018)));
        assert_eq!(scaled("0.8694341151", 1), None);
        assert_eq!(
            scaled("0.8694341151", 10_000),
            Some(Weight::from_steps(8_694_341_151))
        );
        assert_eq!(scaled("-2", 1), Some(Weight::from_steps(-2_000_000)));
        assert_eq!(scaled("99999999999999", 1), None);
    }

    #[test]
    fn numbers_written_by_hand_are_read_and_others_refused() {
        for (written, expected) in [
            ("1,234", Ok(Some(1234))),
            ("１２３４", Ok(Some(1234))),
            ("12.0", Ok(Some(12))),
            ("305件", Ok(Some(305))),
            ("", Ok(None)),
            ("/", Ok(None)),
            ("-1", Err(Problem::NotACount)),
            ("1.5", Err(Problem::NotACount)),
            ("1,2", Err(Problem::NotACount)),
            ("1.2E+05", Err(Problem::NotACount)),
            ("约三百", Err(Problem::NotACount)),
        ] {
            assert_eq!(parse_count(&text(written)), expected, "{written}");
        }
        assert_eq!(parse_count(&Cell::Number(7.0)), Ok(Some(7)));
        assert_eq!(
            parse_count(&Cell::Number(f64::INFINITY)),
            Err(Problem::NotACount)
        );
    }

    #[test]
    fn shares_read_the_same_in_three_spellings() {
        for written in ["97.5%", "0.975", "97.5", "９７．５％"] {
            assert_eq!(
                parse_percent(&text(written)),
                Ok(Some(Weight::from_steps(975_000))),
                "{written}"
            );
        }
        assert_eq!(parse_percent(&text("/")), Ok(None));
        assert_eq!(parse_percent(&text("0%")), Ok(Some(Weight::from_steps(0))));
        assert_eq!(parse_percent(&text("1")), Err(Problem::PercentAmbiguous));
        assert_eq!(
            parse_percent(&text("1%")),
            Ok(Some(Weight::from_steps(10_000)))
        );
        assert_eq!(parse_percent(&text("120%")), Err(Problem::NotAPercent));
        assert_eq!(parse_percent(&text("-5%")), Err(Problem::NotAPercent));
    }
}
