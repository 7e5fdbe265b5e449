//! Empties the outbox: claims under a lease, sends, notes what became of it, and forgets what was said.

use crate::{
    App, Verb,
    attempt::{Settled, settled},
    close_round::random_id,
    delivery::Relay,
    gateway,
    letter::{self, Letter},
    smtp::{Handed, Smtp},
    webhook,
};
use chrono::{DateTime, Duration, Utc};
use lettre::{
    FileTransport, Message, Transport,
    message::header::{ContentType, Header, HeaderName, HeaderValue},
};
use rand::{Rng, RngExt};
use response_collection::{ContactOutcome, InvitationState};
use std::path::PathBuf;
use storage::{
    Tx,
    contacts::{self, AddressStanding, Contact},
    invitations,
    outbox::{self, Job, JobKind, LEASE},
};
use vocabulary::civil_date;

/// Jobs claimed at once by a worker that talks to a relay: all of them can fall silent within one lease.
const BATCH: usize = 8;
const SPOOL_BATCH: usize = 200;
const _: () = assert!(
    LEASE.num_seconds() > BATCH as i64 * 30,
    "a lease outlasts its batch"
);

/// Mark of a job that has its minute booked.
const BOOKED: &str = "RATE";

enum Route<'a> {
    Spool(PathBuf),
    Relay(Box<Smtp<'a>>),
}

/// Sends what is due until nothing is; returns how many were taken by the other side.
///
/// Each job is claimed with a lease and forgotten after sending, so that nobody can later read who got which code.
/// Several workers may run at once. When the relay or the gateway cannot be reached, what is to go there
/// waits for the next run.
///
/// # Errors
/// When the database or the spool fails; what was not sent stays in the outbox.
pub async fn send_waiting(
    app: &App,
    clock: fn() -> DateTime<Utc>,
    rng: &mut (impl Rng + Send),
) -> Verb<u64> {
    let delivery = app.delivery.clone();
    let mut route = route(app, delivery.relay.as_ref()).await?;
    let mut kinds = vec![JobKind::Mail, JobKind::Webhook];
    kinds.extend(delivery.gateway.as_ref().map(|_| JobKind::Sms));
    let (batch, flush) = match route {
        Route::Spool(_) => (SPOOL_BATCH, SPOOL_BATCH),
        Route::Relay(_) => (BATCH, 1),
    };
    let mut sent = 0;
    loop {
        let lease = random_id(rng);
        let jobs = outbox::claim(&app.store, &kinds, batch as u64, &lease, clock()).await?;
        if jobs.is_empty() {
            return Ok(sent);
        }
        let mut jobs = jobs.into_iter().peekable();
        while jobs.peek().is_some() {
            let mut finished = Vec::new();
            for job in jobs.by_ref().take(flush) {
                let kind = job.kind;
                let step = if kinds.contains(&kind) {
                    attempt(app, &mut route, job, clock, rng).await?
                } else {
                    Settled::released(job, clock())
                };
                // Mail and short messages share one way; every source is told at an address of its own.
                if step.unreachable && kind != JobKind::Webhook {
                    kinds.retain(|reachable| *reachable != kind);
                }
                finished.push(step);
            }
            sent += note(app, finished, clock()).await?;
        }
    }
}

async fn route<'a>(app: &App, relay: Option<&'a Relay>) -> Verb<Route<'a>> {
    Ok(match relay {
        Some(relay) => Route::Relay(Box::new(Smtp::to(relay))),
        None => {
            let spool = app.folder.join("mail");
            tokio::fs::create_dir_all(&spool).await?;
            Route::Spool(spool)
        }
    })
}

/// One attempt at one job; nothing of it is written yet.
async fn attempt(
    app: &App,
    route: &mut Route<'_>,
    mut job: Job,
    clock: fn() -> DateTime<Utc>,
    rng: &mut (impl Rng + Send),
) -> Verb<Settled> {
    let now = clock();
    if let Some(end) = Settled::lost_too_often(&job) {
        return Ok(end);
    }
    let Some(letter) = letter::open(app, &job) else {
        return Ok(Settled::unreadable(job));
    };
    if let Some(standing) = standing(app, &job).await?
        && standing.stopped
    {
        return Ok(Settled::stopped(job, standing.opted_out));
    }
    if let Some(minute) = later_minute(app, &job, &letter, now) {
        job.problem = Some(BOOKED.to_owned());
        return Ok(Settled::released(job, minute));
    }
    let handed = match job.kind {
        JobKind::Sms => match &app.delivery.gateway {
            Some(gateway) => {
                let request = gateway::Request {
                    id: &job.handle,
                    to: &letter.to,
                    text: &letter.body,
                };
                gateway::post(gateway, &request, now).await
            }
            None => return Ok(Settled::released(job, now + LEASE)),
        },
        JobKind::Webhook => match webhook::post(app, &letter, now).await? {
            Some(handed) => handed,
            None => return Ok(Settled::unreadable(job)),
        },
        JobKind::Mail | JobKind::Print => post(app, route, &job, &letter, now).await,
    };
    Ok(settled(job, &handed, clock(), rng.random()))
}

async fn post(
    app: &App,
    route: &mut Route<'_>,
    job: &Job,
    letter: &Letter,
    now: DateTime<Utc>,
) -> Handed {
    let Some(message) = message(app, job, letter, now) else {
        return Handed::BadAddress(crate::smtp::Reply::no_address());
    };
    match route {
        Route::Spool(folder) => match FileTransport::new(&*folder).send(&message) {
            Ok(_) => Handed::Over,
            Err(_) => Handed::Unreachable(crate::smtp::Stage::Connect),
        },
        Route::Relay(smtp) => {
            let to = message.envelope().to()[0].clone();
            let from = return_path(app, &job.handle);
            smtp.send(from, to, &message.formatted()).await
        }
    }
}

/// Each mail comes back to an address of its own, so that a bounce names its job and nobody else.
fn return_path(app: &App, handle: &str) -> lettre::Address {
    let plain = &app.delivery.sender.email;
    app.delivery.bounces.as_ref().map_or_else(
        || plain.clone(),
        |bounces| {
            let own = format!("{}+{handle}", bounces.user());
            lettre::Address::new(own, bounces.domain()).unwrap_or_else(|_| plain.clone())
        },
    )
}

/// The minute the pace of the letter's domain allows, when it is not this one.
fn later_minute(
    app: &App,
    job: &Job,
    letter: &Letter,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let (_, domain) = letter.to.rsplit_once('@')?;
    if job.problem.as_deref() == Some(BOOKED) {
        return None;
    }
    let this = now.timestamp().div_euclid(60);
    let mut pace = app.delivery.pace.lock().ok()?;
    let minute = pace.book(domain, this);
    (minute > this)
        .then(|| DateTime::from_timestamp(minute * 60, 0).unwrap_or(now + Duration::minutes(1)))
}

async fn standing(app: &App, job: &Job) -> Verb<Option<AddressStanding>> {
    Ok(match &job.address_hash {
        Some(hash) => contacts::find_standing(&app.store, hash).await?,
        None => None,
    })
}

/// Writes down what became of some jobs, in one transaction; returns how many were taken.
async fn note(app: &App, finished: Vec<Settled>, now: DateTime<Utc>) -> Verb<u64> {
    let tx = app.store.begin().await?;
    let mut taken = 0;
    for step in finished {
        let job = step.job.clone();
        // A job whose lease ran out belongs to another worker, who counts this attempt as one in doubt.
        if outbox::settle(&tx, step.job).await?
            && let Some(outcome) = step.outcome
        {
            taken += u64::from(outcome == ContactOutcome::Accepted);
            contact(&tx, &job, &job.attempts.to_string(), outcome, now).await?;
        }
    }
    tx.commit().await?;
    Ok(taken)
}

/// Notes what happened to a job, once, with what follows for the invitation and the address.
pub(crate) async fn contact(
    tx: &Tx,
    job: &Job,
    which: &str,
    outcome: ContactOutcome,
    now: DateTime<Utc>,
) -> Verb<bool> {
    let (Some(round), Some(id)) = (&job.round_id, &job.invitation_id) else {
        return Ok(false);
    };
    let row = Contact {
        id: format!("{}-{which}", job.handle),
        round_id: round.clone(),
        invitation_id: id.clone(),
        kind: job.kind.code().to_owned(),
        outcome: outcome.code().to_owned(),
        on_day: civil_date(now),
    };
    if !contacts::insert_contact(tx, row).await? {
        return Ok(false);
    }
    let found = invitations::find_invitation(tx, id).await?;
    if let Some(state) = found.and_then(|row| InvitationState::from_code(&row.state)) {
        invitations::set_invitation_state(tx, id, state.after(outcome).code()).await?;
    }
    if let Some(hash) = &job.address_hash {
        stand(tx, hash, outcome).await?;
    }
    Ok(true)
}

/// Hard bounces after which nobody writes to an address any more.
const MOST_BOUNCES: i32 = 2;

async fn stand(tx: &Tx, address_hash: &str, outcome: ContactOutcome) -> Verb<()> {
    if !outcome.is_hard_bounce() && outcome != ContactOutcome::OptedOut {
        return Ok(());
    }
    let found = contacts::find_standing(tx, address_hash).await?;
    let mut standing = found.unwrap_or(AddressStanding {
        address_hash: address_hash.to_owned(),
        hard_bounces: 0,
        stopped: false,
        opted_out: false,
    });
    standing.hard_bounces += i32::from(outcome.is_hard_bounce());
    standing.opted_out |= outcome == ContactOutcome::OptedOut;
    standing.stopped |= standing.opted_out
        || outcome == ContactOutcome::BadAddress
        || standing.hard_bounces >= MOST_BOUNCES;
    Ok(contacts::put_standing(tx, standing).await?)
}

/// A header of fixed name; lettre knows these three only as free text.
macro_rules! text_header {
    ($name:ident, $text:literal) => {
        #[derive(Clone)]
        struct $name(String);

        impl Header for $name {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($text)
            }

            fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Ok(Self(text.to_owned()))
            }

            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), self.0.clone())
            }
        }
    };
}

text_header!(AutoSubmitted, "Auto-Submitted");
text_header!(ListUnsubscribe, "List-Unsubscribe");
text_header!(ListUnsubscribePost, "List-Unsubscribe-Post");

/// The mail of a job; `None` when its address is none.
///
/// The message id is the same for every attempt, so that a receiver can put two copies together (RFC 5322, 3.6.4).
fn message(app: &App, job: &Job, letter: &Letter, now: DateTime<Utc>) -> Option<Message> {
    let sender = &app.delivery.sender;
    let mail = Message::builder()
        .from(sender.clone())
        .to(letter.to.parse().ok()?)
        .subject(&letter.subject)
        .date(now.into())
        .message_id(Some(format!("<{}@{}>", job.handle, sender.email.domain())))
        .header(AutoSubmitted("auto-generated".to_owned()))
        .header(ContentType::TEXT_PLAIN);
    let Some(stop) = &letter.stop else {
        return mail.body(letter.body.clone()).ok();
    };
    mail.header(ListUnsubscribe(format!("<{stop}>")))
        .header(ListUnsubscribePost("List-Unsubscribe=One-Click".to_owned()))
        .body(format!(
            "{}\n不想再收到这样的邮件，请打开：\n{stop}\n",
            letter.body
        ))
        .ok()
}
