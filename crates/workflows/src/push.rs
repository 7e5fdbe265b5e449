//! Rows a source sends: read like a file, taken in one transaction together with the answer, which a repetition gets again.

mod answer;
mod running;

pub use answer::{PushAnswer, PushIssue, SHOWN_PUSH_ISSUES};
pub(crate) use running::Running;

use crate::{
    App, Import, ImportMode, ImportedRows, SourceFile, Verb, VerbError,
    documents::rules,
    import_ratings::{apply_import, import_ratings},
    rounds::find,
    sources::actor_of_source,
    unit_names::unit_names,
};
use chrono::{DateTime, Utc};
use rand::Rng;
use rating_import::{
    FileKind, HallReading, HandOn, Incoming, LevelCodes, Record, RecordsRefused, Stopped, Summary,
    UnitIndex, parse_hall, parse_hotline, sheet_of_records, write_ndjson,
};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use std::io::{self, Cursor};
use storage::{
    StorageError, Tx,
    sources::{self, Source, SourceRequest},
};
use vocabulary::{RoundId, civil_date};

/// Name of the batches that come this way.
const FILE_NAME: &str = "接口推送";

/// What a source asks.
#[derive(Clone, Debug)]
pub struct Pushed {
    /// What the rows are said to be.
    pub kind: FileKind,
    /// The name the source gave the request.
    pub idempotency_key: String,
    /// Round they are for.
    pub round: RoundId,
    /// Whether they are taken.
    pub mode: ImportMode,
    /// The rows.
    pub rows: Vec<Record>,
}

/// Why rows were not taken; nothing was written.
#[derive(Debug)]
pub enum PushRefused {
    /// The key does not count any more.
    Key,
    /// The key is for another kind of rows.
    Kind,
    /// The same request is being answered just now.
    Running,
    /// The name was used for another request.
    OtherBody,
    /// The rows are no table.
    Rows(RecordsRefused),
    /// As with a file.
    Verb(VerbError),
}

impl From<VerbError> for PushRefused {
    fn from(error: VerbError) -> Self {
        Self::Verb(error)
    }
}

impl From<StorageError> for PushRefused {
    fn from(error: StorageError) -> Self {
        Self::Verb(error.into())
    }
}

impl From<io::Error> for PushRefused {
    fn from(error: io::Error) -> Self {
        Self::Verb(error.into())
    }
}

impl From<RecordsRefused> for PushRefused {
    fn from(refused: RecordsRefused) -> Self {
        Self::Rows(refused)
    }
}

/// Takes the rows of a source and returns the answer as JSON; the same request again gets the same answer and does nothing.
///
/// # Errors
/// [`PushRefused`]; then nothing was written and the name of the request is free again.
pub async fn push_rows(
    app: &App,
    source: &Source,
    pushed: Pushed,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Result<String, PushRefused> {
    if pushed.kind.code() != source.kind {
        return Err(PushRefused::Kind);
    }
    let request = SourceRequest {
        source_id: source.id.clone(),
        idempotency_key: pushed.idempotency_key.clone(),
        body_sha256: body_digest(&pushed),
        answer: String::new(),
        asked_at: now,
    };
    let name = (source.id.clone(), pushed.idempotency_key.clone());
    let _until_answered = app.running.begin(name).ok_or(PushRefused::Running)?;
    if let Some(answer) = answered(app, &request).await? {
        return Ok(answer);
    }
    match run(app, source, pushed, request.clone(), rng).await {
        // Another program on the same database was faster.
        Err(PushRefused::Verb(VerbError::Failed(StorageError::Conflict(_)))) => {
            answered(app, &request).await?.ok_or(PushRefused::Running)
        }
        done => done,
    }
}

/// What the same request was answered.
async fn answered(app: &App, request: &SourceRequest) -> Result<Option<String>, PushRefused> {
    let (source, key) = (&request.source_id, &request.idempotency_key);
    match sources::find_request(app.store(), source, key).await? {
        Some(known) if known.body_sha256 != request.body_sha256 => Err(PushRefused::OtherBody),
        known => Ok(known.map(|known| known.answer)),
    }
}

async fn run(
    app: &App,
    source: &Source,
    pushed: Pushed,
    request: SourceRequest,
    rng: &mut impl Rng,
) -> Result<String, PushRefused> {
    let (actor, now) = (actor_of_source(source), request.asked_at);
    let import = Import {
        file: SourceFile {
            name: FILE_NAME.to_owned(),
            sha256: batch_digest(&request),
            mapping: source.level_codes.clone(),
        },
        rows: read(app, source, &pushed.round, pushed.rows).await?,
        mode: pushed.mode,
        progress: None,
    };
    let round = &pushed.round;
    if pushed.mode == ImportMode::DryRun {
        let report = import_ratings(app, &actor, round, import, now, rng).await?;
        let tx = taking(app, request.clone()).await?;
        return Ok(keep(tx, request, answer::of_dry_run(report)).await?);
    }
    let tx = taking(app, request.clone()).await?;
    let (report, _) = apply_import(app, &tx, &actor, round, import, now, rng).await?;
    Ok(keep(tx, request, answer::of(report)).await?)
}

/// A transaction in which the key counts and the name of the request is taken.
async fn taking(app: &App, request: SourceRequest) -> Result<Tx, PushRefused> {
    let tx = app.store.begin().await?;
    let today = civil_date(request.asked_at);
    if !sources::use_source(&tx, &request.source_id, today).await? {
        return Err(PushRefused::Key);
    }
    sources::insert_request(&tx, request).await?;
    Ok(tx)
}

async fn keep(tx: Tx, request: SourceRequest, answer: PushAnswer) -> Verb<String> {
    let answer = serde_json::to_string(&answer).map_err(io::Error::other)?;
    let request = SourceRequest {
        answer: answer.clone(),
        ..request
    };
    sources::answer_request(&tx, request).await?;
    tx.commit().await?;
    Ok(answer)
}

/// Reads the rows as a file would be read, on a thread that may take its time.
async fn read(
    app: &App,
    source: &Source,
    round: &RoundId,
    rows: Vec<Record>,
) -> Result<ImportedRows, PushRefused> {
    let record = find(app, round).await?;
    let units = unit_names(app.store(), record.round.period_end).await?;
    let damaged = || io::Error::other("source row is damaged");
    let codes = LevelCodes::from_code(&source.level_codes).ok_or_else(damaged)?;
    let kind = FileKind::from_code(&source.kind).ok_or_else(damaged)?;
    let rules = rules(app, &record.round.rules_digest).await?;
    let how = HallReading::new(codes, &rules.deadlines);
    let reading = tokio::task::spawn_blocking(move || rows_of(kind, how, &rows, &units));
    reading.await.map_err(io::Error::other)?
}

fn rows_of(
    kind: FileKind,
    reading: HallReading,
    rows: &[Record],
    units: &UnitIndex,
) -> Result<ImportedRows, PushRefused> {
    let mut file = sheet_of_records(FILE_NAME, rows)?;
    match kind {
        FileKind::HallRatings => Ok(ImportedRows::Hall(incoming(|rows| {
            parse_hall(&mut file, units, reading, rows)
        })?)),
        FileKind::HotlineOrders => Ok(ImportedRows::Hotline(incoming(|rows| {
            parse_hotline(&mut file, units, None, rows)
        })?)),
        _ => Err(PushRefused::Kind),
    }
}

fn incoming<T: Serialize + DeserializeOwned>(
    read: impl FnOnce(&mut HandOn<'_, T>) -> Result<Summary, Stopped>,
) -> io::Result<Incoming<T>> {
    let mut lines = Vec::new();
    write_ndjson(&mut lines, read)?;
    Ok(Incoming::new(Cursor::new(lines)))
}

/// Of what is asked, without blanks between and whatever the order of the outer names.
fn body_digest(pushed: &Pushed) -> String {
    let dry_run = pushed.mode == ImportMode::DryRun;
    let asked = serde_json::to_string(&(&pushed.round, dry_run, &pushed.rows));
    hex::encode(Sha256::digest(asked.expect("rows came as JSON")))
}

/// Every request is a batch of its own: the same rows may be right again after others came between.
fn batch_digest(request: &SourceRequest) -> String {
    let parts = [
        &request.source_id,
        &request.idempotency_key,
        &request.body_sha256,
    ];
    hex::encode(Sha256::digest(parts.map(String::as_str).join("\n")))
}
