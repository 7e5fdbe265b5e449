//! The bare web server for comparison: it answers with what was posted.

use crate::http::Connection;
use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::Result;
use clap::Args;
use serde::Serialize;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Options of posting.
#[derive(Args)]
pub struct Post {
    /// Address of the echo.
    #[arg(long)]
    host: String,
    /// Connections kept alive.
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// How long.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
}

/// How many requests were answered.
#[derive(Serialize)]
pub struct Answered {
    per_second: f64,
}

/// Serves with as many workers as the site has: one per processor.
pub async fn serve(listen: &str) -> Result<()> {
    let workers = std::thread::available_parallelism()?.get();
    let server = HttpServer::new(|| {
        App::new().default_service(
            web::post().to(|body: web::Bytes| async move { HttpResponse::Ok().body(body) }),
        )
    });
    Ok(server.workers(workers).bind(listen)?.run().await?)
}

/// Posts what a citizen's browser posts when handing in, cookie included.
pub async fn post(options: &Post) -> Result<Answered> {
    let started = Instant::now();
    let until = started + Duration::from_secs(options.seconds);
    let cookie = format!("hy_draft={}", "a".repeat(64));
    let form = format!("submission_id={}", "b".repeat(32));
    let mut tasks = JoinSet::new();
    for _ in 0..options.connections {
        let (host, cookie, form) = (options.host.clone(), cookie.clone(), form.clone());
        tasks.spawn(async move {
            let mut to = Connection::open(&host).await?;
            let mut answered = 0_u32;
            while Instant::now() < until {
                to.post("/s/2026Q3/submit", &cookie, &form).await?;
                answered += 1;
            }
            anyhow::Ok(answered)
        });
    }
    let mut answered = 0;
    while let Some(ended) = tasks.join_next().await {
        answered += ended??;
    }
    Ok(Answered {
        per_second: f64::from(answered) / started.elapsed().as_secs_f64(),
    })
}
