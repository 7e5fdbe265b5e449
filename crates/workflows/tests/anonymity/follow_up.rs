//! Whoever wrote rates what was done 追评: once, in words that name nobody, and by a hash that leads nowhere.

use crate::city::{City, INVITED, noon, official, spelled, texts};
use chrono::NaiveDate;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use rectification::{
    CallRules, CheckResult, Closing, Finding, Goal, GoalDraft, MatterEvent, MatterState,
    OpinionStage, Problem, Record,
};
use response_collection::Receipt;
use std::collections::BTreeSet;
use storage::{
    follow_up_ratings::list_ratings,
    matters::{self, Matter},
    opinions,
};
use vocabulary::{Level, MatterId, WorkCalendar, WorkingDays};
use workflows::{
    Rating, RatingRefused, SaidOfMatter, close_round, lookup, rate_matter, step_matter,
};

const PEOPLE: usize = 6;
const MATTER: &str = "ZG-2026Q3-0001";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// What a unit reported to have done.
fn reported() -> MatterState {
    let draft = GoalDraft {
        measure: "增设两个窗口".into(),
        standard: "等候不超过十分钟".into(),
        due: Some(day("2026-09-30")),
        person: "窗口科科长".into(),
    };
    MatterState::Reported {
        record: Record::default(),
        goal: Goal::parse(draft, day("2026-09-01")).unwrap(),
        result: "已增设两个窗口".into(),
        verify_by: day("2026-10-20"),
    }
}

fn matter(unit: &str, state: &MatterState) -> Matter {
    Matter {
        id: MATTER.into(),
        round_id: "2026Q3".into(),
        unit_id: unit.into(),
        title: "办事慢".into(),
        problem: "5 条意见反映：办事慢".into(),
        requirement: "[]".into(),
        state: serde_json::to_string(state).unwrap(),
        state_code: state.stage().code().into(),
        due: state.due(),
        public: false,
        version: 1,
    }
}

/// Six people answered; the opinions of all but the last are part of a matter in this state.
async fn with_matter(city: &mut City, state: &MatterState) -> Vec<Receipt> {
    let mut receipts = Vec::new();
    for person in 0..PEOPLE {
        receipts.push(city.answers(person, &person.to_string()).await);
    }
    close_round(&city.app, &official(), &city.round, noon(), &mut city.rng)
        .await
        .unwrap();
    let store = city.app.store();
    let said = opinions::list_opinions(store, &city.round).await.unwrap();
    let ids: Vec<_> = said
        .iter()
        .filter(|opinion| spelled(&opinion.reasons) != PEOPLE)
        .map(|opinion| opinion.id.clone())
        .collect();
    assert_eq!(ids.len(), PEOPLE - 1);
    let unit = said[0].unit_id.as_deref().unwrap();
    let tx = store.begin().await.unwrap();
    matters::insert_matter(&tx, matter(unit, state))
        .await
        .unwrap();
    opinions::assign_opinions(&tx, &ids, MATTER, OpinionStage::InMatter.code())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    receipts
}

async fn rate(city: &City, receipt: &str, level: Level, words: &str) -> Result<(), RatingRefused> {
    let said = SaidOfMatter {
        receipt,
        matter: &MatterId::new(MATTER),
        level,
        words,
    };
    let mut rng = ChaCha20Rng::seed_from_u64(11);
    rate_matter(&city.app, said, &mut rng).await.unwrap()
}

async fn rating(city: &City, receipt: &Receipt) -> Option<Rating> {
    let found = lookup(&city.app, &receipt.text()).await.unwrap().unwrap();
    found.opinions[0].matter.clone().map(|matter| matter.rating)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_rated_once_by_those_who_wrote_and_the_first_rating_stands() {
    let cities = [
        Some(City::sqlite(6, INVITED).await),
        City::postgres(6, INVITED).await,
    ];
    for mut city in cities.into_iter().flatten() {
        let receipts = with_matter(&mut city, &reported()).await;
        let own = receipts[0].text();
        assert_eq!(rating(&city, &receipts[0]).await, Some(Rating::Open));
        assert_eq!(rating(&city, &receipts[PEOPLE - 1]).await, None);

        let bad = |n: u8| format!("{n} 号窗口还是排队，请打13912345678");
        let (a, b, c, d) = (bad(1), bad(2), bad(3), bad(4));
        let at_once = tokio::join!(
            rate(&city, &own, Level::Dissatisfied, &a),
            rate(&city, &own, Level::Dissatisfied, &b),
            rate(&city, &own, Level::Dissatisfied, &c),
            rate(&city, &own, Level::Dissatisfied, &d),
        );
        assert_eq!(at_once, (Ok(()), Ok(()), Ok(()), Ok(())));
        rate(&city, &own, Level::VerySatisfied, "").await.unwrap();

        let stored = list_ratings(city.app.store(), MATTER).await.unwrap();
        assert_eq!(stored.len(), 1);
        assert_eq!((stored[0].level, stored[0].masked), (2, 1));
        let words = stored[0].text_redacted.clone();
        assert!(words.ends_with("号窗口还是排队，请打【电话】"), "{words}");
        let given = Rating::Given {
            level: Level::Dissatisfied,
            words,
        };
        assert_eq!(rating(&city, &receipts[0]).await, Some(given));
        assert_eq!(rating(&city, &receipts[1]).await, Some(Rating::Open));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_rating_of_ones_own_matter_is_refused_and_nothing_is_stored() {
    let mut city = City::sqlite(6, INVITED).await;
    let receipts = with_matter(&mut city, &reported()).await;
    let (own, outsider) = (receipts[0].text(), receipts[PEOPLE - 1].text());
    let elsewhere = "0".repeat(26);
    let long = "慢".repeat(501);

    for (receipt, level, words, refused) in [
        (&outsider, Level::Satisfied, "", RatingRefused::NotYours),
        (&elsewhere, Level::Satisfied, "", RatingRefused::NotYours),
        (&own, Level::DontKnow, "", RatingRefused::NoLevel),
        (
            &own,
            Level::Fair,
            long.as_str(),
            RatingRefused::TooLong { have: 501 },
        ),
    ] {
        let answer = rate(&city, receipt, level, words).await;
        assert_eq!(answer, Err(refused));
    }
    let tx = city.app.store().begin().await.unwrap();
    let mut waiting = matters::find_matter(&tx, MATTER).await.unwrap().unwrap();
    let assigned = MatterState::Signed {
        record: Record::default(),
        plan_by: day("2026-09-20"),
    };
    waiting.state = serde_json::to_string(&assigned).unwrap();
    assigned.stage().code().clone_into(&mut waiting.state_code);
    matters::update_matter(&tx, waiting).await.unwrap();
    tx.commit().await.unwrap();

    let too_early = rate(&city, &own, Level::Satisfied, "").await;

    assert_eq!(too_early, Err(RatingRefused::NothingToRate));
    assert_eq!(rating(&city, &receipts[0]).await, Some(Rating::NotYet));
    let stored = list_ratings(city.app.store(), MATTER).await.unwrap();
    assert!(stored.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rating_shares_no_value_with_what_was_sent_in_or_written_and_leaves_no_event() {
    let mut city = City::sqlite(6, INVITED).await;
    let receipts = with_matter(&mut city, &reported()).await;
    let raw = city.raw().await;
    let events = "SELECT CAST(count(*) AS text) FROM audit_event";
    let before = texts(&raw, events).await.unwrap();

    for receipt in &receipts[..PEOPLE - 1] {
        rate(&city, &receipt.text(), Level::Satisfied, "好多了")
            .await
            .unwrap();
    }

    let all = async |queries: &[&str]| {
        let mut values = BTreeSet::new();
        for query in queries {
            values.extend(texts(&raw, query).await.unwrap());
        }
        values
    };
    let rated = all(&["SELECT once_hash FROM follow_up_rating"]).await;
    let others = all(&[
        "SELECT token_hash FROM token",
        "SELECT receipt_hash FROM receipt",
        "SELECT ballot_digest FROM receipt",
        "SELECT leaf FROM receipt",
        "SELECT submission_hmac FROM submission",
        "SELECT id FROM ballot",
        "SELECT id FROM opinion",
        "SELECT receipt_hash FROM opinion",
    ])
    .await;
    assert_eq!(rated.len(), PEOPLE - 1);
    assert_eq!(rated.intersection(&others).count(), 0);
    assert_eq!(texts(&raw, events).await.unwrap(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clue_that_was_added_goes_where_every_clue_goes_and_not_to_the_matter() {
    let mut city = City::sqlite(6, INVITED).await;
    let receipts = with_matter(&mut city, &reported()).await;

    rate(
        &city,
        &receipts[0].text(),
        Level::VeryDissatisfied,
        "窗口的人收了红包才给办",
    )
    .await
    .unwrap();

    let store = city.app.store();
    let stored = list_ratings(store, MATTER).await.unwrap();
    assert_eq!((stored[0].level, stored[0].text_redacted.as_str()), (1, ""));
    let said = opinions::list_opinions(store, &city.round).await.unwrap();
    let clues: Vec<_> = said
        .iter()
        .filter(|opinion| opinion.state == OpinionStage::HandedOver.code())
        .collect();
    assert_eq!(clues.len(), 1);
    assert!(clues[0].text_redacted.contains("红包"));
    assert_eq!(
        (&clues[0].matter_id, &clues[0].receipt_hash),
        (&None, &None)
    );
}

/// The problem of the matter, as [`workflows::make_matters`] registers it.
async fn register(city: &City) {
    let calls = CallRules {
        interval: WorkingDays(10),
        escalate_after: 2,
    };
    let problem = Problem::register(
        "GH-2026Q3-0001".into(),
        MatterId::new(MATTER),
        calls,
        &WorkCalendar::default(),
        day("2026-09-12"),
    );
    let tx = city.app.store().begin().await.unwrap();
    matters::insert_problem(
        &tx,
        matters::Problem {
            reg_no: problem.reg_no.clone(),
            round_id: city.round.to_string(),
            unit_id: "D01".into(),
            matter_id: MATTER.into(),
            state_code: problem.state.stage().code().into(),
            state: serde_json::to_string(&problem).unwrap(),
            registered_on: problem.registered_on,
            due: problem.state.due(),
            re_registrations: 0,
            version: 1,
        },
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_opens_a_solved_matter_again_and_its_problem_with_it() {
    let mut city = City::sqlite(6, INVITED).await;
    let receipts = with_matter(&mut city, &reported()).await;
    register(&city).await;
    let step = async |event| {
        let id = MatterId::new(MATTER);
        step_matter(&city.app, &official(), &id, event, None, noon()).await
    };
    let finding = Finding {
        check: CheckResult::Solved,
        called: 2,
        satisfied: 2,
        note: "电话回访".into(),
    };
    let closing = Closing::Solved;
    step(MatterEvent::Verify { finding }).await.unwrap();
    step(MatterEvent::Close { closing }).await.unwrap();
    rate(&city, &receipts[0].text(), Level::Dissatisfied, "")
        .await
        .unwrap();

    let reason = "追评仍不满意，现场核实属实".to_owned();
    step(MatterEvent::Reopen { reason }).await.unwrap();

    let store = city.app.store();
    let matter = matters::find_matter(store, MATTER).await.unwrap().unwrap();
    assert_eq!(matter.state_code, "reopened");
    let problems = matters::list_problems_of_matter(store, MATTER)
        .await
        .unwrap();
    assert_eq!(
        (
            problems[0].state_code.as_str(),
            problems[0].re_registrations
        ),
        ("re_registered", 1)
    );
    let found = lookup(&city.app, &receipts[0].text())
        .await
        .unwrap()
        .unwrap();
    let steps = found.opinions[0].matter.clone().unwrap().steps;
    assert_eq!(steps.last().unwrap().1, rectification::MatterStep::Reopen);
}
