//! Many people at one matter: one effect, and everybody else hears who was first.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

#[path = "../../../tests/support/postgres.rs"]
mod postgres;
#[macro_use]
#[path = "support/yunxi.rs"]
mod yunxi;

use rectification::{
    CheckResult, Closing, Finding, Goal, GoalDraft, MatterEvent, MatterState, Record,
};
use std::{collections::BTreeMap, fs, path::Path, sync::Arc};
use storage::matters::{self, Matter};
use tokio::task::JoinSet;
use vocabulary::{MatterId, Role, UnitId};
use workflows::{
    Actor, NewEvidence, Refusal, Verb, VerbError, add_evidence, find_draft, open_evidence,
    save_draft, step_matter, withdraw_evidence,
};
use yunxi::{City, clerk, now};

const AT_ONCE: usize = 8;

on_both_databases!(
    of_eight_clicks_at_once_one_counts_and_the_others_hear_whose,
    who_looked_before_a_change_decides_nothing,
    evidence_is_kept_under_seal_opened_by_both_sides_and_taken_back,
    evidence_that_is_not_taken_leaves_nothing,
    eight_copies_of_one_file_are_one,
    words_not_sent_yet_stay_with_who_typed_them,
);

/// A thousand matters in all.
const MATTERS_OF_EACH: usize = 250;

fn liaison() -> Actor {
    Actor {
        account: "liaison".into(),
        name: "周敏".to_owned(),
        role: Role::UnitLiaison,
        unit: Some(UnitId::new("D12")),
        body: None,
    }
}

fn goal() -> Goal {
    let draft = GoalDraft {
        measure: "增设两个窗口".into(),
        standard: "等候不超过十分钟".into(),
        due: "2026-10-20".parse().ok(),
        person: "窗口科科长".into(),
    };
    Goal::parse(draft, "2026-10-08".parse().unwrap()).unwrap()
}

/// A click, who clicks, and the state in which it is possible.
fn clicks() -> [(MatterEvent, Actor, MatterState); 4] {
    let (record, goal) = (Record::default(), goal());
    let day = |text: &str| text.parse().unwrap();
    let due = day("2026-10-20");
    [
        (
            MatterEvent::Sign,
            liaison(),
            MatterState::Assigned {
                record,
                sign_by: day("2026-10-10"),
                return_by: day("2026-10-12"),
            },
        ),
        (
            MatterEvent::AskExtension {
                until: day("2026-10-30"),
                reason: "设备要到下月才到货".into(),
            },
            liaison(),
            MatterState::Rectifying {
                record,
                goal: goal.clone(),
                due,
            },
        ),
        (
            MatterEvent::Approve,
            clerk(),
            MatterState::Planned {
                record,
                goal: goal.clone(),
            },
        ),
        (
            MatterEvent::Close {
                closing: Closing::Solved,
            },
            clerk(),
            MatterState::Verified {
                record,
                goal,
                result: "已增设两个窗口".into(),
                finding: Finding {
                    check: CheckResult::Solved,
                    called: 3,
                    satisfied: 3,
                    note: "现场看过".into(),
                },
            },
        ),
    ]
}

async fn insert(city: &City, id: &str, state: &MatterState) {
    let tx = city.app.store().begin().await.unwrap();
    let matter = Matter {
        id: id.to_owned(),
        round_id: city.round.to_string(),
        unit_id: "D12".into(),
        title: "办事慢".into(),
        problem: "5 条意见反映：办事慢".into(),
        requirement: "[]".into(),
        state: serde_json::to_string(state).unwrap(),
        state_code: state.stage().code().into(),
        due: state.due(),
        public: false,
        version: 1,
    };
    matters::insert_matter(&tx, matter).await.unwrap();
    tx.commit().await.unwrap();
}

/// Who was first, as the one who came too late is told.
fn first(refused: Verb<()>) -> (String, &'static str) {
    match refused {
        Err(VerbError::Refused(Refusal::Overtaken { step, by, at })) if at == now() => (by, step),
        other => panic!("{other:?}"),
    }
}

async fn of_eight_clicks_at_once_one_counts_and_the_others_hear_whose(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(city) = make().await else { return };
    let city = Arc::new(city);
    for (event, who, state) in clicks() {
        for number in 0..MATTERS_OF_EACH {
            let id = format!("ZG-{}-{number}", event.kind().code());
            insert(&city, &id, &state).await;
            let mut clicking = JoinSet::new();
            for _ in 0..AT_ONCE {
                let (city, who, event) = (city.clone(), who.clone(), event.clone());
                let id = MatterId::new(id.as_str());
                clicking.spawn(async move {
                    step_matter(&city.app, &who, &id, event, Some(1), now()).await
                });
            }
            let (done, late): (Vec<_>, Vec<_>) = clicking
                .join_all()
                .await
                .into_iter()
                .partition(Result::is_ok);

            assert_eq!(done.len(), 1, "{id}");
            let by = format!("{}（{}）", who.name, who.role.label());
            for refused in late {
                assert_eq!(first(refused), (by.clone(), event.kind().label()));
            }
            let store = city.app.store();
            let events = matters::list_matter_events(store, &id).await.unwrap();
            let row = matters::find_matter(store, &id).await.unwrap().unwrap();
            assert_eq!((events.len(), row.version), (1, 2), "{id}");
        }
    }
}

async fn who_looked_before_a_change_decides_nothing(make: impl AsyncFn() -> Option<City>) {
    let Some(city) = make().await else { return };
    let goal = goal();
    let planned = MatterState::Planned {
        record: Record::default(),
        goal: goal.clone(),
    };
    insert(&city, "ZG-1", &planned).await;
    let id = MatterId::new("ZG-1");
    let step =
        async |who: &Actor, event, seen| step_matter(&city.app, who, &id, event, seen, now()).await;
    let back = MatterEvent::SendBack {
        reason: "没有写清标准".into(),
    };
    step(&clerk(), back, Some(1)).await.unwrap();
    let again = MatterEvent::Plan {
        goal: GoalDraft {
            measure: goal.measure().to_owned(),
            standard: "等候不超过二十分钟".into(),
            due: Some(goal.due()),
            person: "窗口科科长".into(),
        },
    };
    step(&liaison(), again, Some(2)).await.unwrap();

    let late = step(&clerk(), MatterEvent::Approve, Some(1)).await;

    assert_eq!(first(late), ("周敏（部门联络员）".to_owned(), "上报方案"));
    step(&clerk(), MatterEvent::Approve, Some(3)).await.unwrap();
}

const PDF: &[u8] = b"%PDF-1.7 13912345678";

fn working() -> MatterState {
    MatterState::Rectifying {
        record: Record::default(),
        due: "2026-10-20".parse().unwrap(),
        goal: goal(),
    }
}

async fn send(city: &City, who: &Actor, name: &str, bytes: &[u8]) -> Result<(), String> {
    send_checked(city, who, (name, bytes), None).await
}

async fn send_checked(
    city: &City,
    who: &Actor,
    (name, bytes): (&str, &[u8]),
    virus_check: Option<&Path>,
) -> Result<(), String> {
    let new = NewEvidence {
        name,
        bytes: bytes.to_vec(),
        virus_check,
    };
    let mut rng = city.rng.clone();
    match add_evidence(&city.app, who, &MatterId::new("ZG-1"), new, now(), &mut rng).await {
        Ok(()) => Ok(()),
        Err(VerbError::Refused(refusal)) => Err(refusal.code().to_owned()),
        Err(other) => panic!("{other}"),
    }
}

/// The files of the matter: name, and whether it is still there.
async fn files(city: &City) -> Vec<(String, String, bool)> {
    let rows = storage::evidence::list_evidence(city.app.store(), "ZG-1").await;
    let rows = rows.unwrap().into_iter();
    rows.map(|row| (row.id, row.name, row.withdrawn_at.is_none()))
        .collect()
}

/// How many files lie in the folder, and whether a phone number can be read in one.
fn folder(city: &City) -> (usize, bool) {
    let Ok(files) = fs::read_dir(city.app.folder().join("evidence")) else {
        return (0, false);
    };
    let bytes: Vec<_> = files
        .map(|it| fs::read(it.unwrap().path()).unwrap())
        .collect();
    let readable = |file: &Vec<u8>| file.windows(11).any(|part| part == b"13912345678");
    (bytes.len(), bytes.iter().any(readable))
}

async fn open(city: &City, who: &Actor, file: &str) -> Result<Vec<u8>, String> {
    let mut rng = city.rng.clone();
    match open_evidence(
        &city.app,
        who,
        &MatterId::new("ZG-1"),
        file,
        now(),
        &mut rng,
    )
    .await
    {
        Ok((_, _, bytes)) => Ok(bytes),
        Err(VerbError::Refused(refusal)) => Err(refusal.code().to_owned()),
        Err(other) => panic!("{other}"),
    }
}

fn stranger() -> Actor {
    Actor {
        unit: Some(UnitId::new("D20")),
        ..liaison()
    }
}

async fn evidence_is_kept_under_seal_opened_by_both_sides_and_taken_back(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(mut city) = make().await else { return };
    insert(&city, "ZG-1", &working()).await;
    assert_eq!(
        send(&city, &stranger(), "a.pdf", PDF).await,
        Err("WF-107".into())
    );
    send(&city, &liaison(), "C:\\整改\\报告.pdf", PDF)
        .await
        .unwrap();
    send(&city, &liaison(), "同一份.pdf", PDF).await.unwrap();
    city.rng = rand_chacha::rand_core::SeedableRng::seed_from_u64(6);
    send(&city, &clerk(), "现场.pdf", b"%PDF-1.7 seen")
        .await
        .unwrap();

    let kept = files(&city).await;
    let names: Vec<_> = kept.iter().map(|(_, name, _)| name.as_str()).collect();
    assert_eq!((names.len(), folder(&city)), (2, (2, false)));
    let (file, _, _) = kept.iter().find(|(_, name, _)| name == "报告.pdf").unwrap();
    let (seen, _, _) = kept.iter().find(|(_, name, _)| name == "现场.pdf").unwrap();
    let opened = [
        open(&city, &clerk(), file).await,
        open(&city, &liaison(), seen).await,
        open(&city, &stranger(), file).await,
    ];
    let expected = [
        Ok(PDF.to_vec()),
        Ok(b"%PDF-1.7 seen".to_vec()),
        Err("WF-107".to_owned()),
    ];
    assert_eq!(opened, expected);
    taken_back(&city, file).await;
    assert_eq!(open(&city, &liaison(), file).await, Err("WF-122".into()));
    assert_eq!((files(&city).await.len(), folder(&city).0), (2, 1));
}

/// The unit takes its file back once; the office cannot do it for it.
async fn taken_back(city: &City, file: &str) {
    let id = MatterId::new("ZG-1");
    let mut done = Vec::new();
    for who in [clerk(), liaison(), liaison()] {
        let taken = withdraw_evidence(&city.app, &who, &id, file, now()).await;
        done.push(taken.is_ok());
    }
    assert_eq!(done, [false, true, false]);
}

async fn evidence_that_is_not_taken_leaves_nothing(make: impl AsyncFn() -> Option<City>) {
    let Some(city) = make().await else { return };
    insert(&city, "ZG-1", &working()).await;
    for (name, bytes, code) in [
        ("空.pdf", b"".as_slice(), "RE-302"),
        ("照片.jpg", PDF, "RE-305"),
        ("程序.pdf", b"MZ", "RE-304"),
    ] {
        assert_eq!(send(&city, &liaison(), name, bytes).await, Err(code.into()));
    }
    let finds = Path::new("/bin/false");
    let checked = send_checked(&city, &liaison(), ("a.pdf", PDF), Some(finds)).await;
    assert_eq!(checked, Err("WF-120".into()));
    assert_eq!((files(&city).await.len(), folder(&city).0), (0, 0));

    let good = Path::new("/usr/bin/sha256sum");
    send_checked(&city, &liaison(), ("a.pdf", PDF), Some(good))
        .await
        .unwrap();
    let id = MatterId::new("ZG-1");
    let report = MatterEvent::Report {
        result: "已增设两个窗口".into(),
    };
    step_matter(&city.app, &liaison(), &id, report, None, now())
        .await
        .unwrap();
    let finding = Finding {
        check: CheckResult::Solved,
        called: 1,
        satisfied: 1,
        note: "现场看过".into(),
    };
    let verify = MatterEvent::Verify { finding };
    step_matter(&city.app, &clerk(), &id, verify, None, now())
        .await
        .unwrap();
    let close = MatterEvent::Close {
        closing: Closing::Solved,
    };
    step_matter(&city.app, &clerk(), &id, close, None, now())
        .await
        .unwrap();
    assert_eq!(
        send(&city, &liaison(), "晚.pdf", b"%PDF-1.4").await,
        Err("WF-120".into())
    );
}

async fn eight_copies_of_one_file_are_one(make: impl AsyncFn() -> Option<City>) {
    let Some(city) = make().await else { return };
    insert(&city, "ZG-1", &working()).await;
    let city = Arc::new(city);
    let mut sending = JoinSet::new();
    for copy in 0..AT_ONCE {
        let city = city.clone();
        sending.spawn(async move {
            let mut rng: rand_chacha::ChaCha20Rng =
                rand_chacha::rand_core::SeedableRng::seed_from_u64(copy as u64);
            let new = NewEvidence {
                name: "a.pdf",
                bytes: PDF.to_vec(),
                virus_check: None,
            };
            add_evidence(
                &city.app,
                &liaison(),
                &MatterId::new("ZG-1"),
                new,
                now(),
                &mut rng,
            )
            .await
        });
    }

    assert!(sending.join_all().await.iter().all(Result::is_ok));
    assert_eq!((files(&city).await.len(), folder(&city).0), (1, 1));
}

async fn words_not_sent_yet_stay_with_who_typed_them(make: impl AsyncFn() -> Option<City>) {
    let Some(city) = make().await else { return };
    insert(&city, "ZG-1", &working()).await;
    let id = MatterId::new("ZG-1");
    let typed = BTreeMap::from([("text".to_owned(), "已经加了两个".to_owned())]);
    let found = async |account: &str| {
        let draft = find_draft(&city.app, account, "ZG-1", "report").await;
        draft.unwrap().map(|(fields, _)| fields)
    };
    let keep = async |who: &Actor| save_draft(&city.app, who, &id, "report", &typed, now()).await;
    assert!(keep(&stranger()).await.is_err());
    keep(&liaison()).await.unwrap();
    keep(&liaison()).await.unwrap();

    assert_eq!(found("liaison").await, Some(typed.clone()));
    assert_eq!(found("clerk").await, None);
    let report = MatterEvent::Report {
        result: "已增设两个窗口".into(),
    };
    step_matter(&city.app, &liaison(), &id, report, None, now())
        .await
        .unwrap();
    assert_eq!(found("liaison").await, None);
}
