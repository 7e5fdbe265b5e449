//! `huiyin restore`: an installation out of a backup, in an empty folder.

use crate::{
    cli::Common,
    clock::now,
    commands::print,
    exit::{Failure, Outcome},
    installation::operator,
    randomness::fresh,
};
use serde_json::json;
use std::path::Path;
use workflows::{KeyUse, RestoreReport, Restored};

/// Restores a backup into the data directory, which must be empty or new.
///
/// # Errors
/// When the directory is not empty, or anything of the backup does not hold.
pub async fn run(common: &Common, file: &Path, keys: Option<&Path>) -> Outcome {
    if !file.is_file() {
        return Err(Failure::new(
            10,
            format!("备份文件 {} 不存在，请核对路径", file.display()),
        ));
    }
    if let Some(folder) = keys.filter(|folder| !folder.is_dir()) {
        return Err(Failure::new(
            10,
            format!("密钥目录 {} 不存在，请核对路径", folder.display()),
        ));
    }
    let what = Restored {
        file,
        data: &common.data,
        keys,
        database_url: common.database_url.as_deref(),
    };
    let report = workflows::restore(&operator(), what, now(), &mut fresh()).await?;
    let found = json!({"data": common.data, "made_at": report.manifest.made_at, "files": report.manifest.files.len(),
        "events": report.events, "sessions_ended": report.sessions, "missing_keys": report.missing_keys,
        "lost_ballots": report.lost_ballots});
    print(common, &found, || words(common, &report))
}

fn words(common: &Common, report: &RestoreReport) -> String {
    let mut lines = vec![
        format!(
            "已恢复到 {}：{} 个文件逐个核对一致，审计日志 {} 条与备份时一致",
            common.data.display(),
            report.manifest.files.len(),
            report.events
        ),
        format!("已结束 {} 个登录，所有人要重新登录", report.sessions),
    ];
    if report.lost_ballots > 0 {
        lines.push(format!(
            "有 {} 份答卷备份时还没有拆封，密钥按规定不备份，打不开了，已记入审计日志",
            report.lost_ballots
        ));
    }
    if !report.missing_keys.is_empty() {
        lines.push(without_keys(&report.missing_keys));
    }
    lines.join("\n")
}

/// What does not work without these key files.
pub fn without_keys(missing: &[String]) -> String {
    let mut lines = vec![format!(
        "有 {} 把密钥没有恢复。可以看的照常：各轮结果、排名、清单、审计日志。下面这些现在办不了：",
        missing.len()
    )];
    let uses = missing
        .iter()
        .map(|file| format!("  {}（{file}）", KeyUse::lost_without(file)));
    lines.extend(uses);
    lines.push(
        "带上密钥在另一个空目录重新恢复：huiyin restore 备份文件 --keys 密钥目录 --data 空目录"
            .to_owned(),
    );
    lines.join("\n")
}
