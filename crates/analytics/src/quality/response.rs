//! Whether those who answered look like those who were asked.

/// A response class: a stratum, or age × sex.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ResponseClass {
    /// Persons asked, weighted to the population.
    pub sampled: f64,
    /// Persons of these who answered, weighted the same way.
    pub responded: f64,
}

impl ResponseClass {
    /// Response rate, 0 to 1; `None` when nobody was asked or the counts contradict.
    #[must_use]
    pub fn rate(self) -> Option<f64> {
        let rate = self.responded / self.sampled;
        (self.sampled > 0.0 && (0.0..=1.0).contains(&rate)).then_some(rate)
    }
}

/// R-indicator `1 − 2·S(ρ̂)` with the response rates of classes as propensities: 1 when all classes answer alike; below 0.75
/// warn.
///
/// `S² = Σ d·(ρ − ρ̄)²/(N − 1)` with N the sum of the weights asked. `None` when a class has no rate, or N is not above 1.
///
/// Source: Schouten, Cobben & Bethlehem 2009 (Survey Methodology 35(1)); methodology E.
#[must_use]
pub fn r_indicator(classes: &[ResponseClass]) -> Option<f64> {
    let rates = classes
        .iter()
        .map(|class| class.rate())
        .collect::<Option<Vec<_>>>()?;
    let population: f64 = classes.iter().map(|class| class.sampled).sum();
    let mean = classes.iter().map(|class| class.responded).sum::<f64>() / population;
    let squares: f64 = classes
        .iter()
        .zip(rates)
        .map(|(class, rate)| class.sampled * (rate - mean) * (rate - mean))
        .sum();
    (population > 1.0).then(|| 1.0 - 2.0 * (squares / (population - 1.0)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(sampled: f64, responded: f64) -> ResponseClass {
        ResponseClass { sampled, responded }
    }

    #[test]
    fn equal_rates_are_representative_and_unequal_ones_are_not() {
        assert_eq!(
            r_indicator(&[class(50.0, 25.0), class(10.0, 5.0)]),
            Some(1.0)
        );
        // Rates 0.8 and 0.4 around 0.6: S² = 100·0.04/99.
        let found = r_indicator(&[class(50.0, 40.0), class(50.0, 20.0)]).unwrap();
        assert!((found - (1.0 - 2.0 * (4.0_f64 / 99.0).sqrt())).abs() < 1e-12);
        assert!(found < 0.75);
    }

    #[test]
    fn contradicting_counts_have_no_indicator() {
        assert_eq!(r_indicator(&[class(0.0, 0.0)]), None);
        assert_eq!(r_indicator(&[class(5.0, 6.0)]), None);
        assert_eq!(r_indicator(&[class(f64::NAN, 6.0)]), None);
        assert_eq!(r_indicator(&[]), None);
    }
}
