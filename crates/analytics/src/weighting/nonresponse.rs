//! Respondents stand in for those of their class who did not answer.

use super::base::{WeightError, check_rows, check_weights};
use thiserror::Error;

/// Why a class cannot be adjusted.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum NonresponseError {
    /// The weights or columns themselves are wrong.
    #[error(transparent)]
    Weights(#[from] WeightError),
    /// People were sampled in a class and nobody of weight answered.
    #[error(
        "nobody answered in class {class} of {sampled} sampled people: merge it with a similar class"
    )]
    NobodyAnswered {
        /// The class.
        class: usize,
        /// Sampled rows of the class.
        sampled: usize,
    },
}

/// When a class is too thin to stand alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CollapseRule {
    /// Fewer respondents than this are too few.
    pub min_respondents: usize,
    /// A factor above this is too large.
    pub max_factor: f64,
}

impl Default for CollapseRule {
    /// 20 respondents, factor 3 (methodology A1).
    fn default() -> Self {
        Self {
            min_respondents: 20,
            max_factor: 3.0,
        }
    }
}

/// A reason to merge a class with a similar one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClassWarning {
    /// Too few respondents carry the class.
    FewRespondents,
    /// The factor inflates the weights too much.
    LargeFactor,
}

/// One weighting class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ResponseClass {
    /// Sampled rows.
    pub sampled: usize,
    /// Rows that answered.
    pub respondents: usize,
    /// Weight of the sampled over weight of the respondents; 1 in a class without rows.
    pub factor: f64,
}

impl ResponseClass {
    /// What speaks for merging the class; empty when nothing does.
    #[must_use]
    pub fn warnings(&self, rule: CollapseRule) -> Vec<ClassWarning> {
        let few = self.respondents < rule.min_respondents;
        let large = self.factor > rule.max_factor;
        [
            few.then_some(ClassWarning::FewRespondents),
            large.then_some(ClassWarning::LargeFactor),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// The factor `Σ d ∕ Σ d·r` of every class, in the order of their dense ids `classes`.
///
/// `weights`, `classes` and `responded` are columns of the sampled rows, respondents or not.
///
/// # Errors
/// Weights below 0 or missing, columns of different lengths, a class in which nobody answered.
///
/// **Source**: Little 1986; Kalton & Flores-Cervantes 2003; methodology A1. Golden numbers: `nradj/*`.
pub fn response_classes(
    weights: &[f64],
    classes: &[u32],
    responded: &[bool],
) -> Result<Vec<ResponseClass>, NonresponseError> {
    check_weights(weights)?;
    check_rows(weights.len(), classes.len())?;
    check_rows(weights.len(), responded.len())?;
    let count = classes.iter().max().map_or(0, |most| *most as usize + 1);
    let mut tallies = vec![Tally::default(); count];
    for ((weight, class), answered) in weights.iter().zip(classes).zip(responded) {
        tallies[*class as usize].add(*weight, *answered);
    }
    tallies
        .iter()
        .enumerate()
        .map(|(class, tally)| tally.finish(class))
        .collect()
}

#[derive(Clone, Copy, Default)]
struct Tally {
    sampled: usize,
    respondents: usize,
    weight: f64,
    responding: f64,
}

impl Tally {
    fn add(&mut self, weight: f64, answered: bool) {
        self.sampled += 1;
        self.weight += weight;
        if answered {
            self.respondents += 1;
            self.responding += weight;
        }
    }

    fn finish(&self, class: usize) -> Result<ResponseClass, NonresponseError> {
        let factor = if self.responding > 0.0 {
            self.weight / self.responding
        } else if self.weight > 0.0 {
            return Err(NonresponseError::NobodyAnswered {
                class,
                sampled: self.sampled,
            });
        } else {
            1.0
        };
        Ok(ResponseClass {
            sampled: self.sampled,
            respondents: self.respondents,
            factor,
        })
    }
}

/// Weights after the adjustment, one per row: `d·factor` for respondents, 0 for the others.
///
/// # Errors
/// As [`response_classes`].
pub fn adjust_for_nonresponse(
    weights: &[f64],
    classes: &[u32],
    responded: &[bool],
) -> Result<Vec<f64>, NonresponseError> {
    let table = response_classes(weights, classes, responded)?;
    Ok(weights
        .iter()
        .zip(classes)
        .zip(responded)
        .map(|((weight, class), answered)| {
            if *answered {
                weight * table[*class as usize].factor
            } else {
                0.0
            }
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn respondents_carry_the_weight_of_their_class() {
        // Class 0: 2 + 3 + 5 sampled, 2 + 3 answered: factor 2. Class 1: all answered.
        let weights = [2.0, 3.0, 5.0, 4.0];
        let (classes, responded) = ([0, 0, 0, 1], [true, true, false, true]);

        let table = response_classes(&weights, &classes, &responded).unwrap();
        let adjusted = adjust_for_nonresponse(&weights, &classes, &responded).unwrap();

        assert_eq!(
            table[0],
            ResponseClass {
                sampled: 3,
                respondents: 2,
                factor: 2.0
            }
        );
        assert_eq!(adjusted, [4.0, 6.0, 0.0, 4.0]);
    }

    #[test]
    fn a_class_where_nobody_answered_is_refused_by_name() {
        let refused = response_classes(&[1.0, 1.0, 1.0], &[0, 1, 1], &[true, false, false]);

        assert_eq!(
            refused,
            Err(NonresponseError::NobodyAnswered {
                class: 1,
                sampled: 2
            })
        );
    }

    #[test]
    fn thin_classes_are_named_for_merging() {
        let class = |respondents, factor| ResponseClass {
            sampled: 100,
            respondents,
            factor,
        };
        let rule = CollapseRule::default();

        assert_eq!(class(20, 3.0).warnings(rule), []);
        assert_eq!(
            class(19, 1.5).warnings(rule),
            [ClassWarning::FewRespondents]
        );
        assert_eq!(class(30, 3.1).warnings(rule), [ClassWarning::LargeFactor]);
    }

    #[test]
    fn columns_of_different_lengths_are_refused() {
        assert_eq!(
            response_classes(&[1.0, 1.0], &[0], &[true, true]),
            Err(WeightError::Rows {
                expected: 2,
                found: 1
            }
            .into())
        );
    }
}
