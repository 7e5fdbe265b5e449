use super::super::variance_of_mean;
use super::*;
use proptest::prelude::*;

fn strata(numbers: &[(f64, f64)]) -> Vec<PlannedStratum> {
    let stratum = |&(population, sd): &(f64, f64)| PlannedStratum {
        population,
        sd,
        mean: 1.0,
    };
    numbers.iter().map(stratum).collect()
}

fn of_sizes(sizes: &[u32]) -> Vec<PlannedStratum> {
    let stratum = |size: &u32| (f64::from(*size), 1.0);
    strata(&sizes.iter().map(stratum).collect::<Vec<_>>())
}

const fn least(minimum: u32) -> Limits {
    Limits {
        minimum,
        maximum: None,
    }
}

fn proportional(sizes: &[u32], n: u32) -> Vec<u32> {
    allocate_whole(&of_sizes(sizes), AllocationRule::Proportional, n, least(2)).unwrap()
}

#[test]
fn seats_follow_size() {
    assert_eq!(proportional(&[500, 300, 200], 100), [50, 30, 20]);
    assert_eq!(proportional(&[10_000], 800), [800]);
    assert_eq!(proportional(&[], 0), Vec::<u32>::new());
}

#[test]
fn equal_claims_go_to_the_earlier_stratum() {
    assert_eq!(proportional(&[5, 5, 5], 7), [3, 2, 2]);
    assert_eq!(proportional(&[5, 5, 5], 8), [3, 3, 2]);
}

#[test]
fn the_smallest_stratum_keeps_the_minimum_that_the_sample_allows() {
    assert_eq!(proportional(&[10_000, 3], 50), [48, 2]);
    assert_eq!(proportional(&[10_000, 3], 3), [2, 1]);
    assert_eq!(proportional(&[3, 10_000], 1), [0, 1]);
}

#[test]
fn wrights_priority_list_decides_the_last_seat() {
    // Seven seats for 7, 4 and 3, two each to begin with: 7∕√6 = 2.86 is the strongest claim to the third.
    assert_eq!(proportional(&[7, 4, 3], 7), [3, 2, 2]);
    assert_eq!(proportional(&[7, 4, 3], 8), [4, 2, 2]);
    // Then 7∕√20 = 1.565 meets 4∕√6 = 1.633.
    assert_eq!(proportional(&[7, 4, 3], 9), [4, 3, 2]);
}

#[test]
fn neyman_priorities_by_hand() {
    // Claims 30 and 20, one person each to begin with: 30∕√2, 30∕√6 < 20∕√2, then 30∕√6, 20∕√6, 30∕√12.
    let two = strata(&[(10.0, 3.0), (10.0, 2.0)]);
    for (n, expected) in [
        (2, [1, 1]),
        (3, [2, 1]),
        (4, [2, 2]),
        (5, [3, 2]),
        (6, [4, 2]),
    ] {
        let found = allocate_whole(&two, AllocationRule::Neyman, n, least(1));
        assert_eq!(found.unwrap(), expected, "{n}");
    }
}

#[test]
fn nobody_is_asked_for_more_people_than_it_has_or_its_cap() {
    let small = strata(&[(3.0, 100.0), (50.0, 1.0), (1.0, 1.0)]);
    let capped = Limits {
        minimum: 0,
        maximum: Some(10),
    };
    let neyman = |n, limits| allocate_whole(&small, AllocationRule::Neyman, n, limits);

    assert_eq!(neyman(20, least(2)), Ok(vec![3, 16, 1]));
    assert_eq!(neyman(14, capped), Ok(vec![3, 10, 1]));
    for (n, limits, available) in [(55, least(2), 54.0), (15, capped, 14.0)] {
        let wanted = f64::from(n);
        assert_eq!(
            neyman(n, limits),
            Err(AllocationRefused::TooMany { wanted, available })
        );
    }
}

#[test]
fn a_stratum_without_spread_gets_its_floor_alone() {
    let flat = strata(&[(50.0, 0.0), (50.0, 1.0)]);

    let given = allocate_whole(&flat, AllocationRule::Neyman, 12, least(0));

    assert_eq!(given, Ok(vec![0, 12]));
}

#[test]
fn equal_and_power_allocation_by_hand() {
    let two = strata(&[(100.0, 1.0), (900.0, 1.0)]);

    let split = |rule| allocate_whole(&two, rule, 40, least(0)).unwrap();

    assert_eq!(split(AllocationRule::Equal), [20, 20]);
    // √100 to √900 is one to three.
    assert_eq!(split(AllocationRule::Power), [10, 30]);
    assert_eq!(split(AllocationRule::SquareRoot), [10, 30]);
}

const RULES: [AllocationRule; 5] = [
    AllocationRule::Proportional,
    AllocationRule::Equal,
    AllocationRule::SquareRoot,
    AllocationRule::Neyman,
    AllocationRule::Power,
];

proptest! {
    #[test]
    fn moving_one_person_never_helps(
        numbers in proptest::collection::vec((20.0_f64..400.0, 1.0_f64..30.0), 2..6),
        n in 10_u32..60,
    ) {
        let strata = strata(&numbers);
        let as_f64 = |given: &[u32]| -> Vec<f64> { given.iter().copied().map(f64::from).collect() };

        let best = allocate_whole(&strata, AllocationRule::Neyman, n, least(1)).unwrap();

        let variance = variance_of_mean(&strata, &as_f64(&best));
        for from in (0..best.len()).filter(|index| best[*index] > 1) {
            for to in (0..best.len()).filter(|to| *to != from && f64::from(best[*to]) + 1.0 <= numbers[*to].0) {
                let mut other = best.clone();
                other[from] -= 1;
                other[to] += 1;
                prop_assert!(variance_of_mean(&strata, &as_f64(&other)) >= variance * (1.0 - 1e-12));
            }
        }
    }

    #[test]
    fn the_sum_is_met_and_every_limit_kept(
        sizes in proptest::collection::vec((1_u32..400, 1.0_f64..30.0), 1..12),
        rule in 0..RULES.len(),
        minimum in 0_u32..20,
        room in 0_u32..300,
        share: u32,
    ) {
        let limits = Limits { minimum, maximum: Some(minimum.max(1) + room) };
        let numbers: Vec<(f64, f64)> = sizes.iter().map(|(size, sd)| (f64::from(*size), *sd)).collect();
        let caps: Vec<u32> = sizes.iter().map(|(size, _)| (minimum.max(1) + room).min(*size)).collect();
        let n = share % (caps.iter().sum::<u32>() + 1);

        let given = allocate_whole(&strata(&numbers), RULES[rule], n, limits).unwrap();

        prop_assert_eq!(given.iter().sum::<u32>(), n);
        prop_assert!(given.iter().zip(&caps).all(|(given, cap)| given <= cap));
        let floors: Vec<u32> = caps.iter().map(|cap| minimum.min(*cap)).collect();
        if floors.iter().sum::<u32>() <= n {
            prop_assert!(given.iter().zip(&floors).all(|(given, floor)| given >= floor));
        }
    }

    #[test]
    fn one_more_place_never_takes_one_away(
        sizes in proptest::collection::vec(1_u32..400, 1..8),
        quota in 16_u32..600,
    ) {
        prop_assume!(quota < sizes.iter().sum());
        let (fewer, more) = (proportional(&sizes, quota), proportional(&sizes, quota + 1));

        prop_assert!(fewer.iter().zip(&more).all(|(a, b)| a <= b));
    }
}
