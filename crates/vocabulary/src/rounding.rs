//! The one rounding rule for published numbers.

/// Rounds to `digits` decimals, half away from zero, on the shortest decimal text of the number.
///
/// `-0` becomes `0`. Not a number or infinite values come back unchanged.
#[must_use]
pub fn round_half_away(value: f64, digits: u32) -> f64 {
    if !value.is_finite() {
        return value;
    }
    rounded_text(value, digits)
        .parse()
        .expect("rounded_text writes a plain decimal number")
}

/// The rounded number as text with exactly `digits` decimals: `rounded_text(2.675, 2) == "2.68"`.
///
/// Works on the shortest text that reads back as the same f64, so that a printed half is rounded as a reader
/// with a pencil would round it.
#[must_use]
pub fn rounded_text(value: f64, digits: u32) -> String {
    let digits = digits as usize;
    let text = format!("{}", value.abs());
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let mut kept: Vec<u8> = whole
        .bytes()
        .chain(decimals.bytes().chain(std::iter::repeat(b'0')).take(digits))
        .collect();
    if decimals
        .as_bytes()
        .get(digits)
        .is_some_and(|next| *next >= b'5')
    {
        increment(&mut kept);
    }
    let split = kept.len() - digits;
    let mut out = String::with_capacity(kept.len() + 2);
    if value < 0.0 && kept.iter().any(|d| *d != b'0') {
        out.push('-');
    }
    out.extend(kept[..split].iter().map(|d| char::from(*d)));
    if digits > 0 {
        out.push('.');
        out.extend(kept[split..].iter().map(|d| char::from(*d)));
    }
    out
}

fn increment(digits: &mut Vec<u8>) {
    for digit in digits.iter_mut().rev() {
        if *digit == b'9' {
            *digit = b'0';
        } else {
            *digit += 1;
            return;
        }
    }
    digits.insert(0, b'1');
}

#[cfg(test)]
mod tests {
    use super::{round_half_away, rounded_text};

    #[test]
    fn halves_go_away_from_zero() {
        for (value, digits, expected) in [
            (2.675, 2, "2.68"),
            (-2.675, 2, "-2.68"),
            (0.5, 0, "1"),
            (-0.004, 2, "0.00"),
            (99.995, 2, "100.00"),
            (88.95, 2, "88.95"),
            (1e-7, 2, "0.00"),
            (86.0, 2, "86.00"),
        ] {
            assert_eq!(rounded_text(value, digits), expected);
        }
        assert!((round_half_away(87.7775, 3) - 87.778).abs() < 1e-12);
    }
}
