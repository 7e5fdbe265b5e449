use super::{Bulletin, BulletinRefused, BulletinState, Official};
use std::collections::BTreeSet;
use vocabulary::{AccountId, Role};

fn official(account: &str, role: Role) -> Official {
    Official {
        account: AccountId::new(account),
        role,
    }
}

fn clerk() -> Official {
    official("wangmin", Role::OfficeClerk)
}

fn commission() -> Official {
    official("zhaojing", Role::DisciplineCommission)
}

fn proposed() -> Bulletin {
    Bulletin::draft("2026Q3".into(), 1)
        .review(official("liqiang", Role::OfficeLeader))
        .and_then(|bulletin| bulletin.propose(clerk()))
        .unwrap()
}

fn published() -> Bulletin {
    proposed().approve(commission()).unwrap()
}

type Step = fn(Bulletin) -> Result<Bulletin, BulletinRefused>;

const STEPS: [(&str, Step); 4] = [
    ("review", |b| b.review(clerk())),
    ("propose", |b| b.propose(clerk())),
    ("approve", |b| b.approve(commission())),
    ("supersede", |b| b.supersede(2)),
];

#[test]
fn two_people_of_two_roles_make_a_publication() {
    let bulletin = published();

    assert_eq!(
        bulletin.state,
        BulletinState::Published {
            proposed_by: clerk(),
            approved_by: commission()
        }
    );
    assert!(bulletin.is_public());
}

#[test]
fn nobody_approves_alone_not_even_in_another_role() {
    let same_account = official("wangmin", Role::DisciplineCommission);

    assert_eq!(
        proposed().approve(same_account).unwrap_err().code(),
        "PU-102"
    );
}

#[test]
fn a_colleague_of_the_same_role_cannot_approve() {
    let colleague = official("sunli", Role::OfficeClerk);

    assert_eq!(proposed().approve(colleague).unwrap_err().code(), "PU-103");
}

#[test]
fn only_a_later_version_supersedes() {
    assert_eq!(published().supersede(1).unwrap_err().code(), "PU-104");
    assert_eq!(published().supersede(2).unwrap().state.code(), "superseded");
}

#[test]
fn a_refusal_says_in_chinese_where_the_bulletin_stands() {
    let refused = Bulletin::draft("2026Q3".into(), 1)
        .approve(commission())
        .unwrap_err();

    assert_eq!(refused.code(), "PU-101");
    assert_eq!(refused.to_string(), "通报现在是“起草中”，不能“批准公布”");
}

#[test]
fn the_state_survives_storage() {
    for bulletin in [Bulletin::draft("2026Q3".into(), 1), proposed(), published()] {
        let json = serde_json::to_string(&bulletin).unwrap();
        assert_eq!(serde_json::from_str::<Bulletin>(&json).unwrap(), bulletin);
    }
}

#[test]
fn the_picture_in_the_readme_equals_the_enum() {
    let reviewed = Bulletin::draft("2026Q3".into(), 1).review(clerk()).unwrap();
    let stations = [
        Bulletin::draft("2026Q3".into(), 1),
        reviewed,
        proposed(),
        published(),
        published().supersede(2).unwrap(),
    ];

    let possible: BTreeSet<String> = stations
        .iter()
        .flat_map(|from| {
            STEPS.iter().filter_map(|(name, step)| {
                let to = step(from.clone()).ok()?;
                Some(format!(
                    "{} --> {}: {name}",
                    from.state.code(),
                    to.state.code()
                ))
            })
        })
        .collect();

    let drawn: BTreeSet<String> = include_str!("../../README.md")
        .lines()
        .map(str::trim)
        .filter(|line| line.contains("-->") && !line.contains("[*]"))
        .map(str::to_owned)
        .collect();
    assert_eq!(possible, drawn);
}
