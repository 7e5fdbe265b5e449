//! Ratings that are the same, or nearly.

use super::valid_answers;
use crate::comparison::{Draws, sample_quantile};
use rand::RngExt;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use std::collections::HashMap;
use std::hash::Hash;

/// Which ratings came from one device with one and the same answers, blanks included; only those with at least `least` scored
/// answers (6 is usual).
///
/// `devices` and `answers` are per rating.
///
/// Source: methodology E. Golden numbers: section O `quality/n_dup_device`.
#[must_use]
pub fn exact_duplicates<D: Eq + Hash>(
    devices: &[D],
    answers: &[Vec<Option<u8>>],
    least: usize,
) -> Vec<bool> {
    let mut seen: HashMap<_, u32> = HashMap::new();
    for rating in devices.iter().zip(answers) {
        *seen.entry(rating).or_default() += 1;
    }
    devices
        .iter()
        .zip(answers)
        .map(|rating| seen[&rating] > 1 && valid_answers(rating.1).count() >= least)
        .collect()
}

/// For each rating the largest share of identical answers with another one, 0 to 1.
///
/// Only ratings without blanks are compared; `None` for the others, and when there is no other. Give the ratings of one
/// department or one interviewer.
///
/// Source: Kuriakose & Robbins 2016 (percent match); methodology E. Golden numbers: section O `quality/percent_match_ge85`.
#[must_use]
pub fn closest_matches(answers: &[Vec<Option<u8>>]) -> Vec<Option<f64>> {
    let complete: Vec<_> = (0..answers.len())
        .filter(|row| !answers[*row].is_empty() && answers[*row].iter().all(Option::is_some))
        .collect();
    let mut most: Vec<Option<usize>> = vec![None; answers.len()];
    for (place, a) in complete.iter().enumerate() {
        for b in &complete[place + 1..] {
            let pairs = answers[*a].iter().zip(&answers[*b]);
            let same = pairs.filter(|(a, b)| a == b).count();
            most[*a] = most[*a].max(Some(same));
            most[*b] = most[*b].max(Some(same));
        }
    }
    most.iter()
        .zip(answers)
        .map(|(most, answers)| most.map(|same| same as f64 / answers.len() as f64))
        .collect()
}

/// The share of identical answers that honest ratings hardly exceed: the quantile `share` (0.995 is usual) of
/// [`closest_matches`] after shuffling every item among ratings of the same level.
///
/// `levels` says per rating what keeps people alike without copying, such as the rounded mean answer. A fixed threshold such
/// as 0.85 depends on items, options and the number of ratings, and does not suit satisfaction surveys. `None` when no two
/// ratings are complete.
///
/// Source: methodology E; Pew Research Center 2016 on the fixed threshold.
#[must_use]
pub fn match_threshold(
    answers: &[Vec<Option<u8>>],
    levels: &[u32],
    share: f64,
    shuffles: Draws,
) -> Option<f64> {
    let mut generator = ChaCha8Rng::seed_from_u64(shuffles.seed);
    let mut groups: HashMap<u32, Vec<usize>> = HashMap::new();
    for (row, level) in levels.iter().enumerate().take(answers.len()) {
        groups.entry(*level).or_default().push(row);
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.sort_unstable();
    let mut shuffled = answers.to_vec();
    let mut found = Vec::new();
    for _ in 0..shuffles.count {
        for group in &groups {
            let items = group.iter().map(|row| answers[*row].len()).min();
            for item in 0..items.unwrap_or(0) {
                shuffle(&mut shuffled, item, group, &mut generator);
            }
        }
        found.extend(closest_matches(&shuffled).into_iter().flatten());
    }
    sample_quantile(&mut found, share)
}

/// Shuffles one item among the rows of a group.
fn shuffle(
    answers: &mut [Vec<Option<u8>>],
    item: usize,
    group: &[usize],
    generator: &mut ChaCha8Rng,
) {
    for last in (1..group.len()).rev() {
        let (a, b) = (group[last], group[generator.random_range(0..=last)]);
        let (own, other) = (answers[a][item], answers[b][item]);
        (answers[a][item], answers[b][item]) = (other, own);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(texts: &[&str]) -> Vec<Vec<Option<u8>>> {
        let code = |byte: u8| byte.is_ascii_digit().then(|| byte - b'0');
        texts
            .iter()
            .map(|text| text.bytes().map(code).collect())
            .collect()
    }

    #[test]
    fn the_same_answers_from_the_same_device_are_duplicates() {
        let answers = rows(&["5454", "5454", "5454", "5-54", "5-54", "9999", "9999"]);
        let devices = ["a", "a", "b", "a", "a", "a", "a"];

        assert_eq!(
            exact_duplicates(&devices, &answers, 4),
            [true, true, false, false, false, false, false]
        );
        assert_eq!(
            exact_duplicates(&devices, &answers, 3),
            [true, true, false, true, true, false, false]
        );
    }

    #[test]
    fn the_closest_other_complete_rating_counts() {
        let found = closest_matches(&rows(&["5555", "5554", "1111", "555-"]));

        assert_eq!(found, [Some(0.75), Some(0.75), Some(0.0), None]);
        assert_eq!(closest_matches(&rows(&["55"])), [None]);
        assert_eq!(closest_matches(&rows(&["", ""])), [None, None]);
    }

    #[test]
    fn what_happy_raters_share_by_chance_is_no_sign() {
        // Ten items: people of one level agree a lot anyhow, people of mixed answers do not.
        let alike = vec![rows(&["5555555555"]).remove(0); 20];
        let draws = Draws { count: 20, seed: 4 };
        assert_eq!(match_threshold(&alike, &[5; 20], 0.995, draws), Some(1.0));

        let answer = |i: u8, k: u8| Some(1 + (i / 4 + k * (i % 4 + 1)) % 5);
        let mixed: Vec<Vec<_>> = (0..20)
            .map(|i| (0..10).map(|k| answer(i, k)).collect())
            .collect();
        let threshold = match_threshold(&mixed, &[3; 20], 0.995, draws).unwrap();
        assert!(threshold < 0.95, "{threshold}");
        assert_eq!(
            match_threshold(&mixed, &[3; 20], 0.995, draws),
            Some(threshold)
        );
        assert_eq!(match_threshold(&[], &[], 0.995, draws), None);
    }
}
