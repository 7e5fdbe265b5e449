//! Draws 10,000 of a million people in 40 strata several times and prints the seconds of each draw, one per line.

use response_collection::{Frame, FrameMember, draw};
use std::{collections::BTreeMap, time::Instant};
use vocabulary::RaterGroup;

fn main() {
    let members = (0..1_000_000_u64).map(|person| FrameMember {
        pseudonym: format!("P{person:07}"),
        group: RaterGroup::Citizens,
        stratum: format!(
            "{:02}",
            (person.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) % 40
        )
        .as_str()
        .into(),
    });
    let frame = Frame {
        members: members.collect(),
    };
    let quota = BTreeMap::from([(RaterGroup::Citizens, 10_000)]);
    for seed in 1..=5 {
        let start = Instant::now();
        let drawn = draw(&frame, &quota, seed).map(|draw| draw.drawn.len());
        println!("{:.4} {drawn:?}", start.elapsed().as_secs_f64());
    }
}
