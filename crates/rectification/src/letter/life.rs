//! The life of a letter: issued, opened by its unit, signed for.

use crate::{
    light::{Light, light},
    named::named,
};
use chrono::{DateTime, NaiveDate, Utc};
use vocabulary::WorkCalendar;

named! {
    /// Where a letter stands.
    LetterStage {
        /// Nobody of the unit has opened it.
        Issued = "issued", "还没有打开";
        /// Somebody of the unit has opened it.
        Read = "read", "已打开，未签收";
        /// Somebody of the unit has signed for it.
        Signed = "signed", "已签收";
    }
}

named! {
    /// What its unit does with a letter.
    LetterStep {
        /// Open it for the first time.
        Open = "open", "打开";
        /// Sign for it 签收.
        Sign = "sign", "签收";
    }
}

/// Every step of a letter: from, step, to.
pub const LETTER_TRANSITIONS: &[(LetterStage, LetterStep, LetterStage)] = {
    use LetterStage::{Issued, Read, Signed};
    use LetterStep::{Open, Sign};
    &[
        (Issued, Open, Read),
        (Issued, Sign, Signed),
        (Read, Sign, Signed),
    ]
};

impl LetterStage {
    /// Where a letter stands that was opened and signed for at these instants.
    #[must_use]
    pub const fn at(opened: Option<DateTime<Utc>>, signed: Option<DateTime<Utc>>) -> Self {
        match (opened, signed) {
            (_, Some(_)) => Self::Signed,
            (Some(_), None) => Self::Read,
            (None, None) => Self::Issued,
        }
    }

    /// Where it stands after the step; none when the step was taken before.
    #[must_use]
    pub fn step(self, step: LetterStep) -> Option<Self> {
        let mut found = LETTER_TRANSITIONS.iter();
        let found = found.find(|(from, by, _)| *from == self && *by == step);
        found.map(|(_, _, to)| *to)
    }

    /// The light of a letter that waits to be signed for; none once it is.
    #[must_use]
    pub fn light(self, today: NaiveDate, due: NaiveDate, calendar: &WorkCalendar) -> Option<Light> {
        (self != Self::Signed).then(|| light(today, due, calendar))
    }
}
