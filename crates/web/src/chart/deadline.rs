//! How much of a limit has passed: a ring that fills, never shown without date and words beside it.

use crate::markup::Svg;

/// How near the end of a limit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// Passed, or due today.
    Due,
    /// Three working days or fewer.
    Soon,
    /// Later, or without a limit.
    Calm,
}

impl Urgency {
    /// From the working days left; negative when the limit has passed.
    #[must_use]
    pub const fn of(days_left: i32) -> Self {
        match days_left {
            ..=0 => Self::Due,
            1..=3 => Self::Soon,
            _ => Self::Calm,
        }
    }

    /// The style class of the text beside the ring.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Due => "r",
            Self::Soon => "a",
            Self::Calm => "",
        }
    }

    const fn colour(self) -> &'static str {
        match self {
            Self::Due => "#a12b1f",
            Self::Soon => "#7f4d00",
            Self::Calm => "#55626b",
        }
    }
}

/// Draws the ring; `passed` is the share of the limit that is gone, 0-1.
#[must_use]
pub fn ring(passed: f64, urgency: Urgency) -> Svg {
    let round = std::f64::consts::TAU * 6.0;
    let dash = round * passed.clamp(0.0, 1.0);
    let colour = urgency.colour();
    let mut svg = Svg::new();
    svg.draw(format_args!(
        r##"<svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><circle cx="8" cy="8" r="6" fill="none" stroke="#e6e1d5" stroke-width="3"/><circle cx="8" cy="8" r="6" fill="none" stroke="{colour}" stroke-width="3" stroke-dasharray="{dash:.1} {round:.1}" transform="rotate(-90 8 8)"/></svg>"##
    ));
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn today_and_yesterday_are_due_and_the_fourth_day_is_calm() {
        assert_eq!(Urgency::of(-1), Urgency::Due);
        assert_eq!(Urgency::of(0), Urgency::Due);
        assert_eq!(Urgency::of(3), Urgency::Soon);
        assert_eq!(Urgency::of(4), Urgency::Calm);
    }

    #[test]
    fn a_limit_long_passed_still_draws_one_full_ring() {
        assert!(
            ring(7.0, Urgency::Due)
                .to_string()
                .contains(r#"stroke-dasharray="37.7 37.7""#)
        );
    }
}
