//! Design-based estimates from rows of microdata, with variances by Taylor linearisation and by jackknife.
//!
//! Every estimator returns its value with one number per row, the linearised variable; the design turns that into a variance.
//! Domains are rows emptied with [`within`], never rows left out: a PSU without answers still counts in its stratum.
//!
//! ```
//! use analytics::estimation::{LonelyPsu, SampleDesign, Stage, mean, t_interval};
//!
//! let stage = Stage { strata: Some(&[1, 1, 2, 2]), ..Stage::default() };
//! let design = SampleDesign::new(&[1.0, 1.0, 3.0, 3.0], &[stage], LonelyPsu::Adjust)?;
//! let mean = mean(design.weights(), &[Some(60.0), Some(80.0), Some(100.0), None]).ok_or("nobody answered")?;
//! let variance = design.variance(&mean.z)?;
//!
//! assert_eq!(mean.estimate, 88.0);
//! assert!(t_interval(mean.estimate, variance, design.df(), 0.95).is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod design;
mod design_error;
mod likelihood_interval;
mod linearised;
mod proportion_interval;
mod quantile;
mod replicates;
mod spread;
mod stage_units;
mod t_interval;

pub use design::{LonelyPsu, SampleDesign, Stage};
pub use design_error::DesignError;
pub use likelihood_interval::likelihood_interval;
pub use linearised::{
    Linearised, average, combination, difference, mean, proportion, ratio, smooth, total, within,
};
pub use proportion_interval::{
    ProportionInterval, ProportionSample, korn_graubard, proportion_interval,
};
pub use quantile::{QuantileEstimate, QuantileInterval, QuantileRule, quantile, quantile_estimate};
pub use replicates::{Centre, Replicated, Replicates};
pub use spread::{Kish, Reference, design_effect, kish, population_variance};
pub use t_interval::t_interval;
