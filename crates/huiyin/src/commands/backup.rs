//! `huiyin backup` and `huiyin backup-keys`: one file with everything but the keys, and the keys apart.

use crate::{
    cli::Common,
    clock::now,
    commands::print,
    exit::{Failure, Outcome},
    installation::operator,
};
use serde_json::json;
use std::path::Path;
use workflows::{BackupReport, Installation, Tables};

/// Exit code of a backup without the tables of a server.
const TABLES_ELSEWHERE: u8 = 18;

/// Backs the installation up while the site may run.
///
/// # Errors
/// When the backup is refused, or the disk is full; with tables on a server always, after everything else was backed up.
pub async fn run(common: &Common, to: &Path) -> Outcome {
    require_folder(common)?;
    let tables = match common.database_url {
        Some(_) => Tables::OnServer,
        None => Tables::InFolder,
    };
    let from = Installation {
        data: &common.data,
        tables,
    };
    let made = workflows::backup(&operator(), from, to, now()).await?;
    let manifest = &made.manifest;
    let found = json!({"file": to, "bytes": made.bytes, "files": manifest.files.len(), "schema": manifest.schema,
        "made_at": manifest.made_at, "audit": manifest.audit, "left_out": made.left_out, "tables": tables == Tables::InFolder});
    let done = print(common, &found, || words(to, &made));
    match tables {
        Tables::InFolder => done,
        Tables::OnServer => Err(Failure::new(
            TABLES_ELSEWHERE,
            "数据库表在 PostgreSQL 上，不在这份备份里：请先用 pg_dump 备份数据库，再做这份备份，两份一起保存",
        )),
    }
}

fn words(to: &Path, made: &BackupReport) -> String {
    let mut lines = vec![format!(
        "已备份到 {}：{} 个文件，{} MB",
        to.display(),
        made.manifest.files.len(),
        made.bytes.div_ceil(1_000_000)
    )];
    if let Some(audit) = &made.manifest.audit {
        lines.push(format!("审计日志 {} 条，逐条核对过", audit.seq));
    }
    if !made.left_out.is_empty() {
        lines.push(format!(
            "数据目录里没有备份的：{}",
            made.left_out.join("、")
        ));
    }
    lines.push("备份里没有密钥：请用 huiyin backup-keys 另存，放在别处".to_owned());
    lines.join("\n")
}

/// Copies the keys to a folder of their own.
///
/// # Errors
/// When the folder holds something already or lies in the data directory.
pub fn keys(common: &Common, to: &Path) -> Outcome {
    require_folder(common)?;
    let names = workflows::backup_keys(&operator(), &common.data, to)?;
    print(common, &json!({"folder": to, "keys": names}), || {
        format!(
            "{} 把密钥已另存到 {}（只有本账号能读）\n\
             请放到与备份不同的地方，由另外的人保管：同时拿到两样，就能打开身份库\n\
             正在收答卷的轮次的临时密钥（mix-*、mail-*）按规定不另存",
            names.len(),
            to.display()
        )
    })
}

fn require_folder(common: &Common) -> Result<(), Failure> {
    match common.data.is_dir() {
        true => Ok(()),
        false => Err(Failure::new(
            10,
            format!("数据目录 {} 不存在，请核对路径", common.data.display()),
        )),
    }
}
