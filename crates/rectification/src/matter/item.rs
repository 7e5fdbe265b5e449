//! One line of a unit's list.

use super::{MatterEvent, MatterState, step};
use crate::{StepRefused, Theme};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use survey_design::Deadlines;
use vocabulary::{MatterId, OpinionId, RoundId, UnitId, WorkCalendar};

/// One matter of one unit, from the opinions it came from to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatterItem {
    /// Its number.
    pub id: MatterId,
    /// The round it came from.
    pub round: RoundId,
    /// The unit that has to act.
    pub unit: UnitId,
    /// Title.
    pub title: String,
    /// The problem in one sentence.
    pub problem: String,
    /// Every opinion it came from.
    pub opinions: Vec<OpinionId>,
    /// Where it stands.
    pub state: MatterState,
}

impl MatterItem {
    /// A matter from a theme, waiting to be assigned.
    #[must_use]
    pub fn from_theme(id: MatterId, round: RoundId, theme: Theme) -> Self {
        let problem = format!("{} 条意见反映：{}", theme.count, theme.title);
        Self {
            id,
            round,
            unit: theme.unit,
            title: theme.title,
            problem,
            opinions: theme.opinions,
            state: MatterState::new(),
        }
    }

    /// The same matter one [`step`] on.
    ///
    /// # Errors
    /// [`StepRefused`] as [`step`] gives it.
    pub fn step(
        &self,
        event: MatterEvent,
        deadlines: &Deadlines,
        calendar: &WorkCalendar,
        today: NaiveDate,
    ) -> Result<Self, StepRefused> {
        let state = step(self.state.clone(), event, deadlines, calendar, today)?;
        Ok(Self {
            state,
            ..self.clone()
        })
    }
}
