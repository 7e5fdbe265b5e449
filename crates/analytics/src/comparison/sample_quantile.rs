/// Quantile of a sample by linear interpolation between order statistics (type 7); sorts the values.
///
/// `share` is kept inside 0 to 1. `None` for an empty sample.
///
/// Source: Hyndman & Fan 1996, definition 7; R `quantile`.
#[must_use]
pub fn sample_quantile(values: &mut [f64], share: f64) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let last = values.len().checked_sub(1)?;
    let place = share.clamp(0.0, 1.0) * last as f64;
    let below = (0..last)
        .take_while(|index| (index + 1) as f64 <= place)
        .count();
    let above = (below + 1).min(last);
    Some(values[below] + (place - below as f64) * (values[above] - values[below]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_order_statistics() {
        let mut values = [4.0, 1.0, 3.0, 2.0];

        // R: quantile(1:4, c(0, .1, .5, .95, 1)) = 1, 1.3, 2.5, 3.85, 4.
        for (share, expected) in [(0.0, 1.0), (0.1, 1.3), (0.5, 2.5), (0.95, 3.85), (1.0, 4.0)] {
            let found = sample_quantile(&mut values, share).unwrap();
            assert!((found - expected).abs() < 1e-12, "{share}: {found}");
        }
        assert_eq!(sample_quantile(&mut [], 0.5), None);
        assert_eq!(sample_quantile(&mut [7.0], 0.3), Some(7.0));
    }
}
