#![doc = include_str!("../README.md")]

pub mod analysis;
pub mod comparison;
pub mod disclosure;
pub mod estimation;
pub mod planning;
pub mod quality;
pub mod weighting;

mod bands;
mod channel_score;
mod channel_total;
mod combination;
mod counts;
mod deduction;
mod design;
mod disclose;
mod enterprise_score;
mod flag;
mod hall_index;
mod hotline_index;
mod incentive_points;
mod index;
mod interval;
mod item_estimate;
mod level_scale;
mod level_summary;
mod level_sums;
mod margin;
mod moments;
mod multiplier;
mod pairing_score;
mod rank;
mod ranking;
mod rating;
mod rectification_score;
mod round_score;
mod shrinkage;
mod survey_score;

pub use bands::{Band, bands};
pub use channel_score::{ChannelScore, MissingReason};
pub use channel_total::{ChannelTotal, channel_total};
pub use combination::{Combination, Part, Term, combine, combine_parts};
pub use counts::{
    EnterpriseCounts, HallCounts, HotlineCounts, PairingCounts, Ratio, RectificationCounts,
};
pub use deduction::DeductionRule;
pub use design::StratumDesign;
pub use disclose::{Status, disclose};
pub use enterprise_score::enterprise_score;
pub use flag::Flag;
pub use hall_index::hall_index;
pub use hotline_index::hotline_index;
pub use incentive_points::{
    PerformanceStandard, achievement_points, base_score, dimension_score, improvement_points,
};
pub use index::{Index, IndexPart, PartName};
pub use interval::{Estimate, normal_quantile, statistical_tie, t_quantile, wilson};
pub use item_estimate::{ItemEstimate, item_estimates};
pub use level_scale::LevelScale;
pub use level_summary::{LevelSummary, Rates, rates, satisfaction_score};
pub use level_sums::{LevelSums, PsuTotal};
pub use margin::{DomainMean, StratumPart, domain_mean};
pub use moments::{ItemCell, Moments, PooledCell, RepeatedCell};
pub use multiplier::multiplier;
pub use pairing_score::pairing_score;
pub use rank::{RankInterval, competition_places, rank_intervals};
pub use ranking::{ClassMean, Ranking, RankingRow, rank};
pub use rating::RatingRow;
pub use rectification_score::rectification_score;
pub use round_score::{RoundScores, ScoreInput, UnitInput, UnitScore, score_round};
pub use shrinkage::shrunken;
pub use survey_score::{GroupScore, StratumTrace};
