//! `huiyin worker`: sends mail and anchors the audit chain outside the database every day.

use crate::{cli::Common, clock::now, commands::print, exit::Outcome, installation::open};
use serde_json::json;
use std::{process::ExitCode, time::Duration};

const PAUSE: Duration = Duration::from_secs(5);

/// Works until told to stop, or until nothing is left.
///
/// # Errors
/// When the database or the mail spool fails.
pub async fn run(common: &Common, once: bool) -> Outcome {
    let app = open(common).await?;
    loop {
        let sent = workflows::send_waiting(&app, now()).await?;
        let anchor = workflows::anchor_audit(&app, now()).await?;
        if once {
            return print(common, &json!({"mails": sent, "anchor": anchor}), || {
                format!("发出 {sent} 封邮件，审计链已留存（{anchor}）")
            });
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            _ = tokio::signal::ctrl_c() => return Ok(ExitCode::SUCCESS),
        }
    }
}
