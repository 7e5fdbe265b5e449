//! How a round comes along while answers come in: counts and paces, never what was answered.

use crate::{Svg, frame::ConsoleFrame, icon::Icon, office::ProgressRow};
use askama::Template;

/// The live page. It holds counts of people and how far they came; no level and no score has a place in it.
#[derive(Debug, Template)]
#[template(path = "console/monitor.html")]
pub struct MonitorPage {
    /// Frame.
    pub frame: ConsoleFrame,
    /// When the figures were read.
    pub as_of: String,
    /// How it stands, in words.
    pub lead: String,
    /// Answers against invitations, stratum by stratum.
    pub strata: Vec<ProgressRow>,
    /// Where people who have not sent in have stopped so far: the question, drawn, how many.
    pub stopped: Vec<(String, Svg, String)>,
    /// How long half of the people took at most.
    pub median_time: String,
}
