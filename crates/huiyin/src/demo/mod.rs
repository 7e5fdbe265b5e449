//! `huiyin demo`: the invented city of Yunxi plays a quarter through the same verbs, files and forms a real city uses.

mod agency_files;
mod behaviour;
mod browser;
mod dice;
mod form_page;
mod hardly_known;
mod history;
mod invented;
mod loop_acts;
mod pairing_visit;
mod people;
mod play;
mod pool_file;
mod sheet;
mod stages;
mod summary;
mod truth;
mod visit;

use crate::{
    cli::{Common, Demo},
    clock,
    commands::{print, serve},
    exit::{Failure, Outcome},
};
use play::Play;
use std::{process::ExitCode, time::Instant};

/// Plays the quarter, prints the summary, and serves the result unless told to exit.
///
/// # Errors
/// When the directory already holds a demo, or any step of the quarter fails.
pub async fn run(common: &Common, options: &Demo) -> Outcome {
    let started = Instant::now();
    let listener = serve::listen(&options.listen)?;
    let mut play = Play::open(common, options).await?;
    let base_url = format!("http://{}", options.listen);
    let server = tokio::spawn(serve::until_stopped(play.app.clone(), base_url.clone(), listener, true));
    play.base_url.clone_from(&base_url);
    let played = stages::quarter(&mut play).await;
    if played.is_err() {
        server.abort();
    }
    played?;
    let summary = summary::of(&play, started.elapsed()).await?;
    let printed = print(common, &summary, || summary.words(&base_url))?;
    if options.once {
        play.app.finish().await;
        server.abort();
        return Ok(printed);
    }
    eprintln!("网站在 {base_url} ，演示账号在 {base_url}/sign-in （按 Ctrl+C 停止）");
    clock::real();
    server.await.map_err(|error| Failure::new(11, format!("网站停止：{error}")))??;
    Ok(ExitCode::SUCCESS)
}
