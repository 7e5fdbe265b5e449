use super::*;
use crate::sample;

fn result(unit: &str) -> AnnualResult {
    AnnualResult {
        unit: unit.into(),
        class: "service".into(),
        rounds: 3,
        annual_score: 91.27,
        class_mean: 88.0,
        share_points: 18.25,
        multiplier: 1.0164,
        grade: Grade::Excellent,
    }
}

fn matter(id: &str, unit: &str, marks: &[MatterMark]) -> MatterRecord {
    MatterRecord {
        id: id.into(),
        unit: unit.into(),
        title: format!("事项{id}"),
        state: "整改中".to_owned(),
        marks: marks.iter().copied().collect(),
    }
}

/// The three payloads as text, cut from one source.
fn pushes() -> [String; 3] {
    let names = [
        ("D01".into(), "市人社局".to_owned()),
        ("D02".into(), "市医保局".to_owned()),
    ]
    .into();
    let annual = [result("D01"), result("D02")];
    let table = sample::table();
    let matters = [
        matter("M1", "D01", &[MatterMark::Overdue]),
        matter("M2", "D02", &[MatterMark::Reopened, MatterMark::Escalated]),
        matter("M3", "D01", &[]),
    ];
    let source = PushSource {
        result_id: "YX-2026Q3-R1",
        names: &names,
        annual: &annual,
        rows: &table.rows,
        matters: &matters,
    };
    [
        ResultPush::OrganisationDepartment(for_organisation_department(&source)),
        ResultPush::DisciplineCommission(for_discipline_commission(&source)),
        ResultPush::StationedGroup(for_stationed_group(
            &source,
            "驻市人社局组",
            &["D01".into()].into(),
        )),
    ]
    .map(|push| {
        assert!(!push.left_out().is_empty(), "{}", push.consumer());
        let text = serde_json::to_string(&push).unwrap();
        assert_eq!(serde_json::from_str::<ResultPush>(&text).unwrap(), push);
        text
    })
}

#[test]
fn the_organisation_department_gets_the_year_and_no_matter() {
    let [push, ..] = pushes();

    assert!(push.contains("91.27") && push.contains("excellent") && push.contains("1.0164"));
    for other in [
        "M1",
        "88.95",
        "ci_low",
        "class_mean",
        "share_points",
        "place",
    ] {
        assert!(!push.contains(other), "{other}");
    }
}

#[test]
fn the_discipline_commission_gets_marked_matters_and_no_score() {
    let [_, push, _] = pushes();

    assert!(push.contains("M1") && push.contains("M2"));
    for other in ["M3", "91.27", "88.95", "multiplier", "excellent"] {
        assert!(!push.contains(other), "{other}");
    }
}

#[test]
fn a_stationed_group_gets_its_own_unit_and_no_other() {
    let [_, _, push] = pushes();

    assert!(
        push.contains("D01")
            && push.contains("88.95")
            && push.contains("M1")
            && push.contains("M3")
    );
    for other in ["D02", "M2", "92.1", "91.27", "multiplier"] {
        assert!(!push.contains(other), "{other}");
    }
}
