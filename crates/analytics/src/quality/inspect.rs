//! The signs that ballots carry, when they are opened together.

use super::{Signal, closest_matches, is_straight_line, match_threshold, valid_answers};
use crate::comparison::Draws;
use std::collections::BTreeMap;
use survey_design::QualityRules;

/// What the inspection sees of one ballot: no name, no device, no clock time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inspected {
    /// Ballots of one bunch had the same questionnaire and come from one group of raters; only they are compared with one another.
    pub bunch: String,
    /// Answers in the order asked: 1 to 5, 9 for don't know, `None` for blank.
    pub answers: Vec<Option<u8>>,
    /// Seconds per question: at least the first, below the second; none without an end.
    pub pace: (u16, Option<u16>),
    /// It came with many others from one network.
    pub burst: bool,
    /// The person said that somebody told him what to answer.
    pub coached: bool,
}

/// At most so many ballots are compared with one another, so that opening a city takes seconds.
const MOST_COMPARED: usize = 1_000;
/// Among fewer, shuffled ballots say nothing about what honest ones share by chance.
const LEAST_COMPARED: usize = 20;
/// Shuffled ballots behind the threshold of alike ones, at least, and at least [`LEAST_SHUFFLES`] of each.
const SHUFFLED: u32 = 1_000;
const LEAST_SHUFFLES: u32 = 4;
/// Fixed, so that the same ballots carry the same signs.
const SEED: u64 = 20_261_122;
/// Nobody reads a question in less than a second.
const READING: u16 = 1;

/// The signs on each ballot, in the order of [`Signal::ALL`].
///
/// Fast is a ballot whose whole class of seconds per question lies below one second, or below the rules' share of `median`,
/// the median seconds per question of all ballots opened so far. Two ballots are alike by position, whichever units were
/// asked about. What somebody could have seen from outside is kept only on ballots that do not stand out by it.
///
/// Source: methodology E; thresholds are [`QualityRules`].
#[must_use]
pub fn inspect(ballots: &[Inspected], median: u16, rules: &QualityRules) -> Vec<Vec<Signal>> {
    let fast = f64::from(READING).max(rules.fast_share.as_f64() * f64::from(median));
    let alike = alike(ballots, rules);
    let found = ballots.iter().zip(alike).map(|(ballot, alike)| {
        let scored: Vec<u8> = valid_answers(&ballot.answers).collect();
        let single = is_straight_line(&ballot.answers, usize::from(rules.straight_line_from));
        let extreme = matches!(scored.first(), Some(1 | 5));
        let below = ballot.pace.1.map(f64::from);
        let holds = |signal: &Signal| match signal {
            Signal::StraightLine => single && !extreme,
            Signal::ExtremeStraightLine => single && extreme,
            Signal::NearDuplicate => alike,
            Signal::Speeding => below.is_some_and(|below| below <= fast),
            Signal::Burst => ballot.burst,
            Signal::Coached => ballot.coached,
            Signal::LowVariability | Signal::ExactDuplicate | Signal::Interviewer => false,
        };
        Signal::ALL.into_iter().filter(holds).collect()
    });
    let mut found: Vec<Vec<Signal>> = found.collect();
    hide_in_crowds(&mut found, usize::from(rules.seen_from));
    found
}

/// Takes away what a bystander could have seen, wherever fewer than `least` ballots look the same to him: who watched the one
/// quick person at the counter must not find the one quick ballot. Where too few would be left without any such sign, all
/// lose theirs.
fn hide_in_crowds(found: &mut [Vec<Signal>], least: usize) {
    let look = |signs: &[Signal]| -> Vec<Signal> {
        let seen = signs.iter().filter(|sign| sign.is_seen_from_outside());
        seen.copied().collect()
    };
    let mut crowds: BTreeMap<Vec<Signal>, usize> = BTreeMap::new();
    for signs in found.iter() {
        *crowds.entry(look(signs)).or_default() += 1;
    }
    crowds.retain(|seen, ballots| !seen.is_empty() && *ballots >= least);
    let plain = found.len() - crowds.values().sum::<usize>();
    if (1..least).contains(&plain) {
        crowds.clear();
    }
    for signs in found {
        if !crowds.contains_key(&look(signs)) {
            signs.retain(|sign| !sign.is_seen_from_outside());
        }
    }
}

/// Which ballots are nearer to another one than shuffled ballots are.
fn alike(ballots: &[Inspected], rules: &QualityRules) -> Vec<bool> {
    let mut bunches: BTreeMap<(&str, usize), Vec<usize>> = BTreeMap::new();
    for (place, ballot) in ballots.iter().enumerate() {
        // Ballots of one level throughout are alike without copying, and have a sign of their own.
        let varied = !is_straight_line(&ballot.answers, 1);
        if varied && ballot.answers.len() >= usize::from(rules.match_from) {
            let bunch = (ballot.bunch.as_str(), ballot.answers.len());
            bunches.entry(bunch).or_default().push(place);
        }
    }
    let mut alike = vec![false; ballots.len()];
    for bunch in bunches
        .values()
        .flat_map(|bunch| bunch.chunks(MOST_COMPARED))
        .filter(|bunch| bunch.len() >= LEAST_COMPARED)
    {
        let shuffles = Draws {
            count: u32::try_from(bunch.len())
                .map_or(0, |ballots| SHUFFLED.div_ceil(ballots))
                .max(LEAST_SHUFFLES),
            seed: SEED,
        };
        let answers: Vec<_> = bunch
            .iter()
            .map(|it| ballots[*it].answers.clone())
            .collect();
        let levels: Vec<u32> = answers.iter().map(|answers| usual_level(answers)).collect();
        let share = rules.match_quantile.as_f64();
        let Some(threshold) = match_threshold(&answers, &levels, share, shuffles) else {
            continue;
        };
        for (place, closest) in bunch.iter().zip(closest_matches(&answers)) {
            alike[*place] = closest.is_some_and(|closest| closest > threshold);
        }
    }
    alike
}

/// The rounded mean level: people of one opinion are alike without copying.
fn usual_level(answers: &[Option<u8>]) -> u32 {
    let scored: Vec<u32> = valid_answers(answers).map(u32::from).collect();
    let n = u32::try_from(scored.len()).unwrap_or(u32::MAX).max(1);
    (scored.iter().sum::<u32>() + n / 2) / n
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::Weight;

    fn rules() -> QualityRules {
        QualityRules {
            fast_share: Weight::parse("0.3").unwrap(),
            straight_line_from: 6,
            match_from: 6,
            match_quantile: Weight::parse("0.995").unwrap(),
            seen_from: 2,
            same_words_from: 8,
            second_person_above: Weight::parse("0.02").unwrap(),
        }
    }

    fn ballot(answers: &str) -> Inspected {
        let code = |byte: u8| byte.is_ascii_digit().then(|| byte - b'0');
        Inspected {
            bunch: "overall/citizens".to_owned(),
            answers: answers.bytes().map(code).collect(),
            pace: (8, Some(12)),
            ..Inspected::default()
        }
    }

    #[test]
    fn an_ordinary_ballot_carries_no_sign() {
        assert_eq!(
            inspect(&[ballot("454334"), ballot("543-59")], 8, &rules()),
            [[], []]
        );
        assert_eq!(inspect(&[], 0, &rules()), Vec::<Vec<Signal>>::new());
    }

    fn fast(answers: &str) -> Inspected {
        Inspected {
            pace: (1, Some(2)),
            ..ballot(answers)
        }
    }

    fn told(answers: &str) -> Inspected {
        Inspected {
            coached: true,
            burst: true,
            ..ballot(answers)
        }
    }

    #[test]
    fn each_sign_has_its_cause() {
        let found = inspect(
            &[
                ballot("444444"),
                ballot("555555"),
                fast("453354"),
                fast("354553"),
                told("4-5453"),
                told("34-5453"),
                ballot("33453"),
            ],
            8,
            &rules(),
        );

        assert_eq!(found[0], [Signal::StraightLine]);
        assert_eq!(found[1], [Signal::ExtremeStraightLine]);
        assert_eq!(found[2], [Signal::Speeding], "below 0.3 of 8 seconds");
        assert_eq!(found[3], found[2]);
        assert_eq!(found[4], [Signal::Burst, Signal::Coached]);
        assert!(found[6].is_empty());
        let slow_town = inspect(&[fast("453354"), fast("354553")], 4, &rules());
        assert_eq!(slow_town, [[], []], "not below 0.3 of 4 seconds");
    }

    #[test]
    fn whoever_was_seen_alone_is_not_found_by_it() {
        let usual = || [ballot("453344"), ballot("34-5434")];
        let with = |some: &[Inspected]| inspect(&[&usual()[..], some].concat(), 8, &rules());

        let one = with(&[fast("444444")]);
        assert_eq!(
            one[2],
            [Signal::StraightLine],
            "his answers are no secret sign"
        );
        let one_of_each = with(&[fast("453354"), told("354553")]);
        assert_eq!(one_of_each[2..], [vec![], vec![Signal::Coached]]);
        let the_slow_one = [ballot("453344"), fast("34-5434"), fast("453354")];
        assert_eq!(inspect(&the_slow_one, 8, &rules()), [[], [], []]);
        let everybody = [fast("453344"), fast("34-5434")];
        assert_eq!(
            inspect(&everybody, 8, &rules()),
            [[Signal::Speeding], [Signal::Speeding]]
        );
    }

    #[test]
    fn copied_ballots_among_varied_ones_are_alike() {
        let mut seed = 7_u32;
        let mut next = || {
            seed = seed.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            char::from(b'1' + u8::try_from((seed >> 16) % 5).unwrap())
        };
        let mut ballots: Vec<_> = (0..200)
            .map(|_| ballot(&(0..24).map(|_| next()).collect::<String>()))
            .collect();
        ballots[13] = ballots[77].clone();
        ballots[14] = ballot(&"4".repeat(24));
        ballots[78] = ballots[14].clone();

        let found = inspect(&ballots, 8, &rules());

        let alike = |place: usize| found[place].contains(&Signal::NearDuplicate);
        assert!(alike(13) && alike(77));
        assert_eq!(found[14], [Signal::StraightLine], "one observation");
        assert!((0..200).filter(|place| alike(*place)).count() < 10);
        let few = inspect(&[&ballots[..10], &ballots[77..78]].concat(), 8, &rules());
        assert!(few.iter().all(Vec::is_empty), "too few to tell");
    }
}
