use super::*;
use crate::FrameMember;
use proptest::prelude::*;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;
use survey_design::{AllocationRule, DrawMethod, Spread};
use vocabulary::Points;

/// Two layers; the citizens live in three strata with communities of seven people, and have sizes 1 to 5.
fn people() -> Vec<FrameMember> {
    let strata = [
        (RaterGroup::Delegates, "d", 60),
        (RaterGroup::Citizens, "north", 500),
        (RaterGroup::Citizens, "south", 300),
        (RaterGroup::Citizens, "west", 200),
    ];
    let of = |(group, stratum, count): (RaterGroup, &'static str, u32)| {
        (0..count).map(move |number| FrameMember {
            pseudonym: format!("{}-{stratum}-{number}", group.code()),
            group,
            stratum: stratum.into(),
            community: format!("{stratum}-{}", number / 7),
            size: number % 5 + 1,
        })
    };
    strata.into_iter().flat_map(of).collect()
}

fn city() -> Frame {
    Frame::of(people()).unwrap()
}

fn rules(delegates: u32, citizens: u32) -> SampleRules {
    SampleRules {
        quota: [
            (RaterGroup::Delegates, delegates),
            (RaterGroup::Citizens, citizens),
        ]
        .into(),
        designs: BTreeMap::new(),
        reserve_replicates: 0,
        units_per_person: 8,
        units_per_enterprise: 4,
        rest_quarters: 2,
    }
}

fn designed(method: DrawMethod, citizens: u32, reserves: u8) -> SampleRules {
    let design = GroupDesign {
        method,
        ..GroupDesign::default()
    };
    SampleRules {
        quota: [(RaterGroup::Citizens, citizens)].into(),
        designs: [(RaterGroup::Citizens, design)].into(),
        reserve_replicates: reserves,
        ..rules(1, 1)
    }
}

const METHODS: [DrawMethod; 4] = [
    DrawMethod::SimpleRandom,
    DrawMethod::Systematic,
    DrawMethod::PpsSystematic,
    DrawMethod::TwoStage {
        people_per_community: 3,
    },
];

fn drawn_from(sample: &SampleDraw, stratum: &str) -> usize {
    let stratum = StratumId::from(stratum);
    let drawn = sample.drawn.iter();
    drawn.filter(|drawn| drawn.stratum == stratum).count()
}

#[test]
fn a_group_over_several_strata_is_split_in_proportion() {
    let sample = draw(&city(), &rules(20, 100), 7).unwrap();

    let drawn = ["d", "north", "south", "west"].map(|stratum| drawn_from(&sample, stratum));
    assert_eq!(drawn, [20, 50, 30, 20]);
}

#[test]
fn the_rules_choose_allocation_and_caps() {
    let mut rules = designed(DrawMethod::SimpleRandom, 100, 0);
    let design = rules.designs.get_mut(&RaterGroup::Citizens).unwrap();
    design.allocation = AllocationRule::Neyman;
    design.maximum = Some(60);
    let missing = draw(&city(), &rules, 1).unwrap_err();
    let spread = |sd| Spread {
        sd: Points::whole(sd),
        mean: Points::whole(80),
    };
    let design = rules.designs.get_mut(&RaterGroup::Citizens).unwrap();
    design.spread = [("north", 30), ("south", 10), ("west", 10)]
        .map(|(stratum, sd)| (stratum.into(), spread(sd)))
        .into();

    let sample = draw(&city(), &rules, 1).unwrap();

    assert_eq!(missing.code(), "RC-303");
    // Claims 15,000, 3,000 and 2,000; the first is capped at 60 of its 75, the other 40 split three to two.
    let drawn = ["north", "south", "west"].map(|stratum| drawn_from(&sample, stratum));
    assert_eq!(drawn, [60, 24, 16]);
}

#[test]
fn what_cannot_be_drawn_is_refused_with_its_numbers() {
    let code = |rules: &SampleRules, frame: &Frame| draw(frame, rules, 7).unwrap_err().code();
    let nobody = |change: fn(&mut FrameMember)| {
        let mut people = people();
        people.iter_mut().for_each(change);
        Frame::of(people).unwrap()
    };
    let mut capped = designed(DrawMethod::SimpleRandom, 100, 0);
    capped
        .designs
        .get_mut(&RaterGroup::Citizens)
        .unwrap()
        .maximum = Some(30);

    assert_eq!(
        draw(&city(), &rules(61, 10), 7),
        Err(DrawRefused::PoolTooSmall {
            group: RaterGroup::Delegates,
            have: 60,
            need: 61
        })
    );
    assert_eq!(code(&rules(1, 1), &Frame::default()), "RC-301");
    assert_eq!(code(&capped, &city()), "RC-304");
    let sizeless = nobody(|person| person.size = 0);
    assert_eq!(code(&designed(METHODS[2], 10, 0), &sizeless), "RC-305");
    let homeless = nobody(|person| person.community.clear());
    assert_eq!(code(&designed(METHODS[3], 10, 0), &homeless), "RC-307");
}

/// One person of each of many draws, each of them picked at random: then the counts are multinomial with π∕n, whatever the
/// method, and Pearson's statistic has a chi-square distribution. Its 99.9 % point by Wilson and Hilferty (1931).
fn passes_chi_square(counts: &[(f64, u32)], picks: f64) -> bool {
    let total: f64 = counts.iter().map(|(share, _)| share).sum();
    let statistic: f64 = counts
        .iter()
        .map(|(share, seen)| {
            let expected = picks * share / total;
            (f64::from(*seen) - expected).powi(2) / expected
        })
        .sum();
    let df = counts.len() as f64 - 1.0;
    let spread = 2.0 / (9.0 * df);
    statistic < df * (1.0 - spread + 3.09 * spread.sqrt()).powi(3)
}

/// Whether people of a small stratum are drawn as often as their stored chances say, `released` reserves included.
fn chances_hold(method: DrawMethod, reserves: u8, released: u8, seeds: u64) -> bool {
    let people = (0..26_u32).map(|number| FrameMember {
        pseudonym: format!("p{number}"),
        group: RaterGroup::Citizens,
        stratum: "v".into(),
        community: format!("c{}", number.isqrt()),
        size: [1, 2, 3, 5][number as usize % 4] + 30 * u32::from(number == 3),
    });
    let frame = Frame::of(people).unwrap();
    let rules = designed(method, 8, reserves);
    let mut stored = BTreeMap::<String, Chance>::new();
    let mut picked = BTreeMap::<String, u32>::new();
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let (mut certain, mut picks) = (BTreeMap::<String, u64>::new(), 0.0);
    for seed in 0..seeds {
        let sample = draw(&frame, &rules, seed).unwrap().drawn;
        let invited = sample.iter().filter(|drawn| drawn.replicate <= released);
        let (sure, open): (Vec<_>, Vec<_>) =
            invited.partition(|drawn| drawn.chance(released) == Chance::CERTAIN);
        for one in sure {
            *certain.entry(one.pseudonym.clone()).or_default() += 1;
        }
        for one in &open {
            let chance = one.chance(released);
            let before = stored.insert(one.pseudonym.clone(), chance);
            assert!(before.is_none_or(|before| before == chance));
        }
        if !open.is_empty() {
            // Each open person with the same chance 1∕(most that can be open), so that shares stay π whatever the size.
            let place = rng.random_range(0..26);
            if let Some(one) = open.get(place) {
                *picked.entry(one.pseudonym.clone()).or_default() += 1;
                picks += 1.0;
            }
        }
    }
    let counts: Vec<(f64, u32)> = stored
        .iter()
        .map(|(who, chance)| (chance.as_f64(), picked.get(who).copied().unwrap_or(0)))
        .collect();
    certain.values().all(|times| *times == seeds) && passes_chi_square(&counts, picks)
}

#[test]
fn people_are_drawn_as_often_as_their_stored_chances_say() {
    for method in METHODS {
        assert!(chances_hold(method, 0, 0, 5_000), "{method:?}");
    }
}

#[test]
fn released_reserves_have_the_chances_that_were_stored_for_them() {
    for method in METHODS {
        for released in 0..=2 {
            let holds = chances_hold(method, 2, released, 3_000);
            assert!(holds, "{method:?} {released}");
        }
    }
}

#[test]
fn the_chi_square_test_finds_a_wrong_chance() {
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    let mut counts = vec![(1.0, 0_u32); 20];
    for _ in 0..4_000 {
        counts[rng.random_range(0..20)].1 += 1;
    }

    assert!(passes_chi_square(&counts, 4_000.0));
    counts[0].0 = 2.0;
    assert!(!passes_chi_square(&counts, 4_000.0));
}

/// Everybody simple random: every pair of people equally often too.
#[test]
fn pairs_are_drawn_equally_often() {
    let people = (0..8).map(|number| FrameMember {
        pseudonym: format!("p{number}"),
        group: RaterGroup::Citizens,
        stratum: "v".into(),
        community: String::new(),
        size: 1,
    });
    let frame = Frame::of(people).unwrap();
    let mut pairs = BTreeMap::<Vec<String>, u32>::new();
    for seed in 0..1_000 {
        let sample = draw(&frame, &designed(METHODS[0], 2, 0), seed).unwrap();
        let pair = sample.drawn.into_iter().map(|drawn| drawn.pseudonym);
        *pairs.entry(pair.collect()).or_default() += 1;
    }

    let counts: Vec<(f64, u32)> = pairs.into_values().map(|times| (1.0, times)).collect();
    assert_eq!(counts.len(), 28);
    assert!(passes_chi_square(&counts, 1_000.0), "{counts:?}");
}

#[test]
fn the_main_sample_is_the_same_with_and_without_reserves() {
    for method in [METHODS[0], METHODS[3]] {
        let alone = draw(&city(), &designed(method, 60, 0), 5).unwrap();
        let more = draw(&city(), &designed(method, 60, 3), 5).unwrap();

        let main = more.drawn.iter().filter(|drawn| drawn.replicate == 0);
        let names = |drawn: &Drawn| drawn.pseudonym.clone();
        let alone: Vec<String> = alone.drawn.iter().map(names).collect();
        assert_eq!(main.map(names).collect::<Vec<_>>(), alone, "{method:?}");
    }
}

#[test]
fn a_two_stage_sample_takes_so_many_people_of_each_community() {
    let sample = draw(&city(), &designed(METHODS[3], 60, 1), 11).unwrap();

    let mut taken = BTreeMap::<(&str, u8), u32>::new();
    for one in &sample.drawn {
        *taken.entry((&one.community, one.replicate)).or_default() += 1;
    }
    assert_eq!(
        sample.drawn.iter().filter(|one| one.replicate == 0).count(),
        60
    );
    assert!(taken.values().all(|people| *people <= 3), "{taken:?}");
}

#[test]
fn too_few_communities_give_more_people_each() {
    let people = people().into_iter().map(|person| FrameMember {
        community: person.stratum.to_string(),
        ..person
    });
    let frame = Frame::of(people).unwrap();

    let sample = draw(&frame, &designed(METHODS[3], 60, 0), 11).unwrap();

    // One community in each stratum: everybody's chance is that of a simple random sample.
    assert_eq!(sample.drawn.len(), 60);
    let chances: Vec<String> = sample
        .drawn
        .iter()
        .map(|one| one.chance(0).to_string())
        .collect();
    assert!(chances.iter().all(|chance| chance == "3/50"), "{chances:?}");
}

fn shuffled(seed: u64) -> Frame {
    let mut people = people();
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    for place in (1..people.len()).rev() {
        let other = rng.next_u64() % (place as u64 + 1);
        people.swap(place, usize::try_from(other).unwrap());
    }
    Frame::of(people).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_order_of_the_frame_does_not_matter(seed: u64, method in 0..METHODS.len(), reserves in 0_u8..3) {
        let rules = designed(METHODS[method], 90, reserves);

        prop_assert_eq!(draw(&city(), &rules, seed), draw(&shuffled(seed), &rules, seed));
    }

    #[test]
    fn another_name_changes_the_luck_of_its_bearer_alone(seed: u64, who in 60_usize..1060) {
        let mut people = people();
        people[who].pseudonym.push('x');
        let renamed = Frame::of(people).unwrap();
        let names = |frame: &Frame| -> Vec<String> {
            let sample = draw(frame, &designed(METHODS[0], 100, 0), seed).unwrap();
            sample.drawn.into_iter().map(|drawn| drawn.pseudonym).collect()
        };

        let (before, after) = (names(&city()), names(&renamed));

        // At most one person comes and one goes.
        prop_assert!(before.iter().filter(|name| !after.contains(name)).count() <= 1);
    }

    #[test]
    fn a_larger_quota_keeps_everybody_drawn_before(seed: u64, more in 0_u32..200) {
        let before = draw(&city(), &rules(20, 100), seed).unwrap();
        let after = draw(&city(), &rules(20, 100 + more), seed).unwrap();

        let names: Vec<&str> = after.drawn.iter().map(|d| d.pseudonym.as_str()).collect();
        prop_assert!(before.drawn.iter().all(|d| names.contains(&d.pseudonym.as_str())));
    }

    #[test]
    fn nobody_is_drawn_twice_and_no_stratum_gives_more_than_it_has(
        seed: u64,
        citizens in 1_u32..1000,
        method in 0..METHODS.len(),
        reserves in 0_u8..4,
    ) {
        let sample = draw(&city(), &designed(METHODS[method], citizens, reserves), seed).unwrap();

        let mut names: Vec<&str> = sample.drawn.iter().map(|d| d.pseudonym.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        prop_assert_eq!(names.len(), sample.drawn.len());
        for stratum in &sample.strata {
            prop_assert!(stratum.drawn.iter().sum::<u32>() <= stratum.population);
            prop_assert!(stratum.allotted <= stratum.population);
            if method < 3 {
                prop_assert_eq!(stratum.drawn[0], stratum.allotted);
            }
        }
    }

    #[test]
    fn the_weights_of_a_group_add_up_to_its_people(seed: u64, citizens in 10_u32..1000, released in 0_u8..3) {
        let sample = draw(&city(), &designed(METHODS[0], citizens, 2), seed).unwrap();

        let represented: f64 = sample.drawn.iter()
            .filter(|d| d.replicate <= released)
            .map(|d| d.chance(released).weight().as_f64())
            .sum();
        prop_assert!((represented - 1000.0).abs() < 1e-2, "{}", represented);
    }
}
