use super::*;
use crate::FrameMember;
use std::collections::BTreeMap;

fn frame(people: u32) -> Frame {
    let members = (0..people).map(|number| FrameMember {
        pseudonym: format!("p{number}"),
        group: RaterGroup::Citizens,
        stratum: if number % 3 > 0 { "north" } else { "south" }.into(),
        community: String::new(),
        size: 1,
    });
    Frame::of(members).unwrap()
}

fn certified() -> (SampleDraw, DrawCertificate) {
    let rules = SampleRules {
        quota: [(RaterGroup::Citizens, 30)].into(),
        designs: BTreeMap::new(),
        reserve_replicates: 1,
        units_per_person: 8,
        units_per_enterprise: 4,
        rest_quarters: 2,
    };
    let sample = draw(&frame(90), &rules, 42).unwrap();
    let certificate = sample.certificate("2026Q3".into(), &frame(90), &rules);
    (sample, certificate)
}

#[test]
fn a_true_certificate_leads_back_to_the_same_people() {
    let (sample, certificate) = certified();

    let text = serde_json::to_string(&certificate).unwrap();
    let read: DrawCertificate = serde_json::from_str(&text).unwrap();

    assert_eq!(read, certificate);
    assert_eq!(verify_draw(&frame(90), &read), Ok(sample));
}

#[test]
fn the_lists_of_the_strata_make_up_the_whole_list() {
    let (sample, certificate) = certified();

    let lines: Vec<String> = sample.csv_lines().skip(1).collect();
    let north = digest_of_lines(lines.iter().filter(|line| line.contains(",north,")));

    assert_eq!(certificate.strata[0].drawn, [20, 20]);
    assert_eq!(certificate.strata[0].drawn_digest, north);
}

#[test]
fn every_changed_fact_is_found_and_named() {
    let (_, certificate) = certified();
    let disputes = |change: &dyn Fn(&mut DrawCertificate)| -> Vec<&'static str> {
        let mut changed = certificate.clone();
        change(&mut changed);
        let disputes = verify_draw(&frame(90), &changed).unwrap_err();
        disputes.iter().map(DrawDispute::code).collect()
    };

    assert_eq!(disputes(&|c| c.method.push('x')), ["RC-311"]);
    assert_eq!(disputes(&|c| c.frame_digest.clear()), ["RC-312"]);
    assert_eq!(disputes(&|c| c.frame_people += 1), ["RC-312"]);
    assert_eq!(disputes(&|c| c.strata.truncate(1)), ["RC-313"]);
    assert_eq!(disputes(&|c| c.strata[0].population += 1), ["RC-315"]);
    assert_eq!(disputes(&|c| c.strata[1].allotted = 1), ["RC-316"]);
    assert_eq!(disputes(&|c| c.strata[1].drawn[1] = 0), ["RC-314"]);
    assert_eq!(disputes(&|c| c.strata[1].drawn_digest.clear()), ["RC-314"]);
    assert_eq!(disputes(&|c| c.drawn_digest.clear()), ["RC-317"]);
    let people = ["RC-314", "RC-314", "RC-317"];
    assert_eq!(disputes(&|c| c.seed += 1), people);
    assert_eq!(disputes(&|c| c.rules.reserve_replicates = 0), people);
    let quota =
        |c: &mut DrawCertificate, people| c.rules.quota = [(RaterGroup::Citizens, people)].into();
    assert_eq!(disputes(&|c| quota(c, 1000)), ["RC-301"]);
    assert!(disputes(&|c| quota(c, 33)).contains(&"RC-316"));
}

#[test]
fn another_frame_is_named_with_the_strata_that_differ() {
    let (_, certificate) = certified();

    let disputes = verify_draw(&frame(91), &certificate).unwrap_err();

    assert_eq!(
        disputes[0],
        DrawDispute::OtherFrame {
            certified: 90,
            found: 91
        }
    );
    assert!(disputes.contains(&DrawDispute::OtherPopulation("south".into())));
}
