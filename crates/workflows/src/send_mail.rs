//! Mail leaves through the outbox: written with the change, sent by the worker, forgotten once sent.

use crate::{App, Verb, seal};
use chrono::{DateTime, TimeDelta, Utc};
use lettre::{FileTransport, Message, Transport, message::header::ContentType};
use rand::Rng;
use serde::{Deserialize, Serialize};
use storage::{Tx, outbox};

/// A letter to one person; sealed while it waits.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Mail {
    pub to: String,
    pub subject: String,
    pub body: String,
}

const KEY: &str = "outbox";
const CONTEXT: &str = "mail";
const BATCH: u64 = 200;
const MOST_ATTEMPTS: i32 = 8;
const RETRY: TimeDelta = TimeDelta::minutes(10);

/// Puts a mail into the outbox, in the transaction of the change it belongs to.
pub(crate) async fn enqueue(
    app: &App,
    tx: &Tx,
    job: &str,
    mail: &Mail,
    rng: &mut impl Rng,
) -> Verb<()> {
    let key = app.keys.read_or_make(KEY, rng)?;
    let plain = serde_json::to_vec(mail).expect("a mail is plain text");
    let payload = hex::encode(seal::seal(&key, CONTEXT, &plain, rng));
    let id = crate::close_round::random_id(rng);
    outbox::enqueue(tx, &id, job, "mail", &payload).await?;
    Ok(())
}

/// Sends what waits in the outbox into the mail spool (`.eml` files); returns how many were sent.
///
/// Each job is claimed with a lease and forgotten after sending, so that nobody can later read who got which code.
///
/// # Errors
/// When the database or the spool fails; what was not sent stays in the outbox.
pub async fn send_waiting(app: &App, now: DateTime<Utc>) -> Verb<u64> {
    let spool = app.folder.join("mail");
    tokio::fs::create_dir_all(&spool).await?;
    let transport = FileTransport::new(spool);
    let mut sent = 0;
    loop {
        let jobs = outbox::claim(&app.store, BATCH, now).await?;
        if jobs.is_empty() {
            return Ok(sent);
        }
        let key = app.keys.read(KEY)?;
        let tx = app.store.begin().await?;
        for job in &jobs {
            let mail = hex::decode(&job.payload)
                .ok()
                .and_then(|sealed| seal::open(&key, CONTEXT, &sealed))
                .and_then(|plain| serde_json::from_slice::<Mail>(&plain).ok());
            match mail.as_ref().and_then(|mail| message(mail, now)) {
                Some(message) if transport.send(&message).is_ok() => {
                    sent += 1;
                    outbox::done(&tx, &job.id).await?;
                }
                _ => {
                    outbox::failed(
                        &tx,
                        &job.id,
                        (job.attempts < MOST_ATTEMPTS).then(|| now + RETRY),
                    )
                    .await?
                }
            }
        }
        tx.commit().await?;
    }
}

fn message(mail: &Mail, now: DateTime<Utc>) -> Option<Message> {
    Message::builder()
        .from("回音 <no-reply@huiyin.invalid>".parse().ok()?)
        .to(mail.to.parse().ok()?)
        .subject(&mail.subject)
        .date(now.into())
        .header(ContentType::TEXT_PLAIN)
        .body(mail.body.clone())
        .ok()
}
