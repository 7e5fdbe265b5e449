//! Imports the sample pool and the list of enterprises: personal fields go to the vault, the pool keeps a pseudonym and a group.

use crate::{
    Action, Actor, App, ImportMode, ImportReport, Refusal, Verb, VerbError, allow, audit::audited,
    draw_sample::ENTERPRISE_LIST, import_ratings::SHOWN_ISSUES, keys::Key, seal::keyed,
};
use chrono::{DateTime, Utc};
use identity_vault::Person;
use rand::Rng;
use rating_import::{Chunk, EnterpriseListRow, Incoming, PoolRow};
use serde::de::DeserializeOwned;
use std::io;
use storage::pool::{self, PoolMember};

/// Rows and issues of one part, written in one transaction.
const PART: usize = 20_000;

/// A row of a file that becomes a member of the sample library: a person, or an enterprise that rates online.
pub trait PoolEntry: DeserializeOwned + Send + Sync {
    /// The pseudonym under the key of the library, what the library keeps, and what only the vault keeps.
    fn entry(&self, key: &Key) -> (PoolMember, Person);
}

/// People or enterprises that are being read and what is to be done with them.
pub struct PoolFile<R> {
    /// Name of the file.
    pub name: String,
    /// Its rows as they come.
    pub rows: Incoming<R>,
    /// Whether they are written.
    pub mode: ImportMode,
}

/// Imports people or enterprises in parts, so that a million rows need no more memory than a few thousand.
///
/// Each part is written in one transaction. When a later part fails, the file can be imported again: people already there, by
/// phone and mail, stay as they are.
///
/// # Errors
/// When the account may not import, the file is refused, or the database or the vault fails; then nothing of the part is in
/// the library.
pub async fn import_pool<R: PoolEntry>(
    app: &App,
    actor: &Actor,
    file: PoolFile<R>,
    now: DateTime<Utc>,
    rng: &mut (impl Rng + Send),
) -> Verb<ImportReport> {
    allow(actor, Action::Prepare)?;
    let PoolFile {
        name,
        mut rows,
        mode,
    } = file;
    let key = app.keys.read_or_make("pool", rng)?;
    let (mut new, mut same, mut shown) = (0, 0, Vec::new());
    loop {
        let Chunk { rows, issues } = rows.next_chunk(PART).map_err(|refused| Refusal::File {
            name: name.clone(),
            refused,
        })?;
        if rows.is_empty() && issues.is_empty() {
            break;
        }
        let fresh = unknown(app, rows.iter().map(|row| row.entry(&key)).collect()).await?;
        new += fresh.len() as u64;
        same += (rows.len() - fresh.len()) as u64;
        shown.extend(issues.into_iter().take(SHOWN_ISSUES - shown.len()));
        if mode == ImportMode::Apply {
            write(app, actor, fresh, now, rng).await?;
        }
    }
    let summary = rows.summary().cloned().unwrap_or_default();
    Ok(ImportReport {
        batch: "pool".to_owned(),
        rows_total: summary.rows_total,
        new,
        same,
        changed: 0,
        duplicate: summary.duplicates,
        rejected: summary.rejected,
        issues: shown,
        issues_total: summary.issues,
        reply_lag: None,
        found: summary,
    })
}

type Entry = (PoolMember, Person);

/// Those who are not in the library yet.
async fn unknown(app: &App, mut entries: Vec<Entry>) -> Verb<Vec<Entry>> {
    let names: Vec<String> = entries.iter().map(|e| e.0.pseudonym.clone()).collect();
    let known = pool::known_pseudonyms(app.store(), &names).await?;
    entries.retain(|(member, _)| !known.contains(&member.pseudonym));
    Ok(entries)
}

async fn write(
    app: &App,
    actor: &Actor,
    entries: Vec<Entry>,
    now: DateTime<Utc>,
    rng: &mut (impl Rng + Send),
) -> Verb<()> {
    let (members, people): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
    let kept = app.vault.insert_people(people, rng).await;
    kept.map_err(|error| VerbError::Io(io::Error::other(error.to_string())))?;
    let tx = app.store.begin().await?;
    pool::insert_pool_members(&tx, members).await?;
    audited(&tx, actor, "import_pool", "pool", now).await?;
    Ok(tx.commit().await?)
}

fn pseudonym(key: &Key, parts: &[&str]) -> String {
    let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
    hex::encode(&keyed(key, &parts)[..16])
}

impl PoolEntry for PoolRow {
    fn entry(&self, key: &Key) -> (PoolMember, Person) {
        let phone = self.phone.clone().unwrap_or_default();
        let email = self.email.clone().unwrap_or_default();
        let pseudonym = pseudonym(key, &[&phone, &email]);
        let group = self.group.code();
        let member = PoolMember {
            pseudonym: pseudonym.clone(),
            rater_group: group.to_owned(),
            stratum: match &self.stratum {
                Some(stratum) => format!("{group}/{stratum}"),
                None => group.to_owned(),
            },
            community: self.community.clone().unwrap_or_default(),
            size: self.size.map_or(1, i64::from),
            county: self.county.clone(),
            served_units: "[]".to_owned(),
            rest_until: None,
            consent: true,
        };
        let person = Person {
            pseudonym,
            name: self.name.clone(),
            phone,
            email,
            organisation: self.position.clone().unwrap_or_default(),
        };
        (member, person)
    }
}

impl PoolEntry for EnterpriseListRow {
    fn entry(&self, key: &Key) -> (PoolMember, Person) {
        let pseudonym = pseudonym(key, &["enterprise", &self.credit_code]);
        let member = PoolMember {
            pseudonym: pseudonym.clone(),
            rater_group: ENTERPRISE_LIST.to_owned(),
            stratum: ENTERPRISE_LIST.to_owned(),
            community: String::new(),
            size: 1,
            county: String::new(),
            served_units: "[]".to_owned(),
            rest_until: None,
            consent: true,
        };
        let person = Person {
            pseudonym,
            name: self.name.clone(),
            phone: self.phone.clone().unwrap_or_default(),
            email: self.email.clone().unwrap_or_default(),
            organisation: self.credit_code.clone(),
        };
        (member, person)
    }
}
