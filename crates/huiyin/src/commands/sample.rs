//! `huiyin sample`: the draw and the invitations.

use crate::{
    cli::{Common, SampleCommand},
    clock::now,
    commands::print,
    exit::Outcome,
    installation::{actor, open},
    randomness::fresh,
};
use serde_json::json;
use vocabulary::RoundId;

/// Draws a sample and issues the invitations into the mail spool.
///
/// # Errors
/// When the draw is refused or the database fails.
pub async fn run(common: &Common, command: &SampleCommand) -> Outcome {
    let SampleCommand::Draw {
        round,
        seed,
        base_url,
    } = command;
    let app = open(common).await?;
    let who = actor(&app, common).await?;
    let report = workflows::draw_sample(
        &app,
        &who,
        &RoundId::new(round),
        *seed,
        base_url,
        now(),
        &mut fresh(),
    )
    .await?;
    let mails = workflows::send_waiting(&app, now()).await?;
    let drawn: u64 = report.drawn.values().sum();
    let value = json!({"round": round, "certificate": report.certificate, "drawn": report.drawn, "enterprises": report.enterprises, "mails": mails});
    print(common, &value, || {
        format!(
            "已抽取 {drawn} 人，另邀请企业 {} 家；发出 {mails} 封邀请",
            report.enterprises
        )
    })
}
