//! Scores with their intervals on one common scale, and the mean as a line: a caterpillar plot in table rows.

use super::Percent;
use crate::{markup::Svg, wording};

/// The part of the 0-100 ruler that is drawn, and the mean of the class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScoreScale {
    low: f64,
    high: f64,
    mean: Option<f64>,
}

/// A score and its interval, in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScoreInterval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// The score.
    pub score: f64,
}

const STEP: f64 = 5.0;

impl ScoreScale {
    /// The scale that holds all intervals, widened to full fives inside 0-100.
    #[must_use]
    pub fn around(intervals: &[ScoreInterval], mean: Option<f64>) -> Self {
        let low = intervals
            .iter()
            .map(|i| i.low)
            .fold(f64::INFINITY, f64::min);
        let high = intervals
            .iter()
            .map(|i| i.high)
            .fold(f64::NEG_INFINITY, f64::max);
        if !low.is_finite() || !high.is_finite() {
            return Self {
                low: 0.0,
                high: 100.0,
                mean,
            };
        }
        let low = ((low / STEP).floor() * STEP).clamp(0.0, 100.0 - STEP);
        let high = ((high / STEP).ceil() * STEP).clamp(low + STEP, 100.0);
        Self { low, high, mean }
    }

    /// The first and last point drawn, for the sentence that says the axis does not start at zero.
    #[must_use]
    pub fn ends(self) -> (String, String) {
        (
            wording::decimal(self.low, 0),
            wording::decimal(self.high, 0),
        )
    }

    /// The head of the column.
    #[must_use]
    pub fn axis(self) -> Svg {
        let mut svg = Svg::new();
        svg.draw(format_args!(
            r##"<svg width="100%" height="24" aria-hidden="true" focusable="false" font-size="14" fill="#55626b">"##
        ));
        let ticks = self.ticks();
        for tick in &ticks {
            let x = self.x(*tick);
            let anchor = match x {
                x if x < 1.0 => "start",
                x if x > 99.0 => "end",
                _ => "middle",
            };
            svg.draw(format_args!(
                r#"<text x="{x:.2}%" y="18" text-anchor="{anchor}">{tick:.0}</text>"#
            ));
        }
        svg.draw(format_args!("</svg>"));
        svg
    }

    /// One row: grid, mean line, interval with end marks, dot.
    #[must_use]
    pub fn row(self, interval: ScoreInterval) -> Svg {
        let (left, right, dot) = (
            self.x(interval.low),
            self.x(interval.high),
            self.x(interval.score),
        );
        let mut svg = Svg::new();
        svg.draw(format_args!(
            r#"<svg aria-hidden="true" focusable="false">"#
        ));
        for tick in self.ticks() {
            let x = self.x(tick);
            svg.draw(format_args!(
                r#"<line class="gr" x1="{x:.2}%" x2="{x:.2}%" y1="0" y2="100%"/>"#
            ));
        }
        if let Some(mean) = self.mean {
            let x = self.x(mean);
            svg.draw(format_args!(
                r#"<line class="mean" x1="{x:.2}%" x2="{x:.2}%" y1="0" y2="100%"/>"#
            ));
        }
        let width = (right - left).max(0.0);
        svg.draw(format_args!(
            r#"<rect class="bar" x="{left:.2}%" y="15" width="{width:.2}%" height="6" rx="3"/><circle class="dot" cx="{dot:.2}%" cy="18" r="7.5"/></svg>"#
        ));
        svg
    }

    fn ticks(self) -> Vec<f64> {
        let span = self.high - self.low;
        let step = if span > 60.0 {
            20.0
        } else if span > 25.0 {
            10.0
        } else {
            STEP
        };
        let mut ticks = vec![self.low];
        let mut tick = (self.low / step).floor() * step + step;
        while tick < self.high - step / 2.0 {
            if tick > self.low + step / 2.0 {
                ticks.push(tick);
            }
            tick += step;
        }
        ticks.push(self.high);
        ticks
    }

    fn x(self, points: f64) -> Percent {
        ((points - self.low) / (self.high - self.low) * 100.0).clamp(0.0, 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_widened_to_full_fives() {
        let scale = ScoreScale::around(
            &[ScoreInterval {
                low: 76.1,
                high: 91.3,
                score: 80.0,
            }],
            Some(84.4),
        );

        assert_eq!(scale.ends(), ("75".to_owned(), "95".to_owned()));
        assert_eq!(scale.ticks(), vec![75.0, 80.0, 85.0, 90.0, 95.0]);
    }

    #[test]
    fn a_perfect_score_stays_inside_the_drawing() {
        let scale = ScoreScale::around(
            &[ScoreInterval {
                low: 99.0,
                high: 101.0,
                score: 100.0,
            }],
            None,
        );

        let row = scale
            .row(ScoreInterval {
                low: 99.0,
                high: 101.0,
                score: 100.0,
            })
            .to_string();

        assert!(row.contains(r#"cx="100.00%""#), "{row}");
    }

    #[test]
    fn nothing_to_draw_still_gives_a_scale() {
        assert_eq!(
            ScoreScale::around(&[], None).ends(),
            ("0".to_owned(), "100".to_owned())
        );
    }
}
