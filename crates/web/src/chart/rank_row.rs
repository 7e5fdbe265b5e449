//! Rank intervals: one row per unit, a bar over the possible places and a dot at the place.

use super::Percent;
use crate::markup::Svg;

/// The places 1 to `count` along the width of a row; each place is a cell of equal width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RankScale {
    /// How many units are ranked; at least 1.
    pub count: u32,
}

/// The places a unit may hold, 1 for the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RankInterval {
    /// Best place.
    pub low: u32,
    /// Worst place.
    pub high: u32,
    /// Place by score.
    pub place: u32,
}

/// Beyond this a label no longer fits to the right of its bar.
const LABEL_FLIPS_AT: Percent = 82.0;

impl RankScale {
    /// The places that get a grid line and a number: first, last, and round numbers between that keep their distance.
    #[must_use]
    pub fn ticks(self) -> Vec<u32> {
        let step: u32 = match self.count {
            0..=6 => 1,
            7..=24 => 5,
            25..=60 => 10,
            _ => 20,
        };
        let mut ticks = vec![1];
        let mut tick = step.max(2);
        while tick + step.div_ceil(2) <= self.count {
            ticks.push(tick);
            tick += step;
        }
        if self.count > 1 {
            ticks.push(self.count);
        }
        ticks
    }

    /// The head of the column: numbers over the grid lines.
    #[must_use]
    pub fn axis(self) -> Svg {
        let mut svg = Svg::new();
        svg.draw(format_args!(
            r##"<svg width="100%" height="24" aria-hidden="true" focusable="false" font-size="14" fill="#55626b">"##
        ));
        for tick in self.ticks() {
            let x = self.centre(tick);
            match tick {
                1 => svg.draw(format_args!(
                    r#"<text x="{x:.2}%" y="18" text-anchor="start" dx="-8">第 1 名</text>"#
                )),
                last if last == self.count => {
                    svg.draw(format_args!(
                        r#"<text x="{x:.2}%" y="18" text-anchor="end" dx="8">{last}</text>"#
                    ));
                }
                other => svg.draw(format_args!(
                    r#"<text x="{x:.2}%" y="18" text-anchor="middle">{other}</text>"#
                )),
            }
        }
        svg.draw(format_args!("</svg>"));
        svg
    }

    /// One row; the same places stand beside it as text for those who cannot see it.
    #[must_use]
    pub fn row(self, interval: RankInterval) -> Svg {
        let left = self.edge(interval.low.saturating_sub(1));
        let right = self.edge(interval.high);
        let width = right - left;
        let dot = self.centre(interval.place);
        let mut svg = Svg::new();
        svg.draw(format_args!(
            r#"<svg aria-hidden="true" focusable="false">"#
        ));
        for tick in self.ticks() {
            let x = self.centre(tick);
            svg.draw(format_args!(
                r#"<line class="gr" x1="{x:.2}%" x2="{x:.2}%" y1="0" y2="100%"/>"#
            ));
        }
        svg.draw(format_args!(
            r#"<rect class="bar" x="{left:.2}%" y="12" width="{width:.2}%" height="12" rx="6"/><circle class="dot" cx="{dot:.2}%" cy="18" r="7.5"/>"#
        ));
        self.draw_label(interval, (left, right, dot), &mut svg);
        svg.draw(format_args!("</svg>"));
        svg
    }

    /// Beside the bar where there is room; on the bar, away from the dot, where it fills the row.
    fn draw_label(
        self,
        interval: RankInterval,
        (left, right, dot): (Percent, Percent, Percent),
        svg: &mut Svg,
    ) {
        let label = interval.label();
        let (x, shift, anchor) = match (left, right) {
            (_, right) if right < LABEL_FLIPS_AT => (right, 8, "start"),
            (left, _) if left > 100.0 - LABEL_FLIPS_AT => (left, -8, "end"),
            (left, _) if dot > 50.0 => (left, 10, "start"),
            (_, right) => (right, -10, "end"),
        };
        let class = if x == left && shift > 0 || x == right && shift < 0 {
            "tx in"
        } else {
            "tx"
        };
        svg.draw(format_args!(
            r#"<text class="{class}" x="{x:.2}%" dx="{shift}" y="23" text-anchor="{anchor}">{label}</text>"#
        ));
    }

    fn edge(self, places: u32) -> Percent {
        f64::from(places) / f64::from(self.count.max(1)) * 100.0
    }

    fn centre(self, place: u32) -> Percent {
        (f64::from(place) - 0.5) / f64::from(self.count.max(1)) * 100.0
    }
}

impl RankInterval {
    /// `4—11`, or one number when only one place is possible.
    #[must_use]
    pub fn label(self) -> String {
        if self.low == self.high {
            self.low.to_string()
        } else {
            format!("{}—{}", self.low, self.high)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_start_at_one_end_at_the_last_and_do_not_crowd() {
        for (count, expected) in [
            (1, vec![1]),
            (3, vec![1, 2, 3]),
            (20, vec![1, 5, 10, 15, 20]),
            (22, vec![1, 5, 10, 15, 22]),
            (34, vec![1, 10, 20, 34]),
        ] {
            assert_eq!(RankScale { count }.ticks(), expected, "{count} units");
        }
    }

    #[test]
    fn the_bar_covers_whole_cells_and_the_dot_sits_in_its_own() {
        let row = RankScale { count: 20 }
            .row(RankInterval {
                low: 10,
                high: 16,
                place: 12,
            })
            .to_string();

        assert!(row.contains(r#"x="45.00%" y="12" width="35.00%""#), "{row}");
        assert!(row.contains(r#"cx="57.50%""#), "{row}");
        assert!(row.contains(">10—16</text>"));
    }

    #[test]
    fn a_label_near_the_right_edge_moves_to_the_left_of_its_bar() {
        let row = RankScale { count: 20 }
            .row(RankInterval {
                low: 18,
                high: 20,
                place: 19,
            })
            .to_string();

        assert!(
            row.contains(r#"x="85.00%" dx="-8" y="23" text-anchor="end""#),
            "{row}"
        );
    }

    #[test]
    fn a_label_of_a_bar_that_fills_the_row_stands_on_the_bar_away_from_the_dot() {
        let scale = RankScale { count: 20 };
        let row = |place| {
            let interval = RankInterval {
                low: 1,
                high: 20,
                place,
            };
            scale.row(interval).to_string()
        };

        assert!(row(3).contains(r#"class="tx in" x="100.00%" dx="-10""#));
        assert!(row(18).contains(r#"class="tx in" x="0.00%" dx="10""#));
    }
}
