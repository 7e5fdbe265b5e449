//! The one binary: configuration, clock, randomness, commands, workers.

mod cli;
mod clock;
mod commands;
mod demo;
mod exit;
mod import_child;
mod installation;
mod randomness;
mod templates;

use clap::Parser;
use cli::{Cli, Command};
use exit::Outcome;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Command::ImportWorker = cli.command {
        return import_child::work();
    }
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("HUIYIN_LOG")
                .unwrap_or_else(|_| "warn".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(run(cli)),
        Err(error) => Err(exit::Failure::new(11, format!("不能启动：{error}"))),
    };
    outcome.unwrap_or_else(|failure| failure.report())
}

async fn run(cli: Cli) -> Outcome {
    let common = &cli.common;
    match cli.command {
        Command::Demo(options) => demo::run(common, &options).await,
        Command::Serve(options) => commands::serve::run(common, &options).await,
        Command::Worker { once, delivery } => commands::worker::run(common, once, &delivery).await,
        Command::Mail(command) => commands::mail::run(common, &command).await,
        Command::Migrate { world } => commands::migrate::run(common, world.as_deref()).await,
        Command::Backup { to } => commands::backup::run(common, &to).await,
        Command::BackupKeys { to } => commands::backup::keys(common, &to),
        Command::Restore { file, keys } => {
            commands::restore::run(common, &file, keys.as_deref()).await
        }
        Command::Round(command) => commands::round::run(common, &command).await,
        Command::Sample(command) => commands::sample::run(common, &command).await,
        Command::Import(options) => commands::import::run(common, &options).await,
        Command::UndoImport { batch } => commands::import::undo(common, &batch).await,
        Command::Letters(options) => commands::letters::run(common, &options).await,
        Command::Matters { round, list } => commands::matters::run(common, &round, list).await,
        Command::Snapshot(command) => commands::snapshot::run(common, &command).await,
        Command::Export(options) => commands::export::run(common, &options).await,
        Command::Analyze(options) => commands::analyze::run(common, &options),
        Command::Verify { bundle, what } => commands::verify::run(common, bundle, what).await,
        Command::Admin(command) => commands::admin::run(common, &command).await,
        Command::User(command) => commands::user::run(common, &command).await,
        Command::CheckTemplates {
            folder,
            write_schemas,
        } => commands::check_templates::run(common, folder.as_deref(), write_schemas.as_deref()),
        Command::ImportWorker => unreachable!("answered before the runtime starts"),
    }
}
