//! Accounts of officials on a real database: whose they are, how long they are in, and what one administrator alone cannot do.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod administrators;
mod fake_provider;
mod passwords;
mod provider;
mod second_factor;
mod sessions;

use chrono::{DateTime, TimeDelta, Utc};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use std::{fs, path::Path};
use storage::{Store, accounts, audit_log};
use survey_design::{parse_questionnaire, parse_rules, parse_world};
use vocabulary::Role;
use workflows::{
    Actor, App, Credentials, Entered, NewAccount, PasswordChange, SignedIn, Verb, VerbError,
    WorldTemplates, add_account, change_password, confirm_role, load_world, sign_in, signed_in,
};

/// A password nobody would guess.
const GOOD: &str = "vT8kuzgm4qBx-雨";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn morning() -> DateTime<Utc> {
    at("2026-09-10T01:00:20Z")
}

fn administrator(role: Role) -> Actor {
    Actor {
        account: role.code().into(),
        name: role.label().to_owned(),
        role,
        unit: None,
        body: None,
    }
}

fn system() -> Actor {
    administrator(Role::SystemAdmin)
}

fn security() -> Actor {
    administrator(Role::SecurityAdmin)
}

fn code<T>(result: Verb<T>) -> &'static str {
    match result {
        Ok(_) => "done",
        Err(VerbError::Refused(refusal)) => refusal.code(),
        Err(_) => "failed",
    }
}

struct City {
    app: App,
    rng: ChaCha20Rng,
    folder: tempfile::TempDir,
}

/// An installation with a world and no account.
async fn city() -> City {
    let folder = tempfile::tempdir().unwrap();
    let url = |name: &str| format!("sqlite://{}/{name}.db", folder.path().display());
    let store = Store::open(&url("huiyin")).await.unwrap();
    let vault = identity_vault::Vault::open(&url("vault"), [3; 32])
        .await
        .unwrap();
    let app = App::new(store, vault, folder.path().to_owned());
    app.migrate().await.unwrap();
    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../survey-templates");
    let read = |path: &str| fs::read(templates.join(path)).unwrap();
    let world = WorldTemplates {
        world: parse_world(&read("worlds/yunxi.json")).unwrap(),
        rules: parse_rules(&read("rules/yunxi-2026.json")).unwrap(),
        indicators: None,
        questionnaires: ["overall", "enterprise"]
            .map(|name| parse_questionnaire(&read(&format!("questionnaires/{name}.json"))).unwrap())
            .to_vec(),
    };
    let clerk = administrator(Role::OfficeClerk);
    load_world(&app, &clerk, &world, morning()).await.unwrap();
    City {
        app,
        rng: ChaCha20Rng::seed_from_u64(9),
        folder,
    }
}

fn new(account: &str, role: Role) -> NewAccount {
    NewAccount {
        account: account.to_owned(),
        name: "方晓棠".to_owned(),
        role,
        unit: None,
        body: None,
    }
}

impl City {
    /// An account as the system administrator leaves it; the first password.
    async fn made(&mut self, account: &str, role: Role) -> String {
        let new = new(account, role);
        add_account(&self.app, &system(), &new, morning(), &mut self.rng)
            .await
            .unwrap()
    }

    /// An account of use, whose holder chose [`GOOD`].
    async fn settled(&mut self, account: &str, role: Role) {
        let first = self.made(account, role).await;
        confirm_role(&self.app, &security(), account, morning())
            .await
            .unwrap();
        let who = self.entered(account, &first, morning()).await;
        let change = PasswordChange {
            old: &first,
            new: GOOD,
            again: GOOD,
        };
        change_password(&self.app, &who, change, morning(), &mut self.rng)
            .await
            .unwrap();
    }

    async fn tried(&mut self, account: &str, password: &str, now: DateTime<Utc>) -> Verb<Entered> {
        let shown = Credentials {
            account,
            password,
            device: "Windows 电脑上的 Edge",
            earlier: None,
        };
        sign_in(&self.app, shown, now, &mut self.rng).await
    }

    /// The cookie after a right password.
    async fn cookie(&mut self, account: &str, password: &str, now: DateTime<Utc>) -> String {
        match self.tried(account, password, now).await.unwrap() {
            Entered::In(cookie) | Entered::CodeAsked(cookie) => cookie,
        }
    }

    async fn entered(&mut self, account: &str, password: &str, now: DateTime<Utc>) -> SignedIn {
        let cookie = self.cookie(account, password, now).await;
        self.behind(&cookie, now).await.unwrap()
    }

    async fn behind(&self, cookie: &str, now: DateTime<Utc>) -> Option<SignedIn> {
        signed_in(&self.app, cookie, now).await.unwrap()
    }

    async fn account(&self, id: &str) -> accounts::Account {
        let found = accounts::find_account(self.app.store(), id).await.unwrap();
        found.unwrap()
    }

    /// What the log says of an action, as `who object outcome`, newest first.
    async fn logged(&self, action: &str) -> Vec<String> {
        let filter = audit_log::EventFilter {
            action: Some(action.to_owned()),
            ..audit_log::EventFilter::default()
        };
        let found = audit_log::list_events(self.app.store(), &filter, 50).await;
        let line = |event: audit_log::AuditEvent| {
            format!("{} {} {}", event.actor, event.object, event.outcome)
        };
        found.unwrap().into_iter().map(line).collect()
    }
}

fn minutes(n: i64) -> TimeDelta {
    TimeDelta::minutes(n)
}
