use super::*;
use proptest::prelude::*;

/// `counts` people per stratum; the strata of citizens are the counties.
fn frame(counts: &[(RaterGroup, &str, usize)]) -> Frame {
    let members = counts
        .iter()
        .flat_map(|(group, stratum, count)| {
            (0..*count).map(move |number| FrameMember {
                pseudonym: format!("{}-{stratum}-{number}", group.code()),
                group: *group,
                stratum: (*stratum).into(),
            })
        })
        .collect();
    Frame { members }
}

fn small_city() -> Frame {
    frame(&[
        (RaterGroup::Delegates, "d", 60),
        (RaterGroup::Citizens, "north", 500),
        (RaterGroup::Citizens, "south", 300),
        (RaterGroup::Citizens, "west", 200),
    ])
}

fn quota(delegates: u32, citizens: u32) -> BTreeMap<RaterGroup, u32> {
    [
        (RaterGroup::Delegates, delegates),
        (RaterGroup::Citizens, citizens),
    ]
    .into()
}

#[test]
fn a_group_over_several_strata_is_split_in_proportion() {
    let sample = draw(&small_city(), &quota(20, 100), 7).unwrap();

    let drawn_from = |stratum: &str| {
        let stratum = StratumId::from(stratum);
        sample.drawn.iter().filter(|d| d.stratum == stratum).count()
    };
    assert_eq!(
        ["d", "north", "south", "west"].map(drawn_from),
        [20, 50, 30, 20]
    );
}

#[test]
fn a_group_smaller_than_its_quota_is_refused_with_both_numbers() {
    let refused = draw(&small_city(), &quota(61, 10), 7).unwrap_err();

    assert_eq!(
        refused,
        DrawRefused::PoolTooSmall {
            group: RaterGroup::Delegates,
            have: 60,
            need: 61
        }
    );
    assert_eq!(refused.code(), "RC-301");
}

#[test]
fn a_group_without_anybody_is_refused_too() {
    let none = [(RaterGroup::Cadres, 1)].into();

    assert!(matches!(
        draw(&small_city(), &none, 7),
        Err(DrawRefused::PoolTooSmall { have: 0, .. })
    ));
}

#[test]
fn somebody_standing_twice_in_the_frame_is_refused() {
    let mut city = small_city();
    city.members.push(city.members[0].clone());

    assert_eq!(
        draw(&city, &quota(1, 1), 7),
        Err(DrawRefused::MembersTwice { rows: 1 })
    );
}

#[test]
fn the_permanent_number_is_the_published_hash() {
    // Computed apart: printf '\0\0\0\0\0\0\0\7north\0p1' | sha256sum
    let parts = [
        0xa6c6_321c_ce5a_70ce,
        0x7717_b393_591e_dcab,
        0x7783_0e8a_69a1_5bec,
        0x5ca1_18f7_d7f3_0df8,
    ];
    assert_eq!(
        permanent_numbers(7, &"north".into(), &["p0", "p1"])[1],
        (parts, "p1")
    );
}

#[test]
fn the_base_weight_is_people_represented_to_the_millionth() {
    let drawn = |population, sample| Drawn {
        pseudonym: "p".into(),
        group: RaterGroup::Citizens,
        stratum: "north".into(),
        population,
        sample,
    };

    assert_eq!(drawn(500, 50).base_weight(), Weight::whole(10));
    assert_eq!(drawn(200, 3).base_weight().to_string(), "66.666667");
    assert!((drawn(500, 50).inclusion_probability() - 0.1).abs() < 1e-15);
}

#[test]
fn everybody_is_drawn_about_equally_often() {
    let village = frame(&[(RaterGroup::Citizens, "v", 20)]);
    let five = [(RaterGroup::Citizens, 5)].into();
    let mut times = BTreeMap::<String, u32>::new();

    for seed in 0..2000 {
        for person in draw(&village, &five, seed).unwrap().drawn {
            *times.entry(person.pseudonym).or_default() += 1;
        }
    }

    // 2,000 draws of a quarter: 500 ± 19.4; five standard errors.
    assert_eq!(times.len(), 20);
    assert!(
        times.values().all(|count| (403..=597).contains(count)),
        "{times:?}"
    );
}

proptest! {
    #[test]
    fn the_order_of_the_frame_does_not_matter(seed: u64, by in 0_usize..1060) {
        let mut turned = small_city();
        turned.members.rotate_left(by);
        turned.members[..30].reverse();

        prop_assert_eq!(
            draw(&small_city(), &quota(20, 100), seed),
            draw(&turned, &quota(20, 100), seed)
        );
    }

    #[test]
    fn a_larger_quota_keeps_everybody_drawn_before(seed: u64, more in 0_u32..200) {
        let before = draw(&small_city(), &quota(20, 100), seed).unwrap();
        let after = draw(&small_city(), &quota(20, 100 + more), seed).unwrap();

        let names: BTreeSet<_> = after.drawn.iter().map(|d| &d.pseudonym).collect();
        prop_assert!(before.drawn.iter().all(|d| names.contains(&d.pseudonym)));
    }

    #[test]
    fn the_weights_of_a_group_add_up_to_its_people(seed: u64, citizens in 10_u32..1000) {
        let sample = draw(&small_city(), &quota(1, citizens), seed).unwrap();

        let represented: f64 = sample.drawn.iter()
            .filter(|d| d.group == RaterGroup::Citizens)
            .map(|d| d.base_weight().as_f64())
            .sum();
        prop_assert!((represented - 1000.0).abs() < 1e-2, "{}", represented);
    }
}
