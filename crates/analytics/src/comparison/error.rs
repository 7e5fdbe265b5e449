/// Why units cannot be compared.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ComparisonError {
    /// The matrix does not belong to the estimates.
    #[error(
        "{estimates} estimates, but a covariance matrix of {rows} × {columns}: give one row and one column per unit"
    )]
    Shape {
        /// Estimates given.
        estimates: usize,
        /// Rows of the matrix.
        rows: usize,
        /// Columns of the matrix.
        columns: usize,
    },
    /// NaN or infinite.
    #[error(
        "the estimate or a covariance of unit {unit} is not a finite number: leave the unit out"
    )]
    NotFinite {
        /// Position of the unit.
        unit: usize,
    },
    /// Without variance a unit cannot be compared by chance.
    #[error("unit {unit} has the variance {variance}: leave out units without variance and say so")]
    Variance {
        /// Position of the unit.
        unit: usize,
        /// What was given.
        variance: f64,
    },
    /// Not the covariance of anything.
    #[error(
        "the covariance matrix is not positive semidefinite at unit {unit}: estimate all units on one design"
    )]
    NotPositive {
        /// Position of the first unit where it shows.
        unit: usize,
    },
    /// An estimated variance has at least one degree of freedom.
    #[error(
        "unit {unit} has no degree of freedom: leave it out, or give one number of at least 1 per unit"
    )]
    Degrees {
        /// Position of the unit.
        unit: usize,
    },
    /// Outside the open interval from one half to one.
    #[error("a confidence of {confidence} is not between 0.5 and 1")]
    Confidence {
        /// What was given.
        confidence: f64,
    },
    /// Too few draws for the quantile.
    #[error("{draws} draws are too few for a quantile: give at least 1000")]
    Draws {
        /// What was given.
        draws: u32,
    },
}
