//! `huiyin round rates`: response rates by their AAPOR names.

use crate::{cli::Common, commands::print, exit::Outcome};
use analytics::quality::ResponseRates;
use serde_json::{Map, Value, json};
use vocabulary::RoundId;
use workflows::{App, RoundRates};

/// Prints the rates and dispositions of each questionnaire of the round.
///
/// # Errors
/// When there is no such round or the database fails.
pub async fn show(common: &Common, app: &App, round: &RoundId) -> Outcome {
    workflows::find_round(app, round).await?;
    let rates = workflows::round_rates(app, round).await?;
    let value: Vec<_> = rates.iter().map(as_json).collect();
    print(
        common,
        &json!({"round": round, "questionnaires": value}),
        || rates.iter().map(as_words).collect::<Vec<_>>().join("\n\n"),
    )
}

fn as_json(rates: &RoundRates) -> Value {
    let named: Map<String, Value> = ResponseRates::NAMES
        .into_iter()
        .zip(rates.rates.rates)
        .map(|(name, rate)| (name.to_owned(), json!(rate)))
        .collect();
    let dispositions: Map<String, Value> = rates
        .dispositions
        .iter()
        .map(|(disposition, cases)| (disposition.code().to_owned(), json!(cases)))
        .collect();
    json!({"kind": rates.kind.code(), "rates": named, "e": rates.rates.eligible_share, "dispositions": dispositions})
}

fn as_words(rates: &RoundRates) -> String {
    let mut lines = vec![rates.kind.code().to_owned()];
    let named = ResponseRates::NAMES
        .into_iter()
        .zip(ResponseRates::FORMULAS)
        .zip(rates.rates.rates);
    lines.extend(named.map(|((name, formula), rate)| match rate {
        Some(rate) => format!("{name}\t{:.1}%\t{formula}", 100.0 * rate),
        None => format!("{name}\t—\t{formula}"),
    }));
    let cases = rates.dispositions.iter();
    lines.extend(cases.map(|(disposition, cases)| {
        format!("{}\t{cases}\t{}", disposition.code(), disposition.label())
    }));
    lines.join("\n")
}
