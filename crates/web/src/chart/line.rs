//! One value over several rounds, with its interval as a ribbon where it is known.

use crate::markup::{Svg, escaped};

/// A value in one round.
#[derive(Clone, Debug, PartialEq)]
pub struct LinePoint {
    /// Short title of the round.
    pub round: String,
    /// The value; none where it was not published.
    pub value: Option<f64>,
    /// The value as published.
    pub label: String,
    /// Lower and upper end of its interval.
    pub interval: Option<(f64, f64)>,
}

/// A small line chart; points are labelled, so it needs no axis of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct LineChart {
    /// What is drawn, as a sentence.
    pub sentence: String,
    /// Oldest first.
    pub points: Vec<LinePoint>,
}

const WIDTH: f64 = 640.0;
const NARROW_WIDTH: f64 = 340.0;
const HEIGHT: f64 = 220.0;
const SPARK_WIDTH: f64 = 120.0;
const SPARK_HEIGHT: f64 = 32.0;

impl LineChart {
    /// The full drawing with titles and labels, once for wide screens (`k`) and once for phones (`m`).
    #[must_use]
    pub fn draw(&self) -> Svg {
        let mut svg = Svg::new();
        self.draw_at(("line k", WIDTH, 44.0, 15), &mut svg);
        self.draw_at(("line m", NARROW_WIDTH, 32.0, 13), &mut svg);
        svg
    }

    fn draw_at(&self, (class, width, side, font): (&str, f64, f64, u8), svg: &mut Svg) {
        let frame = Frame {
            left: side,
            right: side,
            top: 40.0,
            bottom: 44.0,
            width,
            height: HEIGHT,
        };
        let sentence = escaped(&self.sentence);
        svg.draw(format_args!(
            r#"<svg class="{class}" viewBox="0 0 {width} {HEIGHT}" role="img" aria-label="{sentence}" font-size="{font}">"#
        ));
        for (index, point) in self.points.iter().enumerate() {
            let x = frame.x(index, self.points.len());
            svg.draw(format_args!(r##"<line x1="{x:.0}" x2="{x:.0}" y1="28" y2="184" stroke="#e6e1d5"/><text x="{x:.0}" y="208" text-anchor="middle" fill="#55626b">"##));
            svg.text(&point.round);
            svg.draw(format_args!("</text>"));
        }
        self.draw_ribbon(&frame, svg);
        self.draw_path(&frame, svg, "3");
        for (x, y, point) in self.placed(&frame) {
            let above = y - 14.0;
            svg.draw(format_args!(r##"<circle cx="{x:.0}" cy="{y:.1}" r="6" fill="#0b5270" stroke="#fff" stroke-width="2"/><text x="{x:.0}" y="{above:.1}" text-anchor="middle" fill="#14222b" font-weight="700" paint-order="stroke" stroke="#fff" stroke-width="4">"##));
            svg.text(&point.label);
            svg.draw(format_args!("</text>"));
        }
        svg.draw(format_args!("</svg>"));
    }

    /// A line without words for a table cell; the numbers stand beside it.
    #[must_use]
    pub fn spark(&self) -> Svg {
        let frame = Frame {
            left: 5.0,
            right: 5.0,
            top: 5.0,
            bottom: 5.0,
            width: SPARK_WIDTH,
            height: SPARK_HEIGHT,
        };
        let mut svg = Svg::new();
        svg.draw(format_args!(
            r#"<svg class="spark" width="{SPARK_WIDTH}" height="{SPARK_HEIGHT}" viewBox="0 0 {SPARK_WIDTH} {SPARK_HEIGHT}" aria-hidden="true" focusable="false">"#
        ));
        self.draw_path(&frame, &mut svg, "2");
        if let Some((x, y, _)) = self.placed(&frame).last() {
            svg.draw(format_args!(r##"<circle cx="{x:.0}" cy="{y:.1}" r="4" fill="#0b5270" stroke="#fff" stroke-width="1.5"/>"##));
        }
        svg.draw(format_args!("</svg>"));
        svg
    }

    fn draw_path(&self, frame: &Frame, svg: &mut Svg, width: &str) {
        let mut path = String::new();
        let mut pen = 'M';
        let (low, high) = self.range();
        for (index, point) in self.points.iter().enumerate() {
            let Some(value) = point.value else {
                pen = 'M';
                continue;
            };
            let (x, y) = (frame.x(index, self.points.len()), frame.y(value, low, high));
            path.push_str(&format!("{pen}{x:.1} {y:.1}"));
            pen = 'L';
        }
        svg.draw(format_args!(
            r##"<path d="{path}" fill="none" stroke="#17698c" stroke-width="{width}"/>"##
        ));
    }

    fn draw_ribbon(&self, frame: &Frame, svg: &mut Svg) {
        let (low, high) = self.range();
        let ends: Vec<(f64, f64, f64)> = self
            .points
            .iter()
            .enumerate()
            .filter_map(|(index, point)| {
                let (from, to) = point.interval?;
                Some((
                    frame.x(index, self.points.len()),
                    frame.y(from, low, high),
                    frame.y(to, low, high),
                ))
            })
            .collect();
        if ends.len() < 2 {
            for (x, from, to) in ends {
                svg.draw(format_args!(r##"<line x1="{x:.0}" x2="{x:.0}" y1="{from:.1}" y2="{to:.1}" stroke="#8fbfd3" stroke-width="10" stroke-linecap="round"/>"##));
            }
            return;
        }
        let upper = ends.iter().map(|(x, _, to)| format!("{x:.1},{to:.1}"));
        let lower = ends
            .iter()
            .rev()
            .map(|(x, from, _)| format!("{x:.1},{from:.1}"));
        let points = upper.chain(lower).collect::<Vec<_>>().join(" ");
        svg.draw(format_args!(
            r##"<polygon points="{points}" fill="#dbebf2"/>"##
        ));
    }

    fn placed(&self, frame: &Frame) -> Vec<(f64, f64, &LinePoint)> {
        let (low, high) = self.range();
        self.points
            .iter()
            .enumerate()
            .filter_map(|(index, point)| {
                Some((
                    frame.x(index, self.points.len()),
                    frame.y(point.value?, low, high),
                    point,
                ))
            })
            .collect()
    }

    fn range(&self) -> (f64, f64) {
        let values = self.points.iter().flat_map(|point| {
            let (from, to) = point.interval.unzip();
            [point.value, from, to].into_iter().flatten()
        });
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        match (low.is_finite(), high - low) {
            (false, _) => (0.0, 1.0),
            (true, span) if span < 1e-9 => (low - 1.0, high + 1.0),
            (true, _) => (low, high),
        }
    }
}

struct Frame {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    width: f64,
    height: f64,
}

impl Frame {
    fn x(&self, index: usize, points: usize) -> f64 {
        let last = u32::try_from(points.saturating_sub(1).max(1)).unwrap_or(1);
        let index = u32::try_from(index).unwrap_or(0);
        self.left + (self.width - self.left - self.right) * f64::from(index) / f64::from(last)
    }

    fn y(&self, value: f64, low: f64, high: f64) -> f64 {
        self.top + (self.height - self.top - self.bottom) * (high - value) / (high - low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(value: Option<f64>, interval: Option<(f64, f64)>) -> LinePoint {
        LinePoint {
            round: "2026 一季".into(),
            value,
            label: "80".into(),
            interval,
        }
    }

    #[test]
    fn a_missing_round_lifts_the_pen() {
        let chart = LineChart {
            sentence: "得分".into(),
            points: vec![
                point(Some(80.0), None),
                point(None, None),
                point(Some(82.0), None),
            ],
        };

        assert_eq!(chart.spark().to_string().matches('M').count(), 2);
    }

    #[test]
    fn equal_values_draw_a_level_line_and_never_divide_by_zero() {
        let chart = LineChart {
            sentence: "得分".into(),
            points: vec![point(Some(80.0), None), point(Some(80.0), None)],
        };

        assert!(!chart.draw().to_string().contains("NaN"));
    }

    #[test]
    fn two_intervals_make_a_ribbon() {
        let chart = LineChart {
            sentence: "得分".into(),
            points: vec![
                point(Some(80.0), Some((79.0, 81.0))),
                point(Some(82.0), Some((80.0, 84.0))),
            ],
        };

        assert!(chart.draw().to_string().contains("<polygon"));
    }
}
