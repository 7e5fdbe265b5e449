//! Anchors the audit chain outside the database: one line a day in a file an outsider keeps, and in a mail to the witness.

use crate::{App, Verb, witness::tell_witness};
use chrono::{DateTime, Utc};
use rand::Rng;
use std::io::Write;
use storage::audit_log;
use vocabulary::civil_date;

/// Writes and mails today's head of the chain if today has none yet; returns the head's hash.
///
/// # Errors
/// When the database or the file fails.
pub async fn anchor_audit(
    app: &App,
    now: DateTime<Utc>,
    rng: &mut (impl Rng + Send),
) -> Verb<String> {
    let head = audit_log::head(app.store()).await?;
    let folder = app.folder().join("anchors");
    std::fs::create_dir_all(&folder)?;
    let today = civil_date(now);
    let path = folder.join(format!("{today}.txt"));
    if !path.exists() {
        let line = format!("{} {}\n", head.seq, head.hash);
        let tx = app.store.begin().await?;
        let mail = (format!("审计链 {today}"), line.clone());
        tell_witness(app, &tx, format!("audit-{today}"), mail, now, rng).await?;
        tx.commit().await?;
        let mut file = std::fs::File::create_new(path)?;
        file.write_all(line.as_bytes())?;
        file.sync_all()?;
    }
    Ok(head.hash)
}
