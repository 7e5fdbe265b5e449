//! Anchors the audit chain outside the database: one line a day in a file an outsider keeps.

use crate::{App, Verb};
use chrono::{DateTime, Utc};
use std::io::Write;
use storage::audit_log;
use vocabulary::civil_date;

/// Writes today's head of the chain if today has none yet; returns the head's hash.
///
/// # Errors
/// When the database or the file fails.
pub async fn anchor_audit(app: &App, now: DateTime<Utc>) -> Verb<String> {
    let head = audit_log::head(app.store()).await?;
    let folder = app.folder().join("anchors");
    std::fs::create_dir_all(&folder)?;
    let path = folder.join(format!("{}.txt", civil_date(now)));
    if !path.exists() {
        let mut file = std::fs::File::create_new(path)?;
        writeln!(file, "{} {}", head.seq, head.hash)?;
        file.sync_all()?;
    }
    Ok(head.hash)
}
