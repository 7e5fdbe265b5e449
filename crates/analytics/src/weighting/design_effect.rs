//! The design effect that a plan must expect.

/// Design effect expected of a plan: `(1 + cv²)·(1 + (m̄ − 1)·ρ)`.
///
/// `cv` is the coefficient of variation of the weights, `mean_take` people per PSU, `rho` their intraclass correlation.
/// That of weights at hand is [`crate::estimation::kish`].
///
/// **Source**: Kish 1987; methodology A10.
#[must_use]
pub fn model_design_effect(cv: f64, mean_take: f64, rho: f64) -> f64 {
    (1.0 + cv * cv) * (1.0 + (mean_take - 1.0) * rho)
}

#[cfg(test)]
mod tests {
    use super::model_design_effect;

    #[test]
    fn weights_and_clusters_multiply() {
        assert!((model_design_effect(0.5, 11.0, 0.05) - 1.25 * 1.5).abs() < 1e-15);
    }
}
