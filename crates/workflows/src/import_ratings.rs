//! Takes what another system collected: stage, compare, apply in one transaction; the same file again changes nothing.

use crate::{
    Action, Actor, App, Verb, allow, audit::audited, close_round::SERVED, opinions::opinion_of,
    rounds::find,
};
use chrono::{DateTime, Utc};
use rand::Rng;
use rating_import::{
    EnterpriseRow, HallRow, HallVolume, HotlineRow, ImportIssue, Imported, PairingRow,
    RatingOrigin, Resolved, SurveyRow,
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use storage::{
    Tx,
    ballots::{self, AnswerRow, BallotRow},
    imports,
    imports::{HallRating, HotlineOrder, ImportBatch, SurveyRating, Upserted},
    invitations::InvitationKind,
    opinions, pairing_ratings,
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
    /// Names a file by its bytes.
    #[must_use]
    pub fn of(name: &str, bytes: &[u8], mapping: &str) -> Self {
        Self {
            name: name.to_owned(),
            sha256: hex::encode(Sha256::digest(bytes)),
            mapping: mapping.to_owned(),
        }
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

/// A file that was read and what is to be done with it.
#[derive(Clone, Debug)]
pub struct Import {
    /// Where it came from.
    pub file: SourceFile,
    /// Its rows.
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
    /// Everything wrong.
    pub issues: Vec<ImportIssue>,
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

impl ReplyLag {
    fn of(rows: &ImportedRows) -> Option<Self> {
        let ImportedRows::Hotline(imported) = rows else {
            return None;
        };
        let mut days: Vec<i64> = imported
            .rows
            .iter()
            .filter_map(|row| row.reply_days)
            .collect();
        days.sort_unstable();
        Some(Self {
            replies: days.len() as u64,
            median_days: *days.get(days.len().checked_sub(1)? / 2)?,
            longest_days: *days.last()?,
        })
    }
}

/// Rows of any kind an import can bring.
#[derive(Clone, Debug)]
pub enum ImportedRows {
    /// Service-centre ratings.
    Hall(Imported<HallRow>),
    /// Completed cases per unit.
    Volume(Imported<HallVolume>),
    /// Hotline orders or mailbox messages.
    Hotline(Imported<HotlineRow>),
    /// Ratings by communities and villages.
    Pairing(Imported<PairingRow>),
    /// Ratings by enterprises.
    Enterprise(Imported<EnterpriseRow>),
    /// A survey agency's microdata.
    Survey(Imported<SurveyRow>),
}

struct Summary {
    channel: &'static str,
    rows_total: u64,
    duplicates: u64,
    rejected: u64,
    issues: Vec<ImportIssue>,
}

impl ImportedRows {
    fn summary(&self) -> Summary {
        fn of<T>(channel: &'static str, imported: &Imported<T>) -> Summary {
            Summary {
                channel,
                rows_total: imported.rows_total,
                duplicates: imported.duplicates,
                rejected: imported.rejected,
                issues: imported.issues.clone(),
            }
        }
        match self {
            Self::Hall(imported) => of(Channel::Hall.code(), imported),
            Self::Volume(imported) => of("hall_volume", imported),
            Self::Hotline(imported) => of(Channel::Hotline.code(), imported),
            Self::Pairing(imported) => of("pairing", imported),
            Self::Enterprise(imported) => of(Channel::Enterprise.code(), imported),
            Self::Survey(imported) => of(Channel::Survey.code(), imported),
        }
    }
}

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
    let state = find(app, round).await?.round.state;
    if state >= RoundState::Frozen {
        return Err(survey_design::StepRefused {
            from: state,
            to: RoundState::Collecting,
        }
        .into());
    }
    let (summary, reply_lag) = (rows.summary(), ReplyLag::of(&rows));
    let earlier =
        imports::find_batch_by_file(app.store(), round, summary.channel, &file.sha256).await?;
    let batch = match &earlier {
        Some(batch) => batch.id.clone(),
        None => format!("DR-{round}-{}-{}", summary.channel, &file.sha256[..8]),
    };
    let tx = app.store.begin().await?;
    let mut row = batch_row(&batch, round, &file, &summary, actor, now);
    if earlier.is_none() {
        imports::insert_batch(&tx, row.clone()).await?;
    }
    let counts = write(&tx, round, &batch, rows, rng).await?;
    let report = ImportReport {
        batch: batch.clone(),
        rows_total: summary.rows_total,
        new: counts.new,
        same: counts.same,
        changed: counts.changed,
        duplicate: summary.duplicates,
        rejected: summary.rejected,
        issues: summary.issues,
        reply_lag,
    };
    if mode == ImportMode::DryRun || earlier.is_some() {
        drop(tx);
        return Ok(report);
    }
    (row.new_rows, row.same_rows, row.changed_rows) = (
        counts.new.cast_signed(),
        counts.same.cast_signed(),
        counts.changed.cast_signed(),
    );
    imports::update_batch(&tx, row).await?;
    imports::insert_issues(&tx, issue_rows(&batch, &report.issues)).await?;
    audited(&tx, actor, "import_ratings", &batch, now).await?;
    tx.commit().await?;
    Ok(report)
}

fn batch_row(
    id: &str,
    round: &RoundId,
    file: &SourceFile,
    summary: &Summary,
    actor: &Actor,
    now: DateTime<Utc>,
) -> ImportBatch {
    ImportBatch {
        id: id.to_owned(),
        round_id: round.to_string(),
        channel: summary.channel.to_owned(),
        file_name: file.name.clone(),
        file_sha256: file.sha256.clone(),
        mapping: file.mapping.clone(),
        state: "applied".to_owned(),
        rows_total: summary.rows_total.cast_signed(),
        new_rows: 0,
        same_rows: 0,
        changed_rows: 0,
        duplicate_rows: summary.duplicates.cast_signed(),
        rejected_rows: summary.rejected.cast_signed(),
        created_at: now,
        created_by: actor.account.to_string(),
    }
}

fn issue_rows(batch: &str, issues: &[ImportIssue]) -> Vec<imports::ImportIssue> {
    let row = |(seq, issue): (usize, &ImportIssue)| imports::ImportIssue {
        batch_id: batch.to_owned(),
        seq: i32::try_from(seq).unwrap_or(i32::MAX),
        sheet: issue.sheet.clone(),
        row_no: issue.row.into(),
        col: issue.column.clone(),
        code: issue.code.clone(),
        message: issue.message.clone(),
        remedy: issue.remedy.clone(),
    };
    issues.iter().enumerate().map(row).collect()
}

async fn write(
    tx: &Tx,
    round: &RoundId,
    batch: &str,
    rows: ImportedRows,
    rng: &mut impl Rng,
) -> Verb<Upserted> {
    let upserted = match rows {
        ImportedRows::Hall(imported) => {
            let texts = hall_opinions(round, &imported.rows, rng);
            opinions::insert_opinions(tx, texts).await?;
            imports::upsert_hall_ratings(
                tx,
                round,
                imported
                    .rows
                    .into_iter()
                    .map(|row| hall_rating(round, batch, row))
                    .collect(),
            )
            .await?
        }
        ImportedRows::Volume(imported) => {
            let volume = |row: HallVolume| imports::HallVolume {
                round_id: round.to_string(),
                unit_id: row.unit.to_string(),
                completed_cases: row.completed_cases.cast_signed(),
            };
            let volumes: Vec<_> = imported.rows.into_iter().map(volume).collect();
            let counts = Upserted {
                new: volumes.len() as u64,
                ..Upserted::default()
            };
            imports::put_hall_volumes(tx, volumes).await?;
            counts
        }
        ImportedRows::Hotline(imported) => {
            opinions::insert_opinions(tx, hotline_opinions(round, &imported.rows, rng)).await?;
            imports::upsert_hotline_orders(
                tx,
                round,
                imported
                    .rows
                    .into_iter()
                    .map(|row| hotline_order(round, batch, row))
                    .collect(),
            )
            .await?
        }
        ImportedRows::Pairing(imported) => write_pairing(tx, round, imported.rows).await?,
        ImportedRows::Survey(imported) => {
            imports::upsert_survey_ratings(
                tx,
                round,
                imported
                    .rows
                    .into_iter()
                    .map(|row| survey_rating(round, batch, row))
                    .collect(),
            )
            .await?
        }
        ImportedRows::Enterprise(imported) => write_enterprise(tx, round, &imported.rows).await?,
    };
    Ok(upserted)
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
fn hall_opinions(round: &RoundId, rows: &[HallRow], rng: &mut impl Rng) -> Vec<opinions::Opinion> {
    let written = rows
        .iter()
        .filter_map(|row| Some((row, row.text.as_deref()?)));
    written
        .map(|(row, text)| {
            let mut opinion = opinion_of(
                round,
                Channel::Hall,
                Some(row.unit.clone()),
                &[],
                text,
                row.level,
            );
            opinion.id = crate::close_round::random_id(rng);
            opinion
        })
        .collect()
}

fn hotline_opinions(
    round: &RoundId,
    rows: &[HotlineRow],
    rng: &mut impl Rng,
) -> Vec<opinions::Opinion> {
    let text_of = |row: &HotlineRow| {
        let parts: Vec<&str> = [row.title.as_deref(), row.content.as_deref()]
            .into_iter()
            .flatten()
            .collect();
        parts.join("\n")
    };
    rows.iter()
        .map(|row| (row, text_of(row)))
        .filter(|(_, text)| !text.is_empty())
        .map(|(row, text)| {
            let mut opinion = opinion_of(
                round,
                Channel::Hotline,
                Some(row.unit.clone()),
                &[],
                &text,
                row.level,
            );
            opinion.id = crate::close_round::random_id(rng);
            opinion
        })
        .collect()
}

/// One rater on one unit is one rating; the rater of the file is known by the community or village and a number only.
async fn write_pairing(tx: &Tx, round: &RoundId, rows: Vec<PairingRow>) -> Verb<Upserted> {
    let mut counts = Upserted::default();
    for row in rows {
        let account = format!("{}/{}", row.body, row.rater);
        if pairing_ratings::find_pairing_rating(tx, round, row.unit.as_str(), &account)
            .await?
            .is_some()
        {
            counts.same += 1;
            continue;
        }
        let rating = pairing_ratings::PairingRating {
            id: format!("{round}/{}/{account}", row.unit),
            round_id: round.to_string(),
            unit_id: row.unit.to_string(),
            body_id: row.body.to_string(),
            account_id: account,
            level: row.level.code(),
            matters_raised: i32::try_from(row.matters_raised).unwrap_or(i32::MAX),
            matters_solved: i32::try_from(row.matters_solved).unwrap_or(i32::MAX),
            text: None,
        };
        pairing_ratings::insert_pairing_rating(tx, rating).await?;
        counts.new += 1;
    }
    Ok(counts)
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
