//! Comparing units: differences, ranks, over-dispersion, small numbers, and what a composite rests on.
//!
//! Functions take plain estimates and their covariance matrix; units are positions in the order given. Everything that draws
//! random numbers takes a seed.

mod composite;
mod covariance;
mod difference;
mod error;
mod fay_herriot;
mod fay_herriot_error;
mod graded_band;
mod joint_region;
mod multiplicity;
mod normal_draws;
mod overdispersion;
mod pairs;
mod rank_sets;
mod sample_quantile;
mod small_area;
mod structure;

pub use composite::{LeafScore, leaf_score, stream_mean};
pub use difference::{
    Arrow, Difference, DifferenceTest, arrows, class_mean_differences, judge_differences,
};
pub use error::ComparisonError;
pub use fay_herriot::{AreaEstimate, FayHerriot, ModelVariance, fay_herriot};
pub use fay_herriot_error::FayHerriotError;
pub use graded_band::GradedBand;
pub use joint_region::{JointRank, SimultaneousIntervals, joint_ranks};
pub use multiplicity::{benjamini_hochberg, benjamini_hochberg_adjusted, holm_adjusted};
pub use normal_draws::Draws;
pub use overdispersion::{Funnel, FunnelUnit, Heterogeneity, funnel, heterogeneity};
pub use pairs::{PairStatistics, PairTest, pair_tests};
pub use rank_sets::{MarginalSet, RankSets, SimultaneousSets, rank_sets, top_probability};
pub use sample_quantile::sample_quantile;
pub use small_area::{AreaInfluence, benchmarked, leave_one_area_out, smooth_variances};
pub use structure::{composites, leave_one_channel_out, places_over, places_under_other_weights};
