//! A file on its way from the office into the round.

use super::{
    City, Kind, clerk, incoming, now, orders,
    push::{asked, records},
};
use chrono::{DateTime, TimeDelta, Utc};
use rating_import::{FileKind, LevelCodes, parse_hotline, unit_index};
use std::{fs, io::Read, time::Duration};
use storage::uploads::{Upload, UploadState};
use storage::{imports, sources, units, uploads};
use vocabulary::Role;
use workflows::{
    ANSWERS_KEPT_DAYS, Actor, App, Declared, ImportReport, ImportedRows, NewAccount, Received,
    UploadReport, Verb, VerbError, add_account_with_password, approve_upload, receive_upload,
    undo_upload, withdraw_upload, work_on_uploads,
};

pub fn leader() -> Actor {
    Actor {
        account: "leader".into(),
        role: Role::OfficeLeader,
        ..clerk()
    }
}

impl City {
    async fn with_accounts(&mut self) {
        let operator = Actor {
            role: Role::SystemAdmin,
            ..clerk()
        };
        for who in [clerk(), leader()] {
            let new = NewAccount {
                account: who.account.to_string(),
                name: who.name,
                role: who.role,
                unit: None,
                body: None,
            };
            let (app, rng) = (&self.app, &mut self.rng);
            add_account_with_password(app, &operator, &new, "yunxi-demo-2026", now(), rng)
                .await
                .unwrap();
        }
    }

    async fn send(&mut self, content: &str) -> Upload {
        let mut receiving = receive_upload(&self.app, &clerk(), &mut self.rng).unwrap();
        for piece in content.as_bytes().chunks(700) {
            receiving.take(piece, &mut self.rng).unwrap();
        }
        let (codes, round) = (LevelCodes::Standard, self.round.clone());
        let declared = Declared::new(round, FileKind::HotlineOrders, codes, "", "a.csv").unwrap();
        let (app, rng) = (&self.app, &mut self.rng);
        receiving
            .finish(app, &clerk(), declared, now(), rng)
            .await
            .unwrap()
    }

    async fn taken_by_the_leader(&mut self, id: &str) -> Upload {
        let own = approve_upload(&self.app, &clerk(), id, now()).await;
        assert_eq!(code(own), "WF-120");
        let other = approve_upload(&self.app, &leader(), id, now()).await;
        other.unwrap();
        self.until(id, UploadState::Applied).await
    }

    fn keeps_readable(&self, id: &str, text: &[u8]) -> bool {
        let kept = fs::read(self.app.folder().join("uploads").join(id)).unwrap();
        kept.windows(text.len()).any(|part| part == text)
    }

    /// Lets the program work until the file is in this state.
    async fn until(&mut self, id: &str, state: UploadState) -> Upload {
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

async fn read(app: App, mut received: Received) -> Verb<ImportedRows> {
    let units = unit_index(&units::list_units(app.store()).await?);
    let mut text = String::new();
    received.file.read_to_string(&mut text)?;
    Ok(ImportedRows::Hotline(incoming(&text, |file, rows| {
        parse_hotline(file, &units, None, rows)
    })))
}

fn report(upload: &Upload) -> ImportReport {
    match serde_json::from_str(upload.report.as_deref().unwrap()).unwrap() {
        UploadReport::Read(report) => *report,
        UploadReport::Refused { message, .. } => panic!("{message}"),
    }
}

fn code(done: Verb<()>) -> &'static str {
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
