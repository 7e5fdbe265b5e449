//! Draws 10,000 of a million people in 40 strata, and 100,000 in 20, several times; prints the seconds of each draw.
//!
//! The first lines, `SECONDS of 10000`, are compared with numpy.

use response_collection::{Frame, FrameMember, draw};
use std::{collections::BTreeMap, time::Instant};
use survey_design::SampleRules;
use vocabulary::RaterGroup;

fn main() {
    for (people, strata) in [(10_000, 40), (100_000, 20)] {
        let frame = frame(strata);
        let rules = SampleRules {
            quota: BTreeMap::from([(RaterGroup::Citizens, people)]),
            designs: BTreeMap::new(),
            reserve_replicates: 0,
            units_per_person: 8,
            units_per_enterprise: 4,
            rest_quarters: 2,
        };
        for seed in 1..=5 {
            let start = Instant::now();
            let drawn = draw(&frame, &rules, seed).map_or(0, |draw| draw.drawn.len());
            println!("{:.4} of {drawn}", start.elapsed().as_secs_f64());
        }
    }
}

/// A million people with pseudonyms of the length that the pool gives.
fn frame(strata: u64) -> Frame {
    let members = (0..1_000_000_u64).map(|person| {
        let mixed = person.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        FrameMember {
            pseudonym: format!("{mixed:016x}{person:016x}"),
            group: RaterGroup::Citizens,
            stratum: format!("{:02}", (mixed >> 32) % strata).as_str().into(),
            community: String::new(),
            size: 1,
        }
    });
    Frame::of(members).unwrap_or_default()
}
