//! Answers received against the target of a stratum.

use crate::markup::Svg;

/// Draws received of target; the track is the target, the bar may not pass its end.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    reason = "counts become positions on a screen"
)]
pub fn bullet(received: u64, target: u64) -> Svg {
    let share = if target == 0 {
        0.0
    } else {
        (received as f64 / target as f64 * 100.0).min(100.0)
    };
    let mut svg = Svg::new();
    svg.draw(format_args!(
        r##"<svg width="100%" height="14" aria-hidden="true" focusable="false"><rect width="100%" height="14" rx="3" fill="#e6e1d5"/><rect width="{share:.1}%" height="14" rx="3" fill="#17698c"/></svg>"##
    ));
    svg
}

#[cfg(test)]
mod tests {
    use super::bullet;

    #[test]
    fn more_than_the_target_ends_at_the_track() {
        assert!(bullet(5, 4).to_string().contains(r#"width="100.0%""#));
        assert!(bullet(1, 0).to_string().contains(r#"width="0.0%""#));
    }
}
