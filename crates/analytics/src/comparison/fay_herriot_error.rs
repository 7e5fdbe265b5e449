/// Why the model cannot be fitted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FayHerriotError {
    /// Columns of different lengths.
    #[error(
        "{estimates} estimates, {variances} variances, {rows} rows of covariates: give one of each per area"
    )]
    Shape {
        /// Estimates given.
        estimates: usize,
        /// Variances given.
        variances: usize,
        /// Rows of covariates given.
        rows: usize,
    },
    /// NaN or infinite.
    #[error("area {area} has an estimate or covariate that is not a finite number: leave it out")]
    NotFinite {
        /// Position of the area.
        area: usize,
    },
    /// An area whose estimate is known exactly makes the model singular.
    #[error(
        "area {area} has the sampling variance {variance}: leave out areas below 1e-8 and say so"
    )]
    Variance {
        /// Position of the area.
        area: usize,
        /// What was given.
        variance: f64,
    },
    /// Nothing left to estimate a variance from.
    #[error("{areas} areas are too few for {coefficients} coefficients: drop covariates")]
    TooFewAreas {
        /// Areas given.
        areas: usize,
        /// Coefficients to estimate.
        coefficients: usize,
    },
    /// A covariate is a combination of others.
    #[error("the covariates are collinear: drop one")]
    Collinear,
    /// The search for the variance does not settle.
    #[error(
        "the variance between areas still moves by {change} of itself after {iterations} rounds: use another method"
    )]
    NotConverged {
        /// Rounds made.
        iterations: u32,
        /// Last relative change.
        change: f64,
    },
}
