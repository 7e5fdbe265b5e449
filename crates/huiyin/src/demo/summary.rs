//! What the quarter came to, for a person and for a program.

use super::play::Play;
use crate::exit::Failure;
use analytics::Status;
use publication::ChannelCounts;
use rectification::MatterStage;
use serde::Serialize;
use std::{collections::BTreeMap, path::PathBuf, time::Duration};
use storage::scores;

/// The summary of a demo; programs rely on its names.
#[derive(Debug, Serialize)]
pub struct Summary {
    pub round: String,
    pub seed: u64,
    pub seconds: f64,
    pub channels: Vec<ChannelCounts>,
    pub units: Units,
    pub matters: publication::MattersSummary,
    pub bundle: PathBuf,
    pub portal: String,
    pub digest: String,
    /// One receipt for each state of a matter, to look up.
    pub receipts: BTreeMap<String, String>,
}

/// Units by what is published of them.
#[derive(Debug, Default, Serialize)]
pub struct Units {
    pub total: u64,
    pub ranked: u64,
    pub shown: u64,
    pub bracketed: u64,
    pub hidden: u64,
}

/// Reads the summary from what was published, after verifying the bundle.
///
/// # Errors
/// When nothing was published or the bundle does not verify.
pub async fn of(
    play: &Play,
    receipts: BTreeMap<String, String>,
    took: Duration,
) -> Result<Summary, Failure> {
    let id = &play.demo.round;
    let body = workflows::published_bulletin(&play.app, id).await?;
    let body = body.ok_or_else(|| Failure::new(1, format!("{id} 没有公布")))?;
    let row = scores::latest_bulletin(play.app.store(), id).await?;
    let bundle = PathBuf::from(row.and_then(|row| row.bundle_path).unwrap_or_default());
    if let Err(faults) = snapshot::verify_bundle(&bundle) {
        let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
        return Err(Failure::new(
            17,
            format!("自己的数据包没有通过核验：{}", lines.join("；")),
        ));
    }
    let mut units = Units::default();
    for row in body.rows() {
        units.total += 1;
        *match row.status {
            Status::Ranked => &mut units.ranked,
            Status::Shown => &mut units.shown,
            Status::Bracketed => &mut units.bracketed,
            Status::Hidden => &mut units.hidden,
        } += 1;
    }
    Ok(Summary {
        round: id.to_string(),
        seed: play.seed,
        seconds: took.as_secs_f64(),
        channels: body.overall.channels,
        units,
        matters: body.matters,
        bundle,
        portal: format!("/r/{id}"),
        digest: body.table_digest,
        receipts,
    })
}

impl Summary {
    /// The summary in plain words.
    pub fn words(&self, base_url: &str) -> String {
        let mut lines = vec![format!(
            "{} 走完了一个季度，用时 {:.0} 秒。",
            self.round, self.seconds
        )];
        for channel in &self.channels {
            let reasons: Vec<_> = channel
                .excluded()
                .iter()
                .map(|(reason, n)| format!("{reason} {n}"))
                .collect();
            let reasons = if reasons.is_empty() {
                String::new()
            } else {
                format!("（{}）", reasons.join("，"))
            };
            lines.push(format!(
                "{}：收到 {}，计入 {}，剔除 {}{reasons}",
                channel.channel().label(),
                channel.received(),
                channel.counted(),
                channel.excluded_total()
            ));
        }
        let u = &self.units;
        lines.push(format!(
            "{} 个单位：排名 {}，只显示得分 {}，得分加括号 {}，样本不足 {}",
            u.total, u.ranked, u.shown, u.bracketed, u.hidden
        ));
        let m = &self.matters;
        lines.push(format!(
            "整改事项 {} 件：销号 {}，重办 {}，提级 {}",
            m.registered, m.closed, m.reopened, m.escalated
        ));
        lines.push(format!(
            "数据包 {} 已通过核验，公布表摘要 {}",
            self.bundle.display(),
            self.digest
        ));
        lines.push(format!("公布页 {base_url}{}", self.portal));
        for (stage, receipt) in &self.receipts {
            let stage = MatterStage::from_code(stage).map_or("", MatterStage::label);
            lines.push(format!(
                "回执 {receipt}（{stage}），在 {base_url}/my 查进展"
            ));
        }
        lines.join("\n")
    }
}
