#![doc = include_str!("../README.md")]

mod annual;
mod body;
mod bulletin;
mod canonical_table;
mod cell;
mod changes;
mod class_tables;
mod counts;
pub mod docx;
mod field_dictionary;
mod headline;
mod matters_xlsx;
mod push;
mod ranking_xlsx;
mod row;
#[cfg(test)]
mod sample;
mod table_csv;
mod trend;

pub use analytics::multiplier;
pub use annual::{AnnualResult, Grade, QuarterResult, annual_results, annual_share, grade};
pub use body::{
    BulletinBody, ClassTable, Correction, MatterCard, MattersSummary, OverallFigures, Period,
    PlaceChange, TableRow, result_id,
};
pub use bulletin::{Bulletin, BulletinRefused, BulletinState, Official, SentBack};
pub use canonical_table::{canonical_table, table_digest};
pub use cell::safe_cell;
pub use changes::{RowChange, changed_rows, drift};
pub use class_tables::{class_tables, headline_of, percentage};
pub use counts::{ChannelCounts, CountsDoNotBalance};
pub use field_dictionary::{FIELDS, Field};
pub use headline::{chinese_number, headline};
pub use matters_xlsx::{MatterLine, matters_xlsx};
pub use push::{
    AnnualLine, DisciplineCommissionPush, LeftOut, MatterMark, MatterRecord,
    OrganisationDepartmentPush, PushSource, ResultPush, StationedGroupPush,
    for_discipline_commission, for_organisation_department, for_stationed_group,
};
pub use ranking_xlsx::ranking_xlsx;
pub use row::{band_label, status_label};
pub use rust_xlsxwriter::XlsxError;
pub use table_csv::{field_dictionary_csv, list_csv, table_csv};
pub use trend::{PublishedRound, TREND_ROUNDS, Trend, TrendPoint, TrendRound, UnitTrend, trend};
