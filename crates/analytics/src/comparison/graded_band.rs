use crate::Band;

/// The five symmetric bands of a unit against its class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GradedBand {
    /// Above, and beyond what the variation among units allows.
    MuchAbove,
    /// Demonstrably and noticeably above.
    Above,
    /// Not demonstrably, or not noticeably, different.
    Same,
    /// Demonstrably and noticeably below.
    Below,
    /// Below, and beyond what the variation among units allows.
    MuchBelow,
}

impl GradedBand {
    /// *Much* needs the band itself and an additive z-score beyond ±3.09 (one in a thousand on each side).
    ///
    /// Source: methodology B8.
    #[must_use]
    pub fn of(band: Band, z_additive: f64) -> Self {
        match (band, z_additive) {
            (Band::Above, z) if z > 3.09 => Self::MuchAbove,
            (Band::Above, _) => Self::Above,
            (Band::Same, _) => Self::Same,
            (Band::Below, z) if z < -3.09 => Self::MuchBelow,
            (Band::Below, _) => Self::Below,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn much_needs_the_band_and_the_score_on_the_same_side() {
        assert_eq!(GradedBand::of(Band::Above, 3.1), GradedBand::MuchAbove);
        assert_eq!(GradedBand::of(Band::Above, 3.0), GradedBand::Above);
        assert_eq!(GradedBand::of(Band::Above, -3.1), GradedBand::Above);
        assert_eq!(GradedBand::of(Band::Below, -3.1), GradedBand::MuchBelow);
        assert_eq!(GradedBand::of(Band::Below, -3.0), GradedBand::Below);
        assert_eq!(GradedBand::of(Band::Same, 9.0), GradedBand::Same);
    }
}
