//! What the published rounds of a year become in the year's assessment.

use crate::{App, Verb, documents::rules, publish_round::published_bulletin, rounds::find};
use publication::{AnnualResult, QuarterResult, annual_results};
use storage::rounds;
use vocabulary::RoundId;

/// The results of the year the round belongs to, from all rounds published so far.
///
/// # Errors
/// When the round does not exist or the database fails.
pub async fn annual_of_year(app: &App, id: &RoundId) -> Verb<Vec<AnnualResult>> {
    let record = find(app, id).await?;
    let rules = rules(app, &record.round.rules_digest).await?;
    let mut rounds = rounds::list_rounds(app.store()).await?;
    rounds.retain(|other| other.round.year == record.round.year);
    rounds.sort_by_key(|other| other.round.quarter);
    let mut results = Vec::new();
    for other in rounds {
        if let Some(body) = published_bulletin(app, &other.round.id).await? {
            results.push(body.rows().filter_map(QuarterResult::of).collect());
        }
    }
    Ok(annual_results(&results, &rules.annual))
}
