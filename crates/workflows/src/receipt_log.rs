//! The public log of receipts: what was received stays received, and everybody can see that the log only grew.

use crate::{
    App, Verb, checkpoint::LogSigner, collect::RECEIPT_KEY, documents::rules, rounds::find,
    witness::tell_witness,
};
use chrono::{DateTime, Utc};
use rand::{Rng, seq::SliceRandom};
use response_collection::{
    Receipt, ReceiptCode, receipt_hash,
    receipt_log::{LogWork, StoredHashes, appended, leaf_place},
};
use std::time::Duration;
use storage::{
    Link, StorageError, Tx,
    receipt_log::{self, LogRoot},
    rounds::{self, RoundRecord},
    submission,
};
use survey_design::RoundState;
use vocabulary::{RoundId, civil_date};

/// A digest as SHA-256 gives it.
type Digest = [u8; 32];

/// The name of the key that signs roots.
const LOG_KEY: &str = "log";

/// Receipts added in one transaction while people hand in, so that nobody waits long for it.
const PART: usize = 500;
/// How long those who hand in come first before the next part.
const PAUSE: Duration = Duration::from_millis(500);

/// Everything the public sees of a round's log.
#[derive(Clone, Debug)]
pub struct PublicLog {
    /// Name of the log.
    pub origin: String,
    /// Name, key id and public key of the signer.
    pub verifier: String,
    /// Signed roots from the smallest on.
    pub roots: Vec<LogRoot>,
}

/// That a leaf is in a log.
#[derive(Clone, Debug)]
pub struct LeafProof {
    /// Place of the leaf, 0 for the first.
    pub index: u64,
    /// Number of leaves of the newest root.
    pub size: u64,
    /// The hashes from the leaf to that root.
    pub proof: Vec<Digest>,
}

/// What became of a receipt.
#[derive(Clone, Debug)]
pub struct CheckedReceipt {
    /// The receipt as the log knows it.
    pub receipt: Receipt,
    /// The proof; none before the receipt is in a published root.
    pub proof: Option<LeafProof>,
    /// The log of its round.
    pub log: PublicLog,
}

/// Adds the day's receipts to the logs of all rounds that collect; returns the number added.
///
/// # Errors
/// When the database or a key file fails.
pub async fn append_due(app: &App, now: DateTime<Utc>, rng: &mut (impl Rng + Send)) -> Verb<u64> {
    let mut added = 0;
    for record in rounds::list_rounds(app.store()).await? {
        let roots = receipt_log::list_roots(app.store(), &record.round.id).await?;
        let done = roots.last().is_some_and(|root| root.day == civil_date(now));
        if record.round.state == RoundState::Collecting && !done {
            added += append_day(app, &record, now, rng).await?;
        }
    }
    Ok(added)
}

/// Adds the receipts that wait now, in random order, with a root for each part; the witness hears of the last.
///
/// Fewer receipts than are mixed together wait for more; more than one part on the day of opening, for the night.
async fn append_day(
    app: &App,
    record: &RoundRecord,
    now: DateTime<Utc>,
    rng: &mut (impl Rng + Send),
) -> Verb<u64> {
    let id = &record.round.id;
    let least = rules(app, &record.round.rules_digest)
        .await?
        .mixing
        .at_least;
    let size = log_size(app.store(), id).await?;
    let mut leaves = receipt_log::list_waiting_leaves(app.store(), id).await?;
    let opens_today = record.opened_at.map(civil_date) == Some(civil_date(now));
    if leaves.len() < least as usize || opens_today && leaves.len() > PART {
        return Ok(0);
    }
    leaves.shuffle(rng);
    let mut added = 0;
    for part in leaves.chunks(PART) {
        let tx = app.store.begin().await?;
        let locked = rounds::lock_round(&tx, id).await?.is_some();
        if !locked || log_size(&tx, id).await? != size + added {
            // Closing, or another program, has added what was left.
            return Ok(added);
        }
        let root = append(app, &tx, id, part, false, now, rng).await?;
        added += part.len() as u64;
        let last = added == leaves.len() as u64;
        if last {
            publish(app, &tx, record, &root, now, rng).await?;
        }
        tx.commit().await?;
        if !last {
            tokio::time::sleep(PAUSE).await;
        }
    }
    Ok(added)
}

/// Adds every receipt that still waits, in random order, and marks the root as the last of its round.
pub(crate) async fn append_rest(
    app: &App,
    tx: &Tx,
    id: &RoundId,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<()> {
    let Some(record) = rounds::lock_round(tx, id).await? else {
        return Ok(());
    };
    let roots = receipt_log::list_roots(tx, id).await?;
    let mut leaves = receipt_log::list_waiting_leaves(tx, id).await?;
    if let (true, Some(root)) = (leaves.is_empty(), roots.last()) {
        return Ok(receipt_log::mark_closing(tx, id, root.size).await?);
    }
    leaves.shuffle(rng);
    let root = append(app, tx, id, &leaves, true, now, rng).await?;
    publish(app, tx, &record, &root, now, rng).await
}

/// Leaves under the newest root.
async fn log_size(link: &impl Link, id: &RoundId) -> Verb<u64> {
    let roots = receipt_log::list_roots(link, id).await?;
    Ok(roots.last().map_or(0, |root| root.size.cast_unsigned()))
}

/// Adds leaves in this order and signs the new root.
async fn append(
    app: &App,
    tx: &Tx,
    id: &RoundId,
    leaves: &[Digest],
    closing: bool,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<LogRoot> {
    let size = log_size(tx, id).await?;
    let mut hashes = stored(tx, id, LogWork::Root { size }).await?;
    let new = appended(size, leaves, &hashes).ok_or_else(damaged)?;
    hashes.extend(new.iter().map(|(place, hash)| (*place, *hash)));
    receipt_log::insert_hashes(tx, id, new).await?;
    let size = size + leaves.len() as u64;
    let root = LogWork::Root { size }.done(&hashes);
    let root = root
        .and_then(|root| root.first().copied())
        .ok_or_else(damaged)?;
    let row = LogRoot {
        round_id: id.to_string(),
        size: size.cast_signed(),
        root: hex::encode(root),
        day: civil_date(now),
        closing,
        checkpoint: signer(app, id, rng)?.checkpoint(size, &root),
    };
    receipt_log::insert_root(tx, row.clone()).await?;
    Ok(row)
}

/// Tells the witness of a root.
async fn publish(
    app: &App,
    tx: &Tx,
    record: &RoundRecord,
    root: &LogRoot,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<()> {
    let (id, size) = (&record.round.id, root.size);
    let subject = format!("{}回执日志 {size} 份", record.round.title);
    let verifier = signer(app, id, rng)?.verifier();
    let body = format!("{}\n{verifier}\n", root.checkpoint);
    tell_witness(
        app,
        tx,
        format!("log-{id}-{size}"),
        (subject, body),
        now,
        rng,
    )
    .await
}

/// What the public sees of a round's log; `None` for an unknown round or before the first receipt.
///
/// # Errors
/// When the database or the key file fails.
pub async fn public_log(app: &App, id: &RoundId) -> Verb<Option<PublicLog>> {
    let Ok(key) = app.keys.read(LOG_KEY) else {
        return Ok(None);
    };
    if rounds::find_round(app.store(), id).await?.is_none() {
        return Ok(None);
    }
    let signer = LogSigner::new(&key, id);
    Ok(Some(PublicLog {
        origin: signer.origin().to_owned(),
        verifier: signer.verifier(),
        roots: receipt_log::list_roots(app.store(), id).await?,
    }))
}

/// The way from a leaf to the newest root; `None` when the leaf is not in the log.
///
/// # Errors
/// When the database fails.
pub async fn leaf_proof(app: &App, id: &RoundId, leaf: &Digest) -> Verb<Option<LeafProof>> {
    let roots = receipt_log::list_roots(app.store(), id).await?;
    let (Some(root), Some(place)) = (
        roots.last(),
        receipt_log::find_place(app.store(), id, leaf).await?,
    ) else {
        return Ok(None);
    };
    let size = root.size.cast_unsigned();
    // Leaves lie among the hashes above them; only a leaf's place is the place of a leaf.
    let index = (place / 2..size).find(|index| leaf_place(*index) >= place);
    let Some(index) = index.filter(|index| leaf_place(*index) == place) else {
        return Ok(None);
    };
    let work = LogWork::Inclusion { index, size };
    let proof = work.done(&stored(app.store(), id, work).await?);
    Ok(proof.map(|proof| LeafProof { index, size, proof }))
}

/// That the log of `from` leaves is the beginning of the log of `to` leaves; `None` unless both are published sizes.
///
/// # Errors
/// When the database fails.
pub async fn growth_proof(
    app: &App,
    id: &RoundId,
    from: u64,
    to: u64,
) -> Verb<Option<Vec<Digest>>> {
    let roots = receipt_log::list_roots(app.store(), id).await?;
    let published = |size: u64| roots.iter().any(|root| root.size.cast_unsigned() == size);
    if from > to || !published(from) || !published(to) {
        return Ok(None);
    }
    let work = LogWork::Consistency { from, to };
    Ok(work.done(&stored(app.store(), id, work).await?))
}

/// Finds what a person typed or pasted: a whole receipt, its link, or the code alone; `None` when nothing was received
/// under it.
///
/// # Errors
/// When the database or a key file fails.
pub async fn check_receipt(app: &App, typed: &str) -> Verb<Option<CheckedReceipt>> {
    let Ok(code) = ReceiptCode::parse(typed) else {
        return Ok(None);
    };
    let Ok(key) = app.keys.read(RECEIPT_KEY) else {
        return Ok(None);
    };
    let Some(row) = submission::find_receipt(app.store(), &receipt_hash(&key, &code)).await? else {
        return Ok(None);
    };
    let known = hex::decode(&row.ballot_digest).ok();
    let ballot = known
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(damaged)?;
    // A whole receipt is checked as it stands: when it differs from what is stored, it is not in the log.
    let receipt = Receipt::parse(typed).unwrap_or_else(|| Receipt {
        round: RoundId::new(&row.round_id),
        code,
        ballot,
    });
    let proof = leaf_proof(app, &receipt.round, &receipt.leaf()).await?;
    let known = RoundId::new(row.round_id);
    let waiting = receipt.round == known && receipt.ballot == ballot;
    if proof.is_none() && !waiting {
        return Ok(None);
    }
    let record = find(app, &receipt.round).await?;
    let log = public_log(app, &record.round.id).await?;
    Ok(Some(CheckedReceipt {
        receipt,
        proof,
        log: log.unwrap_or_else(|| PublicLog {
            origin: String::new(),
            verifier: String::new(),
            roots: Vec::new(),
        }),
    }))
}

async fn stored(link: &impl Link, id: &RoundId, work: LogWork) -> Verb<StoredHashes> {
    Ok(receipt_log::find_hashes(link, id, &work.needs()).await?)
}

fn signer(app: &App, id: &RoundId, rng: &mut impl Rng) -> Verb<LogSigner> {
    Ok(LogSigner::new(&app.keys.read_or_make(LOG_KEY, rng)?, id))
}

fn damaged() -> StorageError {
    StorageError::Conflict("回执日志不完整，请从备份恢复")
}
