//! Certificates of every way to draw, drawn again by a script that shares no code with us.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use response_collection::{Frame, FrameMember, draw};
use std::{fs, path::Path, process::Command};
use survey_design::{AllocationRule, DrawMethod, GroupDesign, SampleRules, Spread};
use vocabulary::{Points, RaterGroup};

const SCRIPT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../tests/independent/draw_again.py"
);

/// Two layers in seven strata; names with commas, quotes and hanzi.
fn frame() -> Frame {
    let groups = [RaterGroup::Cadres, RaterGroup::Citizens];
    let members = (0..3_000_u32).map(|number| FrameMember {
        pseudonym: format!("{:08x}", number.wrapping_mul(2_654_435_761)),
        group: groups[usize::from(number % 7 > 1)],
        stratum: ["城, 区", "\"山\"", "north", "江"][(number.isqrt() % 4) as usize].into(),
        community: format!("{}社区", number % 90),
        size: number % 11 + 1 + 400 * u32::from(number % 500 == 3),
    });
    Frame::of(members).unwrap()
}

fn rules(method: DrawMethod, allocation: AllocationRule, reserves: u8) -> SampleRules {
    let spread = ["城, 区", "\"山\"", "north", "江"].map(|stratum| {
        let sd = Points::from_steps(81_234 + 9_000 * i64::try_from(stratum.len()).unwrap());
        (
            stratum.into(),
            Spread {
                sd,
                mean: Points::whole(71),
            },
        )
    });
    let design = GroupDesign {
        allocation,
        minimum: 5,
        maximum: Some(150),
        spread: spread.into(),
        method,
    };
    SampleRules {
        quota: [(RaterGroup::Cadres, 41), (RaterGroup::Citizens, 333)].into(),
        designs: [(RaterGroup::Citizens, design)].into(),
        reserve_replicates: reserves,
        units_per_person: 8,
        units_per_enterprise: 4,
        rest_quarters: 2,
    }
}

fn agrees(folder: &Path, rules: &SampleRules, change: impl Fn(String) -> String) -> bool {
    let frame = frame();
    let sample = draw(&frame, rules, u64::MAX - 12).unwrap();
    let certificate = sample.certificate("2026Q3".into(), &frame, rules);
    let (said, people) = (folder.join("certificate.json"), folder.join("frame.csv"));
    let text = serde_json::to_string(&certificate).unwrap();
    fs::write(&said, change(text)).unwrap();
    fs::write(
        &people,
        frame
            .csv_lines()
            .map(|line| line + "\n")
            .collect::<String>(),
    )
    .unwrap();
    let done = Command::new("python3")
        .arg(SCRIPT)
        .arg(said)
        .arg(people)
        .output()
        .unwrap();
    if !done.status.success() {
        println!(
            "{}{}",
            String::from_utf8_lossy(&done.stdout),
            String::from_utf8_lossy(&done.stderr)
        );
    }
    done.status.success()
}

#[test]
fn a_script_without_our_code_draws_the_same_people() {
    let folder = tempfile::tempdir().unwrap();
    let two_stage = DrawMethod::TwoStage {
        people_per_community: 4,
    };
    for (method, allocation, reserves) in [
        (DrawMethod::SimpleRandom, AllocationRule::Proportional, 0),
        (DrawMethod::SimpleRandom, AllocationRule::Neyman, 3),
        (DrawMethod::Systematic, AllocationRule::Equal, 1),
        (DrawMethod::PpsSystematic, AllocationRule::Power, 0),
        (DrawMethod::PpsSystematic, AllocationRule::SquareRoot, 2),
        (two_stage, AllocationRule::Proportional, 0),
        (two_stage, AllocationRule::Power, 1),
    ] {
        let rules = rules(method, allocation, reserves);

        assert!(agrees(folder.path(), &rules, |text| text), "{rules:?}");
    }
}

#[test]
fn the_script_finds_what_was_changed() {
    let folder = tempfile::tempdir().unwrap();
    let rules = rules(DrawMethod::SimpleRandom, AllocationRule::Proportional, 1);

    for (from, to) in [
        ("603,", "602,"),
        ("\"allotted\":", "\"allotted\":1"),
        ("\"cadres\":41", "\"cadres\":42"),
    ] {
        assert!(
            !agrees(folder.path(), &rules, |text| text.replacen(from, to, 1)),
            "{from}"
        );
    }
}
