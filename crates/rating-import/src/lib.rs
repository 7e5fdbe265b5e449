#![doc = include_str!("../README.md")]

mod batch;
mod cell;
mod collect;
mod enterprise;
mod enterprise_list;
mod hall;
mod hand_on;
mod header;
mod hotline;
mod issue;
mod limits;
mod names;
mod ndjson;
mod pairing;
mod pool;
mod propose;
mod quality_score;
mod raw;
mod records;
mod refused;
mod reply_lag;
mod sheet;
mod shown;
mod statistical_month;
mod survey;

pub use batch::{
    DropReason, DroppedColumn, HeaderFound, Imported, SkipReason, SkippedRow, Summary, TotalsCheck,
    UnknownName,
};
pub use cell::{
    Decimal, LevelCell, LevelCodes, Moment, parse_count, parse_decimal, parse_flag, parse_id,
    parse_level, parse_moment, parse_percent, parse_text,
};
pub use enterprise::{EnterpriseRow, EnterpriseSheet, parse_enterprise};
pub use enterprise_list::{EnterpriseListRow, parse_enterprise_list};
pub use hall::{HallReading, HallRow, HallVolume, RatingOrigin, parse_hall, parse_volumes};
pub use hand_on::{HandOn, Handed, Stopped, gathered};
pub use hotline::{HotlineRow, HotlineTotals, Resolved, parse_hotline, parse_hotline_totals};
pub use issue::{ImportIssue, Problem};
pub use limits::Limits;
pub use names::{BodyIndex, NameIndex, NameMatch, UnitIndex, UnitSpelling, body_index, unit_index};
pub use ndjson::{Chunk, Incoming, write_ndjson};
pub use pairing::{PairingRow, parse_pairing};
pub use pool::{PoolRow, parse_pool};
pub use propose::{
    ColumnProposal, FieldProposal, FileKind, KindProposal, KnownColumn, Likeness, Use,
    parse_headers, propose_mapping, propose_mappings,
};
pub use quality_score::{
    Deduction, DeductionReason, FileFacts, PartScore, QualityPart, QualityScore, quality_score,
};
pub use raw::{RawRow, parse_raw};
pub use records::{MOST_RECORDS, Record, RecordsRefused, sheet_of_records};
pub use refused::FileRefused;
pub use reply_lag::{ReplyDays, ReplyLag};
pub use sheet::{Cell, FileForm, Merge, Row, Sheet, SheetFile, Visibility, inspect_archive};
pub use statistical_month::StatisticalMonth;
pub use survey::{SurveyRow, parse_survey};
pub use survey_design::{TextEncoding, TextForm, TextRepair};
