//! Bad ratings of the hall are opened by its rows, worked on by units, and become problems, on real SQLite and PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

#[path = "../../../tests/support/postgres.rs"]
mod postgres;
#[macro_use]
#[path = "support/yunxi.rs"]
mod yunxi;

use rating_import::{
    HallReading, Incoming, LevelCodes, Limits, SheetFile, parse_hall, unit_index, write_ndjson,
};
use rectification::{BadRatingStage as Stage, ObjectionGround};
use std::io::Cursor;
use storage::{
    audit_log,
    bad_ratings::{self, BadRating},
    matters, units,
};
use vocabulary::{AccountId, CalendarDays, Level, Role, UnitId};
use workflows::{
    Actor, BadRatingAct as Act, Import, ImportMode, ImportReport, ImportedRows, SeenBadRating,
    SourceFile, VerbError, import_ratings, step_bad_rating, undo_import,
};
use yunxi::{City, clerk, now};

on_both_databases!(
    a_bad_rating_is_opened_with_its_row_and_the_same_rows_change_nothing,
    a_corrected_row_withdraws_it_and_the_old_row_brings_it_back,
    a_batch_taken_back_withdraws_what_it_opened,
    what_the_hall_did_in_time_need_not_be_done_again,
    a_second_bad_rating_is_a_problem_with_a_matter_of_its_own,
    a_follow_up_that_came_early_counts_once_the_result_is_told,
    two_reviewers_who_did_not_file_decide_an_objection,
    of_eight_at_once_one_counts_and_the_others_hear_whose,
    only_its_unit_works_on_it_and_only_the_office_asks_again,
);

const HEAD: &str = "办件编号,受理部门,整体满意度,评价时间,评价渠道,评价次数";

impl City {
    async fn import(&mut self, text: &str) -> ImportReport {
        let known = units::list_units(self.app.store()).await.unwrap();
        let mut file = SheetFile::of_bytes(text.as_bytes(), "a.csv", &Limits::default()).unwrap();
        let mut bytes = Vec::new();
        let units = unit_index(&known);
        let reading = HallReading {
            codes: LevelCodes::Standard,
            contact: CalendarDays(1),
            rectify: CalendarDays(15),
        };
        write_ndjson(&mut bytes, |rows| {
            parse_hall(&mut file, &units, reading, rows)
        })
        .unwrap();
        let import = Import {
            file: SourceFile::of("a.csv", text.as_bytes(), "").unwrap(),
            rows: ImportedRows::Hall(Incoming::new(Cursor::new(bytes))),
            mode: ImportMode::Apply,
            progress: None,
        };
        let (who, rng) = (clerk(), &mut self.rng);
        import_ratings(&self.app, &who, &self.round, import, now(), rng)
            .await
            .unwrap()
    }

    async fn rows(&mut self, rows: &str) -> ImportReport {
        self.import(&format!("{HEAD}\n{rows}\n")).await
    }

    async fn all(&self) -> Vec<BadRating> {
        let found = bad_ratings::list_bad_ratings(self.app.store(), &self.round, None).await;
        found.unwrap()
    }

    async fn only(&self) -> BadRating {
        let mut all = self.all().await;
        assert_eq!(all.len(), 1, "{all:#?}");
        all.remove(0)
    }

    async fn marks(&self, id: &str) -> Vec<String> {
        let events = bad_ratings::list_events(self.app.store(), id)
            .await
            .unwrap();
        events.into_iter().map(|event| event.step).collect()
    }

    /// A step from what is stored now; the stage, or the code of the refusal.
    async fn step(&self, who: &Actor, act: Act) -> Result<Stage, String> {
        let seen = self.only().await;
        self.step_from(who, seen.version, act).await
    }

    async fn step_from(&self, who: &Actor, version: i32, act: Act) -> Result<Stage, String> {
        let id = self.only().await.id;
        let seen = SeenBadRating { id, version };
        match step_bad_rating(&self.app, who, &seen, act, now()).await {
            Ok(stage) => Ok(stage),
            Err(VerbError::Refused(refusal)) => Err(refusal.code().to_owned()),
            Err(other) => panic!("{other}"),
        }
    }

    async fn with_bad_rating(make: impl AsyncFn() -> Option<Self>) -> Option<Self> {
        let mut city = make().await?;
        city.rows("0017,D02,非常不满意,2026-10-07,4,1").await;
        Some(city)
    }
}

fn liaison(unit: &str) -> Actor {
    Actor {
        account: AccountId::new(format!("liaison-{unit}")),
        name: "周敏".into(),
        role: Role::UnitLiaison,
        unit: Some(UnitId::new(unit)),
        body: None,
    }
}

fn official(account: &str, role: Role) -> Actor {
    Actor {
        account: account.into(),
        name: account.into(),
        role,
        unit: None,
        body: None,
    }
}

fn object() -> Act {
    Act::Object {
        ground: ObjectionGround::NotItsCase,
        text: "该办件由隔壁窗口受理".into(),
    }
}

fn review(upheld: bool) -> Act {
    let reasons = "调取办件记录，确属另一单位".into();
    Act::Review { upheld, reasons }
}

fn feed_back() -> Act {
    let result = "已当面说明，补办完成".into();
    Act::FeedBack { result }
}

async fn a_bad_rating_is_opened_with_its_row_and_the_same_rows_change_nothing(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(mut city) = make().await else { return };
    let file = "0017,D02,非常不满意,2026-10-07,4,1\n\
                0018,D03,不满意,2026-10-06,3,1\n\
                0019,D02,满意,2026-10-06,4,1\n\
                0020,D02,不满意,2026-10-06,7,1\n\
                0021,D02,1,,默认,1";
    city.rows(file).await;
    let opened = city.all().await;
    city.rows(file).await;
    city.rows(&format!("{file}\n0022,D02,基本满意,2026-10-06,4,1"))
        .await;

    let units: Vec<_> = opened.iter().map(|one| one.unit_id.as_str()).collect();
    assert_eq!(units, ["D03", "D02"], "what is due first comes first");
    assert!(
        opened
            .iter()
            .all(|one| one.version == 1 && one.due.is_some())
    );
    assert_eq!(opened[1].due, "2026-10-08".parse().ok());
    assert!(!opened[0].id.contains("0018"), "{}", opened[0].id);
    assert_eq!(city.all().await, opened);
    assert_eq!(city.marks(&opened[0].id).await, ["receive"]);
}

async fn a_corrected_row_withdraws_it_and_the_old_row_brings_it_back(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(mut city) = City::with_bad_rating(make).await else {
        return;
    };
    let who = liaison("D02");
    assert_eq!(city.step(&who, Act::Contact).await, Ok(Stage::Contacted));

    city.rows("0017,D02,满意,2026-10-07,4,1").await;
    let gone = city.only().await;
    assert_eq!(city.step(&who, Act::Admit).await, Err("WF-120".into()));
    city.rows("0017,D02,不满意,2026-10-07,4,1").await;
    let back = city.only().await;

    assert!(gone.withdrawn.is_some() && gone.due.is_none());
    assert!(back.withdrawn.is_none() && back.due.is_some());
    assert_eq!(back.state_code, "contacted", "what was done stays done");
    assert!(back.state.contains("\"level\":\"dissatisfied\""));
    let marks = ["receive", "contact", "withdraw", "restore", "change"];
    assert_eq!(city.marks(&back.id).await, marks);

    city.rows("0017,D03,不满意,2026-10-07,4,1").await;
    let all = city.all().await;
    let counts = |unit: &str| {
        let of_unit = all.iter().filter(|one| one.unit_id == unit);
        of_unit
            .map(|one| one.withdrawn.is_none())
            .collect::<Vec<_>>()
    };
    assert_eq!((counts("D02"), counts("D03")), (vec![false], vec![true]));
}

async fn a_batch_taken_back_withdraws_what_it_opened(make: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = make().await else { return };
    let batch = city.rows("0017,D02,不满意,2026-10-07,4,1").await.batch;
    let undone = undo_import(&city.app, &clerk(), &batch, now(), &mut city.rng.clone()).await;
    undone.unwrap();
    let gone = city.only().await;
    city.rows("0017,D02,不满意,2026-10-07,4,1").await;

    assert!(gone.withdrawn.unwrap().contains("撤回"));
    let back = city.only().await;
    assert!(back.withdrawn.is_none() && back.id == gone.id);
}

async fn what_the_hall_did_in_time_need_not_be_done_again(make: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = make().await else { return };
    let file = "办件编号,受理部门,整体满意度,评价时间,联系时间,整改完成时间,追评等级\n\
                1,D02,不满意,2026-09-01,2026-09-02,2026-09-10,满意\n\
                2,D02,不满意,2026-09-01,2026-09-02,2026-09-10,\n\
                3,D02,不满意,2026-09-01,2026-09-02,,\n\
                4,D02,不满意,2026-09-01,2026-09-09,2026-09-10,满意\n";
    city.import(file).await;

    let all = city.all().await;
    let mut found: Vec<_> = all
        .iter()
        .map(|one| (one.row_key.as_str(), one.state_code.as_str()))
        .collect();
    found.sort_unstable();
    let expected = [
        ("1#1", "closed_ok"),
        ("2#1", "fed_back"),
        ("3#1", "contacted"),
        ("4#1", "received"),
    ];
    assert_eq!(
        found, expected,
        "what was late is the unit's to do and counts as late"
    );
}

async fn a_second_bad_rating_is_a_problem_with_a_matter_of_its_own(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(mut city) = City::with_bad_rating(make).await else {
        return;
    };
    let who = liaison("D02");
    for act in [Act::Contact, Act::Admit, feed_back()] {
        city.step(&who, act).await.unwrap();
    }
    city.rows("0017,D02,不满意,2026-10-07,4,2").await;

    let closed = city.only().await;
    assert_eq!(closed.state_code, "closed_bad");
    let reg_no = closed.reg_no.unwrap();
    let store = city.app.store();
    let problem = matters::find_problem(store, &reg_no)
        .await
        .unwrap()
        .unwrap();
    let matter = matters::find_matter(store, &problem.matter_id)
        .await
        .unwrap();
    let matter = matter.unwrap();
    assert_eq!(
        (matter.unit_id.as_str(), matter.state_code.as_str()),
        ("D02", "assigned")
    );
    assert!(!matter.problem.contains("0017") && matter.problem.contains(&closed.id));
    let marks = city.marks(&closed.id).await;
    assert_eq!(marks[3..], ["feed_back", "follow_up", "register"]);
    let again = Act::FollowUp {
        level: Level::Satisfied,
    };
    let office = official("clerk", Role::OfficeClerk);
    assert_eq!(city.step(&office, again).await, Err("RE-182".into()));
    let audited = audit_log::list_latest(store, 50).await.unwrap();
    assert_eq!(
        audited
            .iter()
            .filter(|one| one.action == "step_bad_rating")
            .count(),
        3
    );
}

async fn a_follow_up_that_came_early_counts_once_the_result_is_told(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(mut city) = City::with_bad_rating(make).await else {
        return;
    };
    city.rows("0017,D02,满意,2026-10-08,4,2").await;
    assert_eq!(city.only().await.state_code, "received");
    let who = liaison("D02");
    for act in [Act::Contact, Act::Admit] {
        city.step(&who, act).await.unwrap();
    }
    assert_eq!(city.step(&who, feed_back()).await, Ok(Stage::ClosedOk));
}

async fn two_reviewers_who_did_not_file_decide_an_objection(make: impl AsyncFn() -> Option<City>) {
    let Some(city) = City::with_bad_rating(make).await else {
        return;
    };
    let who = liaison("D02");
    city.step(&who, Act::Contact).await.unwrap();
    assert_eq!(city.step(&who, object()).await, Ok(Stage::Appealed));
    let leader = official("leader", Role::OfficeLeader);
    let commission = official("commission", Role::DisciplineCommission);
    let filer = official("liaison-D02", Role::OfficeLeader);

    let refused = |code: &str| Err(code.to_owned());
    for (who, upheld, expected) in [
        (&who, true, refused("WF-101")),
        (&filer, true, refused("RE-173")),
        (&leader, true, Ok(Stage::Appealed)),
        // One person is one opinion, however often it is given.
        (&leader, true, Ok(Stage::Appealed)),
        (&commission, false, refused("WF-120")),
        (&leader, false, Ok(Stage::Appealed)),
        (&commission, false, Ok(Stage::Rectifying)),
    ] {
        assert_eq!(city.step(who, review(upheld)).await, expected);
    }
    assert_eq!(
        city.marks(&city.only().await.id).await.last().unwrap(),
        "refuse"
    );
}

async fn of_eight_at_once_one_counts_and_the_others_hear_whose(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(city) = City::with_bad_rating(make).await else {
        return;
    };
    let who = liaison("D02");
    let click = || city.step_from(&who, 1, Act::Contact);
    let (a, b, c, d, e, f, g, h) = tokio::join!(
        click(),
        click(),
        click(),
        click(),
        click(),
        click(),
        click(),
        click()
    );
    let all = [a, b, c, d, e, f, g, h];

    let done = all.iter().filter(|one| one.is_ok()).count();
    let told = all
        .iter()
        .filter(|one| **one == Err("WF-127".into()))
        .count();
    assert_eq!((done, told), (1, 7));
    assert_eq!(
        city.marks(&city.only().await.id).await,
        ["receive", "contact"]
    );
    assert_eq!(city.only().await.version, 2);
}

async fn only_its_unit_works_on_it_and_only_the_office_asks_again(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(city) = City::with_bad_rating(make).await else {
        return;
    };
    let again = || Act::FollowUp { level: Level::Fair };
    let (own, other) = (liaison("D02"), liaison("D03"));
    let office = official("clerk", Role::OfficeClerk);

    for act in [Act::Contact, Act::Admit, object(), feed_back()] {
        assert_eq!(city.step(&other, act.clone()).await, Err("WF-107".into()));
        assert_eq!(city.step(&office, act).await, Err("WF-101".into()));
    }
    assert_eq!(city.step(&own, again()).await, Err("WF-101".into()));
    assert_eq!(city.step(&office, again()).await, Err("RE-105".into()));
    assert_eq!(
        city.step(&own, Act::FeedBack { result: " ".into() }).await,
        Err("WF-119".into())
    );
    assert_eq!(city.only().await.version, 1);
}
