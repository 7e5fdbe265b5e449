//! From a cell to a value. Every parser says what is wrong instead of guessing.

mod date;
mod flag;
mod level;
mod number;
mod text;

pub use date::{Moment, parse_moment};
pub use flag::parse_flag;
pub use level::{LevelCell, LevelCodes, parse_level};
pub use number::{Decimal, parse_count, parse_decimal, parse_percent};
pub use text::{parse_id, parse_text};

pub(crate) use level::DigitsSeen;
pub(crate) use text::{folded, is_none_mark, label, plain_text, squeezed};
