//! A unit's rank interval on one thin line, for the strip on top of its workplace.

use super::RankInterval;
use crate::markup::Svg;

/// Draws the interval among `count` units.
#[must_use]
pub fn place_strip(count: u32, interval: RankInterval) -> Svg {
    let cells = f64::from(count.max(1));
    let left = f64::from(interval.low.saturating_sub(1)) / cells * 100.0;
    let width = f64::from(interval.high) / cells * 100.0 - left;
    let dot = (f64::from(interval.place) - 0.5) / cells * 100.0;
    let RankInterval { low, high, place } = interval;
    let mut svg = Svg::new();
    svg.draw(format_args!(
        r##"<svg width="180" height="38" role="img" aria-label="位次区间第 {low} 到 {high} 名，按得分排第 {place}，共 {count} 个单位" font-size="13" fill="#55626b"><rect y="8" width="100%" height="4" rx="2" fill="#e6e1d5"/><rect x="{left:.1}%" y="4" width="{width:.1}%" height="12" rx="4" fill="#8fbfd3"/><circle cx="{dot:.1}%" cy="10" r="5.5" fill="#0b5270" stroke="#fff" stroke-width="1.5"/>"##
    ));
    if dot > 18.0 {
        svg.draw(format_args!(r#"<text x="0" y="34">第 1</text>"#));
    }
    svg.draw(format_args!(
        r##"<text x="{dot:.1}%" y="34" text-anchor="middle" fill="#14222b" font-weight="600">{place}</text>"##
    ));
    if dot < 86.0 {
        svg.draw(format_args!(
            r#"<text x="100%" y="34" text-anchor="end">{count}</text>"#
        ));
    }
    svg.draw(format_args!("</svg>"));
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strip_of_the_prototype_comes_out_the_same() {
        let svg = place_strip(
            20,
            RankInterval {
                low: 10,
                high: 16,
                place: 12,
            },
        )
        .to_string();

        assert!(svg.contains(r#"x="45.0%" y="4" width="35.0%""#), "{svg}");
        assert!(svg.contains(r#"cx="57.5%""#), "{svg}");
    }
}
