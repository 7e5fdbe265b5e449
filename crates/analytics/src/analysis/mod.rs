//! An analyst's questions to any file of microdata: from columns to rows of results.

mod cells;
mod domains;
mod error;
mod estimate;
mod items;
mod measure;
mod r_script;
mod raked;
mod ranks;
mod request;
mod result;
mod run;
mod sample;
mod table;

pub use cells::{DomainCells, ItemCounts, LEVELS, LevelSample, analyze_cells};
pub use error::AnalysisRefused;
pub use items::Ruler;
pub use r_script::{RSource, r_script};
pub use request::{
    ColumnKind, Condition, DesignColumns, RankSet, Request, Statistic, StatisticProblem, Test,
};
pub use result::{ResultRow, Status};
pub use run::{Analysis, Note, analyze};
pub use table::{Labels, Table};

#[cfg(test)]
mod tests;
