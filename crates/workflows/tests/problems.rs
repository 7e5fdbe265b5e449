//! A registered problem is called, promised and closed on real SQLite and PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

#[path = "../../../tests/support/postgres.rs"]
mod postgres;

use chrono::{DateTime, NaiveDate, Utc};
use rectification::{
    CallRules, CheckResult, Finding, Goal, GoalDraft, MatterState, PeopleSay, Problem,
    ProblemEvent, ProblemStage, Progress, Record,
};
use std::{fs, path::Path};
use storage::{
    Store,
    audit_log::list_latest,
    matters::{self, Matter},
};
use survey_design::{parse_questionnaire, parse_rules, parse_world};
use vocabulary::{MatterId, Role, RoundId, WorkCalendar, WorkingDays};
use workflows::{
    Actor, App, SeenProblem, VerbError, WorldTemplates, call_matter, create_round, load_world,
    step_problem,
};

macro_rules! on_both_databases {
    ($($case:ident),+ $(,)?) => {
        mod on_sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    super::$case(super::city(None).await).await;
                }
            )+
        }
        mod on_postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    if let Some(server) = crate::postgres::shared() {
                        super::$case(super::city(Some(server.fresh_database())).await).await;
                    }
                }
            )+
        }
    };
}

on_both_databases!(
    calls_without_progress_lead_to_the_stationed_group_and_each_is_in_the_audit_log,
    the_same_click_twice_counts_once,
    a_problem_closes_once_its_matter_is_checked_and_people_are_satisfied,
    nobody_but_the_office_steps_a_problem,
);

const REG_NO: &str = "GH-2026Q3-0001";
const MATTER: &str = "ZG-2026Q3-0001";

struct City {
    app: App,
    _folder: tempfile::TempDir,
}

fn now() -> DateTime<Utc> {
    "2026-10-20T01:00:00Z".parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn actor(role: Role) -> Actor {
    Actor {
        account: "clerk".into(),
        name: "林珊".to_owned(),
        role,
        unit: None,
        body: None,
    }
}

fn goal() -> Goal {
    let draft = GoalDraft {
        measure: "增设两个综合窗口".into(),
        standard: "平均等候不超过 15 分钟".into(),
        due: Some(day("2026-10-30")),
        person: "周敏（政务服务科科长）".into(),
    };
    Goal::parse(draft, day("2026-10-09")).unwrap()
}

fn rectifying() -> MatterState {
    MatterState::Rectifying {
        record: Record::default(),
        goal: goal(),
        due: day("2026-10-30"),
    }
}

fn verified(check: CheckResult) -> MatterState {
    MatterState::Verified {
        record: Record::default(),
        goal: goal(),
        result: "已增设两个窗口".into(),
        finding: Finding {
            check,
            called: 10,
            satisfied: 9,
            note: "电话回访".into(),
        },
    }
}

fn templates() -> WorldTemplates {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../survey-templates");
    let read = |path: &str| fs::read(folder.join(path)).unwrap();
    WorldTemplates {
        world: parse_world(&read("worlds/yunxi.json")).unwrap(),
        rules: parse_rules(&read("rules/yunxi-2026.json")).unwrap(),
        indicators: None,
        questionnaires: vec![parse_questionnaire(&read("questionnaires/overall.json")).unwrap()],
    }
}

/// An installation with one matter on which a unit works, and its problem, registered on 28 September.
async fn city(url: Option<String>) -> City {
    let folder = tempfile::tempdir().unwrap();
    let own = |name: &str| format!("sqlite://{}/{name}.db", folder.path().display());
    let store = Store::open(&url.unwrap_or_else(|| own("huiyin"))).await;
    let vault = identity_vault::Vault::open(&own("vault"), [3; 32]).await;
    let app = App::new(store.unwrap(), vault.unwrap(), folder.path().to_owned());
    app.migrate().await.unwrap();
    let clerk = actor(Role::OfficeClerk);
    load_world(&app, &clerk, &templates(), now()).await.unwrap();
    create_round(&app, &clerk, &RoundId::new("2026Q3"), now())
        .await
        .unwrap();
    let calls = CallRules {
        interval: WorkingDays(10),
        escalate_after: 2,
    };
    let (id, calendar) = (MatterId::new(MATTER), WorkCalendar::default());
    let problem = Problem::register(REG_NO.into(), id, calls, &calendar, day("2026-09-28"));
    let state = rectifying();
    let tx = app.store().begin().await.unwrap();
    let matter = Matter {
        id: MATTER.into(),
        round_id: "2026Q3".into(),
        unit_id: "D12".into(),
        title: "窗口排队久".into(),
        problem: "12 条意见反映：窗口排队久".into(),
        requirement: "[]".into(),
        state: serde_json::to_string(&state).unwrap(),
        state_code: state.stage().code().into(),
        due: state.due(),
        public: false,
        version: 1,
    };
    matters::insert_matter(&tx, matter).await.unwrap();
    let row = matters::Problem {
        reg_no: REG_NO.into(),
        round_id: "2026Q3".into(),
        unit_id: "D12".into(),
        matter_id: MATTER.into(),
        state_code: problem.state.stage().code().into(),
        state: serde_json::to_string(&problem).unwrap(),
        registered_on: problem.registered_on,
        due: problem.state.due(),
        re_registrations: 0,
        version: 1,
    };
    matters::insert_problem(&tx, row).await.unwrap();
    tx.commit().await.unwrap();
    City {
        app,
        _folder: folder,
    }
}

fn call(progress: Progress) -> ProblemEvent {
    let note = "到窗口看过".into();
    ProblemEvent::Call { progress, note }
}

fn close(people: PeopleSay) -> ProblemEvent {
    let evidence = "抽查 20 件，平均等候 14 分钟".into();
    ProblemEvent::Close { evidence, people }
}

impl City {
    async fn stored(&self) -> matters::Problem {
        let found = matters::find_problem(self.app.store(), REG_NO).await;
        found.unwrap().unwrap()
    }

    /// Takes a step from what is stored now; the stage, or the code of the refusal.
    async fn step(&self, role: Role, event: ProblemEvent) -> Result<ProblemStage, String> {
        self.step_from(self.stored().await.version, role, event)
            .await
    }

    async fn step_from(
        &self,
        version: i32,
        role: Role,
        event: ProblemEvent,
    ) -> Result<ProblemStage, String> {
        let seen = SeenProblem {
            reg_no: REG_NO.into(),
            version,
        };
        let done = step_problem(&self.app, &actor(role), &seen, event, now()).await;
        done.map_err(|error| match error {
            VerbError::Refused(refusal) => refusal.code().to_owned(),
            other => panic!("{other:?}"),
        })
    }

    async fn put(&self, state: &MatterState) {
        let found = matters::find_matter(self.app.store(), MATTER).await;
        let changed = Matter {
            state: serde_json::to_string(state).unwrap(),
            state_code: state.stage().code().into(),
            ..found.unwrap().unwrap()
        };
        let tx = self.app.store().begin().await.unwrap();
        matters::update_matter(&tx, changed).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// What the audit log says of the problem, the oldest first.
    async fn audit(&self) -> Vec<String> {
        let events = list_latest(self.app.store(), 50).await.unwrap();
        let of_problem = events.into_iter().filter(|event| event.object == REG_NO);
        let mut actions: Vec<_> = of_problem.map(|event| event.action).collect();
        actions.reverse();
        actions
    }
}

async fn calls_without_progress_lead_to_the_stationed_group_and_each_is_in_the_audit_log(
    city: City,
) {
    let office = Role::OfficeClerk;
    let clerk = actor(office);
    let id = MatterId::new(MATTER);
    let first = call_matter(&city.app, &clerk, &id, Progress::OnTrack, "正在研究", now());
    assert_eq!(first.await.unwrap(), ProblemStage::Called);
    assert_eq!(city.stored().await.due, Some(day("2026-11-03")));

    let late = || call(Progress::LateOrRefused);
    assert_eq!(
        city.step(office, late()).await,
        Ok(ProblemStage::ReRegistered)
    );
    assert_eq!(city.step(office, late()).await, Ok(ProblemStage::Escalated));

    let stored = city.stored().await;
    assert_eq!(
        (stored.state_code.as_str(), stored.due),
        ("escalated", None)
    );
    assert_eq!((stored.re_registrations, stored.version), (2, 4));
    let promise = ProblemEvent::Promise {
        until: day("2026-12-31"),
        timetable: "十一月招标，十二月装好".into(),
    };
    assert_eq!(
        city.step(office, promise).await,
        Ok(ProblemStage::PlannedClose)
    );
    assert_eq!(
        city.audit().await,
        [
            "call_problem",
            "call_problem",
            "call_problem",
            "promise_problem"
        ]
    );
}

async fn the_same_click_twice_counts_once(city: City) {
    let on_track = || call(Progress::OnTrack);
    let (one, other) = tokio::join!(
        city.step_from(1, Role::OfficeClerk, on_track()),
        city.step_from(1, Role::OfficeLeader, on_track())
    );

    assert_eq!(u8::from(one.is_ok()) + u8::from(other.is_ok()), 1);
    assert_eq!(
        city.step_from(1, Role::OfficeClerk, on_track()).await,
        Err("WF-120".into())
    );
    let stored = city.stored().await;
    let problem: Problem = serde_json::from_str(&stored.state).unwrap();
    assert_eq!((problem.calls.len(), stored.version), (1, 2));
    assert_eq!(city.audit().await, ["call_problem"]);
}

async fn a_problem_closes_once_its_matter_is_checked_and_people_are_satisfied(city: City) {
    let office = Role::OfficeClerk;
    city.step(office, call(Progress::OnTrack)).await.unwrap();
    let satisfied = || close(PeopleSay::Satisfied);

    for unchecked in [rectifying(), verified(CheckResult::NotSolved)] {
        city.put(&unchecked).await;
        assert_eq!(city.step(office, satisfied()).await, Err("WF-120".into()));
    }
    city.put(&verified(CheckResult::Solved)).await;
    let not_satisfied = close(PeopleSay::NotSatisfied);
    assert_eq!(city.step(office, not_satisfied).await, Err("RE-161".into()));
    let empty = ProblemEvent::Close {
        evidence: " ".into(),
        people: PeopleSay::Satisfied,
    };
    assert_eq!(city.step(office, empty).await, Err("WF-119".into()));
    assert_eq!(
        city.step(office, satisfied()).await,
        Ok(ProblemStage::Closed)
    );

    let again = call(Progress::LateOrRefused);
    assert_eq!(city.step(office, again).await, Err("WF-120".into()));
    assert_eq!(city.audit().await, ["call_problem", "close_problem"]);
}

async fn nobody_but_the_office_steps_a_problem(city: City) {
    for role in [
        Role::UnitLiaison,
        Role::DisciplineCommission,
        Role::StationedGroup,
        Role::SystemAdmin,
    ] {
        let refused = city.step(role, call(Progress::OnTrack)).await;
        assert_eq!(refused, Err("WF-101".into()), "{role:?}");
    }
    assert_eq!(city.stored().await.version, 1);
    assert_eq!(city.audit().await, [""; 0]);
}
