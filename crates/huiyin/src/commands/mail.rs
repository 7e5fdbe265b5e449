//! `huiyin mail`: what leaves by the outbox, and what comes back.

use crate::{
    cli::{Common, DeliveryOptions, MailCommand},
    clock::now,
    commands::print,
    exit::{Failure, Outcome},
    installation::{actor, open},
    randomness::fresh,
};
use serde_json::json;
use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};
use tokio::{sync::watch, task::JoinHandle};
use vocabulary::RoundId;
use workflows::{App, Bounce, Delivery, DeliverySettings, send_waiting};

const PAUSE: Duration = Duration::from_secs(5);
const LARGEST_BOUNCE: u64 = 4 * 1024 * 1024;

/// Runs a command on letters.
///
/// # Errors
/// When the step is refused, the settings cannot be used, or the database fails.
pub async fn run(common: &Common, command: &MailCommand) -> Outcome {
    let app = open(common).await?;
    match command {
        MailCommand::Send { once, delivery } => {
            send(common, &delivering(app, delivery)?, *once, delivery).await
        }
        MailCommand::Bounce { maildir: None } => {
            let mut message = Vec::new();
            io::stdin()
                .take(LARGEST_BOUNCE)
                .read_to_end(&mut message)
                .map_err(|error| Failure::new(11, format!("读不到退信：{error}")))?;
            let bounce = workflows::take_bounce(&app, &message, now()).await?;
            print(common, &json!({"bounce": code(bounce)}), || {
                words(bounce).to_owned()
            })
        }
        MailCommand::Bounce {
            maildir: Some(folder),
        } => {
            let (hard, other) = read_maildir(&app, folder).await?;
            print(common, &json!({"hard": hard, "other": other}), || {
                format!("退信 {hard} 封，其他 {other} 封")
            })
        }
        MailCommand::Remind {
            round,
            base_url,
            delivery,
        } => {
            let who = actor(&app, common).await?;
            let app = delivering(app, delivery)?;
            let id = RoundId::new(round);
            let waiting = workflows::remind(&app, &who, &id, base_url, now(), &mut fresh()).await?;
            print(
                common,
                &json!({"round": round, "reminders": waiting}),
                || format!("已准备提醒 {waiting} 封，等待送出"),
            )
        }
        MailCommand::Status { round } => status(common, &app, &RoundId::new(round)).await,
        MailCommand::Retry { handle } => {
            let who = actor(&app, common).await?;
            workflows::retry_letter(&app, &who, handle, now()).await?;
            print(
                common,
                &json!({"handle": handle, "state": "waiting"}),
                || "这封信会再试一次".to_owned(),
            )
        }
    }
}

/// The installation with letters that leave as the options say.
///
/// # Errors
/// When a file cannot be read or an option is wrong.
pub fn delivering(app: App, options: &DeliveryOptions) -> Result<App, Failure> {
    let read = |path: &Path| fs::read(path).map_err(|error| Failure::file(path, &error));
    let secret = |path: &Path| Ok::<_, Failure>(read(path)?.trim_ascii().to_vec());
    if options.smtp.is_none() && options.sms_url.is_none() {
        return Ok(app);
    }
    let password = options.smtp_password_file.as_deref().map(secret);
    let settings = DeliverySettings {
        relay: options.smtp.clone(),
        relay_password: password
            .transpose()?
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        relay_authority: options.smtp_ca_file.as_deref().map(read).transpose()?,
        sender: options.mail_from.clone(),
        bounces: options.mail_bounces.clone(),
        per_minute: options.mail_per_minute,
        gateway: options.sms_url.clone(),
        gateway_secret: options.sms_secret_file.as_deref().map(secret).transpose()?,
    };
    let delivery = Delivery::new(&settings);
    let delivery = delivery.map_err(|problem| Failure::new(2, problem.to_string()))?;
    Ok(app.delivering(delivery))
}

async fn send(common: &Common, app: &App, once: bool, options: &DeliveryOptions) -> Outcome {
    if !once {
        let worker = Worker::start(app, options);
        // Without a signal handler the process ends here, which is fine as well.
        drop(tokio::signal::ctrl_c().await);
        worker.stop().await;
        return Ok(ExitCode::SUCCESS);
    }
    let runs: Vec<_> = (0..options.mail_connections.get())
        .map(|_| {
            let app = app.clone();
            tokio::spawn(async move { send_waiting(&app, now, &mut fresh()).await })
        })
        .collect();
    let mut sent = 0;
    for run in runs {
        let run = run.await;
        sent += run.map_err(|error| Failure::new(11, format!("发信中断：{error}")))??;
    }
    print(common, &json!({"sent": sent}), || format!("送出 {sent} 封"))
}

/// Connections that send while something else runs.
pub struct Worker {
    stop: watch::Sender<bool>,
    connections: Vec<JoinHandle<()>>,
}

impl Worker {
    /// Starts sending, and reading what comes back.
    pub fn start(app: &App, options: &DeliveryOptions) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut connections: Vec<_> = (0..options.mail_connections.get())
            .map(|_| tokio::spawn(keep_sending(app.clone(), stopped.clone())))
            .collect();
        if let Some(folder) = options.mail_bounce_dir.clone() {
            connections.push(tokio::spawn(keep_reading(app.clone(), folder, stopped)));
        }
        Self { stop, connections }
    }

    /// Lets the letters under way be finished, each within its 30 seconds, and stops.
    pub async fn stop(self) {
        drop(self.stop);
        for connection in self.connections {
            // A connection that ended by itself has nothing to finish.
            drop(connection.await);
        }
    }
}

async fn keep_sending(app: App, mut stopped: watch::Receiver<bool>) {
    loop {
        if let Err(error) = send_waiting(&app, now, &mut fresh()).await {
            eprintln!("huiyin：发信暂停：{error}");
        }
        if is_over(&mut stopped).await {
            return;
        }
    }
}

async fn keep_reading(app: App, folder: PathBuf, mut stopped: watch::Receiver<bool>) {
    loop {
        if let Err(failure) = read_maildir(&app, &folder).await {
            eprintln!("huiyin：读退信暂停：{failure}");
        }
        if is_over(&mut stopped).await {
            return;
        }
    }
}

/// Waits a moment; true when the worker is to stop.
async fn is_over(stopped: &mut watch::Receiver<bool>) -> bool {
    tokio::select! {
        () = tokio::time::sleep(PAUSE) => false,
        _ = stopped.changed() => true,
    }
}

/// Takes every new message of a maildir folder; hard bounces that are news, and all others.
async fn read_maildir(app: &App, folder: &Path) -> Result<(u64, u64), Failure> {
    let (new, cur) = (folder.join("new"), folder.join("cur"));
    let at = |path: &Path, error: io::Error| Failure::file(path, &error);
    fs::create_dir_all(&cur).map_err(|error| at(&cur, error))?;
    let (mut hard, mut other) = (0, 0);
    for entry in fs::read_dir(&new).map_err(|error| at(&new, error))? {
        let entry = entry.map_err(|error| at(&new, error))?;
        let path = entry.path();
        let message = fs::read(&path).map_err(|error| at(&path, error))?;
        match workflows::take_bounce(app, &message, now()).await? {
            Bounce::Hard => hard += 1,
            _ => other += 1,
        }
        let read = cur.join(format!("{}:2,S", entry.file_name().display()));
        fs::rename(&path, &read).map_err(|error| at(&path, error))?;
    }
    Ok((hard, other))
}

const fn code(bounce: Bounce) -> &'static str {
    match bounce {
        Bounce::Hard => "hard",
        Bounce::Known => "known",
        Bounce::Soft => "soft",
        Bounce::Stranger => "stranger",
        Bounce::Other => "other",
    }
}

const fn words(bounce: Bounce) -> &'static str {
    match bounce {
        Bounce::Hard => "已登记退信",
        Bounce::Known => "这封退信已经登记过",
        Bounce::Soft => "只是延迟或已送达，没有登记",
        Bounce::Stranger => "不是本系统发出的信",
        Bounce::Other => "不是退信通知",
    }
}

async fn status(common: &Common, app: &App, round: &RoundId) -> Outcome {
    let counts = workflows::delivery_counts(app, round).await?;
    let dead: Vec<_> = counts
        .dead
        .iter()
        .map(|letter| {
            json!({"handle": letter.handle, "kind": letter.kind, "attempts": letter.attempts, "problem": letter.problem})
        })
        .collect();
    let contacts: Vec<_> = counts
        .contacts
        .iter()
        .map(|(kind, outcome, n)| json!({"kind": kind, "outcome": outcome, "attempts": n}))
        .collect();
    let value = json!({"round": round, "waiting": counts.waiting, "done": counts.done, "possible_duplicates": counts.possible_duplicates, "contacts": contacts, "dead": dead});
    print(common, &value, || {
        let mut lines = vec![format!(
            "等待 {}，办结 {}，没有送出 {}，可能重复 {}",
            counts.waiting,
            counts.done,
            counts.dead.len(),
            counts.possible_duplicates
        )];
        lines.extend(counts.dead.iter().map(|letter| {
            format!(
                "{}\t{}\t试了 {} 次\t{}",
                letter.handle, letter.kind, letter.attempts, letter.problem
            )
        }));
        lines.join("\n")
    })
}
