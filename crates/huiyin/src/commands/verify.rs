//! `huiyin verify`: holds a bundle against its manifest, its signatures and its own figures (needs no database), or the audit log
//! against itself and its anchors.

use crate::{
    cli::{Common, VerifyCommand},
    commands::print,
    exit::{Failure, Outcome},
    installation::open,
};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Verifies a bundle or the audit log.
///
/// # Errors
/// When anything does not hold; each fault is named on its own line.
pub async fn run(common: &Common, bundle: Option<PathBuf>, what: Option<VerifyCommand>) -> Outcome {
    match what {
        Some(VerifyCommand::Audit { anchors }) => audit(common, anchors).await,
        None => self::bundle(common, &bundle.unwrap_or_default()),
    }
}

async fn audit(common: &Common, anchors: Option<PathBuf>) -> Outcome {
    let app = open(common).await?;
    let anchors = anchors.unwrap_or_else(|| app.folder().join("anchors"));
    let check = workflows::verify_audit(&app, &anchors).await?;
    let faults: Vec<String> = check.faults.iter().map(ToString::to_string).collect();
    let found = json!({"events": check.events, "anchors": check.anchors, "holds": faults.is_empty(), "faults": faults});
    if faults.is_empty() {
        return print(common, &found, || match check.anchors {
            0 => format!(
                "审计日志 {} 条，逐条相连；没有留存的摘要可对，末尾被删是看不出来的",
                check.events
            ),
            anchors => format!(
                "审计日志 {} 条，逐条相连，与 {anchors} 份留存的摘要一致",
                check.events
            ),
        });
    }
    if common.json {
        println!("{found}");
    }
    Err(Failure::new(
        17,
        format!("审计日志没有通过核验：\n  {}", faults.join("\n  ")),
    ))
}

fn bundle(common: &Common, bundle: &Path) -> Outcome {
    if !bundle.join("manifest.json").is_file() {
        return Err(Failure::new(
            10,
            format!(
                "{} 不是数据包目录（没有 manifest.json），请核对路径",
                bundle.display()
            ),
        ));
    }
    match snapshot::verify_bundle(bundle) {
        Ok(verified) => print(
            common,
            &json!({"bundle": bundle, "holds": true, "result_id": verified.result_id, "digest": verified.table_digest}),
            || {
                format!(
                    "数据包一致：每个文件、两个签名、重新计算的排名都对得上（{}）",
                    bundle.display()
                )
            },
        ),
        Err(faults) => {
            let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
            if common.json {
                println!(
                    "{}",
                    json!({"bundle": bundle, "holds": false, "faults": lines})
                );
            }
            Err(Failure::new(
                17,
                format!("数据包没有通过核验：\n  {}", lines.join("\n  ")),
            ))
        }
    }
}
