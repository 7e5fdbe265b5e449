//! The whole analysis: design, weights, domains, statistics, places.

use super::{
    AnalysisRefused, Request, ResultRow, Table,
    domains::domains,
    estimate::{Estimated, estimate},
    measure::measures,
    ranks::ranks,
    sample::{Sample, Units},
};

/// What came out, and what the reader should know about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// One row per statistic, variable and domain, in the order asked for; places after the estimates they belong to.
    pub results: Vec<ResultRow>,
    /// What is no error but worth knowing.
    pub notes: Vec<Note>,
}

/// What is no error but worth knowing.
#[derive(Clone, Debug, PartialEq)]
pub enum Note {
    /// Rows with weight 0 stay in the design and enter no estimate.
    ZeroWeights {
        /// How many.
        rows: usize,
        /// The first, from 1 without the header.
        first: usize,
    },
    /// Strata with one PSU, by label; what they add to variances is a convention.
    LonelyStrata(Vec<String>),
    /// Margin levels too thin to rake to safely: margin, level, PSUs, respondents.
    ThinLevels(Vec<(String, String, usize, usize)>),
}

/// Answers a request from the columns of a file.
///
/// Means use the points of the ruler. Intervals of means, totals and ratios are t intervals with the degrees of freedom of the
/// domain; those of shares are Korn and Graubard's; those of quantiles Woodruff's. After raking, errors come from the residuals
/// of the generalised regression. A domain is judged in the whole design: PSUs without rows in it count as zeros.
///
/// # Errors
/// When the design, the weights, the margins or a cell make every number doubtful; a number that only one domain lacks is a
/// [`Status`](super::Status) of its row.
///
/// Source: methodology A2-A7. Published numbers: `tests/acceptance/analyze.sh`.
pub fn analyze(request: &Request, table: &Table) -> Result<Analysis, AnalysisRefused> {
    let sample = Sample::new(table, request)?;
    let domains = domains(table, &request.by)?;
    let mut results = Vec::new();
    for statistic in &request.statistics {
        for measure in measures(statistic, request, table)? {
            let estimated: Vec<Estimated> = domains
                .iter()
                .map(|domain| estimate(&sample, &measure, domain, request.confidence))
                .collect::<Result<_, _>>()?;
            results.extend(with_places(estimated, &sample.units, request)?);
        }
    }
    Ok(Analysis {
        results,
        notes: sample.notes(),
    })
}

/// The rows of one measure, followed by the places of the domains when they are asked for.
pub(super) fn with_places(
    estimated: Vec<Estimated>,
    units: &Units,
    request: &Request,
) -> Result<Vec<ResultRow>, AnalysisRefused> {
    let places = match request.ranks {
        Some(set) => ranks(&estimated, units, set, request.confidence)?,
        None => Vec::new(),
    };
    let rows = estimated.into_iter().map(|estimated| estimated.row);
    Ok(rows.chain(places).collect())
}
