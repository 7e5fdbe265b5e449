//! The states of a round: the picture, and a million random steps.

use std::collections::BTreeSet;
use survey_design::RoundState;

type Edges = BTreeSet<(RoundState, RoundState)>;

fn allowed() -> Edges {
    let all = RoundState::ALL.into_iter();
    all.flat_map(|from| RoundState::ALL.map(|to| (from, to)))
        .filter(|(from, to)| from.step(*to).is_ok())
        .collect()
}

#[test]
fn the_picture_of_the_round_shows_exactly_the_steps_it_may_take() {
    let readme = include_str!("../../README.md");
    let drawn: BTreeSet<String> = readme
        .lines()
        .map(str::trim)
        .filter(|line| line.contains(" --> ") && !line.contains("[*]"))
        .map(str::to_owned)
        .collect();

    let allowed: BTreeSet<String> = allowed()
        .into_iter()
        .map(|(from, to)| format!("{} --> {}", from.code(), to.code()))
        .collect();

    assert_eq!(drawn, allowed);
}

#[test]
fn a_million_random_steps_never_open_again_what_was_closed_or_frozen() {
    let (allowed, mut seed) = (allowed(), 20_260_930_u64);
    let (mut round, mut visited) = (RoundState::Draft, Edges::new());
    let (mut was_closed, mut was_frozen) = (false, false);
    for _ in 0..1_000_000 {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let roll = usize::try_from((seed >> 33) % 10).unwrap();
        let Some(to) = RoundState::ALL.get(roll) else {
            continue;
        };
        match round.step(*to) {
            Ok(next) => {
                assert!(allowed.contains(&(round, next)), "{round:?} {next:?}");
                assert!(!was_closed || next >= RoundState::Closed);
                assert!(!was_frozen || next >= RoundState::Frozen);
                visited.insert((round, next));
                round = next;
            }
            Err(refused) => assert_eq!((refused.from, refused.to), (round, *to)),
        }
        was_closed |= round == RoundState::Closed;
        was_frozen |= round == RoundState::Frozen;
        if round == RoundState::Published {
            assert!(RoundState::ALL.iter().all(|to| round.step(*to).is_err()));
            (round, was_closed, was_frozen) = (RoundState::Draft, false, false);
        }
    }
    assert_eq!(visited, allowed, "the walk came along every edge");
}
