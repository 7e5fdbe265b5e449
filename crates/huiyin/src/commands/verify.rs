//! `huiyin verify`: holds a bundle against its manifest, its signatures and its own figures; needs no database.

use crate::{
    cli::Common,
    commands::print,
    exit::{Failure, Outcome},
};
use serde_json::json;
use std::path::Path;

/// Verifies a bundle.
///
/// # Errors
/// When anything does not hold; each fault is named on its own line.
pub fn run(common: &Common, bundle: &Path) -> Outcome {
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
