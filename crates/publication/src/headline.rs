//! The one sentence on top of a bulletin, and numbers in Chinese characters.

/// The headline: how many units are clearly above and clearly below the average of their class.
///
/// `headline(5, 5)` is “五个部门明显好于平均，五个部门明显低于平均”.
#[must_use]
pub fn headline(above: u32, below: u32) -> String {
    if above == 0 && below == 0 {
        return "没有部门明显好于平均，也没有部门明显低于平均".to_owned();
    }
    format!("{}明显好于平均，{}明显低于平均", units(above), units(below))
}

fn units(number: u32) -> String {
    match number {
        0 => "没有部门".to_owned(),
        2 => "两个部门".to_owned(),
        other => format!("{}个部门", chinese_number(other)),
    }
}

const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

/// A whole number in Chinese characters as an official document writes it: 12 is 十二, 105 is 一百零五.
///
/// From ten thousand on, Arabic digits are kept.
#[must_use]
pub fn chinese_number(number: u32) -> String {
    match number {
        0 => DIGITS[0].to_owned(),
        1..=9_999 => {
            let text = spelled(number);
            text.strip_prefix("一十")
                .map_or(text.clone(), |rest| format!("十{rest}"))
        }
        _ => number.to_string(),
    }
}

fn spelled(number: u32) -> String {
    let places = [(1_000, "千"), (100, "百"), (10, "十"), (1, "")];
    let mut text = String::new();
    let mut skipped = false;
    for (size, name) in places {
        let digit = number / size % 10;
        if digit == 0 {
            skipped = !text.is_empty();
            continue;
        }
        if skipped {
            text.push_str(DIGITS[0]);
            skipped = false;
        }
        text.push_str(DIGITS[digit as usize]);
        text.push_str(name);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{chinese_number, headline};

    #[test]
    fn numbers_read_as_an_official_writes_them() {
        for (number, expected) in [
            (0, "零"),
            (5, "五"),
            (10, "十"),
            (12, "十二"),
            (20, "二十"),
            (80, "八十"),
            (100, "一百"),
            (105, "一百零五"),
            (110, "一百一十"),
            (1_005, "一千零五"),
            (1_050, "一千零五十"),
            (9_999, "九千九百九十九"),
            (12_000, "12000"),
        ] {
            assert_eq!(chinese_number(number), expected);
        }
    }

    #[test]
    fn the_headline_counts_units_on_both_sides() {
        for (above, below, expected) in [
            (5, 5, "五个部门明显好于平均，五个部门明显低于平均"),
            (2, 12, "两个部门明显好于平均，十二个部门明显低于平均"),
            (0, 3, "没有部门明显好于平均，三个部门明显低于平均"),
            (1, 0, "一个部门明显好于平均，没有部门明显低于平均"),
            (0, 0, "没有部门明显好于平均，也没有部门明显低于平均"),
        ] {
            assert_eq!(headline(above, below), expected);
        }
    }
}
