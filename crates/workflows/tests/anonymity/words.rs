//! What people wrote reaches a unit after a person has read it, and a clue reaches nobody but the discipline commission.

use crate::city::{City, INVITED, noon, official};
use rectification::{MatterStage, OpinionKind, OpinionStage, WordsReview};
use storage::{audit_log, matters, opinions, opinions::Opinion, rounds};
use survey_design::RoundState;
use vocabulary::{MatterId, OpinionId, Role, UnitId};
use workflows::{
    Actor, GroupChoice, GroupGoal, MemberChoice, Verb, VerbError, change_kind, confirm_group,
    opinion_groups, read_clues, review_words,
};

const ALIKE: [&str; 6] = [
    "解放路的路灯不亮，修表铺门口一片黑",
    "解放路路灯一直不亮",
    "解放路路灯不亮两个月了",
    "解放路的路灯坏了，不亮",
    "晚上解放路路灯不亮",
    "路灯不亮，解放路",
];

fn opinion(id: &str, kind: OpinionKind, text: &str) -> Opinion {
    Opinion {
        id: id.into(),
        round_id: "2026Q3".into(),
        channel: "survey".into(),
        unit_id: Some("D01".into()),
        kind: kind.code().into(),
        text_redacted: text.into(),
        reasons: "[]".into(),
        masked: 0,
        state: OpinionStage::Collected.code().into(),
        matter_id: None,
        receipt_hash: None,
        level: Some(2),
        import_batch_id: None,
        words_review: WordsReview::Unseen.code().into(),
        reviewed_by: None,
    }
}

/// Six people say the same of one unit, one praises it, one tells of a bribe.
async fn city(city: City) -> City {
    let alike = ALIKE.iter().enumerate();
    let alike = alike.map(|(n, text)| opinion(&format!("O{n}"), OpinionKind::Complaint, text));
    let others = [
        opinion("P1", OpinionKind::Praise, "窗口态度好"),
        opinion("X1", OpinionKind::Clue, "收了红包才办"),
    ];
    let tx = city.app.store().begin().await.unwrap();
    opinions::insert_opinions(&tx, alike.chain(others).collect())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    city
}

async fn frozen(city: &City) {
    let tx = city.app.store().begin().await.unwrap();
    let round = &city.round;
    rounds::set_round_state(
        &tx,
        round,
        RoundState::Collecting,
        RoundState::Frozen,
        noon(),
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

fn as_role(role: Role) -> Actor {
    Actor { role, ..official() }
}

fn taken(n: usize, words: WordsReview, cover: &[&str]) -> MemberChoice {
    MemberChoice {
        opinion: OpinionId::new(format!("O{n}")),
        words,
        cover: cover.iter().map(|&word| word.to_owned()).collect(),
    }
}

fn new_matter() -> GroupGoal {
    GroupGoal::New {
        unit: UnitId::new("D01"),
        title: "路灯不亮".to_owned(),
        problem: "解放路路灯长期不亮。".to_owned(),
        complexity: None,
    }
}

fn code<T>(done: Verb<T>) -> &'static str {
    match done {
        Err(VerbError::Refused(refusal)) => refusal.code(),
        Err(_) => "failed",
        Ok(_) => "done",
    }
}

async fn stored(city: &City, id: &str) -> Opinion {
    opinions::find_opinion(city.app.store(), id)
        .await
        .unwrap()
        .unwrap()
}

/// Both databases, with the six opinions waiting in a frozen round.
async fn cities() -> Vec<City> {
    let cities = [
        Some(City::sqlite(1, INVITED).await),
        City::postgres(1, INVITED).await,
    ];
    let mut ready = Vec::new();
    for empty in cities.into_iter().flatten() {
        let city = city(empty).await;
        frozen(&city).await;
        ready.push(city);
    }
    ready
}

fn passed(n: usize) -> MemberChoice {
    taken(n, WordsReview::Passed, &[])
}

async fn confirm(city: &City, choices: &[MemberChoice], goal: GroupGoal) -> Verb<MatterId> {
    let choice = GroupChoice {
        members: choices.to_vec(),
        kinds: vec![],
        goal: Some(goal),
    };
    let made = confirm_group(&city.app, &official(), &city.round, choice, noon()).await?;
    Ok(made.expect("a goal was given"))
}

/// What is missing for the matter leaves the kinds of the others as they were.
#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_settled_as_a_whole_or_not_at_all() {
    for city in cities().await {
        let choice = |title: &str| GroupChoice {
            members: vec![passed(0)],
            kinds: vec![(OpinionId::new("O1"), OpinionKind::Clue)],
            goal: Some(GroupGoal::New {
                unit: UnitId::new("D01"),
                title: title.to_owned(),
                problem: "路灯长期不亮。".to_owned(),
                complexity: None,
            }),
        };
        let settle =
            async |choice| confirm_group(&city.app, &official(), &city.round, choice, noon()).await;

        assert_eq!(code(settle(choice("")).await), "WF-119");
        assert_eq!(
            stored(&city, "O1").await.kind,
            OpinionKind::Complaint.code()
        );
        assert_eq!(code(settle(choice("路灯")).await), "done");
        assert_eq!(
            stored(&city, "O1").await.state,
            OpinionStage::HandedOver.code()
        );
        assert_eq!(code(settle(GroupChoice::default()).await), "WF-120");
    }
}

/// Two people cover different words of one text at once: no cover is lost.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_read_the_same_words_the_second_is_told() {
    for city in cities().await {
        let matter = confirm(&city, &[passed(0)], new_matter()).await.unwrap();
        let review = async |word: &str| {
            let choice = taken(0, WordsReview::Passed, &[word]);
            review_words(&city.app, &official(), &matter, &[choice], noon()).await
        };
        let (one, other) = tokio::join!(review("修表铺"), review("门口"));
        let text = stored(&city, "O0").await.text_redacted;
        assert_eq!(one.is_ok(), !text.contains("修表铺"), "{text}");
        assert_eq!(other.is_ok(), !text.contains("门口"), "{text}");
        assert!(one.is_ok() || other.is_ok());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn opinions_are_joined_once_the_scores_are_frozen() {
    let city = city(City::sqlite(1, INVITED).await).await;
    let (clerk, unit) = (official(), UnitId::new("D01"));
    let groups = opinion_groups(&city.app, &clerk, &city.round, Some(&unit)).await;
    assert_eq!(code(groups), "WF-104");
    assert_eq!(
        code(confirm(&city, &[passed(1)], new_matter()).await),
        "WF-104"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_decides_wrongly_changes_nothing() {
    for city in cities().await {
        let released = [taken(0, WordsReview::Released, &[])];
        let not_there = [passed(1), taken(0, WordsReview::Passed, &["修车铺"])];
        for (choices, refusal) in [
            (&released[..], "WF-101"),
            (&not_there, "WF-126"),
            (&[], "WF-120"),
        ] {
            assert_eq!(code(confirm(&city, choices, new_matter()).await), refusal);
        }
        let second = stored(&city, "O1").await;
        assert_eq!(second.words_review, WordsReview::Unseen.code());
        assert!(
            matters::list_matters(city.app.store(), &city.round)
                .await
                .unwrap()
                .is_empty()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_several_clicks_makes_the_matter_with_the_words_as_they_were_left() {
    for city in cities().await {
        let unit = UnitId::new("D01");
        let proposed = opinion_groups(&city.app, &official(), &city.round, Some(&unit)).await;
        let (groups, waiting) = proposed.unwrap();
        assert_eq!(
            (groups.len(), groups[0].members.len(), waiting.len()),
            (1, 6, 6)
        );

        let choices = [taken(0, WordsReview::Passed, &["修表铺"]), passed(1)];
        let at_once = tokio::join!(
            confirm(&city, &choices, new_matter()),
            confirm(&city, &choices, new_matter()),
            confirm(&city, &choices, new_matter()),
        );
        let outcomes = [code(at_once.0), code(at_once.1), code(at_once.2)];
        let done = outcomes.iter().filter(|outcome| **outcome == "done");
        assert_eq!(done.count(), 1, "{outcomes:?}");

        let all = matters::list_matters(city.app.store(), &city.round)
            .await
            .unwrap();
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].state_code, MatterStage::Assigned.code());
        let first = stored(&city, "O0").await;
        assert_eq!(first.text_redacted, "解放路的路灯不亮，【已遮】门口一片黑");
        assert_eq!(first.matter_id.as_deref(), Some(all[0].id.as_str()));
        assert_eq!(
            (first.reviewed_by.as_deref(), first.masked),
            (Some("clerk"), 1)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_later_joins_the_matter_and_words_can_be_taken_back() {
    for city in cities().await {
        let store = city.app.store();
        let matter = confirm(&city, &[passed(0)], new_matter()).await.unwrap();
        let rest: Vec<MemberChoice> = (1..6).map(passed).collect();
        confirm(&city, &rest, GroupGoal::Joined(matter.clone()))
            .await
            .unwrap();

        assert_eq!(
            matters::list_matters(store, &city.round)
                .await
                .unwrap()
                .len(),
            1
        );
        let said = opinions::list_opinions_of_matter(store, matter.as_str())
            .await
            .unwrap();
        assert_eq!(said.len(), 6);

        let review = async |matter: &MatterId, choice| {
            review_words(&city.app, &official(), matter, &[choice], noon()).await
        };
        review(&matter, taken(1, WordsReview::KeptBack, &[]))
            .await
            .unwrap();
        assert_eq!(
            stored(&city, "O1").await.words_review,
            WordsReview::KeptBack.code()
        );
        assert_eq!(
            code(review(&MatterId::new("ZG-0"), passed(1)).await),
            "WF-122"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clue_is_read_by_the_discipline_commission_alone_and_each_reading_is_known() {
    let city = &cities().await[0];
    let (app, round, clue) = (&city.app, &city.round, OpinionId::new("X1"));
    for role in [
        Role::OfficeClerk,
        Role::OfficeLeader,
        Role::UnitLiaison,
        Role::StationedGroup,
        Role::SystemAdmin,
    ] {
        let read = read_clues(app, &as_role(role), round, noon()).await;
        assert_eq!(code(read), "WF-101", "{role:?}");
        let done = change_kind(app, &as_role(role), &clue, OpinionKind::Complaint, noon()).await;
        assert_eq!(code(done), "WF-101", "{role:?}");
    }
    let as_if_taken = MemberChoice {
        opinion: clue,
        ..passed(0)
    };
    assert_eq!(
        code(confirm(city, &[as_if_taken], new_matter()).await),
        "WF-120"
    );

    let discipline = as_role(Role::DisciplineCommission);
    let clues = read_clues(app, &discipline, round, noon()).await.unwrap();
    assert_eq!((clues.len(), clues[0].id.as_str()), (1, "X1"));
    let log = audit_log::list_latest(app.store(), 1).await.unwrap();
    assert_eq!(log[0].action, "read_clues");
}

/// What praises is a clue after all: it is gone from the office, and comes back when the commission says it is none.
#[tokio::test(flavor = "multi_thread")]
async fn a_clue_found_later_leaves_the_office_until_the_commission_gives_it_back() {
    let city = &cities().await[0];
    let praise = OpinionId::new("P1");
    let change =
        async |role, kind| change_kind(&city.app, &as_role(role), &praise, kind, noon()).await;

    change(Role::OfficeClerk, OpinionKind::Clue).await.unwrap();
    assert_eq!(
        stored(city, "P1").await.state,
        OpinionStage::HandedOver.code()
    );
    assert_eq!(
        code(change(Role::OfficeClerk, OpinionKind::Praise).await),
        "WF-101"
    );
    change(Role::DisciplineCommission, OpinionKind::Suggestion)
        .await
        .unwrap();

    let unit = UnitId::new("D01");
    let proposed = opinion_groups(&city.app, &official(), &city.round, Some(&unit)).await;
    assert_eq!(proposed.unwrap().1.len(), 7);
}
