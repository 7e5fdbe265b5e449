//! Why a design or its variance is refused.

use thiserror::Error;

/// What is wrong with a design; rows are counted from 0, stages from 1, strata and clusters are the ids given.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum DesignError {
    /// There is nothing to estimate from.
    #[error("the design has no rows")]
    NoRows,
    /// A column has another length than the weights.
    #[error("{what} has {found} elements for {rows} rows: give one per row")]
    Length {
        /// Which column.
        what: &'static str,
        /// Rows of the design.
        rows: usize,
        /// Elements of the column.
        found: usize,
    },
    /// A weight is negative or no number.
    #[error(
        "the weight of row {row} is {weight}: weights are numbers from 0 on; mend or leave out the row"
    )]
    Weight {
        /// The row.
        row: usize,
        /// Its weight.
        weight: f64,
    },
    /// A linearised variable is infinite or no number.
    #[error("the linearised variable of row {row} is no number")]
    NotFinite {
        /// The row.
        row: usize,
    },
    /// One cluster id appears in two strata.
    #[error(
        "cluster {cluster} of stage {stage} lies in two strata: give clusters of different strata different ids"
    )]
    ClusterAcrossStrata {
        /// The stage.
        stage: usize,
        /// The cluster.
        cluster: u32,
    },
    /// More units were sampled than the frame has.
    #[error(
        "stratum {stratum} of stage {stage} has {sampled} sampled units of {population} in the frame: mend the population"
    )]
    PopulationTooSmall {
        /// The stage.
        stage: usize,
        /// The stratum.
        stratum: u32,
        /// Units sampled.
        sampled: usize,
        /// Units in the frame.
        population: f64,
    },
    /// Rows of one stratum name different populations.
    #[error(
        "the population of stratum {stratum} of stage {stage} varies: it is one number per stratum"
    )]
    PopulationVaries {
        /// The stage.
        stage: usize,
        /// The stratum.
        stratum: u32,
    },
    /// A stratum has one single unit, so that nothing can vary.
    #[error(
        "stratum {stratum} of stage {stage} has one sampled unit: merge it with another stratum, or choose how lonely units count"
    )]
    LonelyPsu {
        /// The stage.
        stage: usize,
        /// The stratum.
        stratum: u32,
    },
    /// No stratum has two units, so there is nothing to average.
    #[error(
        "no stratum of stage {stage} has two sampled units: their average variance is not known"
    )]
    NothingToAverage {
        /// The stage.
        stage: usize,
    },
}
