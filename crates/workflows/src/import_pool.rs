//! Imports the sample pool and the list of enterprises: personal fields go to the vault, the pool keeps a pseudonym and a group.

use crate::{
    Action, Actor, App, ImportMode, ImportReport, Verb, VerbError, allow, audit::audited,
    draw_sample::ENTERPRISE_LIST, keys::Key, seal::keyed,
};
use chrono::{DateTime, Utc};
use identity_vault::Person;
use rand::Rng;
use rating_import::{EnterpriseListRow, Imported, PoolRow};
use std::{collections::BTreeSet, io};
use storage::pool::{self, PoolMember};

/// Imports the sample pool; a person already there, by phone and mail, stays as is.
///
/// # Errors
/// When the database or the vault fails; then nothing is written.
pub async fn import_pool(
    app: &App,
    actor: &Actor,
    imported: Imported<PoolRow>,
    mode: ImportMode,
    now: DateTime<Utc>,
    rng: &mut (impl Rng + Send),
) -> Verb<ImportReport> {
    allow(actor, Action::Prepare)?;
    let key = app.keys.read_or_make("pool", rng)?;
    let entries = imported
        .rows
        .iter()
        .map(|row| pool_entry(&key, row))
        .collect();
    take(app, actor, &imported, entries, (mode, now), rng).await
}

/// Imports the list of enterprises that rate online; each is asked once a round.
///
/// # Errors
/// When the database or the vault fails; then nothing is written.
pub async fn import_enterprise_list(
    app: &App,
    actor: &Actor,
    imported: Imported<EnterpriseListRow>,
    mode: ImportMode,
    now: DateTime<Utc>,
    rng: &mut (impl Rng + Send),
) -> Verb<ImportReport> {
    allow(actor, Action::Prepare)?;
    let key = app.keys.read_or_make("pool", rng)?;
    let entries = imported
        .rows
        .iter()
        .map(|row| enterprise_entry(&key, row))
        .collect();
    take(app, actor, &imported, entries, (mode, now), rng).await
}

type Entry = (PoolMember, Person);

async fn take<T: Sync>(
    app: &App,
    actor: &Actor,
    imported: &Imported<T>,
    entries: Vec<Entry>,
    (mode, now): (ImportMode, DateTime<Utc>),
    rng: &mut (impl Rng + Send),
) -> Verb<ImportReport> {
    let known: BTreeSet<String> = pool::list_pool_members(app.store())
        .await?
        .into_iter()
        .map(|member| member.pseudonym)
        .collect();
    let total = entries.len() as u64;
    let fresh: Vec<Entry> = entries
        .into_iter()
        .filter(|(member, _)| !known.contains(&member.pseudonym))
        .collect();
    let report = ImportReport {
        batch: "pool".to_owned(),
        rows_total: imported.rows_total,
        new: fresh.len() as u64,
        same: total - fresh.len() as u64,
        changed: 0,
        duplicate: imported.duplicates,
        rejected: imported.rejected,
        issues: imported.issues.clone(),
        reply_lag: None,
    };
    if mode == ImportMode::DryRun {
        return Ok(report);
    }
    let (members, people): (Vec<_>, Vec<_>) = fresh.into_iter().unzip();
    let kept = app.vault.insert_people(people, rng).await;
    kept.map_err(|error| VerbError::Io(io::Error::other(error.to_string())))?;
    let tx = app.store.begin().await?;
    pool::insert_pool_members(&tx, members).await?;
    audited(&tx, actor, "import_pool", "pool", now).await?;
    tx.commit().await?;
    Ok(report)
}

fn pseudonym(key: &Key, parts: &[&str]) -> String {
    let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
    hex::encode(&keyed(key, &parts)[..16])
}

fn member(pseudonym: String, group: &str, county: &str) -> PoolMember {
    PoolMember {
        pseudonym,
        rater_group: group.to_owned(),
        stratum: group.to_owned(),
        county: county.to_owned(),
        served_units: "[]".to_owned(),
        rest_until: None,
        consent: true,
    }
}

fn pool_entry(key: &Key, row: &PoolRow) -> Entry {
    let (phone, email) = (
        row.phone.clone().unwrap_or_default(),
        row.email.clone().unwrap_or_default(),
    );
    let pseudonym = pseudonym(key, &[&phone, &email]);
    let organisation = row.position.clone().unwrap_or_default();
    let person = Person {
        pseudonym: pseudonym.clone(),
        name: row.name.clone(),
        phone,
        email,
        organisation,
    };
    (member(pseudonym, row.group.code(), &row.county), person)
}

fn enterprise_entry(key: &Key, row: &EnterpriseListRow) -> Entry {
    let pseudonym = pseudonym(key, &["enterprise", &row.credit_code]);
    let person = Person {
        pseudonym: pseudonym.clone(),
        name: row.name.clone(),
        phone: row.phone.clone().unwrap_or_default(),
        email: row.email.clone().unwrap_or_default(),
        organisation: row.credit_code.clone(),
    };
    (member(pseudonym, ENTERPRISE_LIST, ""), person)
}
