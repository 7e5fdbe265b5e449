//! Everybody: results, departments, matters, method, downloads, verification. Reads bulletins only.

mod cases;
mod class_table;
mod department;
mod downloads;
mod draw;
mod item_trend;
mod matters;
mod method;
mod notes;
mod places;
mod plain;
mod quarter;
mod receipts;
mod released;
mod routes;
mod verify;

pub(crate) use places::short_title;
pub(crate) use released::{
    Released, all_known, all_released, newest, published_rounds, released, replaced,
};
pub(crate) use routes::routes;

pub use cases::{CaseCard, settled};
pub use class_table::{ClassTableView, TableGroup, TableLine, View};
pub use department::{DepartmentPage, department, score_line};
pub use downloads::{Download, DownloadsPage};
pub use item_trend::{ItemMeasure, ItemPoint, ItemSeries, ItemTrendPage, item_trend};
pub use matters::{MattersPage, matters};
pub use method::{MethodPage, method};
pub use notes::in_words as flags_in_words;
pub use places::PlacesFigure;
pub use plain::{AccessibilityPage, CorrectionsPage, WaitingPage};
pub use quarter::{ChannelLine, Fact, Lead, QuarterInput, QuarterPage, Standing, quarter};
pub use receipts::ReceiptAnswer;
pub use verify::{KnownResult, VerifyAnswer, VerifyPage, compare};
