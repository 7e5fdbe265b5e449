//! What the quarters of a year become in the year's assessment (domain D.11, D.12, E.12).

use analytics::{Band, RankingRow, multiplier};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use survey_design::AnnualRules;
use vocabulary::{ClassId, UnitId, round_half_away};

/// One unit in one published round of the year; rounds in which it was hidden or bracketed are left out.
#[derive(Clone, Debug, PartialEq)]
pub struct QuarterResult {
    /// The unit.
    pub unit: UnitId,
    /// Its class.
    pub class: ClassId,
    /// The published score, 0-100.
    pub score: f64,
    /// The published band.
    pub band: Band,
}

impl QuarterResult {
    /// The part of a published row that enters the year; `None` for units hidden or bracketed.
    #[must_use]
    pub fn of(row: &RankingRow) -> Option<Self> {
        Some(Self {
            unit: row.unit.clone(),
            class: row.class.clone(),
            score: row.score?,
            band: row.band?,
        })
    }
}

/// Grade of the year 年度等次; decided by bands, never by a single place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// 优秀: clearly above the class average in at least half of the rounds, never below.
    Excellent,
    /// 良好: everything between.
    Good,
    /// 一般: clearly below the class average in at least half of the rounds, never above.
    Ordinary,
}

impl Grade {
    /// The official label in Chinese.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Excellent => "优秀",
            Self::Good => "良好",
            Self::Ordinary => "一般",
        }
    }
}

/// The result of a unit's year; figures are rounded once and published as they stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnnualResult {
    /// The unit.
    pub unit: UnitId,
    /// Its class in its last round of the year.
    pub class: ClassId,
    /// Rounds that entered.
    pub rounds: u32,
    /// Mean of the round scores, 0-100, two decimals.
    pub annual_score: f64,
    /// Unweighted mean of the annual scores of its class, two decimals.
    pub class_mean: f64,
    /// Points in the year's total, two decimals.
    pub share_points: f64,
    /// Multiplier for cities that use one, four decimals.
    pub multiplier: f64,
    /// Grade.
    pub grade: Grade,
}

/// Points of the social evaluation in the year's total: `score · share/100` (domain E.12); not rounded.
#[must_use]
pub fn annual_share(score: f64, rules: &AnnualRules) -> f64 {
    score * rules.social_share.as_f64() / 100.0
}

/// The grade of a year from the bands of its rounds; `None` without any round.
#[must_use]
pub fn grade(bands: &[Band]) -> Option<Grade> {
    let count = |wanted| bands.iter().filter(|s| **s == wanted).count();
    let (above, below) = (count(Band::Above), count(Band::Below));
    if bands.is_empty() {
        None
    } else if below == 0 && above * 2 >= bands.len() {
        Some(Grade::Excellent)
    } else if above == 0 && below * 2 >= bands.len() {
        Some(Grade::Ordinary)
    } else {
        Some(Grade::Good)
    }
}

/// The year's results in order of class and unit, from its rounds in order of time.
///
/// A unit without any published round has no result: it is *not applicable*, not zero.
#[must_use]
pub fn annual_results(rounds: &[Vec<QuarterResult>], rules: &AnnualRules) -> Vec<AnnualResult> {
    let years = years_of_units(rounds);
    let class_means = means_of_classes(&years);
    let mut results: Vec<AnnualResult> = years
        .iter()
        .filter_map(|(unit, year)| result_of(unit, year, class_means.get(year.class)?, rules))
        .collect();
    results.sort_by(|a, b| (&a.class, &a.unit).cmp(&(&b.class, &b.unit)));
    results
}

struct UnitYear<'a> {
    class: &'a ClassId,
    scores: Vec<f64>,
    bands: Vec<Band>,
}

fn years_of_units(rounds: &[Vec<QuarterResult>]) -> BTreeMap<&UnitId, UnitYear<'_>> {
    let mut years: BTreeMap<&UnitId, UnitYear<'_>> = BTreeMap::new();
    for quarter in rounds.iter().flatten() {
        let year = years.entry(&quarter.unit).or_insert_with(|| UnitYear {
            class: &quarter.class,
            scores: Vec::new(),
            bands: Vec::new(),
        });
        year.class = &quarter.class;
        year.scores.push(quarter.score);
        year.bands.push(quarter.band);
    }
    years
}

fn means_of_classes<'a>(years: &BTreeMap<&UnitId, UnitYear<'a>>) -> BTreeMap<&'a ClassId, f64> {
    let mut scores: BTreeMap<&ClassId, Vec<f64>> = BTreeMap::new();
    for year in years.values() {
        scores
            .entry(year.class)
            .or_default()
            .push(mean(&year.scores));
    }
    scores
        .iter()
        .map(|(class, all)| (*class, mean(all)))
        .collect()
}

fn result_of(
    unit: &UnitId,
    year: &UnitYear<'_>,
    class_mean: &f64,
    rules: &AnnualRules,
) -> Option<AnnualResult> {
    let score = mean(&year.scores);
    Some(AnnualResult {
        unit: unit.clone(),
        class: year.class.clone(),
        rounds: u32::try_from(year.scores.len()).unwrap_or(u32::MAX),
        annual_score: round_half_away(score, 2),
        class_mean: round_half_away(*class_mean, 2),
        share_points: round_half_away(annual_share(score, rules), 2),
        multiplier: round_half_away(multiplier(score, *class_mean, rules), 4),
        grade: grade(&year.bands)?,
    })
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a year has a handful of rounds and a class a few hundred units"
)]
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::Weight;

    fn rules() -> AnnualRules {
        AnnualRules {
            social_share: Weight::whole(20),
            multiplier_slope: Weight::parse("0.5").unwrap(),
            multiplier_low: Weight::parse("0.95").unwrap(),
            multiplier_high: Weight::parse("1.05").unwrap(),
        }
    }

    fn quarter(unit: &str, score: f64, band: Band) -> QuarterResult {
        QuarterResult {
            unit: unit.into(),
            class: "service".into(),
            score,
            band,
        }
    }

    #[test]
    fn the_worked_examples_of_the_multiplier_reproduce() {
        for (score, expected) in [
            (92.0, 1.02),
            (84.0, 0.98),
            (70.0, 0.95),
            (88.0, 1.0),
            (100.0, 1.05),
        ] {
            assert!(
                (multiplier(score, 88.0, &rules()) - expected).abs() < 1e-12,
                "{score}"
            );
        }
    }

    #[test]
    fn twenty_percent_of_a_score_enter_the_years_total() {
        assert!((annual_share(88.95, &rules()) - 17.79).abs() < 1e-12);
    }

    #[test]
    fn a_year_is_the_mean_of_its_published_rounds() {
        let rounds = [
            vec![
                quarter("D01", 90.0, Band::Above),
                quarter("D02", 80.0, Band::Below),
            ],
            vec![quarter("D01", 94.0, Band::Same)],
        ];

        let results = annual_results(&rounds, &rules());

        assert_eq!(results.len(), 2);
        assert_eq!((results[0].rounds, results[1].rounds), (2, 1));
        assert!((results[0].annual_score - 92.0).abs() < 1e-12);
        assert!((results[0].class_mean - 86.0).abs() < 1e-12);
        assert!((results[0].multiplier - 1.03).abs() < 1e-12);
        assert_eq!(
            (results[0].grade, results[1].grade),
            (Grade::Excellent, Grade::Ordinary)
        );
    }

    #[test]
    fn a_unit_without_a_published_round_is_not_graded() {
        assert_eq!(grade(&[]), None);
        assert!(annual_results(&[vec![]], &rules()).is_empty());
    }

    #[test]
    fn one_bad_quarter_keeps_a_unit_from_the_best_grade_but_not_from_the_middle() {
        use Band::{Above, Below, Same};
        for (bands, expected) in [
            (vec![Above, Above, Above, Below], Grade::Good),
            (vec![Above, Above, Same, Same], Grade::Excellent),
            (vec![Above, Same, Same, Same], Grade::Good),
            (vec![Below, Below, Same], Grade::Ordinary),
        ] {
            assert_eq!(grade(&bands), Some(expected), "{bands:?}");
        }
    }
}
