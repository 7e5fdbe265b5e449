use super::{Bulletin, BulletinRefused, BulletinState, Official};
use chrono::NaiveDate;
use rand::{RngExt, SeedableRng, rngs::StdRng};
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

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, day).unwrap()
}

fn draft() -> Bulletin {
    Bulletin::draft("2026Q3".into(), 1)
}

fn proposed() -> Bulletin {
    draft()
        .review(official("liqiang", Role::OfficeLeader))
        .and_then(|bulletin| bulletin.propose(clerk(), day(16)))
        .unwrap()
}

fn internal() -> Bulletin {
    proposed().approve(commission(), day(16)).unwrap()
}

fn published() -> Bulletin {
    internal().release().unwrap()
}

type Step = fn(Bulletin) -> Result<Bulletin, BulletinRefused>;

const STEPS: [(&str, Step); 6] = [
    ("review", |b| b.review(clerk())),
    ("propose", |b| b.propose(clerk(), day(16))),
    ("approve", |b| b.approve(commission(), day(12))),
    ("release", Bulletin::release),
    ("send_back", |b| b.send_back(clerk(), "第三页有原话")),
    ("supersede", |b| b.supersede(2)),
];

#[test]
fn two_people_of_two_roles_make_a_publication() {
    let bulletin = published();
    assert!(!internal().is_public());

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
        proposed()
            .approve(same_account, day(12))
            .unwrap_err()
            .code(),
        "PU-102"
    );
}

#[test]
fn a_colleague_of_the_same_role_cannot_approve() {
    let colleague = official("sunli", Role::OfficeClerk);

    assert_eq!(
        proposed().approve(colleague, day(12)).unwrap_err().code(),
        "PU-103"
    );
}

#[test]
fn only_a_later_version_supersedes() {
    assert_eq!(published().supersede(1).unwrap_err().code(), "PU-104");
    assert_eq!(published().supersede(2).unwrap().state.code(), "superseded");
}

#[test]
fn a_refusal_says_in_chinese_where_the_bulletin_stands() {
    let refused = draft().approve(commission(), day(12)).unwrap_err();

    assert_eq!(refused.code(), "PU-101");
    assert_eq!(refused.to_string(), "通报现在是“起草中”，不能“批准公布”");
}

#[test]
fn who_comes_after_the_last_day_is_told_to_begin_anew() {
    assert!(proposed().approve(commission(), day(16)).is_ok());

    let late = proposed().approve(commission(), day(17)).unwrap_err();

    assert_eq!(late.code(), "PU-105");
    assert!(late.to_string().contains("10 月 16 日"), "{late}");
}

#[test]
fn a_bulletin_goes_back_with_a_reason_and_never_after_both_agreed() {
    let back = proposed().send_back(commission(), "第三页有原话").unwrap();

    let BulletinState::Draft { sent_back } = back.state else {
        panic!("it is a draft again")
    };
    assert_eq!(sent_back.unwrap().reason, "第三页有原话");
    let silent = proposed().send_back(commission(), " ").unwrap_err();
    assert_eq!(silent.code(), "PU-106");
    for agreed in [internal(), published()] {
        assert_eq!(
            agreed.send_back(clerk(), "晚了").unwrap_err().code(),
            "PU-101"
        );
    }
}

/// Steps by whomever, on whatever day: whoever may read the result, two people of two roles stand under it.
#[test]
fn a_million_random_steps_never_publish_with_fewer_than_two_people() {
    let mut dice = StdRng::seed_from_u64(20_261_012);
    let people = [
        clerk(),
        commission(),
        official("liqiang", Role::OfficeLeader),
        official("wangmin", Role::DisciplineCommission),
        official("sunli", Role::OfficeClerk),
    ];
    let mut bulletin = draft();
    let mut published = 0;
    for _ in 0..1_000_000 {
        let who = people[dice.random_range(0..people.len())].clone();
        let today = day(dice.random_range(10..20));
        let before = bulletin.clone();
        let after = match dice.random_range(0..12) {
            0..3 => bulletin.review(who),
            3..6 => bulletin.propose(who, day(16)),
            6..9 => bulletin.approve(who, today),
            9 => bulletin.release(),
            10 => bulletin.send_back(who, "再看"),
            _ => bulletin.supersede(before.version + 1),
        };
        bulletin = after.unwrap_or(before);
        if let BulletinState::Internal {
            proposed_by,
            approved_by,
        }
        | BulletinState::Published {
            proposed_by,
            approved_by,
        } = &bulletin.state
        {
            assert_ne!(proposed_by.account, approved_by.account);
            assert_ne!(proposed_by.role, approved_by.role);
            published += u32::from(bulletin.is_public());
        }
        if matches!(bulletin.state, BulletinState::Superseded { .. }) {
            bulletin = draft();
        }
    }
    assert!(published > 10_000, "{published}");
}

#[test]
fn the_state_survives_storage() {
    for bulletin in [draft(), proposed(), internal(), published()] {
        let json = serde_json::to_string(&bulletin).unwrap();
        assert_eq!(serde_json::from_str::<Bulletin>(&json).unwrap(), bulletin);
    }
}

#[test]
fn the_picture_in_the_readme_equals_the_enum() {
    let stations = [
        draft(),
        draft().review(clerk()).unwrap(),
        proposed(),
        internal(),
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
