//! Weights: nonresponse, post-stratification, raking, calibration, trimming, design effects.
//!
//! Each step takes weights and gives weights; [`Calibrated::residuals`] carries a calibration into the standard error.

mod base;
mod calibrate;
mod calibrated;
mod calibration_error;
mod cells;
mod constraints;
mod design_effect;
mod distance;
mod margin;
mod nonresponse;
mod post_stratify;
mod raking;
mod raking_trimmed;
mod redundancy;
mod support;
mod trim;

pub use base::{WeightError, base_weights};
pub use calibrate::calibrate;
pub use calibrated::{Calibrated, Convergence, Stopping};
pub use calibration_error::CalibrationError;
pub use cells::Cells;
pub use constraints::Constraints;
pub use design_effect::model_design_effect;
pub use distance::{Bounds, Distance};
pub use margin::{Margin, MissingLevels};
pub use nonresponse::{
    ClassWarning, CollapseRule, NonresponseError, ResponseClass, adjust_for_nonresponse,
    response_classes,
};
pub use post_stratify::post_stratify;
pub use raking::{Raking, rake, rake_cells};
pub use raking_trimmed::{RakeTrimError, RakedAndTrimmed, rake_and_trim};
pub use support::{SupportRule, ThinLevel, thin_levels};
pub use trim::{TrimError, Trimming, trim};
