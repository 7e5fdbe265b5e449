//! What an analyst asks of a file of microdata.

use super::items::Ruler;
use crate::{estimation::LonelyPsu, weighting::Margin};
use std::fmt;

/// Everything one run of the analysis is asked for, in names of columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// How the rows were drawn.
    pub design: DesignColumns,
    /// Columns whose crossed labels are the domains; none for the whole sample.
    pub by: Vec<String>,
    /// What to estimate, in order of output.
    pub statistics: Vec<Statistic>,
    /// Which answers count, and their points.
    pub ruler: Ruler,
    /// Confidence level of all intervals, between 0 and 1.
    pub confidence: f64,
    /// What a stratum with one PSU contributes to a variance.
    pub lonely: LonelyPsu,
    /// Which places the domains get, if any.
    pub ranks: Option<RankSet>,
    /// Population margins to rake the weights to; the name of each is a column.
    pub margins: Vec<Margin>,
}

/// The columns of the sampling design; each one that is absent is the simplest case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DesignColumns {
    /// Weights, people represented; 1 each when absent.
    pub weight: Option<String>,
    /// Strata; one when absent.
    pub strata: Option<String>,
    /// Primary sampling units; each row its own when absent.
    pub psu: Option<String>,
    /// Units of the first stage in the population of the row's stratum.
    pub fpc: Option<String>,
    /// Sampling units inside the PSU.
    pub second_stage: Option<String>,
    /// Units of the second stage in the population of the row's PSU.
    pub second_fpc: Option<String>,
    /// Whether the same PSU label may stand for different PSUs in different strata.
    pub nested: bool,
}

/// One thing to estimate.
#[derive(Clone, Debug, PartialEq)]
pub enum Statistic {
    /// Mean of a column of numbers.
    Mean(String),
    /// Shares of all values of a column, one row each.
    Shares(String),
    /// Share of the answers that meet a condition.
    Proportion(Condition),
    /// Weighted total of a column of numbers.
    Total(String),
    /// Total of one column over the total of another.
    Ratio {
        /// Column above the line.
        numerator: String,
        /// Column below the line.
        denominator: String,
    },
    /// Value below which a share of the population lies.
    Quantile {
        /// Column of numbers.
        column: String,
        /// The share, between 0 and 1; 0.5 is the median.
        share: f64,
    },
}

/// A comparison of a column with a constant, as in `q1>=4`.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The column.
    pub column: String,
    /// How it is compared.
    pub test: Test,
}

/// How a cell is compared.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// The cell is this text.
    Is(String),
    /// The cell is a number at least as large.
    AtLeast(f64),
    /// The cell is a number at most as large.
    AtMost(f64),
}

/// Which set of places each domain gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RankSet {
    /// All sets hold together, without simulation (Klein, Wright and Wieczorek 2020).
    Joint,
    /// All sets hold together, by simulation (Mogstad, Romano, Shaikh and Wilhelm 2024).
    Simultaneous,
    /// Each set holds for its own domain (Mogstad, Romano, Shaikh and Wilhelm 2024).
    Marginal,
}

/// What a column is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ColumnKind {
    /// Numbers; a blank cell is no answer.
    Number,
    /// Labels, compared as text: leading zeros stay.
    Label,
}

/// Why a statistic was not understood.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum StatisticProblem {
    /// A ratio without two columns.
    #[error("“{0}”不是比值；请写成 分子列/分母列")]
    NotARatio(String),
    /// A share outside 0 to 1.
    #[error("“{0}”不是分位数；请写成 列名@0.5，@ 后面的数在 0 和 1 之间")]
    NotAQuantile(String),
    /// A comparison with something that is no number.
    #[error("“{0}”的比较值不是数")]
    NotAComparison(String),
}

impl Statistic {
    /// Understands `column`, `column=value`, `column>=number` or `column<=number`; a text that is a column is that column.
    ///
    /// # Errors
    /// When the value of an inequality is no number.
    pub fn proportion(text: &str, columns: &[String]) -> Result<Self, StatisticProblem> {
        if is_column(text, columns) {
            return Ok(Self::Shares(text.to_owned()));
        }
        let number = |value: &str| {
            value
                .trim()
                .parse()
                .ok()
                .filter(|value: &f64| value.is_finite())
                .ok_or_else(|| StatisticProblem::NotAComparison(text.to_owned()))
        };
        let (column, test) = if let Some((column, value)) = text.split_once(">=") {
            (column, Test::AtLeast(number(value)?))
        } else if let Some((column, value)) = text.split_once("<=") {
            (column, Test::AtMost(number(value)?))
        } else if let Some((column, value)) = text.split_once('=') {
            (column, Test::Is(value.trim().to_owned()))
        } else {
            return Ok(Self::Shares(text.to_owned()));
        };
        Ok(Self::Proportion(Condition {
            column: column.trim().to_owned(),
            test,
        }))
    }

    /// Understands `numerator/denominator`, also when a column has a slash in its name.
    ///
    /// # Errors
    /// When there is no slash with a name on both sides.
    pub fn ratio(text: &str, columns: &[String]) -> Result<Self, StatisticProblem> {
        let splits: Vec<(&str, &str)> = text
            .match_indices('/')
            .map(|(place, _)| (text[..place].trim(), text[place + 1..].trim()))
            .collect();
        let both =
            |&&(one, other): &&(&str, &str)| is_column(one, columns) && is_column(other, columns);
        let (numerator, denominator) = splits
            .iter()
            .find(both)
            .or(splits.first())
            .filter(|(one, other)| !one.is_empty() && !other.is_empty())
            .ok_or_else(|| StatisticProblem::NotARatio(text.to_owned()))?;
        Ok(Self::Ratio {
            numerator: (*numerator).to_owned(),
            denominator: (*denominator).to_owned(),
        })
    }

    /// Understands `column@share`; without a share it is the median.
    ///
    /// # Errors
    /// When the share is no number strictly between 0 and 1.
    pub fn quantile(text: &str, columns: &[String]) -> Result<Self, StatisticProblem> {
        let (column, share) = match text.rsplit_once('@') {
            Some((column, share)) if !is_column(text, columns) => (column, share.trim().parse()),
            _ => (text, Ok(0.5)),
        };
        let share = share
            .ok()
            .filter(|share| *share > 0.0 && *share < 1.0)
            .ok_or_else(|| StatisticProblem::NotAQuantile(text.to_owned()))?;
        Ok(Self::Quantile {
            column: column.trim().to_owned(),
            share,
        })
    }

    /// The word of the result: `mean`, `proportion`, `total`, `ratio`, `quantile`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Mean(_) => "mean",
            Self::Shares(_) | Self::Proportion(_) => "proportion",
            Self::Total(_) => "total",
            Self::Ratio { .. } => "ratio",
            Self::Quantile { .. } => "quantile",
        }
    }
}

/// As it is asked for: `q1`, `q1>=4`, `a/b`, `q1@0.5`.
impl fmt::Display for Statistic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mean(column) | Self::Shares(column) | Self::Total(column) => f.write_str(column),
            Self::Proportion(condition) => condition.fmt(f),
            Self::Ratio {
                numerator,
                denominator,
            } => write!(f, "{numerator}/{denominator}"),
            Self::Quantile { column, share } => write!(f, "{column}@{share}"),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let column = &self.column;
        match &self.test {
            Test::Is(value) => write!(f, "{column}={value}"),
            Test::AtLeast(value) => write!(f, "{column}>={value}"),
            Test::AtMost(value) => write!(f, "{column}<={value}"),
        }
    }
}

impl Request {
    /// The columns to read and as what, each once, sorted.
    #[must_use]
    pub fn columns(&self) -> Vec<(String, ColumnKind)> {
        use ColumnKind::{Label, Number};
        let design = &self.design;
        let numbers = [&design.weight, &design.fpc, &design.second_fpc];
        let labels = [&design.strata, &design.psu, &design.second_stage];
        let mut columns: Vec<(String, ColumnKind)> = Vec::new();
        columns.extend(numbers.into_iter().flatten().map(|c| (c.clone(), Number)));
        columns.extend(labels.into_iter().flatten().map(|c| (c.clone(), Label)));
        columns.extend(self.by.iter().map(|column| (column.clone(), Label)));
        columns.extend(self.margins.iter().map(|m| (m.name.clone(), Label)));
        for statistic in &self.statistics {
            columns.extend(self.columns_of(statistic));
        }
        columns.sort();
        columns.dedup();
        columns
    }

    fn columns_of(&self, statistic: &Statistic) -> Vec<(String, ColumnKind)> {
        use ColumnKind::Number;
        match statistic {
            Statistic::Mean(column)
            | Statistic::Total(column)
            | Statistic::Quantile { column, .. } => vec![(column.clone(), Number)],
            Statistic::Ratio {
                numerator,
                denominator,
            } => vec![(numerator.clone(), Number), (denominator.clone(), Number)],
            Statistic::Shares(column) => vec![(column.clone(), self.kind_of_shares())],
            Statistic::Proportion(Condition { column, test }) => vec![(
                column.clone(),
                match test {
                    Test::Is(_) => self.kind_of_shares(),
                    Test::AtLeast(_) | Test::AtMost(_) => Number,
                },
            )],
        }
    }

    /// Values are levels of the scale when there is one, else labels.
    pub(super) fn kind_of_shares(&self) -> ColumnKind {
        if self.ruler.scale.is_some() {
            ColumnKind::Number
        } else {
            ColumnKind::Label
        }
    }
}

fn is_column(name: &str, columns: &[String]) -> bool {
    columns.iter().any(|column| column == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_statistic_is_written_as_it_is_read() {
        let known = columns(&["q1", "a/b", "c", "x@1"]);

        for text in ["q1>=4", "q1<=2.5", "q1=9"] {
            assert_eq!(
                Statistic::proportion(text, &known).unwrap().to_string(),
                text
            );
        }
        assert_eq!(
            Statistic::ratio("a/b/c", &known).unwrap(),
            Statistic::Ratio {
                numerator: "a/b".into(),
                denominator: "c".into()
            }
        );
        assert_eq!(
            Statistic::quantile("x@1", &known).unwrap().to_string(),
            "x@1@0.5"
        );
    }

    #[test]
    fn what_cannot_be_understood_is_named() {
        assert_eq!(
            Statistic::proportion("q1>=four", &[]),
            Err(StatisticProblem::NotAComparison("q1>=four".into()))
        );
        for text in ["a", "/b", "a/"] {
            assert_eq!(
                Statistic::ratio(text, &[]),
                Err(StatisticProblem::NotARatio(text.into()))
            );
        }
        for text in ["q@0", "q@1", "q@half", "q@NaN"] {
            assert_eq!(
                Statistic::quantile(text, &[]),
                Err(StatisticProblem::NotAQuantile(text.into()))
            );
        }
    }
}
