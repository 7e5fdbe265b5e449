//! Whether a computed figure is the golden one. Source of the rules: methodology F.

use crate::entry::{Entry, as_number};
use crate::figure::{Figure, Value};
use serde_json::Value as Json;

/// What came of one entry.
#[derive(Debug, PartialEq)]
pub enum Verdict {
    /// Every field agrees.
    Matched,
    /// These fields differ.
    Missed(Vec<Difference>),
    /// No figure has this name.
    NotImplemented,
    /// The entry documents a trap of R; ours differs for the stated reason.
    Documented(&'static str),
}

/// One field that differs.
#[derive(Debug, PartialEq)]
pub struct Difference {
    /// Which field.
    pub field: String,
    /// What R has.
    pub golden: String,
    /// What we have.
    pub ours: String,
}

/// Fields that are not figures: names, texts, tolerances, the bounds used for `L` and `U`, and how often a loop ran.
const NOT_COMPARED: [&str; 15] = [
    "name",
    "section",
    "design",
    "method",
    "call",
    "warning",
    "error",
    "mc",
    "abs_tol",
    "rel_tol",
    "iterations",
    "L_wide",
    "L_narrow",
    "U_wide",
    "U_narrow",
];

/// Standard errors below this are noise around zero.
const NO_VARIANCE: f64 = 1e-8;
/// Numbers closer than this are equal whatever their size: rounding of differences of points.
const NO_DIFFERENCE: f64 = 1e-12;
/// How far a Monte-Carlo critical value may lie from another.
const CRITICAL_VALUE: f64 = 0.01;

/// Compares every field of the entry.
pub fn verdict(entry: &Entry, figure: Option<&Figure>) -> Verdict {
    let Some(figure) = figure else {
        return Verdict::NotImplemented;
    };
    let mut differences: Vec<Difference> = refusals(entry, figure).into_iter().collect();
    differences.extend(
        entry
            .fields
            .iter()
            .filter(|(field, _)| !NOT_COMPARED.contains(&field.as_str()))
            .filter_map(|(field, golden)| difference(entry, figure, field, golden)),
    );
    if differences.is_empty() {
        return Verdict::Matched;
    }
    let (excused, why) = figure.trap.unwrap_or_default();
    differences.retain(|it| !excused.contains(&it.field.as_str()));
    if differences.is_empty() {
        Verdict::Documented(why)
    } else {
        Verdict::Missed(differences)
    }
}

/// R's error must be our refusal.
fn refusals(entry: &Entry, figure: &Figure) -> Option<Difference> {
    let error = entry.error.as_ref()?;
    (figure.refusal().is_none()).then(|| Difference {
        field: "estimate".to_owned(),
        golden: format!("error: {error}"),
        ours: format!("{:?}", figure.value("estimate")),
    })
}

fn difference(entry: &Entry, figure: &Figure, field: &str, golden: &Json) -> Option<Difference> {
    let nothing = as_number(golden).is_some_and(|it| !it.is_finite());
    let same = match figure.value(field) {
        None => nothing && figure.refusal().is_some(),
        Some(Value::Refused(_)) => nothing,
        Some(Value::Between(low, high)) => {
            entry.monte_carlo && as_number(golden).is_some_and(|it| *low <= it && it <= *high)
        }
        Some(Value::Falling(ours)) => {
            entry.monte_carlo && falls_alike(listed(golden).unwrap_or_default(), ours)
        }
        Some(Value::Text(text)) => golden.as_str() == Some(text),
        Some(Value::Texts(texts)) => listed(golden).is_some_and(|list| {
            list.len() == texts.len() && list.iter().zip(texts).all(|(it, text)| it == text)
        }),
        Some(Value::List(numbers)) => listed(golden).is_some_and(|list| {
            list.len() == numbers.len()
                && list.iter().zip(numbers).all(|(it, number)| {
                    as_number(it).is_some_and(|it| agrees(entry, field, it, *number))
                })
        }),
        Some(Value::Number(number)) => {
            as_number(golden).is_some_and(|it| agrees(entry, field, it, *number))
        }
    };
    (!same).then(|| Difference {
        field: field.to_owned(),
        golden: golden.to_string(),
        ours: figure
            .value(field)
            .map_or_else(|| "nothing".to_owned(), |value| format!("{value:?}")),
    })
}

/// How many rounds a step-down takes hangs on the draws, so the two may differ in length: both fall, and begin and end within
/// the error of a critical value; each has one round only where the other has.
fn falls_alike(golden: &[Json], ours: &[f64]) -> bool {
    let golden: Option<Vec<f64>> = golden.iter().map(as_number).collect();
    let Some(golden) = golden else { return false };
    let falls = |list: &[f64]| list.is_sorted_by(|a, b| a > b);
    let near = |a: Option<&f64>, b: Option<&f64>| {
        a.zip(b)
            .is_some_and(|(a, b)| (a - b).abs() <= CRITICAL_VALUE)
    };
    (golden.len() == 1) == (ours.len() == 1)
        && falls(&golden)
        && falls(ours)
        && near(golden.first(), ours.first())
        && near(golden.last(), ours.last())
}

/// A list; R writes a list of one as a scalar.
fn listed(golden: &Json) -> Option<&[Json]> {
    match golden {
        Json::Array(list) => Some(list),
        Json::Object(_) | Json::Null => None,
        scalar => Some(std::slice::from_ref(scalar)),
    }
}

fn agrees(entry: &Entry, field: &str, golden: f64, ours: f64) -> bool {
    if golden.is_nan() || ours.is_nan() {
        return golden.is_nan() && ours.is_nan();
    }
    if golden.is_infinite() || ours.is_infinite() {
        return golden.total_cmp(&ours).is_eq();
    }
    if field.starts_with("se") && golden.abs() < NO_VARIANCE && ours.abs() < NO_VARIANCE {
        return true;
    }
    if entry.monte_carlo && matches!(field, "L" | "U") {
        return inside_rank_bounds(entry, field, ours);
    }
    let (absolute, relative) = tolerance(entry, field);
    (golden - ours).abs() <= absolute.max(relative * golden.abs().max(ours.abs()))
}

/// A rank set must lie between the golden ones at the critical value ± 0.01.
fn inside_rank_bounds(entry: &Entry, field: &str, ours: f64) -> bool {
    let bound = |which| entry.number(&format!("{field}_{which}"));
    match (bound("wide"), bound("narrow")) {
        (Some(wide), Some(narrow)) => wide.min(narrow) <= ours && ours <= wide.max(narrow),
        _ => false,
    }
}

/// How far apart two equal numbers may be: absolutely, and relative to their size.
fn tolerance(entry: &Entry, field: &str) -> (f64, f64) {
    if entry.monte_carlo {
        return match (entry.number("abs_tol"), entry.number("rel_tol"), field) {
            (Some(absolute), _, _) => (absolute, 0.0),
            (_, Some(relative), _) => (0.0, relative),
            (_, _, "crit") => (CRITICAL_VALUE, 0.0),
            // Bounds of a stepdown are stated without a safe band; one draw more or less may move them by one place.
            (_, _, "L_stepdown" | "U_stepdown") => (1.0, 0.0),
            _ => (NO_DIFFERENCE, 1e-9),
        };
    }
    (
        NO_DIFFERENCE,
        if is_iterative(entry, field) {
            1e-6
        } else {
            1e-9
        },
    )
}

/// Numbers R finds by iteration: calibration, the intervals made by `glm`, the ends of quantile intervals.
fn is_iterative(entry: &Entry, field: &str) -> bool {
    let interval = field == "se" || field.starts_with("ci_");
    match entry.section.as_str() {
        "G" => !has_closed_form(entry),
        "B" => entry.name.ends_with("/logit") || entry.name.ends_with("/likelihood"),
        "A" => interval && entry.name.starts_with("quantile/"),
        _ => false,
    }
}

/// Nonresponse factors, post-stratification and linear calibration take no iteration.
fn has_closed_form(entry: &Entry) -> bool {
    let ends = ["/nr", "/ps", "/ps_partial", "/lin"];
    entry.name.starts_with("nradj/") || ends.iter().any(|end| entry.name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::{ERROR, WHOLE};

    fn entry(json: &str) -> Entry {
        let Ok(Json::Object(fields)) = serde_json::from_str(json) else {
            panic!("{json}");
        };
        Entry {
            name: "mean/q1".to_owned(),
            section: "A".to_owned(),
            error: fields.get("error").map(ToString::to_string),
            monte_carlo: fields.contains_key("mc"),
            fields,
        }
    }

    #[test]
    fn a_right_figure_matches_and_a_wrong_one_is_missed() {
        let entry = entry(r#"{"estimate": 70.5, "se": 0.25}"#);
        let figure = |se| {
            Figure::new("mean/q1")
                .number("estimate", 70.5)
                .number("se", se)
        };

        assert_eq!(verdict(&entry, Some(&figure(0.25))), Verdict::Matched);
        let Verdict::Missed(differences) = verdict(&entry, Some(&figure(0.250_000_001))) else {
            panic!("a standard error that is wrong in the ninth digit must be missed");
        };
        assert_eq!(differences.len(), 1);
        assert_eq!(differences[0].field, "se");
    }

    #[test]
    fn a_field_or_a_figure_left_out_is_not_matched() {
        let entry = entry(r#"{"estimate": 70.5, "se": 0.25}"#);
        let lacking = Figure::new("mean/q1").number("estimate", 70.5);

        assert!(matches!(
            verdict(&entry, Some(&lacking)),
            Verdict::Missed(_)
        ));
        assert_eq!(verdict(&entry, None), Verdict::NotImplemented);
    }

    #[test]
    fn an_error_of_r_wants_a_refusal_and_a_number_wants_a_number() {
        let (error, number) = (
            entry(r#"{"error": "only one PSU"}"#),
            entry(r#"{"estimate": 0, "se": 0}"#),
        );
        let refused = Figure::refused("mean/q1", "stratum 3 has one PSU");

        assert_eq!(verdict(&error, Some(&refused)), Verdict::Matched);
        assert!(matches!(
            verdict(
                &error,
                Some(&Figure::new("mean/q1").number("estimate", 1.0))
            ),
            Verdict::Missed(_)
        ));
        assert!(matches!(
            verdict(&number, Some(&refused)),
            Verdict::Missed(_)
        ));
        assert_eq!(
            verdict(
                &number,
                Some(&refused.trap(WHOLE, "an empty domain has no mean"))
            ),
            Verdict::Documented("an empty domain has no mean")
        );
    }

    #[test]
    fn a_trap_excuses_the_fields_it_names_and_no_other() {
        let entry = entry(r#"{"estimate": 70.5, "se": 0.25}"#);
        let figure = |estimate| {
            Figure::new("mean/q1")
                .number("estimate", estimate)
                .number("se", 0.5)
                .trap(ERROR, "another error")
        };

        assert_eq!(
            verdict(&entry, Some(&figure(70.5))),
            Verdict::Documented("another error")
        );
        let Verdict::Missed(differences) = verdict(&entry, Some(&figure(70.6))) else {
            panic!("the estimate is not excused");
        };
        assert_eq!(differences.len(), 1);
        assert_eq!(differences[0].field, "estimate");
    }

    #[test]
    fn a_falling_sequence_may_be_shorter_but_not_lie_elsewhere() {
        let entry = entry(r#"{"sequence": [3.948, 3.9402, 3.937], "mc": true}"#);
        let verdict = |ours: &[f64]| {
            verdict(
                &entry,
                Some(&Figure::new("mean/q1").with("sequence", Value::Falling(ours.to_vec()))),
            )
        };

        for ours in [&[3.951, 3.94][..], &[3.945, 3.941, 3.938, 3.936]] {
            assert_eq!(verdict(ours), Verdict::Matched, "{ours:?}");
        }
        for ours in [
            &[][..],
            &[3.948],
            &[3.97, 3.937],
            &[3.948, 3.91],
            &[3.937, 3.948],
            &[3.948, 3.948, 3.937],
        ] {
            assert!(matches!(verdict(ours), Verdict::Missed(_)), "{ours:?}");
        }
    }

    #[test]
    fn a_rank_set_may_lie_between_its_bounds() {
        let entry = entry(r#"{"L": 4, "L_wide": 3, "L_narrow": 4, "mc": true}"#);
        let figure = |low| Figure::new("mean/q1").number("L", low);

        assert_eq!(verdict(&entry, Some(&figure(3.0))), Verdict::Matched);
        assert!(matches!(
            verdict(&entry, Some(&figure(5.0))),
            Verdict::Missed(_)
        ));
    }
}
