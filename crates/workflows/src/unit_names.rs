//! What names in files mean: said once by the office, kept with its days and its history, used by every import after.

use crate::{
    Action, Actor, App, Refusal, UploadReport, Verb, allow, audit::audited, mix::random_id,
    rounds::find, upload_report, words,
};
use chrono::{DateTime, NaiveDate, Utc};
use rand::Rng;
use rating_import::{NameMatch, UnitIndex, UnitSpelling, unit_index};
use std::collections::BTreeMap;
use storage::{
    Link,
    unit_spellings::{self, SpellingReason},
    units, uploads,
    uploads::UploadState,
};
use vocabulary::{RoundId, UnitId};

/// Letters of a name at most.
const LONGEST: usize = 60;

/// A name in the files of a round that nobody knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnresolvedName {
    /// As the files write it, covered where it could be a person's.
    pub name: String,
    /// Rows with it.
    pub rows: u64,
    /// Files with it.
    pub files: Vec<String>,
    /// The nearest known names, best first.
    pub suggestions: Vec<String>,
}

/// The units by every name that holds on a day.
///
/// # Errors
/// When the database fails.
pub async fn unit_names(link: &impl Link, day: NaiveDate) -> Verb<UnitIndex> {
    let counting = counting(link).await?;
    Ok(unit_index(&units::list_units(link).await?).with_spellings(&counting, day))
}

async fn counting(link: &impl Link) -> Verb<Vec<UnitSpelling>> {
    let all = unit_spellings::list_spellings(link).await?;
    let counting = all.into_iter().filter(|row| row.ended_at.is_none());
    Ok(counting
        .map(|row| UnitSpelling {
            spelling: row.spelling,
            unit: row.unit_id.map(UnitId::new),
            valid_from: row.valid_from,
            valid_to: row.valid_to,
        })
        .collect())
}

/// Names nobody knows in the files of a round that were checked or taken, those with most rows first, each once.
///
/// # Errors
/// When there is no such round, or the database fails.
pub async fn unresolved_names(app: &App, round: &RoundId) -> Verb<Vec<UnresolvedName>> {
    let record = find(app, round).await?;
    let index = unit_names(app.store(), record.round.period_end).await?;
    let mut names: BTreeMap<String, UnresolvedName> = BTreeMap::new();
    for upload in uploads::list_uploads(app.store(), round).await? {
        let gone = matches!(upload.state, UploadState::Withdrawn | UploadState::Undone);
        let Some(UploadReport::Read(report)) = upload_report(&upload).filter(|_| !gone) else {
            continue;
        };
        for unknown in report.found.unknown_names {
            if !matches!(index.find(&unknown.name), NameMatch::Unknown { .. }) {
                continue;
            }
            let name = names.entry(unknown.name.clone()).or_insert(UnresolvedName {
                name: unknown.name,
                suggestions: unknown.suggestions,
                ..UnresolvedName::default()
            });
            name.rows += unknown.rows;
            name.files.push(upload.file_name.clone());
        }
    }
    let mut names: Vec<_> = names.into_values().collect();
    names.sort_by(|one, two| {
        two.rows
            .cmp(&one.rows)
            .then_with(|| one.name.cmp(&two.name))
    });
    Ok(names)
}

/// Says what a name means; files that wait for a decision are checked again.
///
/// # Errors
/// When the account may not import, the name or its days are not possible, there is no such unit, or the name has a meaning on
/// one of these days already.
pub async fn register_spelling(
    app: &App,
    actor: &Actor,
    (told, reason): (UnitSpelling, SpellingReason),
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<()> {
    allow(actor, Action::Prepare)?;
    let spelling = words("文件里的名称", &told.spelling, LONGEST)?;
    if told.valid_to.is_some() && told.valid_from > told.valid_to {
        return Err(Refusal::Contradiction("起始日期晚于截止日期，请改正").into());
    }
    let tx = app.store.begin().await?;
    if let Some(unit) = &told.unit {
        let found = units::find_unit(&tx, unit).await?;
        found.ok_or(Refusal::Missing("这个单位"))?;
    }
    if counting(&tx)
        .await?
        .iter()
        .any(|other| other.overlaps(&told))
    {
        let text = "这个名称在这段日期里已经登记过；要改就先停用原来那一条";
        return Err(Refusal::Contradiction(text).into());
    }
    let row = unit_spellings::UnitSpelling {
        id: random_id(rng),
        spelling,
        unit_id: told.unit.map(|unit| unit.to_string()),
        reason,
        valid_from: told.valid_from,
        valid_to: told.valid_to,
        added_by: actor.account.to_string(),
        added_at: now,
        ended_by: None,
        ended_at: None,
    };
    let id = row.id.clone();
    unit_spellings::insert_spelling(&tx, row).await?;
    uploads::recheck_all(&tx).await?;
    audited(&tx, actor, "register_spelling", &id, now).await?;
    tx.commit().await?;
    app.desk.ring();
    Ok(())
}

/// Ends what was said of a name; rows already taken stay, files that wait for a decision are checked again.
///
/// # Errors
/// When the account may not import, or there is no such entry that counts.
pub async fn end_spelling(app: &App, actor: &Actor, id: &str, now: DateTime<Utc>) -> Verb<()> {
    allow(actor, Action::Prepare)?;
    let tx = app.store.begin().await?;
    if !unit_spellings::end_spelling(&tx, id, (actor.account.as_str(), now)).await? {
        return Err(Refusal::Missing("这条登记").into());
    }
    uploads::recheck_all(&tx).await?;
    audited(&tx, actor, "end_spelling", id, now).await?;
    tx.commit().await?;
    app.desk.ring();
    Ok(())
}
