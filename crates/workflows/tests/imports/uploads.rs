//! A file on its way from the office into the round.

use super::{
    City, Kind, clerk, now, orders,
    push::{asked, records},
};
use chrono::{DateTime, TimeDelta, Utc};
use rating_import::{
    FileKind, Incoming, LevelCodes, Limits, SheetFile, UnitSpelling, parse_enterprise_list,
    parse_hotline, parse_pool, write_ndjson,
};
use std::{
    collections::BTreeMap,
    fs,
    io::{Cursor, Read},
    time::Duration,
};
use storage::uploads::{Upload, UploadState};
use storage::{imports, sources, unit_spellings::SpellingReason, uploads};
use vocabulary::Role;
use workflows::{
    ANSWERS_KEPT_DAYS, Actor, App, Declared, ImportReport, ImportedRows, NewAccount, Received,
    UploadReport, UploadedRows, Verb, VerbError, add_account_with_password, approve_upload,
    find_round, map_upload, receive_upload, recheck_upload, register_spelling, undo_upload,
    unit_names, unresolved_names, withdraw_upload, work_on_uploads,
};

pub fn leader() -> Actor {
    Actor {
        account: "leader".into(),
        role: Role::OfficeLeader,
        ..clerk()
    }
}

impl City {
    pub async fn with_accounts(&mut self) {
        for who in [clerk(), leader()] {
            self.with_account(&who).await;
        }
    }

    async fn with_account(&mut self, who: &Actor) {
        let operator = Actor {
            role: Role::SystemAdmin,
            ..clerk()
        };
        let new = NewAccount {
            account: who.account.to_string(),
            name: who.name.clone(),
            role: who.role,
            unit: None,
            body: None,
        };
        let (app, rng) = (&self.app, &mut self.rng);
        add_account_with_password(app, &operator, &new, "yunxi-demo-2026", now(), rng)
            .await
            .unwrap();
    }

    pub async fn send(&mut self, content: &str) -> Upload {
        self.send_as(FileKind::HotlineOrders, content).await
    }

    pub async fn send_as(&mut self, kind: FileKind, content: &str) -> Upload {
        let mut receiving = receive_upload(&self.app, &clerk(), &mut self.rng).unwrap();
        for piece in content.as_bytes().chunks(700) {
            receiving.take(piece, &mut self.rng).unwrap();
        }
        let (codes, round) = (LevelCodes::Standard, self.round.clone());
        let declared = Declared::new(round, kind, codes, "", "a.csv").unwrap();
        let (app, rng) = (&self.app, &mut self.rng);
        receiving
            .finish(app, &clerk(), declared, now(), rng)
            .await
            .unwrap()
    }

    pub async fn taken_by_the_leader(&mut self, id: &str) -> Upload {
        let own = approve_upload(&self.app, &clerk(), id, now()).await;
        assert_eq!(code(own), "WF-120");
        let other = approve_upload(&self.app, &leader(), id, now()).await;
        other.unwrap();
        self.until(id, UploadState::Applied).await
    }

    pub fn keeps_readable(&self, id: &str, text: &[u8]) -> bool {
        let kept = fs::read(self.app.folder().join("uploads").join(id)).unwrap();
        kept.windows(text.len()).any(|part| part == text)
    }

    /// Lets the program work until the file is in this state.
    pub async fn until(&mut self, id: &str, state: UploadState) -> Upload {
        let (app, mut rng) = (self.app.clone(), self.rng.clone());
        let arrived = async {
            loop {
                let found = uploads::find_upload(app.store(), id)
                    .await
                    .unwrap()
                    .unwrap();
                if found.state == state {
                    return found;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::select! {
            found = tokio::time::timeout(Duration::from_secs(60), arrived) => found.unwrap(),
            () = work_on_uploads(&app, read, now, &mut rng) => unreachable!("it works for ever"),
        }
    }
}

/// What the child process would read.
pub async fn read(app: App, mut received: Received) -> Verb<UploadedRows> {
    let kind = received.declared.kind;
    let round = find_round(&app, &received.declared.round).await?.round;
    let units = unit_names(app.store(), round.period_end).await?;
    let mut bytes = Vec::new();
    received.file.read_to_end(&mut bytes)?;
    let form = received.declared.read_as.form();
    let mut out = Vec::new();
    let limits = Limits::default();
    let open = || SheetFile::open(Cursor::new(bytes), "a.csv", &form, &limits);
    match kind {
        FileKind::Pool => write_ndjson(&mut out, |rows| parse_pool(&mut open()?, rows))?,
        FileKind::EnterpriseList => {
            write_ndjson(&mut out, |rows| parse_enterprise_list(&mut open()?, rows))?;
        }
        _ => write_ndjson(&mut out, |rows| {
            parse_hotline(&mut open()?, &units, None, rows)
        })?,
    }
    let out = Cursor::new(out);
    Ok(match kind {
        FileKind::Pool => UploadedRows::Pool(Incoming::new(out)),
        FileKind::EnterpriseList => UploadedRows::Enterprises(Incoming::new(out)),
        _ => UploadedRows::OfRound(ImportedRows::Hotline(Incoming::new(out))),
    })
}

pub fn report(upload: &Upload) -> ImportReport {
    match serde_json::from_str(upload.report.as_deref().unwrap()).unwrap() {
        UploadReport::Read(report) => *report,
        UploadReport::Refused { message, .. } => panic!("{message}"),
    }
}

pub fn code(done: Verb<()>) -> &'static str {
    match done {
        Err(VerbError::Refused(refusal)) => refusal.code(),
        other => panic!("{other:?}"),
    }
}

pub async fn a_file_is_checked_without_writing_and_taken_by_a_second_person(
    city: impl AsyncFn() -> Option<City>,
) {
    let Some(mut city) = city().await else {
        return;
    };
    city.with_accounts().await;
    let before = city.tables().await;
    let text = orders(1..=40, "满意") + "YX9999,D99,2026-07-01,2026-07-05,满意,电话13900000001\n";

    let sent = city.send(&text).await;
    let checked = city.until(&sent.id, UploadState::Checked).await;

    let found = report(&checked);
    assert_eq!((found.rows_total, found.new, found.rejected), (41, 40, 1));
    assert_eq!(found.found.unknown_names.len(), 1);
    assert_eq!(city.tables().await, before);
    assert!(!city.keeps_readable(&sent.id, b"1390"));

    let applied = city.taken_by_the_leader(&sent.id).await;

    assert_eq!(report(&applied).new, 40);
    let batch = applied.batch_id.unwrap();
    let batch = imports::find_batch(city.app.store(), &batch)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((batch.new_rows, batch.created_by.as_str()), (40, "leader"));
    assert_eq!(
        code(withdraw_upload(&city.app, &clerk(), &sent.id, now()).await),
        "WF-120"
    );
    the_same_again(&mut city, &text, &batch.id).await;
    it_can_be_undone(&city, &sent.id, before).await;
}

pub async fn a_survey_agency_sends_its_own_kind_and_the_office_takes_it(
    city: impl AsyncFn() -> Option<City>,
) {
    let Some(mut city) = city().await else {
        return;
    };
    city.with_accounts().await;
    let agency = Actor {
        account: "agency".into(),
        role: Role::SurveyAgency,
        ..clerk()
    };
    city.with_account(&agency).await;
    let before = city.tables().await;
    let mapping = fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../survey-templates/examples/airport/mapping-2010.json"
    ))
    .unwrap();
    let rows = orders(1..=3, "满意");
    let mut sent = async |kind: FileKind, columns: &str| {
        let (app, rng) = (&city.app, &mut city.rng);
        let mut receiving = receive_upload(app, &agency, rng).unwrap();
        receiving.take(rows.as_bytes(), rng).unwrap();
        let (codes, round) = (LevelCodes::Standard, city.round.clone());
        let declared = Declared::new(round, kind, codes, columns, "a.csv").unwrap();
        receiving.finish(app, &agency, declared, now(), rng).await
    };

    let other = sent(FileKind::HotlineOrders, "").await;
    assert_eq!(code(other.map(drop)), "WF-101", "not its kind");
    let own = sent(FileKind::Survey, &mapping).await.unwrap();
    city.until(&own.id, UploadState::Checked).await;
    for done in [
        approve_upload(&city.app, &agency, &own.id, now()).await,
        withdraw_upload(&city.app, &agency, &own.id, now()).await,
        recheck_upload(&city.app, &agency, &own.id, now()).await,
    ] {
        assert_eq!(code(done), "WF-101");
    }
    assert_eq!(
        city.tables().await,
        before,
        "nothing counts before the office has said so"
    );
    approve_upload(&city.app, &clerk(), &own.id, now())
        .await
        .unwrap();
}

async fn it_can_be_undone(city: &City, id: &str, before: String) {
    undo_upload(&city.app, &clerk(), id, now(), &mut city.rng.clone())
        .await
        .unwrap();
    assert_eq!(city.tables().await, before);

    let undone = uploads::find_upload(city.app.store(), id).await.unwrap();
    assert_eq!(undone.unwrap().state, UploadState::Undone);
    for step in [
        undo_upload(&city.app, &clerk(), id, now(), &mut city.rng.clone()).await,
        withdraw_upload(&city.app, &clerk(), id, now()).await,
    ] {
        assert_eq!(code(step), "WF-120");
    }
}

async fn the_same_again(city: &mut City, text: &str, batch: &str) {
    let again = city.send(text).await;
    let again = city.until(&again.id, UploadState::Checked).await;
    let again = report(&again);
    assert_eq!(
        (again.new, again.same, again.batch.as_str()),
        (0, 40, batch)
    );
}

pub async fn a_file_nobody_can_read_is_refused_and_can_be_given_back(
    city: impl AsyncFn() -> Option<City>,
) {
    let Some(mut city) = city().await else {
        return;
    };
    city.with_accounts().await;

    let sent = city.send("这里没有表头\n也没有数据\n").await;
    let refused = city.until(&sent.id, UploadState::Refused).await;

    assert!(refused.report.unwrap().contains("RI-0"));
    assert_eq!(
        code(approve_upload(&city.app, &leader(), &sent.id, now()).await),
        "WF-120"
    );
    withdraw_upload(&city.app, &clerk(), &sent.id, now())
        .await
        .unwrap();
    assert!(!city.app.folder().join("uploads").join(&sent.id).exists());
    assert_eq!(
        code(withdraw_upload(&city.app, &clerk(), &sent.id, now()).await),
        "WF-120"
    );
}

/// Somebody else writes all the while.
pub async fn a_dry_run_holds_nobody_up(city: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = city().await else {
        return;
    };
    city.with_accounts().await;
    city.import(Kind::Hotline, &orders(1..=5, "满意")).await;
    let sent = city.send(&orders(1..=5, "不满意")).await;
    let tx = city.app.store().begin().await.unwrap();

    let dry = city.dry_run(&orders(1..=9, "不满意")).await;

    assert_eq!((dry.new, dry.changed), (4, 5));
    drop(tx);
    assert_eq!(
        report(&city.until(&sent.id, UploadState::Checked).await).changed,
        5
    );
}

/// 40 good rows, 2 of a name nobody knows, 1 of another.
fn with_unknown_names() -> String {
    let row = |order: u16, unit| format!("YX{order},{unit},2026-07-01,2026-07-05,满意,已处理\n");
    orders(1..=40, "满意")
        + &row(9001, "老住建局")
        + &row(9002, "老住建局")
        + &row(9003, "邻市某局")
}

fn meaning(name: &str, unit: Option<&str>) -> (UnitSpelling, SpellingReason) {
    let told = UnitSpelling {
        spelling: name.to_owned(),
        unit: unit.map(Into::into),
        valid_from: None,
        valid_to: None,
    };
    (told, SpellingReason::Former)
}

impl City {
    async fn told(&mut self, name: &str, unit: Option<&str>) -> Verb<()> {
        let told = meaning(name, unit);
        register_spelling(&self.app, &clerk(), told, now(), &mut self.rng).await
    }

    async fn unresolved(&self) -> Vec<(String, u64)> {
        let names = unresolved_names(&self.app, &self.round).await.unwrap();
        names
            .into_iter()
            .map(|name| (name.name, name.rows))
            .collect()
    }
}

pub async fn a_name_is_told_once_and_every_file_knows_it(city: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = city().await else {
        return;
    };
    city.with_accounts().await;
    let sent = city.send(&with_unknown_names()).await;
    let checked = city.until(&sent.id, UploadState::Checked).await;
    assert_eq!(report(&checked).rejected, 3);
    let unknown = [("老住建局".to_owned(), 2), ("邻市某局".to_owned(), 1)];
    assert_eq!(city.unresolved().await, unknown);

    city.told("老住建局", Some("D03")).await.unwrap();

    let checked = city.until(&sent.id, UploadState::Checked).await;
    assert_eq!((report(&checked).new, report(&checked).rejected), (42, 1));
    assert_eq!(city.unresolved().await, unknown[1..]);
    assert_eq!(code(city.told(" 老住建局", None).await), "WF-120");
    assert_eq!(code(city.told("某局", Some("D99")).await), "WF-122");
    a_taken_file_gets_what_was_told_since(&mut city, &sent.id).await;
}

async fn a_taken_file_gets_what_was_told_since(city: &mut City, id: &str) {
    city.taken_by_the_leader(id).await;
    city.told("邻市某局", None).await.unwrap();
    recheck_upload(&city.app, &clerk(), id, now())
        .await
        .unwrap();

    let again = city.until(id, UploadState::Checked).await;

    let found = report(&again);
    assert_eq!(
        (found.same, found.rejected, found.found.rows_elsewhere),
        (42, 0, 1)
    );
    let withdrawn = withdraw_upload(&city.app, &clerk(), id, now()).await;
    assert_eq!(code(withdrawn), "WF-120");
    let applied = city.taken_by_the_leader(id).await;
    assert_eq!(applied.batch_id, again.batch_id);
}

/// The same file brings more once a name is known; taking that back leaves what came first.
pub async fn the_same_file_brings_what_it_could_not_bring_before(
    city: impl AsyncFn() -> Option<City>,
) {
    let Some(mut city) = city().await else {
        return;
    };
    city.with_accounts().await;
    let sent = city.send(&with_unknown_names()).await;
    city.until(&sent.id, UploadState::Checked).await;
    let first = city.taken_by_the_leader(&sent.id).await;
    let before = city.tables().await;
    city.told("老住建局", Some("D03")).await.unwrap();
    recheck_upload(&city.app, &clerk(), &sent.id, now())
        .await
        .unwrap();
    city.until(&sent.id, UploadState::Checked).await;

    let second = city.taken_by_the_leader(&sent.id).await;

    assert_eq!((report(&second).new, report(&second).same), (2, 40));
    assert_ne!(first.batch_id, second.batch_id);
    undo_upload(&city.app, &clerk(), &sent.id, now(), &mut city.rng)
        .await
        .unwrap();
    assert_eq!(city.tables().await, before);
    let left = uploads::find_upload(city.app.store(), &sent.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (left.state, left.batch_id),
        (UploadState::Applied, first.batch_id)
    );
}

/// A header is told once; the next file of this kind is read alike.
pub async fn a_header_is_told_once_and_remembered(city: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = city().await else {
        return;
    };
    city.with_accounts().await;
    let foreign = |text: String| text.replace("工单编号", "流水编码");
    let sent = city.send(&foreign(orders(1..=9, "满意"))).await;
    city.until(&sent.id, UploadState::Refused).await;
    let told = |key: &str| BTreeMap::from([("流水编码".to_owned(), key.to_owned())]);
    let told = |key: &str, unit: &str| {
        let mut told = told(key);
        told.insert("承办单位".to_owned(), unit.to_owned());
        told
    };
    for (key, unit) in [("", "unit"), ("order_no", "order_no")] {
        let told = told(key, unit);
        let refused = map_upload(&city.app, &clerk(), &sent.id, told, now()).await;
        assert_eq!(code(refused), "WF-125");
    }

    let right = told("order_no", "unit");
    map_upload(&city.app, &clerk(), &sent.id, right, now())
        .await
        .unwrap();

    let checked = city.until(&sent.id, UploadState::Checked).await;
    assert_eq!(report(&checked).new, 9);
    city.taken_by_the_leader(&sent.id).await;
    let next = city.send(&foreign(orders(5..=12, "满意"))).await;
    let next = city.until(&next.id, UploadState::Checked).await;
    assert_eq!((report(&next).new, report(&next).same), (3, 5));
}

pub async fn answers_are_forgotten_after_thirty_days(city: impl AsyncFn() -> Option<City>) {
    fn a_month_later() -> DateTime<Utc> {
        now() + TimeDelta::days(ANSWERS_KEPT_DAYS + 1)
    }
    let Some(mut city) = city().await else {
        return;
    };
    let (source, _) = city.source(FileKind::HotlineOrders, "").await;
    let pushed = asked("a", records(&orders(1..=3, "满意")));
    city.push(&source, pushed).await.unwrap();
    let (app, mut rng) = (city.app.clone(), city.rng.clone());
    let kept = async || {
        let found = sources::find_request(app.store(), &source.id, "a").await;
        found.unwrap().is_some()
    };
    assert!(kept().await);

    let gone = async {
        while kept().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        found = tokio::time::timeout(Duration::from_secs(60), gone) => found.unwrap(),
        () = work_on_uploads(&app, read, a_month_later, &mut rng) => unreachable!("it works for ever"),
    }
}
