//! Why microdata cannot be analysed as asked.

use crate::{
    comparison::ComparisonError,
    estimation::DesignError,
    weighting::{CalibrationError, WeightError},
};

/// Why an analysis gives no results at all; rows count from 1 without the header.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AnalysisRefused {
    /// AN-101: a column the request names was not read.
    #[error("AN-101 没有读入“{0}”这一列")]
    NoColumn(String),
    /// AN-102: no rows.
    #[error("AN-102 文件里没有数据行")]
    NoRows,
    /// AN-103: an answer outside the scale.
    #[error(
        "AN-103 第 {row} 行（不算表头）“{column}”列的 {value} 不在量表内；若它表示没有回答，请写进 --missing"
    )]
    OffScale {
        /// The column.
        column: String,
        /// The row.
        row: usize,
        /// The value.
        value: f64,
    },
    /// AN-104: not one number of points per level.
    #[error("AN-104 量表有 {levels} 级，--points 给了 {points} 个分值；请每级给一个")]
    Points {
        /// Levels of the scale.
        levels: usize,
        /// Points given.
        points: usize,
    },
    /// AN-105: a negative weight.
    #[error("AN-105 第 {row} 行（不算表头）的权数是 {weight}；权数不能为负，请改正或删去这一行")]
    NegativeWeight {
        /// The row.
        row: usize,
        /// Its weight.
        weight: f64,
    },
    /// AN-106: a blank cell in a column of the design.
    #[error(
        "AN-106 第 {row} 行（不算表头）的“{column}”列是空的；权数、分层、抽样单元和总体数必须每行都有"
    )]
    BlankCell {
        /// The column.
        column: String,
        /// The row.
        row: usize,
    },
    /// AN-107: every weight is 0.
    #[error("AN-107 所有行的权数都是 0，没有可以估计的人")]
    NoWeight,
    /// AN-108: one PSU label in two strata.
    #[error(
        "AN-108 抽样单元“{0}”出现在两个层里；若不同层里的同一编号不是同一个单元，请加 --nested"
    )]
    PsuInTwoStrata(String),
    /// AN-109: more units sampled than there are.
    #[error("AN-109 {stratum}抽了 {sampled} 个单元，总体数却只有 {population}；请改正总体数一列")]
    PopulationTooSmall {
        /// Where.
        stratum: String,
        /// Units sampled.
        sampled: usize,
        /// Units of the population.
        population: f64,
    },
    /// AN-110: two population counts for one stratum.
    #[error("AN-110 {0}的总体数前后不一；每层只能有一个总体数")]
    PopulationVaries(String),
    /// AN-111: a stratum with one PSU, and the request forbids it.
    #[error(
        "AN-111 {0}只有一个抽样单元，不能估计误差；请并层，或用 --lonely adjust 等写明怎样处理"
    )]
    LonelyPsu(String),
    /// AN-112: all strata have one PSU.
    #[error("AN-112 每个层都只有一个抽样单元，没有可以平均的方差；请并层")]
    NothingToAverage,
    /// AN-113: anything else a design can be refused for.
    #[error("AN-113 {0}")]
    Design(DesignError),
    /// AN-114: the second stage is given without the first.
    #[error("AN-114 写了第二阶段，却没有第一阶段；请用 --psu 写明初级抽样单元")]
    SecondWithoutFirst,
    /// AN-115: the weights cannot be raked to the margins.
    #[error("AN-115 不能按总体边际调整权数：{0}")]
    Margins(#[from] CalibrationError),
    /// AN-116: places cannot be simulated.
    #[error("AN-116 不能模拟名次：{0}")]
    Ranks(ComparisonError),
}

impl From<WeightError> for AnalysisRefused {
    fn from(error: WeightError) -> Self {
        Self::Margins(error.into())
    }
}
