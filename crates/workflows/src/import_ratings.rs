//! Takes what another system collected: stage, compare, apply in one transaction; the same file again changes nothing.

use crate::{
    Action, Actor, App, Refusal, Verb, allow, audit::audited, close_round::SERVED, keys::Key,
    opinions::opinion_of, seal::keyed,
};
use chrono::{DateTime, Utc};
use rand::Rng;
use rating_import::{
    Chunk, EnterpriseRow, HallRow, HallVolume, HotlineRow, ImportIssue, Incoming, PairingRow,
    RatingOrigin, Resolved, Summary, SurveyRow,
};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    io::{self, Read},
};
use storage::{
    Tx,
    ballots::{self, AnswerRow, BallotRow},
    imports,
    imports::{BatchState, HallRating, HotlineOrder, ImportBatch, SurveyRating, Upserted},
    invitations::InvitationKind,
    opinions, pairing_ratings, rounds,
};
use survey_design::RoundState;
use vocabulary::{Channel, Level, RoundId};

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
}

/// What an import came to.
#[derive(Clone, Debug, Serialize)]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_lag: Option<ReplyLag>,
}

/// Whole days from a message to its reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ReplyLag {
    /// Messages with both times.
    pub replies: u64,
    /// The lower median.
    pub median_days: i64,
    /// The longest.
    pub longest_days: i64,
}

/// How many replies took how many days.
#[derive(Debug, Default)]
struct ReplyDays(BTreeMap<i64, u64>);

impl ReplyDays {
    fn add(&mut self, rows: &[HotlineRow]) {
        for days in rows.iter().filter_map(|row| row.reply_days) {
            *self.0.entry(days).or_default() += 1;
        }
    }

    fn lag(&self) -> Option<ReplyLag> {
        let replies: u64 = self.0.values().sum();
        let middle = replies.checked_sub(1)? / 2;
        let mut before = 0;
        let median = self.0.iter().find(|(_, count)| {
            before += **count;
            before > middle
        });
        Some(ReplyLag {
            replies,
            median_days: *median?.0,
            longest_days: *self.0.keys().next_back()?,
        })
    }
}

/// Rows of any kind an import can bring, as another process reads them.
pub enum ImportedRows {
    /// Service-centre ratings.
    Hall(Incoming<HallRow>),
    /// Completed cases per unit.
    Volume(Incoming<HallVolume>),
    /// Hotline orders or mailbox messages.
    Hotline(Incoming<HotlineRow>),
    /// Ratings by communities and villages.
    Pairing(Incoming<PairingRow>),
    /// Ratings by enterprises.
    Enterprise(Incoming<EnterpriseRow>),
    /// A survey agency's microdata.
    Survey(Incoming<SurveyRow>),
}

impl ImportedRows {
    const fn channel(&self) -> &'static str {
        match self {
            Self::Hall(_) => Channel::Hall.code(),
            Self::Volume(_) => "hall_volume",
            Self::Hotline(_) => Channel::Hotline.code(),
            Self::Pairing(_) => "pairing",
            Self::Enterprise(_) => Channel::Enterprise.code(),
            Self::Survey(_) => Channel::Survey.code(),
        }
    }
}

/// Rows and issues written in one go.
const CHUNK: usize = 1000;
/// Issues a report shows.
pub const SHOWN_ISSUES: usize = 10_000;

/// Applies an import to a round that is not frozen yet.
///
/// # Errors
/// When the round is frozen, the same file was applied before, or the database fails; then nothing is written.
pub async fn import_ratings(
    app: &App,
    actor: &Actor,
    round: &RoundId,
    import: Import,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<ImportReport> {
    allow(actor, Action::Prepare)?;
    let Import { file, rows, mode } = import;
    let tx = app.store.begin().await?;
    refuse_frozen(&tx, round).await?;
    let channel = rows.channel();
    let earlier = imports::find_batch_by_file(&tx, round, channel, &file.sha256).await?;
    let batch = match &earlier {
        Some(batch) => batch.id.clone(),
        None => new_batch_id(&tx, round, channel, &file.sha256).await?,
    };
    let row = batch_row(&batch, round, channel, &file, actor, now);
    if earlier.is_none() {
        imports::insert_batch(&tx, row.clone()).await?;
    }
    let target = Target {
        tx: &tx,
        round,
        batch: &batch,
        opinions: app.keys.read_or_make("opinions", rng)?,
        keeps_issues: mode == ImportMode::Apply && earlier.is_none(),
    };
    let taken = write(&target, &file, rows).await?;
    if mode == ImportMode::DryRun || earlier.is_some() {
        drop(tx);
        return Ok(taken.report(batch));
    }
    imports::update_batch(&tx, taken.counted(row)).await?;
    audited(&tx, actor, "import_ratings", &batch, now).await?;
    tx.commit().await?;
    Ok(taken.report(batch))
}

async fn refuse_frozen(tx: &Tx, round: &RoundId) -> Verb<()> {
    let record = rounds::lock_round(tx, round)
        .await?
        .ok_or_else(|| Refusal::RoundUnknown(round.clone()))?;
    let (from, to) = (record.round.state, RoundState::Collecting);
    match from >= RoundState::Frozen {
        true => Err(survey_design::StepRefused { from, to }.into()),
        false => Ok(()),
    }
}

/// A file that was undone may come again under a number of its own.
async fn new_batch_id(tx: &Tx, round: &RoundId, channel: &str, sha256: &str) -> Verb<String> {
    let id = format!("DR-{round}-{channel}-{}", &sha256[..8]);
    Ok(
        match imports::count_batches_of_file(tx, round, channel, sha256).await? {
            0 => id,
            before => format!("{id}-{}", before + 1),
        },
    )
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

/// Where rows are written.
struct Target<'a> {
    tx: &'a Tx,
    round: &'a RoundId,
    batch: &'a str,
    /// Names opinions by the row they came with, so that a row that comes again does not say it twice.
    opinions: Key,
    keeps_issues: bool,
}

/// What became of the rows of a file.
#[derive(Default)]
struct Taken {
    counts: Upserted,
    summary: Summary,
    issues: u64,
    shown: Vec<ImportIssue>,
    replies: ReplyDays,
}

impl Taken {
    /// The next rows; their issues are written here. None when there are no more.
    async fn next<T: DeserializeOwned>(
        &mut self,
        target: &Target<'_>,
        file: &SourceFile,
        incoming: &mut Incoming<T>,
    ) -> Verb<Option<Vec<T>>> {
        let Chunk { rows, issues } =
            incoming
                .next_chunk(CHUNK)
                .map_err(|refused| Refusal::File {
                    name: file.name.clone(),
                    refused,
                })?;
        if rows.is_empty() && issues.is_empty() {
            self.summary = incoming.summary().cloned().unwrap_or_default();
            return Ok(None);
        }
        if target.keeps_issues {
            let lines = issue_rows(target.batch, self.issues, &issues);
            imports::insert_issues(target.tx, lines).await?;
        }
        self.issues += issues.len() as u64;
        let room = SHOWN_ISSUES.saturating_sub(self.shown.len());
        self.shown.extend(issues.into_iter().take(room));
        Ok(Some(rows))
    }

    fn report(self, batch: String) -> ImportReport {
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
        }
    }

    /// The batch with what it came to.
    fn counted(&self, batch: ImportBatch) -> ImportBatch {
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

    fn count(&mut self, chunk: Upserted) {
        self.counts.new += chunk.new;
        self.counts.same += chunk.same;
        self.counts.changed += chunk.changed;
    }
}

async fn write(target: &Target<'_>, file: &SourceFile, rows: ImportedRows) -> Verb<Taken> {
    let mut taken = Taken::default();
    match rows {
        ImportedRows::Hall(mut incoming) => {
            while let Some(rows) = taken.next(target, file, &mut incoming).await? {
                taken.count(write_hall(target, rows).await?);
            }
        }
        ImportedRows::Volume(mut incoming) => {
            while let Some(rows) = taken.next(target, file, &mut incoming).await? {
                taken.count(write_volumes(target, rows).await?);
            }
        }
        ImportedRows::Hotline(mut incoming) => {
            while let Some(rows) = taken.next(target, file, &mut incoming).await? {
                taken.replies.add(&rows);
                taken.count(write_hotline(target, rows).await?);
            }
        }
        ImportedRows::Pairing(mut incoming) => {
            while let Some(rows) = taken.next(target, file, &mut incoming).await? {
                taken.count(write_pairing(target, rows).await?);
            }
        }
        ImportedRows::Survey(mut incoming) => {
            while let Some(rows) = taken.next(target, file, &mut incoming).await? {
                let ratings = rows.into_iter();
                let ratings = ratings.map(|row| survey_rating(target.round, target.batch, row));
                let ratings = ratings.collect();
                let counts = imports::upsert_survey_ratings(target.tx, target.round, ratings);
                taken.count(counts.await?);
            }
        }
        ImportedRows::Enterprise(mut incoming) => {
            while let Some(rows) = taken.next(target, file, &mut incoming).await? {
                taken.count(write_enterprise(target.tx, target.round, &rows).await?);
            }
        }
    }
    Ok(taken)
}

async fn write_hall(target: &Target<'_>, rows: Vec<HallRow>) -> Verb<Upserted> {
    let (tx, round, batch) = (target.tx, target.round, target.batch);
    let written = rows.iter().filter_map(|row| hall_opinion(target, row));
    opinions::upsert_opinions(tx, written.collect()).await?;
    let ratings = rows.into_iter().map(|row| hall_rating(round, batch, row));
    Ok(imports::upsert_hall_ratings(tx, round, ratings.collect()).await?)
}

async fn write_hotline(target: &Target<'_>, rows: Vec<HotlineRow>) -> Verb<Upserted> {
    let (tx, round, batch) = (target.tx, target.round, target.batch);
    let written = rows.iter().filter_map(|row| hotline_opinion(target, row));
    opinions::upsert_opinions(tx, written.collect()).await?;
    let orders = rows.into_iter().map(|row| hotline_order(round, batch, row));
    Ok(imports::upsert_hotline_orders(tx, round, orders.collect()).await?)
}

async fn write_volumes(target: &Target<'_>, rows: Vec<HallVolume>) -> Verb<Upserted> {
    let volume = |row: HallVolume| imports::HallVolume {
        round_id: target.round.to_string(),
        unit_id: row.unit.to_string(),
        batch_id: target.batch.to_owned(),
        completed_cases: row.completed_cases.cast_signed(),
    };
    let volumes = rows.into_iter().map(volume).collect();
    Ok(imports::upsert_hall_volumes(target.tx, target.round, volumes).await?)
}

fn hall_rating(round: &RoundId, batch: &str, row: HallRow) -> HallRating {
    HallRating {
        round_id: round.to_string(),
        row_key: row.row_key,
        batch_id: batch.to_owned(),
        unit_id: row.unit.to_string(),
        level: row.level.map(Level::code),
        origin: match row.origin {
            RatingOrigin::Active => imports::HallOrigin::Active,
            RatingOrigin::SystemDefault => imports::HallOrigin::Default,
        },
        rating_no: i32::from(row.rating_no),
        contacted_in_time: row.contacted_in_time,
        rectified_in_time: row.rectified_in_time,
        follow_up_level: None,
        rated_on: row.rated_on,
        stage: String::new(),
        superseded_by: None,
    }
}

fn hotline_order(round: &RoundId, batch: &str, row: HotlineRow) -> HotlineOrder {
    HotlineOrder {
        round_id: round.to_string(),
        row_key: row.row_key,
        batch_id: batch.to_owned(),
        unit_id: row.unit.to_string(),
        registered_on: row.registered_on,
        closed_on: row.closed_on,
        on_time: row.on_time,
        resolved: row.resolved.map(|resolved| match resolved {
            Resolved::No => 0,
            Resolved::Yes => 1,
            Resolved::NoStatement => 2,
        }),
        level: row.level.map(Level::code),
        counted: row.counted,
        excluded_reason: row.excluded_reason,
        reply_days: row.reply_days.and_then(|days| i32::try_from(days).ok()),
    }
}

fn survey_rating(round: &RoundId, batch: &str, row: SurveyRow) -> SurveyRating {
    SurveyRating {
        round_id: round.to_string(),
        row_key: row.row_key,
        unit_id: row.unit.to_string(),
        item: row.item.to_string(),
        batch_id: batch.to_owned(),
        rater_group: row.group.code().to_owned(),
        stratum: row.stratum.to_string(),
        psu: row.psu.cast_signed(),
        weight_micro: row.weight.steps(),
        level: row.level.code(),
    }
}

/// A text that came with a rating becomes an opinion: redacted, without the row it came from.
fn hall_opinion(target: &Target<'_>, row: &HallRow) -> Option<opinions::Opinion> {
    let text = row.text.as_deref()?;
    let unit = Some(row.unit.clone());
    let opinion = opinion_of(target.round, Channel::Hall, unit, &[], text, row.level);
    Some(named(target, &row.row_key, opinion))
}

fn hotline_opinion(target: &Target<'_>, row: &HotlineRow) -> Option<opinions::Opinion> {
    let parts = [row.title.as_deref(), row.content.as_deref()];
    let text = parts.into_iter().flatten().collect::<Vec<_>>().join("\n");
    if text.is_empty() {
        return None;
    }
    let unit = Some(row.unit.clone());
    let opinion = opinion_of(target.round, Channel::Hotline, unit, &[], &text, row.level);
    Some(named(target, &row.row_key, opinion))
}

/// The name tells nobody without the key which row it was.
fn named(target: &Target<'_>, row_key: &str, opinion: opinions::Opinion) -> opinions::Opinion {
    let row = [target.round.as_str(), opinion.channel.as_str(), row_key].map(str::as_bytes);
    opinions::Opinion {
        id: hex::encode(&keyed(&target.opinions, &row)[..16]),
        import_batch_id: Some(target.batch.to_owned()),
        ..opinion
    }
}

/// One rater on one unit is one rating; the rater of the file is known by the community or village and a number only.
async fn write_pairing(target: &Target<'_>, rows: Vec<PairingRow>) -> Verb<Upserted> {
    let round = target.round;
    let rating = |row: PairingRow| {
        let account = format!("{}/{}", row.body, row.rater);
        pairing_ratings::PairingRating {
            id: format!("{round}/{}/{account}", row.unit),
            round_id: round.to_string(),
            unit_id: row.unit.to_string(),
            body_id: row.body.to_string(),
            account_id: account,
            level: row.level.code(),
            matters_raised: i32::try_from(row.matters_raised).unwrap_or(i32::MAX),
            matters_solved: i32::try_from(row.matters_solved).unwrap_or(i32::MAX),
            text: None,
            batch_id: Some(target.batch.to_owned()),
        }
    };
    let ratings = rows.into_iter().map(rating).collect();
    Ok(pairing_ratings::upsert_pairing_ratings(target.tx, ratings).await?)
}

/// One enterprise is one ballot of the online evaluation; it counts once for each unit, whatever the file repeats.
async fn write_enterprise(tx: &Tx, round: &RoundId, rows: &[EnterpriseRow]) -> Verb<Upserted> {
    let mut counts = Upserted::default();
    let (mut ballots, mut answers) = (Vec::new(), Vec::new());
    for row in rows {
        let id = hex::encode(
            &Sha256::digest(format!("{round}/{}/{}", row.enterprise_key, row.unit))[..16],
        );
        if ballots::find_ballot(tx, &id).await?.is_some() {
            counts.same += 1;
            continue;
        }
        counts.new += 1;
        answers.extend(enterprise_answers(&id, row));
        ballots.push(BallotRow {
            id,
            round_id: round.to_string(),
            kind: InvitationKind::Enterprise,
            rater_group: vocabulary::RaterGroup::Enterprises.code().to_owned(),
            stratum: "X".to_owned(),
            weight_micro: vocabulary::Weight::SCALE,
            verdict: ballots::Verdict::Valid,
            void_reason: None,
            assisted: false,
        });
    }
    ballots::insert_ballots(tx, ballots, answers).await?;
    Ok(counts)
}

fn enterprise_answers(ballot: &str, row: &EnterpriseRow) -> Vec<AnswerRow> {
    let answer = |item: &str, level: Level, reasons: &str| AnswerRow {
        ballot_id: ballot.to_owned(),
        unit_id: row.unit.to_string(),
        item: item.to_owned(),
        level: level.code(),
        reasons: reasons.to_owned(),
    };
    let served = answer(
        SERVED,
        Level::Abstain,
        if row.served { "[\"yes\"]" } else { "[\"no\"]" },
    );
    let levels = row
        .levels
        .iter()
        .map(|(item, level)| answer(item.as_str(), *level, "[]"));
    std::iter::once(served).chain(levels).collect()
}
