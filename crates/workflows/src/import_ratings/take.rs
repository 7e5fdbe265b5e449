//! Rows as they come, part by part: compared, and written where they are to be written.

use super::{
    ImportReport, ImportedRows, SHOWN_ISSUES, SourceFile,
    content::{
        enterprise_answers, enterprise_ballot, hall_opinion, hall_rating, hotline_opinion,
        hotline_order, hotline_totals, pairing_rating, survey_rating,
    },
};
use crate::{
    Refusal, Verb,
    bad_ratings::{self, Hall},
    keys::Key,
    uploads::Underway,
};
use rating_import::{
    Chunk, EnterpriseRow, FileRefused, HallRow, HallVolume, HotlineRow, HotlineTotals, ImportIssue,
    Incoming, PairingRow, ReplyDays, Summary, SurveyRow,
};
use serde::de::DeserializeOwned;
use std::io;
use storage::{
    Link, ballots,
    imports::{self, ImportBatch, Upserted},
    opinions, pairing_ratings,
};
use tokio::sync::mpsc;
use vocabulary::RoundId;

/// Rows and issues handed on in one go.
const PART: usize = 1000;
/// Parts that are read ahead.
const AHEAD: usize = 2;

/// Where rows are compared and, in a transaction, written.
pub(super) struct Target<'a, L> {
    pub(super) link: &'a L,
    pub(super) round: &'a RoundId,
    pub(super) batch: &'a str,
    /// Names opinions by the row they came with, so that a row that comes again does not say it twice.
    pub(super) opinions: Key,
    pub(super) progress: Option<&'a Underway>,
    /// Who opens bad ratings; none for a dry run.
    pub(super) hall: Option<Hall<'a>>,
}

/// What became of the rows of a file.
#[derive(Default)]
pub(super) struct Taken {
    counts: Upserted,
    summary: Summary,
    issues: u64,
    shown: Vec<ImportIssue>,
    replies: ReplyDays,
}

enum Part<T> {
    Rows(Chunk<T>),
    End(Box<Summary>),
}

/// Reads ahead on a thread that may wait, because the file is read by another process.
fn read_ahead<T: DeserializeOwned + Send + 'static>(
    mut incoming: Incoming<T>,
) -> mpsc::Receiver<Result<Part<T>, FileRefused>> {
    let (parts, received) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        loop {
            let part = incoming.next_chunk(PART).map(|chunk| {
                match (
                    chunk.rows.is_empty() && chunk.issues.is_empty(),
                    incoming.summary(),
                ) {
                    (true, Some(summary)) => Part::End(summary.clone().into()),
                    _ => Part::Rows(chunk),
                }
            });
            let more = matches!(part, Ok(Part::Rows(_)));
            if parts.blocking_send(part).is_err() || !more {
                return;
            }
        }
    });
    received
}

impl Taken {
    /// The next rows; their issues are written here. None when there are no more.
    async fn next<T>(
        &mut self,
        target: &Target<'_, impl Link>,
        file: &SourceFile,
        parts: &mut mpsc::Receiver<Result<Part<T>, FileRefused>>,
    ) -> Verb<Option<Vec<T>>> {
        let refused = |refused| Refusal::File {
            name: file.name.clone(),
            refused,
        };
        let stopped = || io::Error::other("the thread that reads the file has stopped");
        let part = parts.recv().await.ok_or_else(stopped)?;
        let Chunk { rows, issues } = match part.map_err(refused)? {
            Part::Rows(chunk) => chunk,
            Part::End(summary) => {
                self.summary = *summary;
                return Ok(None);
            }
        };
        if let Some(tx) = target.link.writes() {
            let lines = issue_rows(target.batch, self.issues, &issues);
            imports::insert_issues(tx, lines).await?;
        }
        if let Some(progress) = target.progress {
            progress.add(rows.len() as u64);
        }
        self.issues += issues.len() as u64;
        let room = SHOWN_ISSUES.saturating_sub(self.shown.len());
        self.shown.extend(issues.into_iter().take(room));
        Ok(Some(rows))
    }

    /// Takes rows part by part to their end.
    async fn all<R: TakenRow>(
        mut self,
        target: &Target<'_, impl Link>,
        file: &SourceFile,
        rows: Incoming<R>,
    ) -> Verb<Self> {
        let mut parts = read_ahead(rows);
        while let Some(rows) = self.next(target, file, &mut parts).await? {
            self.replies.add(rows.iter().map(R::reply_days));
            let part = R::take(target, rows).await?;
            self.counts.new += part.new;
            self.counts.same += part.same;
            self.counts.changed += part.changed;
        }
        Ok(self)
    }

    pub(super) fn report(self, batch: String) -> ImportReport {
        let Self {
            counts, summary, ..
        } = self;
        ImportReport {
            batch,
            rows_total: summary.rows_total,
            new: counts.new,
            same: counts.same,
            changed: counts.changed,
            duplicate: summary.duplicates,
            rejected: summary.rejected,
            issues: self.shown,
            issues_total: summary.issues,
            reply_lag: self.replies.lag(),
            found: summary,
        }
    }

    /// The batch with what it came to.
    pub(super) fn counted(&self, batch: ImportBatch) -> ImportBatch {
        let Self {
            counts, summary, ..
        } = self;
        ImportBatch {
            rows_total: summary.rows_total.cast_signed(),
            new_rows: counts.new.cast_signed(),
            same_rows: counts.same.cast_signed(),
            changed_rows: counts.changed.cast_signed(),
            duplicate_rows: summary.duplicates.cast_signed(),
            rejected_rows: summary.rejected.cast_signed(),
            ..batch
        }
    }
}

/// Takes the rows of a file to their end.
pub(super) async fn take(
    target: &Target<'_, impl Link>,
    file: &SourceFile,
    rows: ImportedRows,
) -> Verb<Taken> {
    let taken = Taken::default();
    match rows {
        ImportedRows::Hall(rows) => taken.all(target, file, rows).await,
        ImportedRows::Volume(rows) => taken.all(target, file, rows).await,
        ImportedRows::Hotline(rows) => taken.all(target, file, rows).await,
        ImportedRows::HotlineTotals(rows) => taken.all(target, file, rows).await,
        ImportedRows::Pairing(rows) => taken.all(target, file, rows).await,
        ImportedRows::Survey(rows) => taken.all(target, file, rows).await,
        ImportedRows::Enterprise(rows) => taken.all(target, file, rows).await,
    }
}

/// A row of a file and what it is compared with and becomes.
trait TakenRow: DeserializeOwned + Send + Sync + 'static {
    /// Days until a reply, for rows that know replies.
    fn reply_days(&self) -> Option<i64> {
        None
    }

    /// Compares rows with what is there and, in a transaction, writes them.
    fn take(
        target: &Target<'_, impl Link>,
        rows: Vec<Self>,
    ) -> impl Future<Output = Verb<Upserted>> + Send;
}

impl TakenRow for HallRow {
    async fn take(target: &Target<'_, impl Link>, rows: Vec<Self>) -> Verb<Upserted> {
        let (link, round, batch) = (target.link, target.round, target.batch);
        let written = rows.iter().filter_map(|row| hall_opinion(target, row));
        opinions::upsert_opinions(link, written.collect()).await?;
        let ratings = rows.into_iter().map(|row| hall_rating(round, batch, row));
        let ratings: Vec<_> = ratings.collect();
        let taken = imports::upsert_hall_ratings(link, round, ratings.clone()).await?;
        if let (Some(tx), Some(hall)) = (link.writes(), &target.hall) {
            bad_ratings::settle(tx, hall, &ratings).await?;
        }
        Ok(taken)
    }
}

impl TakenRow for HotlineRow {
    fn reply_days(&self) -> Option<i64> {
        self.reply_days
    }

    async fn take(target: &Target<'_, impl Link>, rows: Vec<Self>) -> Verb<Upserted> {
        let (link, round, batch) = (target.link, target.round, target.batch);
        let written = rows.iter().filter_map(|row| hotline_opinion(target, row));
        opinions::upsert_opinions(link, written.collect()).await?;
        let orders = rows.into_iter().map(|row| hotline_order(round, batch, row));
        Ok(imports::upsert_hotline_orders(link, round, orders.collect()).await?)
    }
}

impl TakenRow for HotlineTotals {
    async fn take(target: &Target<'_, impl Link>, rows: Vec<Self>) -> Verb<Upserted> {
        let (link, round, batch) = (target.link, target.round, target.batch);
        let totals = rows
            .into_iter()
            .map(|row| hotline_totals(round, batch, row));
        Ok(imports::upsert_hotline_totals(link, round, totals.collect()).await?)
    }
}

impl TakenRow for HallVolume {
    async fn take(target: &Target<'_, impl Link>, rows: Vec<Self>) -> Verb<Upserted> {
        let volume = |row: Self| imports::HallVolume {
            round_id: target.round.to_string(),
            unit_id: row.unit.to_string(),
            batch_id: target.batch.to_owned(),
            completed_cases: row.completed_cases.cast_signed(),
        };
        let volumes = rows.into_iter().map(volume).collect();
        Ok(imports::upsert_hall_volumes(target.link, target.round, volumes).await?)
    }
}

impl TakenRow for SurveyRow {
    async fn take(target: &Target<'_, impl Link>, rows: Vec<Self>) -> Verb<Upserted> {
        let (link, round, batch) = (target.link, target.round, target.batch);
        let ratings = rows.into_iter().map(|row| survey_rating(round, batch, row));
        Ok(imports::upsert_survey_ratings(link, round, ratings.collect()).await?)
    }
}

impl TakenRow for PairingRow {
    async fn take(target: &Target<'_, impl Link>, rows: Vec<Self>) -> Verb<Upserted> {
        let (round, batch) = (target.round, target.batch);
        let ratings = rows.iter().map(|row| pairing_rating(round, batch, row));
        Ok(pairing_ratings::upsert_pairing_ratings(target.link, ratings.collect()).await?)
    }
}

impl TakenRow for EnterpriseRow {
    /// One enterprise is one ballot of the online evaluation; it counts once for each unit, whatever the file repeats.
    async fn take(target: &Target<'_, impl Link>, rows: Vec<Self>) -> Verb<Upserted> {
        let mut counts = Upserted::default();
        let (mut ballots, mut answers) = (Vec::new(), Vec::new());
        for row in &rows {
            let ballot = enterprise_ballot(target.round, row);
            if ballots::find_ballot(target.link, &ballot.id)
                .await?
                .is_some()
            {
                counts.same += 1;
                continue;
            }
            counts.new += 1;
            answers.extend(enterprise_answers(&ballot.id, row));
            ballots.push(ballot);
        }
        if let Some(tx) = target.link.writes() {
            ballots::insert_ballots(tx, ballots, answers).await?;
        }
        Ok(counts)
    }
}

fn issue_rows(batch: &str, before: u64, issues: &[ImportIssue]) -> Vec<imports::ImportIssue> {
    let row = |(seq, issue): (u64, &ImportIssue)| imports::ImportIssue {
        batch_id: batch.to_owned(),
        seq: i32::try_from(seq).unwrap_or(i32::MAX),
        sheet: issue.sheet.clone(),
        row_no: issue.row.into(),
        col: issue.column.clone(),
        code: issue.code.clone(),
        message: issue.message.clone(),
        remedy: issue.remedy.clone(),
    };
    (before..).zip(issues).map(row).collect()
}
