//! The shares of the five answers as one stacked bar, with 不了解 hatched apart.

use crate::{markup::Svg, wording};
use vocabulary::Level;

/// Answers per level, best first, and 不了解.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Distribution {
    /// Answers of the five scored levels, best first.
    pub levels: [u64; 5],
    /// Answers 不了解.
    pub dont_know: u64,
}

const SHADES: [&str; 5] = ["#083f57", "#17698c", "#6aa5c1", "#b9d5e2", "#e3eef4"];

impl Distribution {
    /// All answers, 不了解 included.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.levels.iter().sum::<u64>() + self.dont_know
    }

    /// The answers in words: `非常满意 12 份、满意 30 份…`.
    #[must_use]
    pub fn sentence(&self) -> String {
        let mut parts: Vec<String> = Level::SCORED
            .iter()
            .zip(self.levels)
            .map(|(level, n)| format!("{} {} 份", level.label(), wording::thousands(n)))
            .collect();
        parts.push(format!("不了解 {} 份", wording::thousands(self.dont_know)));
        parts.join("、")
    }

    /// Swatches and shares for the legend: fill, label, count, share.
    #[must_use]
    pub fn legend(&self) -> Vec<(Svg, &'static str, String)> {
        let total = self.total();
        let swatch = |fill: &str| {
            let mut svg = Svg::new();
            svg.draw(format_args!(
                r##"<svg width="14" height="14" aria-hidden="true" focusable="false"><rect x=".5" y=".5" width="13" height="13" rx="2" fill="{fill}" stroke="#55626b"/></svg>"##
            ));
            svg
        };
        let mut rows: Vec<_> = Level::SCORED
            .iter()
            .zip(self.levels)
            .zip(SHADES)
            .map(|((level, n), fill)| (swatch(fill), level.label(), wording::share_of(n, total)))
            .collect();
        rows.push((
            swatch("#fff"),
            "不了解",
            wording::share_of(self.dont_know, total),
        ));
        rows
    }
}

/// Draws the bar; its sentence repeats every count.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    reason = "counts become positions on a screen"
)]
pub fn distribution(answers: &Distribution) -> Svg {
    let mut svg = Svg::new();
    let total = answers.total();
    let sentence = answers.sentence();
    svg.draw(format_args!(
        r#"<svg class="dist" width="100%" height="22" role="img" aria-label="{sentence}">"#
    ));
    let mut left = 0.0;
    let parts = answers
        .levels
        .into_iter()
        .zip(SHADES)
        .chain([(answers.dont_know, "#fff")]);
    for (n, fill) in parts.filter(|_| total > 0) {
        let width = n as f64 / total as f64 * 100.0;
        svg.draw(format_args!(
            r##"<rect x="{left:.2}%" width="{width:.2}%" y="1" height="20" fill="{fill}" stroke="#55626b"/>"##
        ));
        left += width;
    }
    svg.draw(format_args!("</svg>"));
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_fill_the_bar() {
        let answers = Distribution {
            levels: [50, 30, 10, 5, 5],
            dont_know: 100,
        };

        let svg = distribution(&answers).to_string();

        assert!(svg.contains(r#"x="0.00%" width="25.00%""#), "{svg}");
        assert!(svg.contains(r#"x="50.00%" width="50.00%""#), "{svg}");
        assert!(svg.contains("不了解 100 份"));
    }

    #[test]
    fn nobody_answered_draws_nothing_and_says_zero() {
        let svg = distribution(&Distribution::default()).to_string();

        assert!(!svg.contains("<rect"));
        assert!(svg.contains("非常满意 0 份"));
    }
}
