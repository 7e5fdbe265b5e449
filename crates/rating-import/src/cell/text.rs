//! Text of a cell: as written, folded to plain forms, or as an identifier.

use crate::issue::Problem;
use crate::sheet::Cell;

/// Numbers from here on have lost digits in a spreadsheet.
const EXACT_BELOW: f64 = 1e15;

/// The text of a cell without the blanks around it; `None` when nothing is left.
///
/// Line breaks inside stay. Blanks are all of Unicode's, no-break and zero-width ones included.
#[must_use]
pub fn parse_text(cell: &Cell) -> Option<String> {
    let text = plain_text(cell);
    let trimmed = text.trim_matches(is_blank);
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

/// An identifier such as a case number: half-width, without apostrophe, leading zeros kept.
///
/// # Errors
/// [`Problem::PrecisionLost`] for scientific notation and for numbers of more than 15 digits,
/// [`Problem::SpreadsheetError`] for `#N/A` and the like.
pub fn parse_id(cell: &Cell) -> Result<Option<String>, Problem> {
    match cell {
        Cell::Fault(_) => Err(Problem::SpreadsheetError),
        Cell::Number(value) if value.abs() >= EXACT_BELOW || value.fract() != 0.0 => {
            Err(Problem::PrecisionLost)
        }
        _ => {
            let text = squeezed(&plain_text(cell));
            if is_scientific(&text) {
                return Err(Problem::PrecisionLost);
            }
            Ok(Some(without_point_zero(&text).to_owned()).filter(|id| !is_none_mark(id)))
        }
    }
}

/// `3.3070E+19`: what a spreadsheet makes of a long number.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let signed = exponent.starts_with('+');
    digits(exponent.trim_start_matches('+'))
        && match mantissa.split_once('.') {
            Some((whole, decimals)) => digits(whole) && digits(decimals),
            None => signed && digits(mantissa),
        }
}

fn without_point_zero(text: &str) -> &str {
    match text.strip_suffix(".0") {
        Some(whole) if !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit()) => whole,
        _ => text,
    }
}

/// The cell as text, exactly as a reader of the sheet would type it.
pub(crate) fn plain_text(cell: &Cell) -> String {
    match cell {
        Cell::Blank => String::new(),
        Cell::Text(text) | Cell::Fault(text) => text.clone(),
        Cell::Number(value) | Cell::Serial(value) => value.to_string(),
        Cell::Truth(true) => "是".to_owned(),
        Cell::Truth(false) => "否".to_owned(),
    }
}

/// Full-width forms become half-width, other blanks become a space, a leading apostrophe goes.
pub(crate) fn folded(text: &str) -> String {
    let halved: String = text
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => halved(c),
            c if is_blank(c) => ' ',
            c => c,
        })
        .collect();
    let trimmed = halved.trim();
    let bare = trimmed.strip_prefix(['\'', '‘', '’']).unwrap_or(trimmed);
    bare.trim().to_owned()
}

fn halved(c: char) -> char {
    char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c)
}

/// Folded, with every blank taken out.
pub(crate) fn squeezed(text: &str) -> String {
    folded(text).chars().filter(|c| *c != ' ').collect()
}

/// The form in which headers are compared: squeezed, lower case, without remarks such as （必填）.
pub(crate) fn label(text: &str) -> String {
    let mut label = squeezed(text).to_lowercase();
    if label.contains(['(', '*', ':']) {
        for remark in ["(必填)", "(选填)", "(必填项)", "*", ":"] {
            label = label.replace(remark, "");
        }
    }
    label
}

const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}'
    )
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_invisible(c) || c.is_control()
}

/// What people write for "nothing here".
pub(crate) fn is_none_mark(text: &str) -> bool {
    matches!(
        text,
        "" | "/"
            | "\\"
            | "-"
            | "--"
            | "—"
            | "——"
            | "無"
            | "无"
            | "null"
            | "NULL"
            | "None"
            | "N/A"
            | "n/a"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> Result<Option<String>, Problem> {
        parse_id(&Cell::Text(text.to_owned()))
    }

    #[test]
    fn identifiers_keep_zeros_and_lose_decoration() {
        for (text, expected) in [
            ("00123", "00123"),
            ("'330702199001", "330702199001"),
            (" ３３０７ ", "3307"),
            ("12345.0", "12345"),
            ("AB12E5X", "AB12E5X"),
            ("1E10", "1E10"),
            ("\u{a0}\u{200b}A 1\u{3000}", "A1"),
        ] {
            assert_eq!(id(text), Ok(Some(expected.to_owned())), "{text}");
        }
        for text in ["", "  ", "/", "——", "无", "NULL"] {
            assert_eq!(id(text), Ok(None), "{text}");
        }
    }

    #[test]
    fn long_numbers_that_lost_digits_are_refused() {
        for text in ["3.30702E+19", "3.3E19", "33e+20", "３.３Ｅ＋１９"] {
            assert_eq!(id(text), Err(Problem::PrecisionLost), "{text}");
        }
        assert_eq!(
            parse_id(&Cell::Number(3.307_020_24e18)),
            Err(Problem::PrecisionLost)
        );
        assert_eq!(
            parse_id(&Cell::Number(20_240_001.0)),
            Ok(Some("20240001".into()))
        );
        assert_eq!(
            parse_id(&Cell::Fault("#N/A".into())),
            Err(Problem::SpreadsheetError)
        );
    }

    #[test]
    fn free_text_keeps_its_inside_and_loses_the_blanks_around() {
        let cell = Cell::Text("\n\t\u{3000}\u{a0}窗口 态度好\n谢谢\n".into());

        assert_eq!(parse_text(&cell).as_deref(), Some("窗口 态度好\n谢谢"));
        assert_eq!(parse_text(&Cell::Text("\u{a0}\u{3000}\n".into())), None);
    }

    #[test]
    fn headers_compare_without_blanks_width_and_remarks() {
        for text in [
            "整体 满意度",
            "整体\n满意度（必填）",
            "*整体满意度：",
            "整体满意度",
        ] {
            assert_eq!(label(text), "整体满意度");
        }
        assert_eq!(label("ＰＦ"), "pf");
    }
}
