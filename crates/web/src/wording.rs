//! How numbers, dates and codes of results are said in Chinese on a page.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};

/// A text as it stands in an address or a header: UTF-8 in percents.
#[must_use]
pub fn encoded(text: &str) -> String {
    let letter = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    text.bytes().map(letter).collect()
}

/// `9 月 30 日`.
#[must_use]
pub fn day(date: NaiveDate) -> String {
    format!("{} 月 {} 日", date.month(), date.day())
}

/// `2026 年 9 月 30 日`.
#[must_use]
pub fn full_day(date: NaiveDate) -> String {
    format!("{} 年 {}", date.year(), day(date))
}

/// `2026年9月30日`, as official documents print it.
#[must_use]
pub fn official_day(date: NaiveDate) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// `7 月 1 日—9 月 20 日`.
#[must_use]
pub fn period(first: NaiveDate, last: NaiveDate) -> String {
    if first.year() == last.year() {
        format!("{}—{}", day(first), day(last))
    } else {
        format!("{}—{}", full_day(first), full_day(last))
    }
}

/// `10 月 12 日 09:00` in Asia/Shanghai.
#[must_use]
pub fn moment(instant: DateTime<Utc>) -> String {
    let local = vocabulary::civil_time(instant);
    format!(
        "{} {:02}:{:02}",
        day(local.date_naive()),
        local.hour(),
        local.minute()
    )
}

/// `2026-10-12 09:00:31` in Asia/Shanghai, where columns are compared.
#[must_use]
pub fn full_moment(instant: DateTime<Utc>) -> String {
    vocabulary::civil_time(instant)
        .format("%Y-%m-%d %H:%M:%S")
        .to_string()
}

/// `11,337`.
#[must_use]
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count in Chinese numerals up to 99 (`两` before a measure word), in digits above.
#[must_use]
pub fn count(number: usize) -> String {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match number {
        2 => "两".to_owned(),
        0..=9 => DIGITS[number].to_owned(),
        10..=19 => format!("十{}", ones(number, &DIGITS)),
        20..=99 => format!("{}十{}", DIGITS[number / 10], ones(number, &DIGITS)),
        _ => number.to_string(),
    }
}

fn ones<'a>(number: usize, digits: &[&'a str; 10]) -> &'a str {
    match number % 10 {
        0 => "",
        ones => digits[ones],
    }
}

/// A published decimal with `digits` places, rounded by the one rule of the product.
#[must_use]
pub fn decimal(value: f64, digits: u32) -> String {
    vocabulary::rounded_text(value, digits)
}

/// A share 0-1 as a percentage with one decimal: `31.6`.
#[must_use]
pub fn percent(share: f64) -> String {
    decimal(share * 100.0, 1)
}

/// `part` of `whole` as a percentage with one decimal, or `—` when `whole` is zero.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    reason = "counts shown as a percentage with one decimal"
)]
pub fn share_of(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "—".to_owned();
    }
    format!("{}%", percent(part as f64 / whole as f64))
}

/// A size in bytes as `86 KB`, never below 1 KB.
#[must_use]
pub fn file_size(bytes: u64) -> String {
    match bytes {
        0..=1023 => "1 KB".to_owned(),
        1024..=1_048_575 => format!("{} KB", bytes.div_ceil(1024)),
        _ => format!(
            "{}.{} MB",
            bytes / 1_048_576,
            bytes % 1_048_576 * 10 / 1_048_576
        ),
    }
}

/// The first 16 hex digits of a digest in groups of four, as printed beside a result.
#[must_use]
pub fn short_digest(digest: &str) -> String {
    let head: Vec<char> = digest.chars().take(16).collect();
    head.chunks(4)
        .map(|group| group.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A stratum as people read it beside its layer: its own name, or that the layer is one stratum.
#[must_use]
pub fn stratum<'s>(group: &str, stratum: &'s str) -> &'s str {
    match stratum.strip_prefix(group) {
        Some("") => "不再分层",
        Some(name) => name.strip_prefix('/').unwrap_or(stratum),
        None => stratum,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_spoken_as_people_speak_them() {
        for (number, expected) in [
            (0, "零"),
            (2, "两"),
            (5, "五"),
            (10, "十"),
            (12, "十二"),
            (20, "二十"),
            (42, "四十二"),
            (100, "100"),
        ] {
            assert_eq!(count(number), expected);
        }
    }

    #[test]
    fn thousands_are_grouped_from_the_right() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(11_337), "11,337");
        assert_eq!(thousands(1_000_000), "1,000,000");
    }

    #[test]
    fn an_evening_in_utc_is_the_next_morning_in_shanghai() {
        let instant = "2026-10-11T18:05:00Z".parse().unwrap();

        assert_eq!(moment(instant), "10 月 12 日 02:05");
    }

    #[test]
    fn a_stratum_is_said_without_the_code_of_its_layer() {
        assert_eq!(stratum("citizens", "citizens/望湖区"), "望湖区");
        assert_eq!(stratum("cadres", "cadres"), "不再分层");
        assert_eq!(stratum("citizens", "citizensx"), "citizensx");
    }

    #[test]
    fn a_digest_is_read_aloud_in_groups_of_four() {
        assert_eq!(short_digest("9f2c41d877ab03e6ffff"), "9f2c 41d8 77ab 03e6");
    }
}
