//! Imports the sample pool and the list of enterprises: personal fields go to the vault, the pool keeps a pseudonym and a group.

use crate::{
    Action, Actor, App, ImportMode, ImportReport, Refusal, Verb, VerbError, allow, audit::audited,
    draw_sample::ENTERPRISE_LIST, import_ratings::SHOWN_ISSUES, keys::Key, seal::keyed,
    uploads::Underway,
};
use chrono::{DateTime, Utc};
use identity_vault::{Person, VaultError};
use rand::Rng;
use rating_import::{Chunk, EnterpriseListRow, Incoming, PoolRow};
use serde::de::DeserializeOwned;
use std::{collections::BTreeMap, io};
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
    /// Where it is told how far the file has been read.
    pub progress: Option<Underway>,
}

/// Stands where a batch of ratings has its number: people are in the library or not, whichever file brought them.
const BATCH: &str = "pool";

/// Imports people or enterprises in parts, so that a million rows need no more memory than a few thousand.
///
/// Each part is written in one transaction. When a later part fails, the file can be imported again: who is there already as
/// the file says stays, who is there otherwise is brought up to date. Whether somebody rests or has agreed is not in a file
/// and stays.
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
        progress,
    } = file;
    let key = app.keys.read_or_make("pool", rng)?;
    let (mut total, mut shown) = (Compared::default(), Vec::new());
    loop {
        let Chunk { rows, issues } = rows.next_chunk(PART).map_err(|refused| Refusal::File {
            name: name.clone(),
            refused: refused.impersonal(),
        })?;
        if rows.is_empty() && issues.is_empty() {
            break;
        }
        if let Some(progress) = &progress {
            progress.add(rows.len() as u64);
        }
        let part = compare(app, rows.iter().map(|row| row.entry(&key)).collect()).await?;
        total.add(&part);
        shown.extend(issues.into_iter().take(SHOWN_ISSUES - shown.len()));
        if mode == ImportMode::Apply && !part.entries.is_empty() {
            write(app, actor, part.entries, now, rng).await?;
        }
    }
    let summary = rows.summary().cloned().unwrap_or_default();
    Ok(ImportReport {
        batch: BATCH.to_owned(),
        rows_total: summary.rows_total,
        new: total.new,
        same: total.same,
        changed: total.changed,
        duplicate: summary.duplicates,
        rejected: summary.rejected,
        issues: shown,
        issues_total: summary.issues,
        reply_lag: None,
        found: summary,
    })
}

type Entry = (PoolMember, Person);

/// Rows beside the library.
#[derive(Default)]
struct Compared {
    new: u64,
    same: u64,
    changed: u64,
    /// Who is new or changed, as they are to be.
    entries: Vec<Entry>,
}

impl Compared {
    const fn add(&mut self, part: &Self) {
        self.new += part.new;
        self.same += part.same;
        self.changed += part.changed;
    }
}

async fn compare(app: &App, entries: Vec<Entry>) -> Verb<Compared> {
    let names: Vec<String> = entries.iter().map(|e| e.0.pseudonym.clone()).collect();
    let known = pool::list_members_named(app.store(), &names).await?;
    let known: BTreeMap<_, _> = known
        .into_iter()
        .map(|member| (member.pseudonym.clone(), member))
        .collect();
    let people = entries.iter().map(|(_, person)| person.clone());
    let kept: Vec<Person> = people
        .filter(|person| known.contains_key(&person.pseudonym))
        .collect();
    let differing = app.vault.differing(&kept).await.map_err(locked)?;
    let mut compared = Compared::default();
    for (member, person) in entries {
        let Some(known) = known.get(&member.pseudonym) else {
            compared.new += 1;
            compared.entries.push((member, person));
            continue;
        };
        let member = PoolMember {
            served_units: known.served_units.clone(),
            rest_until: known.rest_until,
            consent: known.consent,
            ..member
        };
        if member == *known && !differing.contains(&member.pseudonym) {
            compared.same += 1;
        } else {
            compared.changed += 1;
            compared.entries.push((member, person));
        }
    }
    Ok(compared)
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
    kept.map_err(locked)?;
    let tx = app.store.begin().await?;
    pool::insert_pool_members(&tx, members).await?;
    audited(&tx, actor, "import_pool", BATCH, now).await?;
    Ok(tx.commit().await?)
}

/// A vault without its key stays shut however often it is tried.
fn locked(error: VaultError) -> VerbError {
    match error {
        VaultError::Locked => {
            Refusal::Contradiction("身份库的密钥没有恢复，不能导入人员；请先恢复密钥").into()
        }
        other => VerbError::Io(io::Error::other(other.to_string())),
    }
}

fn pseudonym(key: &Key, parts: &[&str]) -> String {
    let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
    hex::encode(&keyed(key, &parts)[..16])
}

impl PoolEntry for PoolRow {
    fn entry(&self, key: &Key) -> (PoolMember, Person) {
        let phone = self.phone.clone().unwrap_or_default();
        let email = self.email.clone().unwrap_or_default();
        // An address that is added later makes nobody a second person.
        let reached_by = match phone.is_empty() {
            true => ["", &email],
            false => [&phone, ""],
        };
        let pseudonym = pseudonym(key, &reached_by);
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
