//! Sources are told when rows of their kind were taken or taken back, by a signed request that leaves with the letters.
//!
//! The body is JSON. `Huiyin-Signature` is `t=<second>,v1=<hex>`: the HMAC-SHA-256 of second, a full stop, and the body
//! under the secret of the source.

use crate::{
    App, Verb,
    gateway::{self, mac},
    letter::{Errand, Letter, enqueue},
    smtp::{Handed, Reply, Stage},
    sources::callback_of,
};
use chrono::{DateTime, SecondsFormat, Utc};
use rand::Rng;
use serde::Serialize;
use std::time::Duration;
use storage::{
    Tx,
    imports::ImportBatch,
    outbox::{self, Job, JobKind},
    sources,
};

/// Longest time a source may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What happened to a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Applied,
    Undone,
}

impl Event {
    const fn code(self) -> &'static str {
        match self {
            Self::Applied => "batch.applied",
            Self::Undone => "batch.undone",
        }
    }
}

#[derive(Serialize)]
struct Told<'a> {
    event: &'static str,
    batch: &'a str,
    round: &'a str,
    new: i64,
    changed: i64,
    rejected: i64,
    at: String,
}

/// What a source was not told yet, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn waiting_for_source(app: &App, source: &str) -> Verb<Vec<Job>> {
    let all = outbox::list_open_jobs(app.store(), JobKind::Webhook).await?;
    let own = jobs_of(source);
    let own = |job: &Job| job.job_key.starts_with(&own);
    Ok(all.into_iter().filter(own).collect())
}

/// How the jobs of a source are named; the event and the batch follow.
fn jobs_of(source: &str) -> String {
    format!("webhook/{source}/")
}

/// Puts a request for every source of the batch's kind into the outbox, in the transaction of what it is about.
pub(crate) async fn tell_sources(
    app: &App,
    tx: &Tx,
    event: Event,
    batch: &ImportBatch,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<()> {
    let told = serde_json::to_string(&Told {
        event: event.code(),
        batch: &batch.id,
        round: &batch.round_id,
        new: batch.new_rows,
        changed: batch.changed_rows,
        rejected: batch.rejected_rows,
        at: now.to_rfc3339_opts(SecondsFormat::Secs, true),
    })
    .expect("an event is plain text");
    for source in sources::list_sources(tx).await? {
        let wants = source.callback_url.is_some() && source.ended_at.is_none();
        if !wants || source.kind != batch.channel {
            continue;
        }
        let errand = Errand {
            round: None,
            invitation: None,
            key: format!("{}{}/{}", jobs_of(&source.id), event.code(), batch.id),
            kind: JobKind::Webhook,
        };
        let letter = Letter {
            to: source.id,
            subject: String::new(),
            body: told.clone(),
            stop: None,
            group: String::new(),
            entry: None,
        };
        enqueue(app, tx, errand, &letter, now, rng).await?;
    }
    Ok(())
}

/// Tells a source; none when it does not want to be told any more.
pub(crate) async fn post(app: &App, letter: &Letter, now: DateTime<Utc>) -> Verb<Option<Handed>> {
    let source = sources::find_source(app.store(), &letter.to).await?;
    let Some((url, secret)) = source.and_then(|source| callback_of(app, &source)) else {
        return Ok(None);
    };
    let second = now.timestamp().to_string();
    let signature = format!("t={second},v1={}", mac(&secret, &second, &letter.body));
    let headers = vec![("Huiyin-Signature", signature)];
    let answer = gateway::post_json(url, letter.body.clone(), headers, PATIENCE).await;
    Ok(Some(match answer {
        Some(200..=299) => Handed::Over,
        // Whoever mends the other side, within the days a letter is tried, gets what waits.
        Some(code) => Handed::NotNow(Reply {
            stage: Stage::Content,
            code,
            status: None,
        }),
        None => Handed::Unreachable(Stage::Connect),
    }))
}
