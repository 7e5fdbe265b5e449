//! A city with one unit and one question, whose people answer through the real workflow.

use crate::postgres;
use chrono::{DateTime, Utc};
use mailparse::MailHeaderMap;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use rating_import::{Incoming, PoolRow};
use response_collection::{RawAnswer, Receipt, Token, hash};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use std::{collections::BTreeMap, fs, path::Path};
use storage::{
    Store,
    invitations::{InvitationKind, TokenRow, TokenState, insert_tokens},
    rounds::RoundRecord,
};
use survey_design::{Anonymity, Resubmission, parse_questionnaire, parse_rules, parse_world};
use vocabulary::{RaterGroup, Role, RoundId};
use workflows::{
    Actor, App, ImportMode, Keys, PoolFile, RoundChoice, WorldTemplates,
    collect::{self, SubmissionSigns},
    create_round_with, draw_sample, find_round, import_pool, load_world, open_round, send_waiting,
};

/// One reason for each bit of a person's number, so that an opened answer tells the test whose it is.
pub const BITS: usize = 14;

pub struct City {
    pub app: App,
    pub round: RoundId,
    pub rng: ChaCha20Rng,
    pub url: String,
    pub folder: tempfile::TempDir,
    /// Codes by person.
    pub codes: Vec<String>,
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A moment while the round collects.
pub fn noon() -> DateTime<Utc> {
    at("2026-09-12T04:00:00Z")
}

pub fn official() -> Actor {
    Actor {
        account: "clerk".into(),
        name: "clerk".to_owned(),
        role: Role::OfficeClerk,
        unit: None,
        body: None,
    }
}

fn templates(people: u32) -> WorldTemplates {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../survey-templates");
    let read = |path: &str| fs::read(folder.join(path)).unwrap();
    let mut world = parse_world(&read("worlds/yunxi.json")).unwrap();
    let mut rules = parse_rules(&read("rules/yunxi-2026.json")).unwrap();
    world.units.truncate(1);
    world.pairings.clear();
    rules.sample.quota = [(RaterGroup::Citizens, people)].into();
    let options: Vec<_> = (0..BITS)
        .map(|bit| format!(r#"{{"code": "b{bit}", "label": "第 {bit} 项"}}"#))
        .collect();
    let questionnaire = format!(
        r#"{{"code": "one", "version": 1, "title": "一题", "intro": "评一评。", "minutes": 1, "items": [
            {{"id": "overall", "title": "{{unit}}？", "repeat": "each_unit",
              "kind": {{"level": {{"levels": ["very_satisfied", "satisfied", "fair", "dissatisfied", "very_dissatisfied"], "dont_know": "不了解"}}}}}},
            {{"id": "which", "title": "{{unit}}：哪些？", "repeat": "each_unit",
              "kind": {{"reasons": {{"options": [{}], "max_chars": 200}}}}}}]}}"#,
        options.join(", ")
    );
    WorldTemplates {
        world,
        rules,
        indicators: None,
        questionnaires: vec![parse_questionnaire(questionnaire.as_bytes()).unwrap()],
    }
}

fn pool(people: u32) -> PoolFile<PoolRow> {
    let rows = (0..people).map(|n| PoolRow {
        row_key: format!("p{n}"),
        name: "林某".to_owned(),
        position: None,
        phone: None,
        email: Some(format!("p{n}@example.invalid")),
        group: RaterGroup::Citizens,
        delegate_kind: None,
        county: "望湖区".to_owned(),
        stratum: None,
        community: None,
        size: None,
    });
    PoolFile {
        name: "样本库.csv".to_owned(),
        rows: Incoming::of_rows(rows.collect()),
        mode: ImportMode::Apply,
        progress: None,
    }
}

pub const INVITED: RoundChoice = RoundChoice {
    anonymity: Some(Anonymity::Decoupled),
    resubmission: Some(Resubmission::Once),
};

impl City {
    /// A city on SQLite.
    pub async fn sqlite(people: u32, choice: RoundChoice) -> Self {
        Self::on(None, people, choice).await
    }

    /// A city on a database of its own on the shared server; none when PostgreSQL is not installed.
    pub async fn postgres(people: u32, choice: RoundChoice) -> Option<Self> {
        let url = postgres::shared()?.fresh_database();
        Some(Self::on(Some(url), people, choice).await)
    }

    async fn on(url: Option<String>, people: u32, choice: RoundChoice) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = url.unwrap_or_else(|| format!("sqlite://{}/huiyin.db", folder.path().display()));
        let mut rng = ChaCha20Rng::seed_from_u64(5);
        let app = opened(&url, folder.path()).await;
        app.migrate().await.unwrap();
        let (clerk, round, now) = (
            official(),
            RoundId::new("2026Q3"),
            at("2026-09-10T01:00:00Z"),
        );
        load_world(&app, &clerk, &templates(people), now)
            .await
            .unwrap();
        create_round_with(&app, &clerk, &round, choice, now)
            .await
            .unwrap();
        let mut codes = Vec::new();
        if people > MOST_MAILED {
            codes = issue(&app, &round, people, &mut rng).await;
        } else if choice.anonymity != Some(Anonymity::Open) {
            import_pool(&app, &clerk, pool(people), now, &mut rng)
                .await
                .unwrap();
            draw_sample(&app, &clerk, &round, 7, "http://a", now, &mut rng)
                .await
                .unwrap();
            send_waiting(&app, noon, &mut rng).await.unwrap();
            codes = codes_in(&folder.path().join("mail"));
        }
        open_round(&app, &clerk, &round, now, &mut rng)
            .await
            .unwrap();
        Self {
            app,
            round,
            rng,
            url,
            folder,
            codes,
        }
    }

    /// The program ends and starts again: nothing that was only in memory is left.
    pub async fn restart(self) -> Self {
        let Self {
            app,
            round,
            rng,
            url,
            folder,
            codes,
        } = self;
        app.finish().await;
        app.store().clone().close().await.unwrap();
        drop(app);
        // The writing task lets go of the file a moment after it has answered.
        let app = loop {
            match Store::open(&url).await {
                Ok(store) => break opened_with(store, folder.path()).await,
                Err(storage::StorageError::AlreadyOpen { .. }) => tokio::task::yield_now().await,
                Err(error) => panic!("{error}"),
            }
        };
        Self {
            app,
            round,
            rng,
            url,
            folder,
            codes,
        }
    }

    pub async fn record(&self) -> RoundRecord {
        find_round(&self.app, &self.round).await.unwrap()
    }

    /// A connection that nothing of ours guards.
    pub async fn raw(&self) -> DatabaseConnection {
        Database::connect(&self.url).await.unwrap()
    }

    /// The stored hash of each person's code.
    pub fn token_hashes(&self) -> BTreeMap<String, usize> {
        let keys = Keys::in_folder(self.folder.path().join("keys"));
        let secret = keys.read(&format!("round-{}", self.round)).unwrap();
        let hashes = self.codes.iter().enumerate();
        hashes
            .map(|(person, code)| (hash(&secret, &Token::parse(code).unwrap()), person))
            .collect()
    }

    /// Names of the mixing keys on disk.
    pub fn mix_keys(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path().join("keys")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
        names.filter(|name| name.starts_with("mix-")).collect()
    }

    /// A person answers from the invitation to the receipt.
    pub async fn answers(&self, person: usize, submission: &str) -> Receipt {
        self.sends(person, submission, TOLD).await
    }

    /// As [`Self::answers`], with what is noticed on the way.
    pub async fn sends(&self, person: usize, submission: &str, signs: SubmissionSigns) -> Receipt {
        let (app, round, code) = (&self.app, &self.round, &self.codes[person]);
        send(app, round, code, (person + 1, submission), signs).await
    }
}

/// Everybody was told what to answer, so that every ballot carries a sign for attackers to look at.
const TOLD: SubmissionSigns = SubmissionSigns {
    coached: true,
    burst: false,
};

/// Enters with the code, ticks the reasons that spell the number, writes more or less, sends in.
pub async fn answers(
    app: &App,
    round: &RoundId,
    code: &str,
    number: usize,
    submission: &str,
) -> Receipt {
    send(app, round, code, (number, submission), TOLD).await
}

async fn send(
    app: &App,
    round: &RoundId,
    code: &str,
    (number, submission): (usize, &str),
    signs: SubmissionSigns,
) -> Receipt {
    let key = collect::enter(app, round, code, noon())
        .await
        .unwrap()
        .unwrap();
    fill_in(app, round, &key, number).await;
    let mut rng = ChaCha20Rng::seed_from_u64(number as u64 + 1_000);
    let sent = collect::submit(app, round, &key, submission, signs, noon(), &mut rng).await;
    sent.unwrap().unwrap()
}

pub async fn fill_in(app: &App, round: &RoundId, key: &collect::DraftKey, number: usize) {
    let mut draft = collect::load(app, round, key).await.unwrap().unwrap();
    for page in draft.pages.clone() {
        let raw = if page.item.as_str() == "overall" {
            RawAnswer {
                choice: Some((number % 5 + 1).to_string()),
                ..RawAnswer::default()
            }
        } else {
            RawAnswer {
                reasons: (0..BITS)
                    .filter(|bit| number >> bit & 1 == 1)
                    .map(|bit| format!("b{bit}"))
                    .collect(),
                text: Some("办事要再快一些".repeat(number % 25 + 1)),
                ..RawAnswer::default()
            }
        };
        let saved = collect::save_page(app, round, key, &mut draft, &page, &raw).await;
        saved.unwrap().unwrap();
    }
}

/// The number that reasons spell.
pub fn spelled(reasons: &str) -> usize {
    let codes: Vec<String> = serde_json::from_str(reasons).unwrap();
    codes
        .iter()
        .map(|code| 1 << code[1..].parse::<u32>().unwrap())
        .sum()
}

pub async fn texts(raw: &DatabaseConnection, sql: &str) -> Result<Vec<String>, String> {
    let statement = Statement::from_string(raw.get_database_backend(), sql);
    let rows = raw
        .query_all_raw(statement)
        .await
        .map_err(|error| error.to_string())?;
    Ok(rows
        .iter()
        .map(|row| row.try_get_by_index(0).unwrap())
        .collect())
}

async fn opened(url: &str, folder: &Path) -> App {
    opened_with(Store::open(url).await.unwrap(), folder).await
}

async fn opened_with(store: Store, folder: &Path) -> App {
    let vault = format!("sqlite://{}/vault.db", folder.display());
    let vault = identity_vault::Vault::open(&vault, [3; 32]).await.unwrap();
    App::new(store, vault, folder.to_owned())
}

/// The codes in the mail spool, each read as its receiver reads it, by address.
fn codes_in(spool: &Path) -> Vec<String> {
    let mut codes = BTreeMap::new();
    for entry in fs::read_dir(spool).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        let mail = mailparse::parse_mail(&bytes).unwrap();
        let to = mail.headers.get_first_value("To").unwrap();
        let body = mail.get_body().unwrap();
        let code = body
            .split("/s/2026Q3#")
            .nth(1)
            .unwrap()
            .split_whitespace()
            .next()
            .unwrap();
        codes.insert(to, code.to_owned());
    }
    codes.into_values().collect()
}

/// From here on codes are issued without a draw and a mail for each.
const MOST_MAILED: u32 = 300;

/// Codes as a draw issues them.
async fn issue(app: &App, round: &RoundId, people: u32, rng: &mut ChaCha20Rng) -> Vec<String> {
    let keys = Keys::in_folder(app.folder().join("keys"));
    let secret = keys.read_or_make(&format!("round-{round}"), rng).unwrap();
    let tokens: Vec<_> = (0..people).map(|_| Token::generate(rng)).collect();
    let row = |token: &Token| TokenRow {
        token_hash: hash(&secret, token),
        round_id: round.to_string(),
        kind: InvitationKind::Overall,
        rater_group: RaterGroup::Citizens.code().to_owned(),
        stratum: "望湖区".to_owned(),
        weight_micro: 1_000_000,
        enterprise_key: None,
        state: TokenState::Issued,
    };
    let tx = app.store().begin().await.unwrap();
    insert_tokens(&tx, tokens.iter().map(row).collect())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    tokens.iter().map(Token::text).collect()
}
