#![doc = include_str!("../README.md")]

mod batch;
mod cell;
mod collect;
mod enterprise;
mod enterprise_list;
mod hall;
mod header;
mod hotline;
mod issue;
mod limits;
mod names;
mod ndjson;
mod pairing;
mod pool;
mod pool_parts;
mod refused;
mod sheet;
mod survey;

pub use batch::{
    DropReason, DroppedColumn, HeaderFound, Imported, SkipReason, SkippedRow, TotalsCheck,
    UnknownName,
};
pub use cell::{
    Decimal, LevelCell, LevelCodes, Moment, parse_count, parse_decimal, parse_flag, parse_id,
    parse_level, parse_moment, parse_percent, parse_text,
};
pub use enterprise::{EnterpriseRow, EnterpriseSheet, parse_enterprise};
pub use enterprise_list::{EnterpriseListRow, parse_enterprise_list};
pub use hall::{HallRow, HallVolume, RatingOrigin, parse_hall, parse_volumes};
pub use hotline::{HotlineRow, Resolved, parse_hotline};
pub use issue::{ImportIssue, Problem};
pub use limits::Limits;
pub use names::{BodyIndex, NameIndex, NameMatch, UnitIndex, body_index, unit_index};
pub use ndjson::{NdjsonParts, StreamBroken, read_ndjson, write_last, write_ndjson};
pub use pairing::{PairingRow, parse_pairing};
pub use pool::{PoolRow, parse_pool};
pub use pool_parts::{pool_limits, pool_parts};
pub use refused::FileRefused;
pub use sheet::{Cell, Merge, Row, Sheet, SheetFile, Visibility, read_rows};
pub use survey::{SurveyRow, parse_survey};
