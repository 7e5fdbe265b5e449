//! `huiyin worker`: reminds and sends mail, mixes, publishes the day's roots and anchors the audit chain outside the database.

use crate::{
    cli::{Common, DeliveryOptions},
    clock::now,
    commands::{mail::delivering, print},
    exit::Outcome,
    installation::open,
    randomness::fresh,
};
use serde_json::json;
use std::{process::ExitCode, time::Duration};
use workflows::{App, Verb};

const PAUSE: Duration = Duration::from_secs(5);

/// Works until told to stop, or until nothing is left.
///
/// # Errors
/// When the database or the mail spool fails.
pub async fn run(common: &Common, once: bool, delivery: &DeliveryOptions) -> Outcome {
    let app = delivering(open(common).await?, delivery)?;
    loop {
        workflows::remind_letters(&app, now(), &mut fresh()).await?;
        let sent = workflows::send_waiting(&app, now, &mut fresh()).await?;
        mix_and_log(&app).await?;
        let anchor = workflows::anchor_audit(&app, now(), &mut fresh()).await?;
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

const MINUTE: Duration = Duration::from_secs(60);

/// Mixes and publishes beside the pages until they stop; what fails is tried again a minute later.
pub async fn mix_beside(app: App) {
    loop {
        if let Err(error) = mix_and_log(&app).await {
            tracing::error!(%error, "答卷没有打乱或回执日志没有公布，一分钟后再试");
        }
        tokio::time::sleep(MINUTE).await;
    }
}

async fn mix_and_log(app: &App) -> Verb<()> {
    workflows::mix_due(app, now(), &mut fresh()).await?;
    workflows::append_due(app, now(), &mut fresh()).await?;
    Ok(())
}
