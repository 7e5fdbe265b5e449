//! Places over the last rounds: which lines are worth a colour, and the finding in one sentence.

use crate::{
    Svg,
    chart::{Bump, BumpLine},
    wording,
};
use publication::{BulletinBody, ClassTable};
use std::collections::BTreeMap;

/// The figure of places over several rounds.
#[derive(Clone, Debug)]
pub struct PlacesFigure {
    /// The finding.
    pub heading: String,
    /// Drawing for wide screens.
    pub wide: Svg,
    /// Drawing for phones.
    pub narrow: Svg,
    /// How many lines stay grey.
    pub others: usize,
    /// Short titles of the rounds.
    pub rounds: Vec<String>,
    /// Name and places as text.
    pub rows: Vec<(String, Vec<String>)>,
}

const COLOURED: usize = 3;

impl PlacesFigure {
    /// The figure of one class; none with fewer than two rounds or nobody ranked twice.
    #[must_use]
    pub fn of(body: &BulletinBody, table: &ClassTable) -> Option<Self> {
        let rounds: Vec<String> = body
            .trend
            .rounds
            .iter()
            .map(|round| short_title(&round.title))
            .collect();
        let names: BTreeMap<_, _> = table
            .rows
            .iter()
            .map(|row| (&row.row.unit, &row.unit_name))
            .collect();
        let mut lines: Vec<BumpLine> = body
            .trend
            .units
            .iter()
            .filter(|line| line.class == table.id)
            .filter_map(|line| {
                Some(BumpLine {
                    name: (*names.get(&line.unit)?).clone(),
                    places: line
                        .points
                        .iter()
                        .map(|point| point.and_then(|point| point.place))
                        .collect(),
                    highlighted: false,
                })
            })
            .collect();
        if rounds.len() < 2 || lines.iter().all(|line| line.change().is_none()) {
            return None;
        }
        let heading = heading(&lines, rounds.len());
        highlight(&mut lines);
        let rows = lines
            .iter()
            .map(|line| {
                (
                    line.name.clone(),
                    line.places.iter().map(place_text).collect(),
                )
            })
            .collect();
        let others = lines.iter().filter(|line| !line.highlighted).count();
        let bump = Bump {
            rounds: rounds.clone(),
            lines,
        };
        Some(Self {
            heading,
            wide: bump.wide(),
            narrow: bump.narrow(),
            others,
            rounds,
            rows,
        })
    }
}

fn place_text(place: &Option<u32>) -> String {
    place.map_or_else(|| "—".to_owned(), |place| place.to_string())
}

/// The biggest rise, the biggest fall, and the next biggest move.
fn highlight(lines: &mut [BumpLine]) {
    let mut order: Vec<usize> = (0..lines.len())
        .filter(|index| lines[*index].change().is_some())
        .collect();
    order.sort_by_key(|index| lines[*index].gained());
    let fall = order.first().copied();
    let rise = order.last().copied();
    order.sort_by_key(|index| std::cmp::Reverse(lines[*index].gained().abs()));
    let mut chosen: Vec<usize> = Vec::new();
    for index in rise.into_iter().chain(fall).chain(order) {
        if chosen.len() < COLOURED && !chosen.contains(&index) {
            chosen.push(index);
        }
    }
    for index in chosen {
        lines[index].highlighted = true;
    }
}

fn heading(lines: &[BumpLine], rounds: usize) -> String {
    let rounds = wording::count(rounds);
    let most = lines
        .iter()
        .filter(|line| line.change().is_some())
        .max_by_key(|line| line.gained());
    match most.map(|line| (line, line.gained())) {
        Some((line, gained)) if gained > 0 => {
            let places =
                usize::try_from(gained).map_or_else(|_| gained.to_string(), wording::count);
            format!("{}{rounds}个季度升了{places}位", line.name)
        }
        _ => format!("{rounds}个季度的排名没有变化"),
    }
}

/// `2026 年第三季度` as `2026 三季`; other titles stay as they are.
#[must_use]
pub(crate) fn short_title(title: &str) -> String {
    match title.split_once(" 年第") {
        Some((year, rest)) => format!("{year} {}", rest.trim_end_matches("度")),
        None => title.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str, places: [u32; 2]) -> BumpLine {
        BumpLine {
            name: name.to_owned(),
            places: places.map(Some).to_vec(),
            highlighted: false,
        }
    }

    #[test]
    fn titles_of_quarters_are_shortened_and_years_are_not() {
        assert_eq!(short_title("2026 年第三季度"), "2026 三季");
        assert_eq!(short_title("2013 年度"), "2013 年度");
    }

    #[test]
    fn the_biggest_rise_makes_the_heading() {
        let lines = [line("市税务局", [2, 1]), line("市卫生健康委", [15, 11])];

        assert_eq!(heading(&lines, 5), "市卫生健康委五个季度升了四位");
    }

    #[test]
    fn nobody_moved_is_a_finding_too() {
        assert_eq!(
            heading(&[line("市税务局", [1, 1])], 2),
            "两个季度的排名没有变化"
        );
    }

    #[test]
    fn at_most_three_lines_get_a_colour() {
        let mut lines = [
            line("甲", [1, 5]),
            line("乙", [5, 1]),
            line("丙", [2, 4]),
            line("丁", [4, 3]),
            line("戊", [3, 2]),
        ];

        highlight(&mut lines);

        let coloured: Vec<_> = lines
            .iter()
            .filter(|line| line.highlighted)
            .map(|line| line.name.as_str())
            .collect();
        assert_eq!(coloured, ["甲", "乙", "丙"]);
    }
}
