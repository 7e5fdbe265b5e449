//! The road to publication: the units' check, objections, two people of two roles, corrections; and many clicks at once.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

#[path = "../../../tests/support/postgres.rs"]
mod postgres;
#[macro_use]
#[path = "support/yunxi.rs"]
mod yunxi;

use chrono::{DateTime, Utc};
use publication::{Bulletin, BulletinState};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use rectification::{Decision, Ground};
use std::sync::Arc;
use storage::{
    imports::{self, BatchState, HotlineOrder, ImportBatch, SurveyRating},
    scores, units,
};
use tokio::task::JoinSet;
use vocabulary::Role;
use workflows::{
    Actor, Correction, CorrectionWish, Publication, PublicationStep as Step, Refusal, Verb,
    VerbError, ask_correction, close_round, corrections_of, decide_correction, file_appeal,
    freeze_round, latest_run, open_round, published_bulletin, review_appeal, score_round,
    start_unit_check, step_publication,
};
use yunxi::{City, clerk, now};

on_both_databases!(
    an_objection_upheld_by_two_corrects_the_scores_and_one_refused_does_not,
    reviewers_who_name_different_orders_settle_nothing,
    units_have_their_days_before_the_freeze,
    what_changed_after_the_scores_stops_check_and_freeze,
    what_changed_after_the_freeze_stops_publication,
    a_unit_renamed_since_the_check_is_named_and_the_way_back_is_open,
    the_second_agreement_has_its_day_and_comes_from_another_role,
    a_correction_is_asked_for_by_one_and_decided_by_another,
    a_correction_makes_a_new_version_and_the_old_one_stays,
    of_eight_clicks_at_once_one_counts,
);

fn who(account: &str, role: Role) -> Actor {
    Actor {
        account: account.into(),
        name: account.to_owned(),
        role,
        unit: (role == Role::UnitLiaison).then(|| "D12".into()),
        body: None,
    }
}

fn leader() -> Actor {
    who("leader", Role::OfficeLeader)
}

fn commission() -> Actor {
    who("commission", Role::DisciplineCommission)
}

fn liaison() -> Actor {
    who("liaison", Role::UnitLiaison)
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// After the days of the units: 9, 10 (a make-up Saturday) and 12 October.
fn later() -> DateTime<Utc> {
    at("2026-10-13T01:00:00Z")
}

fn order(round: &str, unit: u32, number: u32) -> HotlineOrder {
    HotlineOrder {
        round_id: round.to_owned(),
        row_key: format!("YX{unit:02}{number:03}"),
        batch_id: "b".to_owned(),
        unit_id: format!("D{unit:02}"),
        registered_on: "2026-07-01".parse().ok(),
        closed_on: "2026-07-05".parse().ok(),
        on_time: Some(!number.is_multiple_of(7)),
        resolved: Some(i16::from(number % 5 > 1)),
        level: Some(i16::try_from(1 + number % 5).unwrap()),
        counted: true,
        excluded_reason: None,
        reply_days: Some(4),
    }
}

/// The batch that brought the rows.
fn batch(round: &str) -> ImportBatch {
    ImportBatch {
        id: "b".to_owned(),
        round_id: round.to_owned(),
        channel: "hotline".to_owned(),
        file_name: "a.csv".to_owned(),
        file_sha256: "00".to_owned(),
        mapping: String::new(),
        state: BatchState::Applied,
        rows_total: 0,
        new_rows: 0,
        same_rows: 0,
        changed_rows: 0,
        duplicate_rows: 0,
        rejected_rows: 0,
        created_at: now(),
        created_by: "clerk".to_owned(),
    }
}

/// A respondent's answer about a unit.
fn answer(round: &str, respondent: u32, unit: u32) -> SurveyRating {
    let groups = ["delegates", "cadres", "enterprises", "citizens"];
    let group = groups[usize::try_from(respondent % 4).unwrap()];
    SurveyRating {
        round_id: round.to_owned(),
        row_key: format!("R{respondent:03}"),
        unit_id: format!("D{unit:02}"),
        item: "overall".to_owned(),
        batch_id: "b".to_owned(),
        rater_group: group.to_owned(),
        stratum: group.to_owned(),
        psu: respondent.into(),
        weight_micro: 1_000_000,
        level: i16::try_from(1 + (respondent * 7 + unit * 3 + respondent / 9) % 5).unwrap(),
    }
}

impl City {
    async fn write_order(&self, row: HotlineOrder) {
        let tx = self.app.store().begin().await.unwrap();
        imports::upsert_hotline_orders(&tx, &self.round, vec![row])
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// A round with orders of twelve units, scored.
    async fn scored(&mut self) {
        let (app, round) = (&self.app, &self.round);
        open_round(app, &clerk(), round, now(), &mut self.rng)
            .await
            .unwrap();
        let tx = app.store().begin().await.unwrap();
        imports::insert_batch(&tx, batch(round.as_str()))
            .await
            .unwrap();
        let orders = (1..=12).flat_map(|unit| (0..80 + unit).map(move |n| (unit, n)));
        let orders = orders
            .map(|(unit, n)| order(round.as_str(), unit, n))
            .collect();
        imports::upsert_hotline_orders(&tx, round, orders)
            .await
            .unwrap();
        let answers = (0..120).flat_map(|who| (1..=12).map(move |unit| (who, unit)));
        let answers = answers.map(|(who, unit)| answer(round.as_str(), who, unit));
        imports::upsert_survey_ratings(&tx, round, answers.collect())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        close_round(app, &clerk(), round, now(), &mut self.rng)
            .await
            .unwrap();
        score_round(app, &clerk(), round, now()).await.unwrap();
    }

    async fn checked(&mut self) {
        self.scored().await;
        start_unit_check(&self.app, &clerk(), &self.round, now())
            .await
            .unwrap();
    }

    async fn frozen(&mut self) {
        self.checked().await;
        freeze_round(&self.app, &leader(), &self.round, later())
            .await
            .unwrap();
    }

    async fn step(&self, actor: &Actor, step: Step, now: DateTime<Utc>) -> Verb<Publication> {
        let mut rng = ChaCha20Rng::seed_from_u64(9);
        step_publication(&self.app, actor, &self.round, step, now, &mut rng).await
    }

    /// The whole road from the check on.
    async fn published(&self, now: DateTime<Utc>) -> Publication {
        self.step(&clerk(), Step::Review, now).await.unwrap();
        self.step(&leader(), Step::Propose, now).await.unwrap();
        self.step(&commission(), Step::Approve, now).await.unwrap();
        self.step(&leader(), Step::Release, now).await.unwrap()
    }

    async fn objection(&mut self, ground: Ground) -> String {
        let text = "这张工单由区里办理，不属于本单位";
        file_appeal(
            &self.app,
            &liaison(),
            &self.round,
            ground,
            text,
            now(),
            &mut self.rng,
        )
        .await
        .unwrap()
    }

    async fn review(
        &self,
        id: &str,
        by: &Actor,
        decision: Decision,
        key: Option<&str>,
    ) -> Verb<()> {
        let correction = key.map_or(Correction::None, |key| {
            Correction::ExcludeOrder(key.to_owned())
        });
        review_appeal(
            &self.app,
            by,
            id,
            decision,
            "核对过办件记录",
            &correction,
            later(),
        )
        .await
    }

    async fn ask(&mut self, by: &Actor, wish: &CorrectionWish) -> Verb<String> {
        ask_correction(&self.app, by, &self.round, wish, later(), &mut self.rng).await
    }

    async fn public(&self) -> Option<publication::BulletinBody> {
        published_bulletin(&self.app, &self.round).await.unwrap()
    }

    async fn score_of(&self, unit: &str) -> f64 {
        let run = latest_run(&self.app, &self.round).await.unwrap().unwrap();
        let found = run.scores.units.iter().find(|it| it.unit.as_str() == unit);
        found.unwrap().total.as_ref().unwrap().value
    }
}

fn code<T: std::fmt::Debug>(answer: Verb<T>) -> &'static str {
    match answer {
        Err(VerbError::Refused(refusal)) => refusal.code(),
        other => panic!("refused, not {other:?}"),
    }
}

async fn an_objection_upheld_by_two_corrects_the_scores_and_one_refused_does_not(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(mut city) = make().await else { return };
    city.checked().await;
    let before = city.score_of("D12").await;
    let upheld = city.objection(Ground::WrongUnit).await;
    let refused = city.objection(Ground::UnreasonableDemand).await;
    let open = freeze_round(&city.app, &leader(), &city.round, later()).await;
    assert_eq!(code(open), "WF-114", "undecided objections stop the freeze");

    for by in [leader(), commission()] {
        city.review(&upheld, &by, Decision::Correct, Some("YX12000"))
            .await
            .unwrap();
        city.review(&refused, &by, Decision::Uphold, None)
            .await
            .unwrap();
    }

    let told = corrections_of(&city.app, &city.round).await.unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].correction.cause, upheld);
    assert!(
        city.score_of("D12").await > before,
        "an unsolved order less"
    );
    let changed: Vec<_> = told[0].changes.iter().map(|it| it.unit.as_str()).collect();
    assert!(changed.contains(&"D12"), "{changed:?}");
    freeze_round(&city.app, &leader(), &city.round, later())
        .await
        .unwrap();
}

async fn reviewers_who_name_different_orders_settle_nothing(make: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = make().await else { return };
    city.checked().await;
    let before = city.score_of("D12").await;
    let id = city.objection(Ground::Duplicate).await;
    let unknown = city
        .review(&id, &leader(), Decision::Correct, Some("YX01000"))
        .await;
    assert_eq!(code(unknown), "WF-122", "an order of another unit");
    city.review(&id, &leader(), Decision::Correct, Some("YX12000"))
        .await
        .unwrap();

    let other = city
        .review(&id, &commission(), Decision::Correct, Some("YX12001"))
        .await;

    assert_eq!(code(other), "WF-120");
    assert!((city.score_of("D12").await - before).abs() < f64::EPSILON);
    let frozen = freeze_round(&city.app, &leader(), &city.round, later()).await;
    assert_eq!(code(frozen), "WF-114");
}

async fn units_have_their_days_before_the_freeze(make: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = make().await else { return };
    city.checked().await;
    for soon in ["2026-10-08T01:00:00Z", "2026-10-12T15:59:00Z"] {
        let refused = freeze_round(&city.app, &leader(), &city.round, at(soon)).await;
        assert_eq!(code(refused), "WF-196", "{soon}");
    }
    let early = city.step(&clerk(), Step::Review, later()).await;
    assert_eq!(
        code(early),
        "WF-104",
        "nothing is checked before the freeze"
    );

    let text = "有一张工单重复";
    let (late, objector) = (at("2026-10-12T16:00:00Z"), liaison());
    let filed = file_appeal(
        &city.app,
        &objector,
        &city.round,
        Ground::Duplicate,
        text,
        late,
        &mut city.rng,
    );
    let filed = filed.await;
    assert!(
        matches!(filed, Err(VerbError::Refused(Refusal::Loop(_)))),
        "the limit runs from the day the units were told: {filed:?}"
    );
    freeze_round(&city.app, &leader(), &city.round, late)
        .await
        .unwrap();
}

async fn what_changed_after_the_scores_stops_check_and_freeze(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(mut city) = make().await else { return };
    city.scored().await;
    city.write_order(order("2026Q3", 3, 900)).await;
    let stale = start_unit_check(&city.app, &clerk(), &city.round, now()).await;
    assert_eq!(code(stale), "WF-195");
    let score = async |now| score_round(&city.app, &clerk(), &city.round, now).await;
    score(now()).await.unwrap();
    start_unit_check(&city.app, &clerk(), &city.round, now())
        .await
        .unwrap();

    city.write_order(order("2026Q3", 3, 901)).await;
    let freeze = async || freeze_round(&city.app, &leader(), &city.round, later()).await;
    assert_eq!(
        code(freeze().await),
        "WF-195",
        "behind the back of everybody"
    );
    score(later()).await.unwrap();
    freeze().await.unwrap();
}

async fn what_changed_after_the_freeze_stops_publication(make: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = make().await else { return };
    city.frozen().await;
    city.step(&clerk(), Step::Review, later()).await.unwrap();
    city.step(&leader(), Step::Propose, later()).await.unwrap();
    city.write_order(order("2026Q3", 3, 902)).await;
    let approved = city.step(&commission(), Step::Approve, later()).await;
    assert_eq!(code(approved), "WF-195");
    let again = score_round(&city.app, &clerk(), &city.round, later()).await;
    assert_eq!(code(again), "WF-104", "frozen scores stay");
    assert!(city.public().await.is_none());
}

async fn a_unit_renamed_since_the_check_is_named_and_the_way_back_is_open(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(mut city) = make().await else { return };
    city.frozen().await;
    city.step(&clerk(), Step::Review, later()).await.unwrap();
    city.step(&leader(), Step::Propose, later()).await.unwrap();
    let mut world = yunxi::templates().world;
    let renamed = world
        .units
        .iter_mut()
        .find(|unit| unit.id.as_str() == "D05");
    let name = &mut renamed.unwrap().short_name;
    let was = std::mem::replace(name, "市民政和养老局".to_owned());
    let tx = city.app.store().begin().await.unwrap();
    units::replace_world(&tx, &world).await.unwrap();
    tx.commit().await.unwrap();

    let refused = city.step(&commission(), Step::Approve, later()).await;

    let Err(VerbError::Refused(refusal)) = refused else {
        panic!("refused, not {refused:?}")
    };
    assert_eq!(refusal.code(), "WF-197");
    let words = refusal.to_string();
    assert!(
        words.contains(&was) && words.contains("市民政和养老局") && words.contains("退回"),
        "{words}"
    );
    let silent = Step::SendBack {
        reason: String::new(),
    };
    assert_eq!(
        code(city.step(&commission(), silent, later()).await),
        "PU-106"
    );
    let back = Step::SendBack {
        reason: "单位改了名".to_owned(),
    };
    city.step(&commission(), back, later()).await.unwrap();
    city.published(later()).await;
    let body = city.public().await.unwrap();
    let names: Vec<_> = body
        .classes
        .iter()
        .flat_map(|class| &class.rows)
        .map(|row| row.unit_name.as_str())
        .collect();
    assert!(names.contains(&"市民政和养老局"));
}

async fn the_second_agreement_has_its_day_and_comes_from_another_role(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(mut city) = make().await else { return };
    city.frozen().await;
    city.step(&clerk(), Step::Review, later()).await.unwrap();
    city.step(&leader(), Step::Propose, later()).await.unwrap();

    let alone = city.step(&leader(), Step::Approve, later()).await;
    let colleague = who("another leader", Role::OfficeLeader);
    let colleague = city.step(&colleague, Step::Approve, later()).await;
    let out = city.step(&leader(), Step::Release, later()).await;
    let liaison = city.step(&liaison(), Step::Approve, later()).await;
    let late = city
        .step(&commission(), Step::Approve, at("2026-10-21T01:00:00Z"))
        .await;

    assert_eq!(code(alone), "PU-102");
    assert_eq!(code(colleague), "PU-103");
    assert_eq!(
        code(out),
        "PU-101",
        "nothing is public that two have not agreed to"
    );
    assert_eq!(code(liaison), "WF-101");
    assert_eq!(code(late), "PU-105", "13 October and five working days");
    let on_the_day = at("2026-10-20T15:00:00Z");
    city.step(&commission(), Step::Approve, on_the_day)
        .await
        .unwrap();
    assert!(city.public().await.is_none());
    let done = city
        .step(&leader(), Step::Release, on_the_day)
        .await
        .unwrap();
    assert!(snapshot::verify_bundle(&done.bundle.unwrap()).is_ok());
}

fn wish() -> CorrectionWish {
    CorrectionWish {
        unit: "D12".into(),
        order_key: "YX12000".to_owned(),
        reason: "这张工单由区里办理".to_owned(),
    }
}

async fn a_correction_is_asked_for_by_one_and_decided_by_another(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(mut city) = make().await else { return };
    city.frozen().await;
    assert_eq!(
        code(city.ask(&clerk(), &wish()).await),
        "WF-120",
        "not public"
    );
    city.published(later()).await;
    let not_its_own = CorrectionWish {
        unit: "D11".into(),
        ..wish()
    };
    assert_eq!(code(city.ask(&clerk(), &not_its_own).await), "WF-122");

    let id = city.ask(&leader(), &wish()).await.unwrap();
    let second = city.ask(&clerk(), &wish()).await;
    assert_eq!(code(second), "WF-120", "one at a time");
    let own = decide_correction(&city.app, &leader(), &id, true, later()).await;
    assert_eq!(code(own), "WF-108");
    let refused = decide_correction(&city.app, &commission(), &id, false, later()).await;
    refused.unwrap();
    let again = decide_correction(&city.app, &commission(), &id, true, later()).await;
    assert!(
        matches!(again, Err(VerbError::Failed(_))),
        "decided before: {again:?}"
    );
    assert_eq!(city.public().await.unwrap().version, 1);
}

async fn a_correction_makes_a_new_version_and_the_old_one_stays(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(mut city) = make().await else { return };
    city.frozen().await;
    let first = city.published(later()).await;
    let id = city.ask(&leader(), &wish()).await.unwrap();
    decide_correction(&city.app, &commission(), &id, true, later())
        .await
        .unwrap();

    let still = city.public().await.unwrap();
    assert_eq!((still.version, &still.table_digest), (1, &first.digest));
    let second = city.published(later()).await;
    let body = city.public().await.unwrap();
    assert_eq!((body.version, body.result_id.as_str()), (2, "YX-2026Q3-R2"));
    assert_ne!(second.digest, first.digest);
    assert!(body.corrections[0].what.contains("这张工单由区里办理"));
    for bundle in [first.bundle, second.bundle] {
        assert!(snapshot::verify_bundle(&bundle.unwrap()).is_ok());
    }
    let old = scores::find_bulletin(city.app.store(), &city.round, 1).await;
    let old: Bulletin = serde_json::from_str(&old.unwrap().unwrap().state).unwrap();
    assert_eq!(old.state, BulletinState::Superseded { by_version: 2 });
}

const AT_ONCE: u64 = 8;
/// Two steps of so many rounds of clicks; five hundred of each are behind `HUIYIN_LONG`.
fn rounds_of_clicks() -> u32 {
    if std::env::var_os("HUIYIN_LONG").is_some() {
        500
    } else {
        10
    }
}

async fn of_eight_clicks_at_once_one_counts(make: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = make().await else { return };
    city.frozen().await;
    city.step(&clerk(), Step::Review, later()).await.unwrap();
    city.step(&leader(), Step::Propose, later()).await.unwrap();
    let store = city.app.store();
    let proposed = scores::find_bulletin(store, &city.round, 1)
        .await
        .unwrap()
        .unwrap();
    let city = Arc::new(city);
    for _ in 0..rounds_of_clicks() {
        for (step, by) in [(Step::Approve, commission()), (Step::Release, leader())] {
            let mut clicks = JoinSet::new();
            for number in 0..AT_ONCE {
                let (city, step, by) = (Arc::clone(&city), step.clone(), by.clone());
                clicks.spawn(async move {
                    let mut rng = ChaCha20Rng::seed_from_u64(number);
                    step_publication(&city.app, &by, &city.round, step, later(), &mut rng).await
                });
            }
            let answers = clicks.join_all().await;
            let done = answers.iter().filter(|answer| answer.is_ok()).count();
            assert_eq!(done, 1, "{step:?}: {answers:?}");
            for refused in answers.into_iter().filter(Result::is_err) {
                assert_eq!(code(refused), "PU-101");
            }
        }
        let now = scores::find_bulletin(city.app.store(), &city.round, 1)
            .await
            .unwrap()
            .unwrap();
        let bundle = now.bundle_path.clone().unwrap();
        assert!(snapshot::verify_bundle(bundle.as_ref()).is_ok());
        let tx = city.app.store().begin().await.unwrap();
        scores::update_bulletin(&tx, proposed.clone(), &now.state)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
}
