//! Published bulletins with their files; everything the portal shows comes from here.

use crate::{PageError, wording};
use chrono::{DateTime, Utc};
use publication::{BulletinBody, BulletinState, field_dictionary_csv, ranking_xlsx, table_csv};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, LazyLock, Mutex},
};
use storage::{
    Store,
    rounds::{self, RoundRecord},
    scores::{self, Bulletin},
};
use survey_design::RoundState;
use vocabulary::RoundId;

use super::{Download, KnownResult};

/// A bulletin that is public, and where its bundle lies.
#[derive(Clone, Debug)]
pub struct Released {
    /// Content and files.
    pub content: Arc<Content>,
    /// When it was published.
    pub at: Option<DateTime<Utc>>,
    /// The signed bundle.
    pub bundle: Option<PathBuf>,
}

/// The content of a bulletin with the files made from it.
#[derive(Debug)]
pub struct Content {
    /// The bulletin.
    pub body: BulletinBody,
    /// Name and bytes of each file.
    pub files: Vec<ReleasedFile>,
}

/// One file made from a bulletin.
#[derive(Debug)]
pub struct ReleasedFile {
    /// Name in the address.
    pub name: &'static str,
    /// Words on the link.
    pub label: &'static str,
    /// What is in it.
    pub what: &'static str,
    /// Media type.
    pub media_type: &'static str,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Bulletins never change, so the files of each are made once.
static MADE: LazyLock<Mutex<BTreeMap<String, Arc<Content>>>> = LazyLock::new(Mutex::default);

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn content(json: &str) -> Result<Arc<Content>, PageError> {
    let digest = hex::encode(Sha256::digest(json));
    let made = MADE
        .lock()
        .expect("no holder of this lock panics")
        .get(&digest)
        .cloned();
    if let Some(made) = made {
        return Ok(made);
    }
    let body: BulletinBody = serde_json::from_str(json).map_err(|_| PageError::Failed)?;
    let xlsx = ranking_xlsx(&body).map_err(|_| PageError::Failed)?;
    let rows: Vec<_> = body.rows().collect();
    let json = serde_json::to_vec_pretty(&rows).map_err(|_| PageError::Failed)?;
    let file = |name, label, what, media_type, bytes| ReleasedFile {
        name,
        label,
        what,
        media_type,
        bytes,
    };
    let files = vec![
        file(
            "ranking.xlsx",
            "数据表 XLSX",
            "得分、区间、样本量",
            XLSX,
            xlsx,
        ),
        file(
            "ranking.csv",
            "机读数据 CSV",
            "附字段说明",
            "text/csv; charset=utf-8",
            table_csv(&body.classes, body.hidden_below),
        ),
        file(
            "fields.csv",
            "字段说明 CSV",
            "每一列是什么意思",
            "text/csv; charset=utf-8",
            field_dictionary_csv(),
        ),
        file(
            "ranking.json",
            "机读数据 JSON",
            "字段名固定，供程序读取",
            "application/json",
            json,
        ),
    ];
    let made = Arc::new(Content { body, files });
    MADE.lock()
        .expect("no holder of this lock panics")
        .insert(digest, Arc::clone(&made));
    Ok(made)
}

/// The newest public bulletin of a round.
///
/// # Errors
/// When the database fails.
pub async fn released(store: &Store, round: &RoundId) -> Result<Option<Released>, PageError> {
    let row = scores::public_bulletin(store, round).await?;
    row.map(of).transpose()
}

fn of(row: Bulletin) -> Result<Released, PageError> {
    Ok(Released {
        content: content(&row.body)?,
        at: row.published_at,
        bundle: row.bundle_path.map(PathBuf::from),
    })
}

/// A version of a round's bulletin that was public once, and the one that took its place.
///
/// # Errors
/// When the database fails.
pub async fn replaced(
    store: &Store,
    round: &RoundId,
    version: u32,
) -> Result<Option<(Released, u32)>, PageError> {
    let Ok(number) = i32::try_from(version) else {
        return Ok(None);
    };
    let row = scores::find_bulletin(store, round, number).await?;
    let Some(row) = row.filter(|row| row.published_at.is_some()) else {
        return Ok(None);
    };
    let state = serde_json::from_str::<publication::Bulletin>(&row.state);
    match state.map_err(|_| PageError::Failed)?.state {
        BulletinState::Superseded { by_version } => Ok(Some((of(row)?, by_version))),
        _ => Ok(None),
    }
}

/// Every bulletin that is public or was: result id, digest, and the id of the one that took its place.
///
/// # Errors
/// When the database fails.
pub async fn all_known(store: &Store) -> Result<Vec<KnownResult>, PageError> {
    let mut rows = scores::list_bulletins(store).await?;
    rows.retain(|row| row.published_at.is_some());
    let mut known: Vec<KnownResult> = Vec::new();
    let mut round_of_last = String::new();
    for row in rows {
        let result = of(row.clone())?;
        let body = result.body();
        if row.round_id == round_of_last
            && let Some(before) = known.last_mut()
        {
            before.replaced_by = Some(body.result_id.clone());
        }
        round_of_last = row.round_id;
        known.push(KnownResult {
            result_id: body.result_id.clone(),
            digest: body.table_digest.clone(),
            replaced_by: None,
        });
    }
    Ok(known)
}

/// The published rounds in order of time.
///
/// # Errors
/// When the database fails.
pub async fn published_rounds(store: &Store) -> Result<Vec<RoundRecord>, PageError> {
    let mut all = rounds::list_rounds(store).await?;
    all.retain(|record| record.round.state == RoundState::Published);
    Ok(all)
}

/// The newest public bulletin of all rounds.
///
/// # Errors
/// When the database fails.
pub async fn newest(store: &Store) -> Result<Option<Released>, PageError> {
    match published_rounds(store).await?.last() {
        Some(record) => released(store, &record.round.id).await,
        None => Ok(None),
    }
}

/// All public bulletins in order of time.
///
/// # Errors
/// When the database fails.
pub async fn all_released(store: &Store) -> Result<Vec<Released>, PageError> {
    let mut all = Vec::new();
    for record in published_rounds(store).await? {
        all.extend(released(store, &record.round.id).await?);
    }
    Ok(all)
}

impl Released {
    /// The bulletin.
    #[must_use]
    pub fn body(&self) -> &BulletinBody {
        &self.content.body
    }

    /// The files as links, each with its size.
    #[must_use]
    pub fn downloads(&self) -> Vec<Download> {
        let round = &self.body().round;
        self.content
            .files
            .iter()
            .map(|file| Download {
                href: format!("/r/{round}/files/{}", file.name),
                name: file.label.to_owned(),
                what: file.what.to_owned(),
                size: wording::file_size(file.bytes.len() as u64),
            })
            .collect()
    }
}
