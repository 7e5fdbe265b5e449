//! A file comes in under seal, piece by piece.

use super::{Declared, KEY, ReadAs, folder};
use crate::{Action, Actor, App, Refusal, Verb, allow, audit::audited, sealed_file::SealedFile};
use chrono::{DateTime, Utc};
use rand::Rng;
use rating_import::{FileKind, Limits};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fs, io};
use storage::{
    rounds,
    uploads::{self, Upload, UploadState},
};

/// A file on its way in.
pub struct Receiving {
    id: String,
    file: SealedFile,
    digest: Sha256,
    bytes: u64,
}

/// Begins to receive a file.
///
/// # Errors
/// When the account may not import, or the data folder cannot be written.
pub fn receive_upload(app: &App, actor: &Actor, rng: &mut impl Rng) -> Verb<Receiving> {
    allow(actor, Action::SendFile)?;
    let mut id = [0; 16];
    rng.fill_bytes(&mut id);
    let id = hex::encode(id);
    fs::create_dir_all(folder(app))?;
    let key = app.keys.read_or_make(KEY, rng)?;
    Ok(Receiving {
        file: SealedFile::create(folder(app).join(&id), key, &id)?,
        id,
        digest: Sha256::new(),
        bytes: 0,
    })
}

impl Receiving {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// When the file is larger than any that is read, or the disk is full.
    pub fn take(&mut self, bytes: &[u8], rng: &mut impl Rng) -> Verb<()> {
        self.bytes += bytes.len() as u64;
        if self.bytes > Limits::default().bytes {
            return Err(Refusal::Contradiction("文件太大，请按月份或部门分成几个文件上传").into());
        }
        self.digest.update(bytes);
        Ok(self.file.write(bytes, rng)?)
    }

    /// Keeps the file; it is checked next.
    ///
    /// # Errors
    /// When nothing or an empty file was sent, the survey agency sends another kind than its own, there is no such round, or the
    /// disk or the database fails; then the file is gone.
    pub async fn finish(
        self,
        app: &App,
        actor: &Actor,
        declared: Declared,
        now: DateTime<Utc>,
        rng: &mut impl Rng,
    ) -> Verb<Upload> {
        if declared.file_name.is_empty() {
            return Err(Refusal::Contradiction("请先选择要上传的文件").into());
        }
        if self.bytes == 0 {
            let text = "文件是空的，请检查导出是否成功后重新上传";
            return Err(Refusal::Contradiction(text).into());
        }
        let office = allow(actor, Action::Prepare);
        if declared.kind != FileKind::Survey {
            office?;
        }
        let round = &declared.round;
        rounds::find_round(app.store(), round)
            .await?
            .ok_or_else(|| Refusal::RoundUnknown(round.clone()))?;
        let mut declared = declared;
        if declared.read_as == ReadAs::default() {
            declared.read_as.file.headers = remembered(app, declared.kind).await?;
        }
        self.file.finish(rng)?;
        let upload = Upload {
            id: self.id,
            round_id: declared.round.to_string(),
            kind: declared.kind.code().to_owned(),
            mapping: serde_json::to_string(&declared.read_as).map_err(io::Error::other)?,
            file_name: declared.file_name,
            file_sha256: hex::encode(self.digest.finalize()),
            bytes: self.bytes.cast_signed(),
            state: UploadState::Waiting,
            report: None,
            batch_id: None,
            uploaded_by: actor.account.to_string(),
            uploaded_at: now,
            decided_by: None,
            decided_at: None,
        };
        let tx = app.store.begin().await?;
        uploads::insert_upload(&tx, upload.clone()).await?;
        audited(&tx, actor, "upload", &upload.id, now).await?;
        tx.commit().await?;
        app.desk.ring();
        Ok(upload)
    }
}

/// What was said of headers in files of this kind that were taken; the last word counts.
async fn remembered(app: &App, kind: FileKind) -> Verb<BTreeMap<String, String>> {
    let mut headers = BTreeMap::new();
    for mapping in uploads::list_mappings(app.store(), kind.code()).await? {
        let read_as: ReadAs = serde_json::from_str(&mapping).unwrap_or_default();
        for (header, field) in read_as.file.headers {
            headers.entry(header).or_insert(field);
        }
    }
    Ok(headers)
}
