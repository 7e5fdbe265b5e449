//! The life of a feedback letter on both databases: opened, copied, signed for once, reminded of.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use chrono::{DateTime, Utc};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use rectification::{LetterFigures, LetterLimits, OwnScore, write_letter};
use sea_orm::{ConnectionTrait, Database, Statement};
use std::{
    fs,
    io::{Cursor, Read},
    path::Path,
};
use storage::{
    Store,
    accounts::{self, Account},
    audit_log,
    letters::{self, Letter},
    outbox::{self, Job, JobKind},
};
use survey_design::{parse_questionnaire, parse_rules, parse_world};
use vocabulary::{Role, RoundId, UnitId, WorkingDays};
use workflows::{
    Actor, App, CopyForm, Verb, VerbError, WorldTemplates, create_round, find_mailbox, load_world,
    open_letter, remind_letters, send_waiting, set_mailbox, sign_letter, take_letter_copy,
    whose_copy,
};

#[path = "../../../tests/support/postgres.rs"]
mod postgres;

const NUMBER: &str = "FK-2026Q3-012";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A Tuesday, two working days before the letter is due.
fn issue_day() -> DateTime<Utc> {
    at("2026-10-20T02:00:00Z")
}

fn actor(account: &str, role: Role, unit: Option<&str>) -> Actor {
    Actor {
        account: account.into(),
        name: format!("{account}的姓名"),
        role,
        unit: unit.map(UnitId::new),
        body: None,
    }
}

fn liaison(account: &str) -> Actor {
    actor(account, Role::UnitLiaison, Some("D12"))
}

fn code<T>(done: &Verb<T>) -> &'static str {
    match done {
        Err(VerbError::Refused(refusal)) => refusal.code(),
        Err(_) => "failed",
        Ok(_) => "done",
    }
}

fn templates() -> WorldTemplates {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../survey-templates");
    let read = |path: &str| fs::read(folder.join(path)).unwrap();
    WorldTemplates {
        world: parse_world(&read("worlds/yunxi.json")).unwrap(),
        rules: parse_rules(&read("rules/yunxi-2026.json")).unwrap(),
        indicators: None,
        questionnaires: vec![
            parse_questionnaire(&read("questionnaires/overall.json")).unwrap(),
            parse_questionnaire(&read("questionnaires/enterprise.json")).unwrap(),
        ],
    }
}

fn row() -> Letter {
    let body = write_letter(LetterFigures {
        number: NUMBER.into(),
        round: "2026Q3".into(),
        round_title: "2026 年第三季度".into(),
        office: "云溪市评价办".into(),
        unit: "D12".into(),
        unit_name: "云溪市医疗保障局".into(),
        ratings: Some(143),
        score: OwnScore::Full("86.40".into(), "84.10".into(), "88.70".into()),
        place: Some("第 3—6 名".into()),
        compared: vec![],
        channels: vec![],
        answers: vec![],
        themes: vec![],
        reasons: vec![],
        words: vec![],
        least_opinions: 5,
        issued_on: "2026-10-20".parse().unwrap(),
        due_on: "2026-10-22".parse().unwrap(),
        limits: LetterLimits {
            sign_matter: WorkingDays(2),
            return_matter: WorkingDays(3),
            plan: WorkingDays(5),
        },
    });
    Letter {
        id: NUMBER.into(),
        round_id: "2026Q3".into(),
        unit_id: "D12".into(),
        issued_on: body.issued_on,
        due_on: body.due_on,
        body: serde_json::to_string(&body).unwrap(),
        read_by: None,
        read_at: None,
        signed_by: None,
        signed_at: None,
        remark: None,
    }
}

struct City {
    app: App,
    url: String,
    rng: ChaCha20Rng,
    folder: tempfile::TempDir,
}

impl City {
    async fn on(url: Option<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().display();
        let url = url.unwrap_or_else(|| format!("sqlite://{place}/huiyin.db"));
        let store = Store::open(&url).await.unwrap();
        let people = format!("sqlite://{place}/vault.db");
        let vault = identity_vault::Vault::open(&people, [3; 32]);
        let app = App::new(store, vault.await.unwrap(), folder.path().to_owned());
        app.migrate().await.unwrap();
        let (clerk, now) = (actor("clerk", Role::OfficeClerk, None), issue_day());
        load_world(&app, &clerk, &templates(), now).await.unwrap();
        create_round(&app, &clerk, &RoundId::new("2026Q3"), now)
            .await
            .unwrap();
        let tx = app.store().begin().await.unwrap();
        letters::insert_letter(&tx, row()).await.unwrap();
        for name in ["a", "b"] {
            let account = Account {
                id: name.into(),
                name: format!("{name}的姓名"),
                role: Role::UnitLiaison.code().into(),
                unit_id: Some("D12".into()),
                body_id: None,
                branch: None,
                password_hash: String::new(),
                active: true,
                confirmed: true,
                must_change: false,
                password_at: None,
                totp_secret: None,
                totp_step: None,
            };
            accounts::insert_account(&tx, account).await.unwrap();
        }
        tx.commit().await.unwrap();
        Self {
            app,
            url,
            rng: ChaCha20Rng::seed_from_u64(5),
            folder,
        }
    }

    async fn letter(&self) -> Letter {
        let found = letters::find_letter(self.app.store(), NUMBER).await;
        found.unwrap().unwrap()
    }

    async fn actions(&self) -> Vec<String> {
        let known = [
            "open_letter",
            "sign_letter",
            "print_letter",
            "download_letter",
            "trace_letter",
            "set_mailbox",
            "remind_letters",
        ];
        let events = audit_log::list_of_actions(self.app.store(), &known).await;
        events
            .unwrap()
            .into_iter()
            .map(|event| event.action)
            .collect()
    }

    async fn mails(&self) -> Vec<Job> {
        let open = outbox::list_open_jobs(self.app.store(), JobKind::Mail).await;
        open.unwrap()
    }
}

/// Both databases, with one letter issued.
async fn cities() -> Vec<City> {
    let mut cities = vec![City::on(None).await];
    if let Some(server) = postgres::shared() {
        cities.push(City::on(Some(server.fresh_database())).await);
    }
    cities
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_who_sign_at_once_one_does_and_the_others_hear_who_and_when() {
    for city in cities().await {
        let sign = async |who: &str, remark: &str| {
            sign_letter(&city.app, &liaison(who), NUMBER, remark, issue_day()).await
        };
        let done = tokio::join!(
            sign("a", "已阅"),
            sign("b", ""),
            sign("a", ""),
            sign("b", "同意")
        );
        let done = [done.0, done.1, done.2, done.3];

        let codes: Vec<_> = done.iter().map(code).collect();
        let signed = codes.iter().filter(|code| **code == "done").count();
        assert_eq!(signed, 1, "{codes:?}");
        assert_eq!(
            codes.iter().filter(|code| **code == "WF-193").count(),
            3,
            "{codes:?}"
        );
        let letter = city.letter().await;
        let name = format!("{}的姓名", letter.signed_by.unwrap());
        for refused in done.iter().filter_map(|done| done.as_ref().err()) {
            let said = refused.to_string();
            assert!(
                said.contains(&name) && said.contains("2026 年 10 月 20 日 10:00"),
                "{said}"
            );
        }
        assert_eq!(city.actions().await, ["sign_letter"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_read_when_its_unit_first_opens_it_and_by_nobody_else() {
    for city in cities().await {
        let other = actor("x", Role::UnitLiaison, Some("D07"));
        let clerk = actor("clerk", Role::OfficeClerk, None);
        let open = async |who: &Actor, now| open_letter(&city.app, who, NUMBER, now).await;

        assert_eq!(code(&open(&other, issue_day()).await), "WF-107");
        assert_eq!(code(&open(&clerk, issue_day()).await), "WF-101");
        assert_eq!(city.letter().await.read_at, None);
        open(&liaison("a"), issue_day()).await.unwrap();
        open(&liaison("b"), at("2026-10-21T02:00:00Z"))
            .await
            .unwrap();

        let letter = city.letter().await;
        assert_eq!(
            (letter.read_by.as_deref(), letter.read_at),
            (Some("a"), Some(issue_day()))
        );
        assert_eq!(letter.signed_at, None);
        assert_eq!(city.actions().await, ["open_letter"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_remark_that_is_too_long_signs_nothing() {
    for city in cities().await {
        let long = "好".repeat(201);
        let signed = sign_letter(&city.app, &liaison("a"), NUMBER, &long, issue_day()).await;

        assert_eq!(code(&signed), "WF-119");
        assert_eq!(city.letter().await, row());
    }
}

/// The words of one file of the archive.
fn words(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut xml = String::new();
    archive
        .by_name(name)
        .unwrap()
        .read_to_string(&mut xml)
        .unwrap();
    let texts = xml.split("<w:t ").skip(1);
    texts
        .filter_map(|text| text.split_once('>')?.1.split_once("</w:t>"))
        .map(|(text, _)| text)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_on_a_copy_leads_to_who_took_it_and_when() {
    for mut city in cities().await {
        let clerk = actor("clerk", Role::OfficeClerk, None);
        let (app, when) = (city.app.clone(), at("2026-10-20T02:00:00.123456789Z"));
        let copies = [
            (liaison("a"), CopyForm::File, when),
            (liaison("a"), CopyForm::Print, when),
            (liaison("b"), CopyForm::File, when),
            (clerk.clone(), CopyForm::File, issue_day()),
        ];
        for (who, form, now) in &copies {
            let copy = take_letter_copy(&app, who, NUMBER, *form, *now, &mut city.rng);
            let copy = copy.await.unwrap();
            let file = copy.file().unwrap();
            let (above, below) = (
                words(&file, "word/header1.xml"),
                words(&file, "word/footer1.xml"),
            );
            assert!(
                above.contains(&who.name) && above.contains(who.account.as_str()),
                "{above}"
            );
            assert!(above.contains("10 月 20 日 10:00"), "{above}");
            assert!(below.contains(&copy.code), "{below}");
            assert!(
                words(&file, "word/document.xml").contains("得分86.40分（误差范围84.10—88.70）")
            );

            let typed = copy.code.to_lowercase().replace('-', " ");
            let found = whose_copy(&app, &clerk, &typed, issue_day()).await.unwrap();
            assert_eq!(
                (found.account.as_str(), found.form),
                (who.account.as_str(), *form)
            );
            assert_eq!(
                (found.letter.as_str(), found.unit.as_str()),
                (NUMBER, "D12")
            );
            assert_eq!(found.at.timestamp_micros(), now.timestamp_micros());
        }
        let actions = city.actions().await;
        let count = |action: &str| actions.iter().filter(|found| *found == action).count();
        let counts = [
            "download_letter",
            "print_letter",
            "open_letter",
            "trace_letter",
        ]
        .map(count);
        assert_eq!(counts, [3, 1, 1, 4]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_takes_a_copy_and_an_invented_code_leads_nowhere() {
    for mut city in cities().await {
        let app = city.app.clone();
        for (who, refusal) in [
            (actor("x", Role::UnitLiaison, Some("D07")), "WF-107"),
            (actor("s", Role::StationedGroup, Some("D12")), "WF-101"),
            (actor("s", Role::SystemAdmin, None), "WF-101"),
        ] {
            let copy = take_letter_copy(
                &app,
                &who,
                NUMBER,
                CopyForm::File,
                issue_day(),
                &mut city.rng,
            );
            assert_eq!(code(&copy.await), refusal);
            let asked = whose_copy(&app, &who, "K7QM-2XPA-9F3D", issue_day()).await;
            assert_eq!(code(&asked), "WF-101");
        }
        let clerk = actor("clerk", Role::OfficeClerk, None);
        let asked = whose_copy(&app, &clerk, "K7QM-2XPA-9F3D", issue_day()).await;
        assert_eq!(code(&asked), "WF-122");
        assert!(city.actions().await.is_empty());
        assert_eq!(city.letter().await, row());
    }
}

const MAILBOX: &str = "bangongshi@yibao.example.cn";

async fn remind_at(city: &mut City, text: &str) -> u64 {
    let app = city.app.clone();
    remind_letters(&app, at(text), &mut city.rng).await.unwrap()
}

async fn with_mailbox(city: &mut City) {
    let app = city.app.clone();
    let unit = UnitId::new("D12");
    set_mailbox(
        &app,
        &liaison("a"),
        &unit,
        MAILBOX,
        issue_day(),
        &mut city.rng,
    )
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_unit_is_reminded_once_a_working_day_until_it_signs() {
    for mut city in cities().await {
        assert_eq!(
            remind_at(&mut city, "2026-10-23T02:00:00Z").await,
            0,
            "no mailbox"
        );
        with_mailbox(&mut city).await;

        let mut written = Vec::new();
        for when in [
            "2026-10-22T15:59:59Z", // 22 October in the city: still in time
            "2026-10-22T16:00:00Z", // 23 October, a Friday
            "2026-10-23T10:00:00Z",
            "2026-10-24T02:00:00Z", // Saturday
            "2026-10-26T02:00:00Z", // Monday
        ] {
            written.push(remind_at(&mut city, when).await);
        }
        assert_eq!(written, [0, 1, 0, 0, 1]);
        sign_letter(
            &city.app,
            &liaison("b"),
            NUMBER,
            "",
            at("2026-10-26T03:00:00Z"),
        )
        .await
        .unwrap();
        assert_eq!(remind_at(&mut city, "2026-10-27T02:00:00Z").await, 0);
        assert_eq!(
            city.actions().await,
            [
                "set_mailbox",
                "remind_letters",
                "remind_letters",
                "sign_letter"
            ]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_that_remind_at_once_write_one_mail_and_it_tells_no_figure() {
    for mut city in cities().await {
        with_mailbox(&mut city).await;
        let (app, monday) = (city.app.clone(), at("2026-10-26T02:00:00Z"));
        let remind = async |seed| {
            remind_letters(&app, monday, &mut ChaCha20Rng::seed_from_u64(seed))
                .await
                .unwrap()
        };
        let written = tokio::join!(remind(1), remind(2), remind(3));

        assert_eq!(written.0 + written.1 + written.2, 1);
        assert_eq!(city.mails().await.len(), 1);
        send_waiting(&app, || at("2026-10-26T02:00:00Z"), &mut city.rng)
            .await
            .unwrap();
        let spool = fs::read_dir(city.folder.path().join("mail")).unwrap();
        let files: Vec<_> = spool
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|end| end == "eml"))
            .collect();
        assert_eq!(files.len(), 1);
        let bytes = fs::read(&files[0]).unwrap();
        let mail = mailparse::parse_mail(&bytes).unwrap();
        let subject = mailparse::MailHeaderMap::get_first_value(&mail.headers[..], "Subject");
        assert_eq!(subject.unwrap(), "提醒：有一份反馈函超过期限还没有签收");
        let body = mail.get_body().unwrap();
        assert!(
            body.contains(NUMBER) && body.contains("2026 年 10 月 22 日前"),
            "{body}"
        );
        assert!(!body.contains("86.40") && !body.contains("姓名"), "{body}");
        assert_eq!(
            remind_at(&mut city, "2026-10-26T09:00:00Z").await,
            0,
            "sent today"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_lies_sealed_and_only_its_unit_and_the_office_write_it_down() {
    for mut city in cities().await {
        with_mailbox(&mut city).await;
        let (app, unit) = (city.app.clone(), UnitId::new("D12"));
        let database = Database::connect(&city.url).await.unwrap();
        let backend = database.get_database_backend();
        let stored = Statement::from_string(backend, "SELECT address FROM unit_mailbox");
        let stored = database.query_one_raw(stored).await.unwrap().unwrap();
        let stored: String = stored.try_get("", "address").unwrap();
        assert!(stored.len() > 4_000 && !stored.contains(&hex::encode(MAILBOX)));
        assert_eq!(
            find_mailbox(&app, &unit).await.unwrap().as_deref(),
            Some(MAILBOX)
        );

        for (who, address, refusal) in [
            (
                actor("x", Role::UnitLiaison, Some("D07")),
                MAILBOX,
                "WF-107",
            ),
            (actor("s", Role::StationedGroup, None), MAILBOX, "WF-101"),
            (liaison("a"), "办公室", "WF-120"),
            (liaison("a"), "a@example.cn, b@example.cn", "WF-120"),
            (actor("clerk", Role::OfficeClerk, None), "", "done"),
        ] {
            let set = set_mailbox(&app, &who, &unit, address, issue_day(), &mut city.rng);
            assert_eq!(code(&set.await), refusal, "{address}");
        }
        assert_eq!(find_mailbox(&app, &unit).await.unwrap(), None);
    }
}
