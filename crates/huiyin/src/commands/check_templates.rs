//! `huiyin check-templates`: every problem of every template, with file, JSON pointer, rule and remedy.

use crate::{
    cli::Common,
    commands::print,
    exit::{Failure, Outcome},
    templates,
};
use serde_json::json;
use std::{fs, path::Path, process::ExitCode};

/// Checks a folder or the shipped templates; writes the JSON Schemas if asked.
///
/// # Errors
/// When the folder cannot be read, or a schema cannot be written.
pub fn run(common: &Common, folder: Option<&Path>, write_schemas: Option<&Path>) -> Outcome {
    if let Some(target) = write_schemas {
        write(target)?;
    }
    let (checked, problems) = templates::problems(folder)?;
    print(
        common,
        &json!({"checked": checked, "problems": problems}),
        || {
            if problems.is_empty() {
                format!("检查了 {checked} 个模板，没有发现问题")
            } else {
                let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
                format!(
                    "检查了 {checked} 个模板，发现 {} 处问题：\n{}",
                    problems.len(),
                    lines.join("\n")
                )
            }
        },
    )?;
    Ok(if problems.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

fn write(target: &Path) -> Result<(), Failure> {
    fs::create_dir_all(target).map_err(|error| Failure::file(target, &error))?;
    for (name, schema) in survey_design::schemas() {
        let path = target.join(name);
        let text = serde_json::to_string_pretty(&schema)
            .map_err(|error| Failure::new(11, error.to_string()))?
            + "\n";
        fs::write(&path, text).map_err(|error| Failure::file(&path, &error))?;
    }
    Ok(())
}
