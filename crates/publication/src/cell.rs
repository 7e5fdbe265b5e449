//! Text cells that no spreadsheet program takes for a formula (reliability T13).

/// The text as it may stand in a CSV cell: with a leading apostrophe when a spreadsheet program could run it.
///
/// Guarded are texts that start with `= + - @`, their full-width forms, TAB, CR or NUL, also behind spaces and
/// invisible characters. A plain negative number such as `-2.25` stays as it is.
#[must_use]
pub fn safe_cell(text: &str) -> String {
    if runs_as_formula(text) && !is_plain_number(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn runs_as_formula(text: &str) -> bool {
    let starts_badly = text.starts_with(['\t', '\r', '\n', '\0']);
    let visible = text.trim_start_matches(|c: char| c.is_whitespace() || is_invisible(c));
    starts_badly
        || visible.starts_with([
            '=', '+', '-', '@', '＝', '＋', '－', '＠', '﹢', '﹣', '﹦', '﹫',
        ])
}

fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}'
        )
}

fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    plain(whole) && plain(decimals)
}

#[cfg(test)]
mod tests {
    use super::safe_cell;
    use proptest::prelude::*;

    #[test]
    fn every_dangerous_start_is_guarded() {
        for start in [
            "=",
            "+",
            "-",
            "@",
            "\t",
            "\r",
            "\0",
            "＝",
            "＋",
            "－",
            "＠",
            "\u{feff}=",
            "  =",
            "\n",
        ] {
            let text = format!("{start}cmd|' /C calc'!A0");
            assert_eq!(safe_cell(&text), format!("'{text}"), "{text:?}");
        }
    }

    #[test]
    fn plain_negative_numbers_and_plain_text_stay_as_they_are() {
        for text in [
            "-2.25",
            "-7",
            "市人社局",
            "88.95",
            "",
            "A-1",
            "<10",
            "(87.20)",
        ] {
            assert_eq!(safe_cell(text), text);
        }
        for text in ["-2+3", "-", "-1e5", "+5", "-2.", "-.5"] {
            assert_eq!(safe_cell(text), format!("'{text}"));
        }
    }

    proptest! {
        #[test]
        fn no_cell_starts_with_a_formula_sign_unless_it_is_a_number(text in "[=+@＝＋－＠\t\r\0 -]?\\PC{0,12}") {
            let cell = safe_cell(&text);
            let first = cell.chars().next();
            let number = cell.parse::<f64>().is_ok();
            prop_assert!(number || !first.is_some_and(|c| "=+-@\t\r\0＝＋－＠".contains(c)));
            prop_assert!(cell == text || cell.strip_prefix('\'') == Some(text.as_str()));
        }
    }
}
