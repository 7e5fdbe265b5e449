//! Charts as SVG with percentage coordinates: no script, no inline style, readable at 320 px.
//!
//! A drawing is either `role="img"` with a sentence, or hidden from assistive technology beside the same numbers as text.

mod bullet;
mod bump;
mod deadline;
mod distribution;
mod legend;
mod line;
mod place_strip;
mod rank_row;
mod score_row;

pub use bullet::bullet;
pub use bump::{Bump, BumpLine};
pub use deadline::{Urgency, ring};
pub use distribution::{Distribution, distribution};
pub use legend::how_to_read;
pub use line::{LineChart, LinePoint};
pub use place_strip::place_strip;
pub use rank_row::{RankInterval, RankScale};
pub use score_row::{ScoreInterval, ScoreScale};

/// A position along a chart, in percent of its width.
type Percent = f64;
