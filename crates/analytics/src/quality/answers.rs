//! What one rater's answers look like.

/// The scored answers among all: 1 to 5.
pub fn valid_answers(answers: &[Option<u8>]) -> impl Iterator<Item = u8> + '_ {
    answers
        .iter()
        .flatten()
        .copied()
        .filter(|answer| (1..=5).contains(answer))
}

/// Length of the longest run of one and the same answer, don't know included; blanks end a run.
///
/// Source: Johnson 2005; methodology E. Golden numbers: section O `quality/longstring_p99`.
#[must_use]
pub fn longstring(answers: &[Option<u8>]) -> usize {
    answers
        .chunk_by(|a, b| a == b)
        .filter(|run| run[0].is_some())
        .map(<[_]>::len)
        .max()
        .unwrap_or(0)
}

/// Whether all scored answers are one level, and there are at least `least` of them (6 is usual).
///
/// Honest raters do this too, most of all at the ends of the scale: a sign, never proof.
///
/// Source: methodology E. Golden numbers: section O `quality/n_straight`.
#[must_use]
pub fn is_straight_line(answers: &[Option<u8>], least: usize) -> bool {
    let mut valid = valid_answers(answers);
    match valid.next() {
        Some(first) => {
            valid_answers(answers).count() >= least && valid.all(|answer| answer == first)
        }
        None => false,
    }
}

/// Standard deviation of the scored answers of a rater, in levels; `None` for fewer than two.
///
/// Source: intra-individual response variability, Dunn et al. 2018; methodology E. Golden numbers: section O
/// `quality/mean_irv`.
#[must_use]
pub fn response_variability(answers: &[Option<u8>]) -> Option<f64> {
    let valid: Vec<f64> = valid_answers(answers).map(f64::from).collect();
    let n = valid.len() as f64;
    let mean = valid.iter().sum::<f64>() / n;
    let squares: f64 = valid
        .iter()
        .map(|answer| (answer - mean) * (answer - mean))
        .sum();
    (valid.len() >= 2).then(|| (squares / (n - 1.0)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<Option<u8>> {
        text.bytes()
            .map(|byte| byte.is_ascii_digit().then(|| byte - b'0'))
            .collect()
    }

    #[test]
    fn runs_end_at_another_answer_and_at_a_blank() {
        for (answers, expected) in [("55543", 3), ("55-55", 2), ("3999", 3), ("---", 0), ("", 0)] {
            assert_eq!(longstring(&codes(answers)), expected, "{answers}");
        }
    }

    #[test]
    fn a_straight_line_needs_enough_scored_answers_of_one_level() {
        assert!(is_straight_line(&codes("449-4444"), 6));
        assert!(!is_straight_line(&codes("44444"), 6));
        assert!(!is_straight_line(&codes("444445"), 6));
        assert!(!is_straight_line(&codes("99999999"), 0));
    }

    #[test]
    fn variability_is_that_of_scored_answers() {
        // 1, 3, 5: variance 4.
        assert!((response_variability(&codes("1935-")).unwrap() - 2.0).abs() < 1e-12);
        assert!(response_variability(&codes("55")).unwrap().abs() < 1e-12);
        assert_eq!(response_variability(&codes("59")), None);
    }
}
