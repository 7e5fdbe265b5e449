//! Everybody: results, departments, matters, method, downloads, verification. Reads bulletins only.

mod cases;
mod class_table;
mod department;
mod downloads;
mod item_trend;
mod matters;
mod method;
mod notes;
mod plain;
mod places;
mod quarter;
mod verify;

pub use cases::{CaseCard, settled};
pub use class_table::{ClassTableView, TableGroup, TableLine, View};
pub use department::{DepartmentPage, department};
pub use downloads::{Download, DownloadsPage, field_names};
pub use item_trend::{ItemMeasure, ItemPoint, ItemSeries, ItemTrendPage, item_trend};
pub use matters::{MattersPage, matters};
pub use method::{MethodPage, method};
pub use notes::in_words as flags_in_words;
pub use plain::{AccessibilityPage, CorrectionsPage, WaitingPage};
pub use places::PlacesFigure;
pub use quarter::{ChannelLine, Fact, Lead, QuarterInput, QuarterPage, quarter};
pub use verify::{KnownResult, VerifyAnswer, VerifyPage, compare};
