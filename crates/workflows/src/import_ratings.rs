//! Takes what another system collected: compare, apply in one transaction; the same file again changes nothing.

mod content;
mod take;

use crate::uploads::Underway;
use crate::{
    Action, Actor, App, Refusal, Verb, allow,
    audit::audited,
    bad_ratings::Hall,
    documents::rules,
    webhook::{Event, tell_sources},
};
use chrono::{DateTime, Utc};
use rand::Rng;
use rating_import::{
    EnterpriseRow, FileKind, HallRow, HallVolume, HotlineRow, HotlineTotals, ImportIssue, Incoming,
    PairingRow, ReplyLag, Summary, SurveyRow,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::{self, Read};
use storage::{
    Link, Tx,
    imports::{self, BatchState, ImportBatch},
    rounds::{self, RoundRecord},
};
use take::{Target, take};
use vocabulary::RoundId;

/// The file an import came from.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Its name.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Name of the mapping used.
    pub mapping: String,
}

impl SourceFile {
    /// Names a file by its bytes, which are read to their end.
    ///
    /// # Errors
    /// Whatever the reader says.
    pub fn of(name: &str, mut bytes: impl Read, mapping: &str) -> io::Result<Self> {
        let mut digest = Sha256::new();
        let mut piece = vec![0; 64 * 1024];
        loop {
            match bytes.read(&mut piece)? {
                0 => break,
                read => digest.update(&piece[..read]),
            }
        }
        Ok(Self {
            name: name.to_owned(),
            sha256: hex::encode(digest.finalize()),
            mapping: mapping.to_owned(),
        })
    }
}

/// Whether an import is written or only checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportMode {
    /// Write it.
    Apply,
    /// Say what would happen and write nothing.
    DryRun,
}

/// A file that is being read and what is to be done with it.
pub struct Import {
    /// Where it came from.
    pub file: SourceFile,
    /// Its rows as they come.
    pub rows: ImportedRows,
    /// Whether they are written.
    pub mode: ImportMode,
    /// Where it is told how far the file has been read.
    pub progress: Option<Underway>,
}

/// What an import came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// Number of the batch.
    pub batch: String,
    /// Data rows of the file.
    pub rows_total: u64,
    /// Rows not seen before.
    pub new: u64,
    /// Rows that were there with the same content.
    pub same: u64,
    /// Rows that replaced an earlier version.
    pub changed: u64,
    /// Rows whose key stood in the file before.
    pub duplicate: u64,
    /// Rows that gave nothing because something is wrong.
    pub rejected: u64,
    /// What is wrong: the first ten thousand; with an applied import all are kept with the batch.
    pub issues: Vec<ImportIssue>,
    /// How many things are wrong.
    pub issues_total: u64,
    /// How long replies took, where the file says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_lag: Option<ReplyLag>,
    /// What was recognised in the file, its own totals against ours, and names nobody knows.
    pub found: Summary,
}

/// Rows of any kind an import can bring, as another process reads them.
pub enum ImportedRows {
    /// Service-centre ratings.
    Hall(Incoming<HallRow>),
    /// Completed cases per unit.
    Volume(Incoming<HallVolume>),
    /// Hotline orders or mailbox messages.
    Hotline(Incoming<HotlineRow>),
    /// Totals of a hotline by unit and month.
    HotlineTotals(Incoming<HotlineTotals>),
    /// Ratings by communities and villages.
    Pairing(Incoming<PairingRow>),
    /// Ratings by enterprises.
    Enterprise(Incoming<EnterpriseRow>),
    /// A survey agency's microdata.
    Survey(Incoming<SurveyRow>),
}

impl ImportedRows {
    const fn kind(&self) -> FileKind {
        match self {
            Self::Hall(_) => FileKind::HallRatings,
            Self::Volume(_) => FileKind::HallVolumes,
            Self::Hotline(_) => FileKind::HotlineOrders,
            Self::HotlineTotals(_) => FileKind::HotlineSummary,
            Self::Pairing(_) => FileKind::Pairing,
            Self::Enterprise(_) => FileKind::EnterpriseRatings,
            Self::Survey(_) => FileKind::Survey,
        }
    }
}

/// The key that names opinions by the rows they came with.
pub(crate) const OPINIONS: &str = "opinions";

/// Issues a report shows.
pub const SHOWN_ISSUES: usize = 10_000;

/// Applies an import to a round whose data no unit checks yet, or says what it would come to.
///
/// Only what is written holds up others who write; a dry run reads and compares.
///
/// # Errors
/// When units check the round already, the file is refused, or the database fails; then nothing is written.
pub async fn import_ratings(
    app: &App,
    actor: &Actor,
    round: &RoundId,
    import: Import,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<ImportReport> {
    match import.mode {
        ImportMode::DryRun => {
            allow(actor, Action::Import).or_else(|_| allow(actor, Action::SendFile))?
        }
        ImportMode::Apply => allow(actor, Action::Import)?,
    }
    let store = app.store();
    refuse_frozen_data(round, rounds::find_round(store, round).await?)?;
    let channel = import.rows.kind().code();
    if import.mode == ImportMode::DryRun {
        let (batch, earlier) = batches_of(store, round, channel, &import.file).await?;
        let target = Target {
            link: store,
            round,
            batch: &batch,
            opinions: app.keys.read_or_make(OPINIONS, rng)?,
            progress: import.progress.as_ref(),
            hall: None,
        };
        let taken = take(&target, &import.file, import.rows).await?;
        return Ok(taken.report(earlier.unwrap_or(batch)));
    }
    let (report, tx) = uncommitted_import(app, actor, round, import, now, rng).await?;
    tx.commit().await?;
    Ok(report)
}

/// Applies an import in a transaction that somebody else commits; what brings nothing new writes no batch into it.
pub(crate) async fn uncommitted_import(
    app: &App,
    actor: &Actor,
    round: &RoundId,
    import: Import,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<(ImportReport, Tx)> {
    let tx = app.store.begin().await?;
    let (report, earlier) = apply_import(app, &tx, actor, round, import, now, rng).await?;
    match earlier {
        Some(batch) if report.new == 0 && report.changed == 0 => {
            drop(tx);
            let report = ImportReport { batch, ..report };
            Ok((report, app.store.begin().await?))
        }
        _ => Ok((report, tx)),
    }
}

/// Writes an import as a batch of its own, in a transaction that belongs to more than it; returns also the batch the same file was
/// taken as before.
pub(crate) async fn apply_import(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    round: &RoundId,
    import: Import,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<(ImportReport, Option<String>)> {
    allow(actor, Action::Import)?;
    let record = refuse_frozen_data(round, rounds::lock_round(tx, round).await?)?;
    let channel = import.rows.kind().code();
    let (batch, earlier) = batches_of(tx, round, channel, &import.file).await?;
    let row = batch_row(&batch, round, channel, &import.file, actor, now);
    imports::insert_batch(tx, row.clone()).await?;
    let key = app.keys.read_or_make(OPINIONS, rng)?;
    let target = Target {
        link: tx,
        round,
        batch: &batch,
        opinions: key,
        progress: import.progress.as_ref(),
        hall: Some(Hall {
            actor,
            rules: rules(app, &record.round.rules_digest).await?,
            round,
            now,
            key,
        }),
    };
    let taken = take(&target, &import.file, import.rows).await?;
    let row = taken.counted(row);
    imports::update_batch(tx, row.clone()).await?;
    audited(tx, actor, "import_ratings", &batch, now).await?;
    tell_sources(app, tx, Event::Applied, &row, now, rng).await?;
    Ok((taken.report(batch), earlier))
}

/// Once units check what there is, rows neither come nor go.
pub(crate) fn refuse_frozen_data(round: &RoundId, found: Option<RoundRecord>) -> Verb<RoundRecord> {
    let record = found.ok_or_else(|| Refusal::RoundUnknown(round.clone()))?;
    match record.round.state.takes_data() {
        true => Ok(record),
        false => Err(Refusal::DataFrozen.into()),
    }
}

/// Number of the next batch of a file, and of the last that counts; a file that was undone, or is read with names or headers told
/// since, comes again under a number of its own.
async fn batches_of(
    link: &impl Link,
    round: &RoundId,
    channel: &str,
    file: &SourceFile,
) -> Verb<(String, Option<String>)> {
    let sha256 = &file.sha256;
    let id = format!("DR-{round}-{channel}-{}", &sha256[..16]);
    let next = match imports::count_batches_of_file(link, round, channel, sha256).await? {
        0 => id,
        before => format!("{id}-{}", before + 1),
    };
    let earlier = imports::find_batch_by_file(link, round, channel, sha256).await?;
    Ok((next, earlier.map(|earlier| earlier.id)))
}

fn batch_row(
    id: &str,
    round: &RoundId,
    channel: &str,
    file: &SourceFile,
    actor: &Actor,
    now: DateTime<Utc>,
) -> ImportBatch {
    ImportBatch {
        id: id.to_owned(),
        round_id: round.to_string(),
        channel: channel.to_owned(),
        file_name: file.name.clone(),
        file_sha256: file.sha256.clone(),
        mapping: file.mapping.clone(),
        state: BatchState::Applied,
        rows_total: 0,
        new_rows: 0,
        same_rows: 0,
        changed_rows: 0,
        duplicate_rows: 0,
        rejected_rows: 0,
        created_at: now,
        created_by: actor.account.to_string(),
    }
}
