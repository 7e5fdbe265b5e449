//! Interviewers whose interviews differ more than chance allows.

use crate::comparison::funnel;

/// What interviewers do to the scores of one area.
#[derive(Clone, Debug, PartialEq)]
pub struct InterviewerEffects {
    /// Share of the variance that lies between interviewers; below 0 when they differ less than chance.
    pub icc: f64,
    /// Sorted by id.
    pub interviewers: Vec<Interviewer>,
}

/// One interviewer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interviewer {
    /// The id given.
    pub id: u32,
    /// Interviews.
    pub n: u32,
    /// Mean score.
    pub mean: f64,
    /// Additive over-dispersed z-score against the mean of all; beyond ±3.09 a person looks at the interviews.
    pub z: f64,
}

/// Intra-class correlation and two-stage z-scores, from one id and one score per interview; give one area at a time.
///
/// The score may be anything one interview has: the mean answer, the share of don't know, the minutes it took. The standard
/// error of an interviewer is the pooled one, `√(MSW/n)`. `None` with fewer than two interviewers, without repeated interviews,
/// without variation, or with a score that is no number.
///
/// Source: one-way analysis of variance (Kish 1962); Spiegelhalter 2005 for z; methodology E, A8.
#[must_use]
pub fn interviewer_effects(ids: &[u32], scores: &[f64]) -> Option<InterviewerEffects> {
    let mut pairs: Vec<_> = ids.iter().copied().zip(scores.iter().copied()).collect();
    pairs.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let total = pairs.len() as f64;
    let overall = pairs.iter().map(|(_, score)| score).sum::<f64>() / total;
    let (mut within, mut between, mut square_sizes) = (0.0, 0.0, 0.0);
    let mut interviewers = Vec::new();
    for own in pairs.chunk_by(|a, b| a.0 == b.0) {
        let size = own.len() as f64;
        let mean = own.iter().map(|(_, score)| score).sum::<f64>() / size;
        within += own
            .iter()
            .map(|(_, score)| (score - mean).powi(2))
            .sum::<f64>();
        between += size * (mean - overall).powi(2);
        square_sizes += size * size;
        let n = u32::try_from(own.len()).ok()?;
        interviewers.push(Interviewer {
            id: own[0].0,
            n,
            mean,
            z: 0.0,
        });
    }
    let groups = interviewers.len() as f64;
    let (msb, msw) = (between / (groups - 1.0), within / (total - groups));
    let size = (total - square_sizes / total) / (groups - 1.0);
    let icc = (msb - msw) / (msb + (size - 1.0) * msw);
    let means: Vec<_> = interviewers.iter().map(|it| it.mean).collect();
    let errors: Vec<_> = interviewers
        .iter()
        .map(|it| (msw / f64::from(it.n)).sqrt())
        .collect();
    let funnel = funnel(&means, &errors, 0.1).ok()?;
    for (interviewer, unit) in interviewers.iter_mut().zip(funnel.units) {
        interviewer.z = unit.z_additive;
    }
    icc.is_finite()
        .then_some(InterviewerEffects { icc, interviewers })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_correlation_is_that_of_the_analysis_of_variance() {
        // Means 2 and 6 around 4, squares within 2 + 2: MSB = 2·4 + 2·4 = 16, MSW = 4/2 = 2, m = 2: (16 − 2)/(16 + 2).
        let found = interviewer_effects(&[7, 3, 7, 3], &[5.0, 1.0, 7.0, 3.0]).unwrap();

        assert!((found.icc - 14.0 / 18.0).abs() < 1e-12);
        let who: Vec<_> = found.interviewers.iter().map(|it| (it.id, it.n)).collect();
        assert_eq!(who, [(3, 2), (7, 2)]);
        assert!(found.interviewers[0].z < 0.0 && found.interviewers[1].z > 0.0);
    }

    #[test]
    fn an_interviewer_apart_from_thirty_stands_out() {
        let ids: Vec<u32> = (0..31).flat_map(|id| [id; 10]).collect();
        let scores: Vec<_> = ids
            .iter()
            .zip((0..10_u32).cycle())
            .map(|(id, k)| {
                f64::from(k) + f64::from(id % 2) * 0.5 + if *id == 30 { 20.0 } else { 0.0 }
            })
            .collect();

        let found = interviewer_effects(&ids, &scores).unwrap();

        assert!(found.interviewers[30].z > 3.09);
        assert!(found.interviewers[..30].iter().all(|it| it.z.abs() < 3.09));
    }

    #[test]
    fn without_repetition_or_variation_nothing_can_be_said() {
        assert_eq!(interviewer_effects(&[1, 2], &[1.0, 2.0]), None);
        assert_eq!(interviewer_effects(&[1, 1], &[1.0, 2.0]), None);
        assert_eq!(interviewer_effects(&[1, 1, 2, 2], &[1.0; 4]), None);
        assert_eq!(interviewer_effects(&[], &[]), None);
        assert_eq!(
            interviewer_effects(&[1, 1, 2, 2], &[1.0, f64::NAN, 3.0, 4.0]),
            None
        );
    }
}
