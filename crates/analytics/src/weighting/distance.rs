//! How far calibrated weights may move from base weights, and at what price.

use super::calibration_error::CalibrationError;

/// Bounds of the factor between calibrated and base weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// At least this, from 0 to below 1.
    pub lower: f64,
    /// At most this, above 1.
    pub upper: f64,
}

impl Bounds {
    pub(super) fn check(self) -> Result<(), CalibrationError> {
        let Self { lower, upper } = self;
        if (0.0..1.0).contains(&lower) && upper > 1.0 && upper.is_finite() {
            Ok(())
        } else {
            Err(CalibrationError::Bounds { lower, upper })
        }
    }
}

/// The calibration function `F(u)` that turns `u = x'λ` into a factor, `F(0) = F'(0) = 1`.
///
/// **Source**: Deville & Särndal 1992, cases 1, 2, 6 and 7; methodology A1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Distance {
    /// `1 + u`: the regression estimator (GREG). One step, but weights may become negative.
    Linear,
    /// `1 + u` cut at the bounds.
    TruncatedLinear(Bounds),
    /// `e^u`: the weights of raking.
    Raking,
    /// `[L(U−1) + U(1−L)e^{Au}] ∕ [(U−1) + (1−L)e^{Au}]`, `A = (U−L) ∕ ((1−L)(U−1))`: smooth inside the bounds.
    Logit(Bounds),
}

impl Distance {
    pub(super) fn check(self) -> Result<(), CalibrationError> {
        match self {
            Self::Linear | Self::Raking => Ok(()),
            Self::TruncatedLinear(bounds) | Self::Logit(bounds) => bounds.check(),
        }
    }

    pub(super) fn factor(self, u: f64) -> f64 {
        match self {
            Self::Linear => 1.0 + u,
            Self::TruncatedLinear(Bounds { lower, upper }) => (1.0 + u).clamp(lower, upper),
            Self::Raking => u.exp(),
            Self::Logit(bounds) => logit(u, bounds),
        }
    }

    /// `F'(u)`.
    pub(super) fn slope(self, u: f64) -> f64 {
        match self {
            Self::Linear => 1.0,
            Self::TruncatedLinear(Bounds { lower, upper }) => {
                let inside = lower < 1.0 + u && 1.0 + u < upper;
                f64::from(u8::from(inside))
            }
            Self::Raking => u.exp(),
            Self::Logit(bounds) => {
                let Bounds { lower, upper } = bounds;
                let factor = logit(u, bounds);
                (factor - lower) * (upper - factor) / ((1.0 - lower) * (upper - 1.0))
            }
        }
    }

    /// Between which ends factors lie.
    pub(super) fn range(self) -> (f64, f64) {
        match self {
            Self::Linear => (f64::NEG_INFINITY, f64::INFINITY),
            Self::Raking => (0.0, f64::INFINITY),
            Self::TruncatedLinear(bounds) | Self::Logit(bounds) => (bounds.lower, bounds.upper),
        }
    }
}

/// Both halves keep the exponential below 1, so that it cannot overflow.
fn logit(u: f64, Bounds { lower, upper }: Bounds) -> f64 {
    let (down, up) = (1.0 - lower, upper - 1.0);
    let exponent = u * (upper - lower) / (down * up);
    let power = (-exponent.abs()).exp();
    if exponent > 0.0 {
        (lower * up * power + upper * down) / (up * power + down)
    } else {
        (lower * up + upper * down * power) / (up + down * power)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds {
        lower: 0.4,
        upper: 2.5,
    };
    const ALL: [Distance; 4] = [
        Distance::Linear,
        Distance::TruncatedLinear(BOUNDS),
        Distance::Raking,
        Distance::Logit(BOUNDS),
    ];

    #[test]
    fn every_distance_starts_at_one_with_slope_one() {
        for distance in ALL {
            assert!((distance.factor(0.0) - 1.0).abs() < 1e-15, "{distance:?}");
            assert!((distance.slope(0.0) - 1.0).abs() < 1e-15, "{distance:?}");
        }
    }

    #[test]
    fn slopes_are_those_of_the_factors() {
        for distance in ALL {
            for u in [-0.5, 0.3, 1.2] {
                let step = 1e-6;
                let rise = distance.factor(u + step) - distance.factor(u - step);
                let slope = rise / (2.0 * step);
                assert!((distance.slope(u) - slope).abs() < 1e-7, "{distance:?} {u}");
            }
        }
    }

    #[test]
    fn bounded_factors_stay_inside_however_far_they_are_pushed() {
        for distance in [Distance::TruncatedLinear(BOUNDS), Distance::Logit(BOUNDS)] {
            assert!((distance.factor(1e6) - 2.5).abs() < 1e-12);
            assert!((distance.factor(-1e6) - 0.4).abs() < 1e-12);
        }
    }

    #[test]
    fn bounds_must_enclose_one() {
        for (lower, upper) in [(1.0, 2.0), (-0.1, 2.0), (0.5, 1.0), (f64::NAN, 2.0)] {
            assert!(Bounds { lower, upper }.check().is_err(), "{lower} {upper}");
        }
        assert!(Distance::Logit(BOUNDS).check().is_ok());
    }
}
