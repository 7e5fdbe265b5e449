//! Yes and no.

use super::text::{is_none_mark, plain_text, squeezed};
use crate::issue::Problem;
use crate::sheet::Cell;

/// Reads 是/否, Y/N, 1/0, √/×, 已…/未…; `None` for a blank.
///
/// # Errors
/// [`Problem::NotAFlag`] for anything else.
pub fn parse_flag(cell: &Cell) -> Result<Option<bool>, Problem> {
    if let Cell::Fault(_) = cell {
        return Err(Problem::SpreadsheetError);
    }
    let text = squeezed(&plain_text(cell)).to_lowercase();
    match text.as_str() {
        "是" | "1" | "1.0" | "y" | "yes" | "true" | "t" | "√" | "✓" | "有" | "已" | "对" => {
            Ok(Some(true))
        }
        "否" | "0" | "0.0" | "n" | "no" | "false" | "f" | "×" | "x" | "无" | "未" | "不" => {
            Ok(Some(false))
        }
        blank if is_none_mark(blank) => Ok(None),
        _ => Err(Problem::NotAFlag),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no_come_in_many_signs() {
        let read = |text: &str| parse_flag(&Cell::Text(text.to_owned()));
        for yes in ["是", "1", "Y", "yes", "√", "TRUE", " 是 ", "１"] {
            assert_eq!(read(yes), Ok(Some(true)), "{yes}");
        }
        for no in ["否", "0", "N", "×", "false", "无"] {
            assert_eq!(read(no), Ok(Some(false)), "{no}");
        }
        assert_eq!(read(""), Ok(None));
        assert_eq!(read("null"), Ok(None));
        assert_eq!(read("2"), Err(Problem::NotAFlag));
        assert_eq!(parse_flag(&Cell::Number(1.0)), Ok(Some(true)));
        assert_eq!(parse_flag(&Cell::Truth(false)), Ok(Some(false)));
    }
}
