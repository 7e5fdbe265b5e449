//! `huiyin demo`: the invented city of Yunxi plays a quarter through the same verbs, files and forms a real city uses.

mod afterwards;
mod agency_files;
mod bad_ratings;
mod behaviour;
mod browser;
mod dice;
mod form_page;
mod hardly_known;
mod history;
mod indicators;
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
    let server = serve::beside(play.app.clone(), base_url.clone(), listener);
    play.base_url.clone_from(&base_url);
    stages::quarter(&mut play).await?;
    let receipts = afterwards::look_up(&play).await?;
    let summary = summary::of(&play, receipts, started.elapsed()).await?;
    let printed = print(common, &summary, || summary.words(&base_url))?;
    if options.once {
        play.app.finish().await;
        return Ok(printed);
    }
    eprintln!("网站在 {base_url} ，演示账号在 {base_url}/sign-in （按 Ctrl+C 停止）");
    clock::real();
    server
        .await
        .map_err(|_| Failure::new(11, "网站的线程中断了"))??;
    Ok(ExitCode::SUCCESS)
}
