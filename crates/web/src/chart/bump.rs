//! Places over several rounds: every unit a grey line, a few highlighted and named.

use crate::markup::{Svg, escaped};

/// Places of the units of one class over the last rounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bump {
    /// Short titles of the rounds, oldest first; at least two.
    pub rounds: Vec<String>,
    /// One line per unit.
    pub lines: Vec<BumpLine>,
}

/// The places of one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BumpLine {
    /// Name shown when the line is highlighted.
    pub name: String,
    /// One entry per round; none where the unit was not ranked.
    pub places: Vec<Option<u32>>,
    /// Drawn in colour with its name.
    pub highlighted: bool,
}

const COLOURS: [&str; 3] = ["#0b5270", "#17698c", "#8a5a0c"];

struct Canvas {
    class: &'static str,
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    font: u16,
    names: Names,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    BesideTheLine,
    AboveTheEnd,
}

const WIDE: Canvas = Canvas {
    class: "k",
    width: 800.0,
    height: 500.0,
    left: 34.0,
    right: 150.0,
    font: 15,
    names: Names::BesideTheLine,
};
const NARROW: Canvas = Canvas {
    class: "m",
    width: 360.0,
    height: 520.0,
    left: 20.0,
    right: 22.0,
    font: 13,
    names: Names::AboveTheEnd,
};
const TOP: f64 = 44.0;
const BOTTOM: f64 = 16.0;

impl Bump {
    /// The drawing for screens wider than a phone.
    #[must_use]
    pub fn wide(&self) -> Svg {
        self.draw(&WIDE)
    }

    /// The drawing for phones: taller, short titles, names over the line ends.
    #[must_use]
    pub fn narrow(&self) -> Svg {
        self.draw(&NARROW)
    }

    fn draw(&self, canvas: &Canvas) -> Svg {
        let mut svg = Svg::new();
        let Canvas {
            class,
            width,
            height,
            font,
            ..
        } = canvas;
        let sentence = escaped(&self.sentence());
        svg.draw(format_args!(
            r#"<svg class="{class}" viewBox="0 0 {width} {height}" role="img" aria-label="{sentence}" font-size="{font}">"#
        ));
        self.draw_rounds(canvas, &mut svg);
        for line in self.lines.iter().filter(|line| !line.highlighted) {
            for path in self.paths(line, canvas) {
                svg.draw(format_args!(
                    r##"<path d="{path}" fill="none" stroke="#cfc8b8" stroke-width="1.6"/>"##
                ));
            }
        }
        let highlighted = self.lines.iter().filter(|line| line.highlighted);
        for (line, colour) in highlighted.zip(COLOURS) {
            self.draw_highlighted(line, colour, canvas, &mut svg);
        }
        svg.draw(format_args!("</svg>"));
        svg
    }

    fn draw_rounds(&self, canvas: &Canvas, svg: &mut Svg) {
        let foot = canvas.height - 6.0;
        for (index, title) in self.rounds.iter().enumerate() {
            let x = self.x(index, canvas);
            let anchor = match index {
                0 if canvas.names == Names::AboveTheEnd => "start",
                last if last + 1 == self.rounds.len() && canvas.names == Names::AboveTheEnd => {
                    "end"
                }
                _ => "middle",
            };
            let tx = match anchor {
                "start" => 0.0,
                "end" => canvas.width,
                _ => x,
            };
            svg.draw(format_args!(
                r##"<text x="{tx:.0}" y="18" text-anchor="{anchor}" fill="#55626b">"##
            ));
            svg.text(title);
            svg.draw(format_args!(
                r##"</text><line x1="{x:.0}" x2="{x:.0}" y1="28" y2="{foot}" stroke="#e6e1d5"/>"##
            ));
        }
    }

    fn draw_highlighted(&self, line: &BumpLine, colour: &str, canvas: &Canvas, svg: &mut Svg) {
        for path in self.paths(line, canvas) {
            svg.draw(format_args!(
                r##"<path d="{path}" fill="none" stroke="#fff" stroke-width="7"/><path d="{path}" fill="none" stroke="{colour}" stroke-width="3.5"/>"##
            ));
        }
        let known: Vec<(usize, u32)> = known(line).collect();
        for (position, (index, place)) in known.iter().enumerate() {
            let (x, y) = (self.x(*index, canvas), self.y(*place, canvas));
            let at_an_end = position == 0 || position + 1 == known.len();
            let radius = if at_an_end { 11 } else { 5 };
            svg.draw(format_args!(
                r##"<circle cx="{x:.0}" cy="{y:.1}" r="{radius}" fill="{colour}" stroke="#fff" stroke-width="2"/>"##
            ));
            if at_an_end {
                let baseline = y + 4.5;
                svg.draw(format_args!(
                    r##"<text x="{x:.0}" y="{baseline:.1}" text-anchor="middle" fill="#fff" font-size="13" font-weight="700">{place}</text>"##
                ));
            }
        }
        if let Some((index, place)) = known.last() {
            self.draw_name(
                line,
                colour,
                (self.x(*index, canvas), self.y(*place, canvas)),
                canvas,
                svg,
            );
        }
    }

    fn draw_name(
        &self,
        line: &BumpLine,
        colour: &str,
        (x, y): (f64, f64),
        canvas: &Canvas,
        svg: &mut Svg,
    ) {
        match canvas.names {
            Names::BesideTheLine => {
                let (x, y) = (x + 20.0, y + 5.0);
                svg.draw(format_args!(
                    r#"<text x="{x:.0}" y="{y:.1}" fill="{colour}" font-weight="700">"#
                ));
            }
            Names::AboveTheEnd => {
                let (x, y) = (canvas.width - 2.0, y - 17.0);
                svg.draw(format_args!(
                    r##"<text x="{x:.0}" y="{y:.1}" text-anchor="end" fill="{colour}" font-weight="700" paint-order="stroke" stroke="#fff" stroke-width="5">"##
                ));
            }
        }
        svg.text(&line.name);
        svg.draw(format_args!("</text>"));
    }

    /// One smooth path per unbroken run of rounds.
    fn paths(&self, line: &BumpLine, canvas: &Canvas) -> Vec<String> {
        let mut paths = Vec::new();
        let mut path = String::new();
        let mut before: Option<(f64, f64)> = None;
        for (index, place) in line.places.iter().enumerate() {
            let point = place.map(|place| (self.x(index, canvas), self.y(place, canvas)));
            match (before, point) {
                (None, Some((x, y))) => path = format!("M{x:.0} {y:.1}"),
                (Some((px, py)), Some((x, y))) => {
                    let middle = f64::midpoint(px, x);
                    path.push_str(&format!(
                        "C{middle:.0} {py:.1} {middle:.0} {y:.1} {x:.0} {y:.1}"
                    ));
                }
                (Some(_), None) => paths.push(std::mem::take(&mut path)),
                (None, None) => {}
            }
            before = point;
        }
        if before.is_some() {
            paths.push(path);
        }
        paths
    }

    fn x(&self, index: usize, canvas: &Canvas) -> f64 {
        let last = self.rounds.len().saturating_sub(1).max(1);
        let share = f64::from(u32::try_from(index).unwrap_or(0))
            / f64::from(u32::try_from(last).unwrap_or(1));
        canvas.left + (canvas.width - canvas.left - canvas.right) * share
    }

    fn y(&self, place: u32, canvas: &Canvas) -> f64 {
        let worst = self
            .lines
            .iter()
            .flat_map(|line| line.places.iter().flatten())
            .max();
        let cells = f64::from(worst.copied().unwrap_or(2).max(2) - 1);
        TOP + (canvas.height - TOP - BOTTOM) * (f64::from(place) - 1.0) / cells
    }

    fn sentence(&self) -> String {
        let mut sentence = format!(
            "近{}个季度位次变化。",
            crate::wording::count(self.rounds.len())
        );
        for line in self.lines.iter().filter(|line| line.highlighted) {
            if let Some(change) = line.change() {
                sentence.push_str(&format!("{}{change}。", line.name));
            }
        }
        sentence
    }
}

impl BumpLine {
    /// `从第 15 升到第 11`, or none when the unit was ranked in fewer than two rounds.
    #[must_use]
    pub fn change(&self) -> Option<String> {
        let (first, last) = (known(self).next()?, known(self).last()?);
        if first.0 == last.0 {
            return None;
        }
        let verb = match first.1.cmp(&last.1) {
            std::cmp::Ordering::Greater => "升到",
            std::cmp::Ordering::Less => "降到",
            std::cmp::Ordering::Equal => "回到",
        };
        Some(format!("从第 {} {verb}第 {}", first.1, last.1))
    }

    /// Places gained from the first to the last ranked round; negative when places were lost.
    #[must_use]
    pub fn gained(&self) -> i64 {
        match (known(self).next(), known(self).last()) {
            (Some((_, first)), Some((_, last))) => i64::from(first) - i64::from(last),
            _ => 0,
        }
    }
}

fn known(line: &BumpLine) -> impl Iterator<Item = (usize, u32)> {
    line.places
        .iter()
        .enumerate()
        .filter_map(|(index, place)| place.map(|place| (index, place)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bump() -> Bump {
        let line = |name: &str, places: &[Option<u32>], highlighted| BumpLine {
            name: name.to_owned(),
            places: places.to_vec(),
            highlighted,
        };
        Bump {
            rounds: vec!["2026 一季".into(), "2026 二季".into(), "2026 三季".into()],
            lines: vec![
                line("市数据局", &[Some(5), None, Some(3)], true),
                line("市水利局", &[Some(1), Some(2), Some(5)], false),
            ],
        }
    }

    #[test]
    fn a_round_without_a_place_breaks_the_line_instead_of_guessing() {
        let bump = bump();

        assert_eq!(bump.paths(&bump.lines[0], &WIDE).len(), 2);
        assert_eq!(bump.paths(&bump.lines[1], &WIDE).len(), 1);
    }

    #[test]
    fn the_sentence_says_what_the_highlighted_lines_do() {
        let svg = bump().wide().to_string();

        assert!(
            svg.contains("近三个季度位次变化。市数据局从第 5 升到第 3。"),
            "{svg}"
        );
    }

    #[test]
    fn places_gained_are_counted_from_first_to_last() {
        assert_eq!(bump().lines[0].gained(), 2);
        assert_eq!(bump().lines[1].gained(), -4);
    }
}
