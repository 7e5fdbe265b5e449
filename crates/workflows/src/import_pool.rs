//! Imports the sample pool and the list of enterprises: personal fields go to the vault, the pool keeps a pseudonym and a group.

use crate::{
    Action, Actor, App, ImportMode, ImportReport, Verb, VerbError, allow, audit::audited,
    draw_sample::ENTERPRISE_LIST, keys::Key, seal::keyed,
};
use chrono::{DateTime, Utc};
use identity_vault::Person;
use rand::Rng;
use rating_import::{EnterpriseListRow, Imported, PoolRow};
use std::{collections::HashSet, io};
use storage::pool::{self, PoolMember};

/// Issues that are kept word by word; all are counted.
const MOST_ISSUES: usize = 10_000;

/// A row of a file that becomes a member of the sample library: a person, or an enterprise that rates online.
pub trait PoolEntry {
    /// The pseudonym under the key of the library, what the library keeps, and what only the vault keeps.
    fn entry(&self, key: &Key) -> (PoolMember, Person);
}

/// Imports a file in parts, so that a million rows need no more memory than a few thousand.
///
/// Each part is written in one transaction. When a later part fails, the file can be imported again: people already there, by
/// phone and mail, stay as they are.
#[derive(Debug)]
pub struct PoolImport<'a> {
    app: &'a App,
    actor: &'a Actor,
    key: Key,
    mode: ImportMode,
    report: ImportReport,
    /// Pseudonyms of this file.
    seen: HashSet<[u8; 16]>,
}

impl<'a> PoolImport<'a> {
    /// Begins an import.
    ///
    /// # Errors
    /// When the account may not import, or the key of the library cannot be read.
    pub fn start(
        app: &'a App,
        actor: &'a Actor,
        mode: ImportMode,
        rng: &mut (impl Rng + Send),
    ) -> Verb<Self> {
        allow(actor, Action::Prepare)?;
        Ok(Self {
            app,
            actor,
            key: app.keys.read_or_make("pool", rng)?,
            mode,
            report: ImportReport {
                batch: "pool".to_owned(),
                rows_total: 0,
                new: 0,
                same: 0,
                changed: 0,
                duplicate: 0,
                rejected: 0,
                issues: Vec::new(),
                reply_lag: None,
            },
            seen: HashSet::new(),
        })
    }

    /// Takes one part.
    ///
    /// # Errors
    /// When the database or the vault fails; then nothing of this part is in the library.
    pub async fn take<R: PoolEntry + Sync>(
        &mut self,
        part: &Imported<R>,
        now: DateTime<Utc>,
        rng: &mut (impl Rng + Send),
    ) -> Verb<()> {
        let mut entries: Vec<_> = part.rows.iter().map(|row| row.entry(&self.key)).collect();
        let all = entries.len();
        entries.retain(|(member, _)| self.seen.insert(bytes_of(&member.pseudonym)));
        let once = entries.len();
        let names: Vec<String> = entries
            .iter()
            .map(|entry| entry.0.pseudonym.clone())
            .collect();
        let known = pool::known_pseudonyms(self.app.store(), &names).await?;
        entries.retain(|(member, _)| !known.contains(&member.pseudonym));
        self.report.rows_total += part.rows_total;
        self.report.new += entries.len() as u64;
        self.report.same += (once - entries.len()) as u64;
        self.report.duplicate += part.duplicates + (all - once) as u64;
        self.report.rejected += part.rejected;
        let room = MOST_ISSUES.saturating_sub(self.report.issues.len());
        self.report
            .issues
            .extend(part.issues.iter().take(room).cloned());
        if self.mode == ImportMode::DryRun {
            return Ok(());
        }
        let (members, people): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
        let kept = self.app.vault.insert_people(people, rng).await;
        kept.map_err(|error| VerbError::Io(io::Error::other(error.to_string())))?;
        let tx = self.app.store.begin().await?;
        pool::insert_pool_members(&tx, members).await?;
        audited(&tx, self.actor, "import_pool", "pool", now).await?;
        Ok(tx.commit().await?)
    }

    /// What became of all parts.
    #[must_use]
    pub fn report(self) -> ImportReport {
        self.report
    }
}

/// Imports people or enterprises that are at hand as a whole; one already there stays as is.
///
/// # Errors
/// When the database or the vault fails; then nothing is in the library.
pub async fn import_pool<R: PoolEntry + Sync>(
    app: &App,
    actor: &Actor,
    imported: Imported<R>,
    mode: ImportMode,
    now: DateTime<Utc>,
    rng: &mut (impl Rng + Send),
) -> Verb<ImportReport> {
    let mut import = PoolImport::start(app, actor, mode, rng)?;
    import.take(&imported, now, rng).await?;
    Ok(import.report())
}

/// The bytes of a pseudonym.
fn bytes_of(pseudonym: &str) -> [u8; 16] {
    let mut bytes = [0; 16];
    hex::decode_to_slice(pseudonym, &mut bytes).expect("a pseudonym is 32 hexadecimal digits");
    bytes
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
