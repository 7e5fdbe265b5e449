//! Writes the published JSON Schemas into the folder given as the only argument.

use std::{env, fs, path::PathBuf, process::ExitCode};

fn main() -> ExitCode {
    let Some(folder) = env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: publish_schemas FOLDER");
        return ExitCode::from(2);
    };
    for (name, schema) in survey_design::schemas() {
        let path = folder.join(name);
        if let Err(refused) = fs::write(&path, format!("{schema:#}\n")) {
            eprintln!("{}: {refused}", path.display());
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
