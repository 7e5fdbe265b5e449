//! Rows a system sends by its key.

use super::{City, Kind, clerk, now, orders, told::listen, uploads::leader};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use rating_import::{FileKind, LevelCodes, Record};
use serde_json::{Value, json};
use std::{fs, time::Duration};
use storage::{
    imports,
    outbox::{self, JobKind},
    rounds,
    sources::{self, Source},
};
use survey_design::RoundState;
use vocabulary::civil_date;
use workflows::{
    App, ImportMode, NewSource, PushAnswer, PushRefused, Pushed, Refusal, VerbError,
    change_callback, end_source, make_source, push_rows, source_of_key,
};

const CANARY: &str = "13912345678";

/// What a refusal comes to, for comparing.
fn fact(refused: &PushRefused) -> &'static str {
    match refused {
        PushRefused::Key => "key",
        PushRefused::Kind => "kind",
        PushRefused::Running => "running",
        PushRefused::OtherBody => "other body",
        PushRefused::Rows(_) => "rows",
        PushRefused::Verb(VerbError::Refused(refusal)) => refusal.code(),
        PushRefused::Verb(_) => "failed",
    }
}

/// The rows of a CSV text as a system would send them.
pub fn records(text: &str) -> Vec<Record> {
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned));
    let names: Vec<String> = lines.next().unwrap().collect();
    let row = |cells| names.iter().cloned().zip(cells);
    lines
        .map(|cells| row(cells.map(Value::from)).collect())
        .collect()
}

pub fn asked(name: &str, rows: Vec<Record>) -> Pushed {
    Pushed {
        kind: FileKind::HotlineOrders,
        idempotency_key: name.to_owned(),
        round: "2026Q3".into(),
        mode: ImportMode::Apply,
        rows,
    }
}

impl City {
    /// A source with its key looked up, as a request finds it.
    pub async fn source(&mut self, kind: FileKind, callback: &str) -> (Source, Option<String>) {
        let new = NewSource {
            label: "云溪市热线平台".to_owned(),
            kind,
            level_codes: LevelCodes::Standard,
            callback: callback.to_owned(),
        };
        let (app, rng) = (&self.app, &mut self.rng);
        let refused = make_source(app, &clerk(), &new, now(), rng).await;
        assert!(matches!(
            refused,
            Err(VerbError::Refused(Refusal::NotAllowed { .. }))
        ));
        let made = make_source(app, &leader(), &new, now(), rng).await.unwrap();
        let found = source_of_key(app, &made.key).await.unwrap().unwrap();
        assert!(!format!("{found:?}").contains(&made.key));
        (found, made.callback_secret)
    }

    pub async fn push(&self, source: &Source, pushed: Pushed) -> Result<String, &'static str> {
        let mut rng = ChaCha20Rng::seed_from_u64(9);
        let pushed = push_rows(&self.app, source, pushed, now(), &mut rng).await;
        pushed.map_err(|refused| fact(&refused))
    }

    async fn batches(&self) -> usize {
        let all = imports::list_batches(self.app.store(), &self.round).await;
        all.unwrap().len()
    }
}

pub async fn rows_a_system_sends_are_those_of_a_file(make: impl AsyncFn() -> Option<City>) {
    let (Some(mut pushed), Some(mut filed)) = (make().await, make().await) else {
        return;
    };
    let text = orders(1..=40, "满意") + "YX0041,D99,2026-07-01,2026-07-05,满意,没有这个单位\n";
    let (source, _) = pushed.source(FileKind::HotlineOrders, "").await;

    let answer = pushed.push(&source, asked("a", records(&text))).await;
    let report = filed.import(Kind::Hotline, &text).await;

    assert_eq!(pushed.content().await, filed.content().await);
    let answer: PushAnswer = serde_json::from_str(&answer.unwrap()).unwrap();
    assert_eq!((answer.new, answer.rejected), (40, 1));
    let (sent, read) = (&answer.issues[0], &report.issues[0]);
    assert_eq!((sent.row, sent.code.as_str()), (41, read.code.as_str()));
    assert_eq!(read.row, 42);
    let batch = answer.batch.unwrap();
    let batch = imports::find_batch(pushed.app.store(), &batch).await;
    let batch = batch.unwrap().unwrap();
    assert_eq!(batch.created_by, format!("source:{}", source.id));
    let used = sources::find_source(pushed.app.store(), &source.id).await;
    assert!(used.unwrap().unwrap().last_used_on.is_some());
}

pub async fn ratings_a_system_sends_are_those_of_a_file(make: impl AsyncFn() -> Option<City>) {
    let (Some(mut pushed), Some(mut filed)) = (make().await, make().await) else {
        return;
    };
    let text = "办件编号,受理部门,整体满意度,评价内容\n0012,D02,5,态度好\n0013,D03,不满意,\n";
    let (source, _) = pushed.source(FileKind::HallRatings, "").await;
    let ratings = Pushed {
        kind: FileKind::HallRatings,
        ..asked("a", records(text))
    };

    pushed.push(&source, ratings).await.unwrap();
    filed.import(Kind::Hall, text).await;

    assert_eq!(pushed.content().await, filed.content().await);
}

pub async fn the_same_request_again_gets_the_same_answer(make: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = make().await else { return };
    let (source, _) = city.source(FileKind::HotlineOrders, "").await;
    let rows = |level| records(&orders(1..=9, level));

    let first = city.push(&source, asked("a", rows("满意"))).await.unwrap();
    let again = city.push(&source, asked("a", rows("满意"))).await.unwrap();
    let other = city.push(&source, asked("a", rows("不满意"))).await;

    assert_eq!(first, again);
    assert_eq!(other, Err("other body"));
    assert_eq!(city.batches().await, 1);
}

pub async fn eight_copies_at_once_are_one_batch(make: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = make().await else { return };
    let (source, _) = city.source(FileKind::HotlineOrders, "").await;
    let copies = (0..8).map(|_| {
        let (app, source) = (city.app.clone(), source.clone());
        tokio::spawn(async move {
            let mut rng = ChaCha20Rng::seed_from_u64(9);
            loop {
                let pushed = asked("a", records(&orders(1..=300, "满意")));
                match push_rows(&app, &source, pushed, now(), &mut rng).await {
                    Err(PushRefused::Running) => tokio::time::sleep(Duration::from_millis(5)).await,
                    done => return done.map_err(|refused| fact(&refused)).unwrap(),
                }
            }
        })
    });
    let mut answers = Vec::new();
    for copy in copies.collect::<Vec<_>>() {
        answers.push(copy.await.unwrap());
    }

    answers.dedup();
    assert_eq!(answers.len(), 1);
    assert!(answers[0].contains("\"new\":300"));
    assert_eq!(city.batches().await, 1);
}

/// Somebody else holds the key's row, so that whoever is first has to wait.
pub async fn a_copy_that_comes_too_early_is_told_to_wait(make: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = make().await else { return };
    let (source, _) = city.source(FileKind::HotlineOrders, "").await;
    let tx = city.app.store().begin().await.unwrap();
    let held = sources::use_source(&tx, &source.id, civil_date(now())).await;
    assert!(held.unwrap());
    let copy = || {
        let (app, source) = (city.app.clone(), source.clone());
        tokio::spawn(async move {
            let pushed = asked("a", records(&orders(1..=3, "满意")));
            let mut rng = ChaCha20Rng::seed_from_u64(9);
            let answer = push_rows(&app, &source, pushed, now(), &mut rng).await;
            answer.map_err(|refused| fact(&refused))
        })
    };
    let (mut one, mut other) = (copy(), copy());

    let too_long = tokio::time::sleep(Duration::from_secs(20));
    let (early, waiting) = tokio::select! {
        () = too_long => panic!("both copies wait"),
        early = &mut one => (early, other),
        early = &mut other => (early, one),
    };
    drop(tx);

    assert_eq!(early.unwrap(), Err("running"));
    assert!(waiting.await.unwrap().unwrap().contains("\"new\":3"));
}

/// Two programs on one database do not see each other's memory.
pub async fn two_programs_answer_one_request_once(make: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = make().await else { return };
    let (source, _) = city.source(FileKind::HotlineOrders, "").await;
    let mut copies = Vec::new();
    for copy in 0..4 {
        let (store, folder) = (city.app.store().clone(), city.app.folder().to_owned());
        let source = source.clone();
        let vault = format!("sqlite://{}/vault-{copy}.db", folder.display());
        let vault = identity_vault::Vault::open(&vault, [3; 32]).await.unwrap();
        let program = App::new(store, vault, folder);
        copies.push(tokio::spawn(async move {
            let pushed = asked("a", records(&orders(1..=50, "满意")));
            let mut rng = ChaCha20Rng::seed_from_u64(copy);
            let answer = push_rows(&program, &source, pushed, now(), &mut rng).await;
            answer.map_err(|refused| fact(&refused)).unwrap()
        }));
    }
    let mut answers = Vec::new();
    for copy in copies {
        answers.push(copy.await.unwrap());
    }

    answers.dedup();
    assert_eq!(answers.len(), 1);
    assert!(answers[0].contains("\"new\":50"));
    assert_eq!(city.batches().await, 1);
}

pub async fn what_is_refused_writes_nothing(make: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = make().await else { return };
    let (source, _) = city
        .source(FileKind::HotlineOrders, "http://127.0.0.1:9/")
        .await;
    let rows = || records(&orders(1..=3, "满意"));
    let before = city.tables().await;
    let other_kind = Pushed {
        kind: FileKind::HallRatings,
        ..asked("b", rows())
    };
    let no_round = Pushed {
        round: "2031Q1".into(),
        ..asked("c", rows())
    };
    let foreign = records("工单编号,承办单位,处理结果满意度\nYX1,D01,0\nYX2,D01,4\n");
    let too_many = vec![records(&orders(1..=1, "满意")).remove(0); 1001];
    let list = serde_json::from_value(json!([{"工单编号": ["YX1"]}])).unwrap();

    for (pushed, expected) in [
        (other_kind, "kind"),
        (no_round, "WF-102"),
        (asked("d", foreign), "WF-123"),
        (asked("e", too_many), "rows"),
        (asked("f", list), "rows"),
    ] {
        let name = pushed.idempotency_key.clone();
        assert_eq!(city.push(&source, pushed).await, Err(expected), "{name}");
        let kept = sources::find_request(city.app.store(), &source.id, &name).await;
        assert!(kept.unwrap().is_none(), "{name}");
    }
    let told = outbox::list_open_jobs(city.app.store(), JobKind::Webhook).await;
    assert!(told.unwrap().is_empty());
    assert_eq!(city.tables().await, before);
    assert_eq!(city.batches().await, 0);
}

pub async fn a_frozen_round_takes_nothing(make: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = make().await else { return };
    let (source, _) = city.source(FileKind::HotlineOrders, "").await;
    let tx = city.app.store().begin().await.unwrap();
    let (from, to) = (RoundState::Draft, RoundState::Frozen);
    let frozen = rounds::set_round_state(&tx, &city.round, from, to, now()).await;
    frozen.unwrap();
    tx.commit().await.unwrap();

    let pushed = asked("a", records(&orders(1..=3, "满意")));

    assert_eq!(city.push(&source, pushed).await, Err("WF-194"));
}

/// The key was looked up before it was ended.
pub async fn an_ended_key_takes_nothing_from_that_moment(make: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = make().await else { return };
    let (source, _) = city.source(FileKind::HotlineOrders, "").await;
    let pushed = |name: &str| asked(name, records(&orders(1..=3, "满意")));
    let dry = Pushed {
        mode: ImportMode::DryRun,
        ..pushed("b")
    };

    let by_clerk = end_source(&city.app, &clerk(), &source.id, now()).await;
    assert!(by_clerk.is_err());
    let ended = end_source(&city.app, &leader(), &source.id, now()).await;
    ended.unwrap();

    assert_eq!(city.push(&source, pushed("a")).await, Err("key"));
    assert_eq!(city.push(&source, dry).await, Err("key"));
    assert_eq!(city.batches().await, 0);
    let again = end_source(&city.app, &leader(), &source.id, now()).await;
    assert!(again.is_err());
    let (app, rng) = (&city.app, &mut city.rng);
    let elsewhere = change_callback(app, &leader(), &source.id, "", now(), rng).await;
    assert!(elsewhere.is_err());
}

pub async fn a_dry_run_writes_nothing_and_rows_may_be_right_again(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(mut city) = make().await else { return };
    let (source, _) = city.source(FileKind::HotlineOrders, "").await;
    let rows = |level| records(&orders(1..=3, level));
    let before = city.tables().await;
    let dry = || Pushed {
        mode: ImportMode::DryRun,
        ..asked("dry", rows("满意"))
    };

    let checked = city.push(&source, dry()).await.unwrap();
    assert!(checked.starts_with(r#"{"batch":null,"rows_total":3,"new":3"#));
    assert_eq!(city.tables().await, before);
    city.push(&source, asked("1", rows("满意"))).await.unwrap();
    let first = city.content().await;
    city.push(&source, asked("2", rows("不满意")))
        .await
        .unwrap();
    assert_ne!(city.content().await, first);
    city.push(&source, asked("3", rows("满意"))).await.unwrap();

    assert_eq!(city.content().await, first);
    assert_eq!(city.push(&source, dry()).await.unwrap(), checked);
}

pub async fn no_personal_column_is_kept_anywhere(make: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = make().await else { return };
    let (url, _requests) = listen(vec![]);
    let (source, _) = city.source(FileKind::HotlineOrders, &url).await;
    let rows = serde_json::from_value(json!([
        {"工单编号": "YX1", "承办单位": "D01", "来电人电话": CANARY, "姓名": "林某",
         "标题": format!("请打{CANARY}联系"), "满意度": "满意"},
        {"工单编号": "YX2", "承办单位": CANARY, "来电人电话": CANARY, "满意度": CANARY},
    ]));

    let answer = city.push(&source, asked("a", rows.unwrap())).await.unwrap();

    assert!(answer.contains("\"new\":1") && answer.contains("\"rejected\":1"));
    let store = city.app.store();
    let issues = imports::list_issues(store, &batch_of(&answer)).await;
    let kept = sources::find_request(store, &source.id, "a").await;
    let batches = imports::list_batches(store, &city.round).await;
    let told = outbox::list_open_jobs(store, JobKind::Webhook).await;
    let said = format!(
        "{:?}{kept:?}{batches:?}{told:?}{}{answer}",
        issues.unwrap(),
        city.tables().await
    );
    assert!(!said.contains(CANARY), "{said}");
    for entry in fs::read_dir(city.app.folder()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap_or_default();
        let found = bytes
            .windows(CANARY.len())
            .any(|part| part == CANARY.as_bytes());
        assert!(!found, "{}", path.display());
    }
}

fn batch_of(answer: &str) -> String {
    let answer: PushAnswer = serde_json::from_str(answer).unwrap();
    answer.batch.unwrap()
}
