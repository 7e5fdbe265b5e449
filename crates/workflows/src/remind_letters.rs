//! Units that have not signed for their feedback letter in time are reminded by mail.

use crate::{
    Actor, App, Verb, VerbError,
    audit::audited,
    documents::rules,
    letter::{Errand, Letter as Mail, enqueue},
    letter_mailbox::opened,
    rounds::find,
};
use chrono::{DateTime, Utc};
use rand::Rng;
use std::collections::BTreeMap;
use storage::{
    StorageError,
    letters::{self, Letter},
    outbox::JobKind,
};
use vocabulary::{RoundId, civil_date};

/// Reminds on working days, each unit once a day at most; returns how many reminders were written now.
///
/// Whether one was written today the outbox knows by its key, so it does not matter how often or by how many programs this
/// is called. The mail names the letter and its date and nothing of what is in it; its subject names not even the unit.
/// Units without a mailbox get none; the office sees them in its list.
///
/// # Errors
/// When the database fails.
pub async fn remind_letters(
    app: &App,
    now: DateTime<Utc>,
    rng: &mut (impl Rng + Send),
) -> Verb<u64> {
    let overdue = letters::list_overdue_letters(app.store(), civil_date(now)).await?;
    if overdue.is_empty() {
        return Ok(0);
    }
    let mailboxes: BTreeMap<String, String> = letters::list_mailboxes(app.store())
        .await?
        .into_iter()
        .filter_map(|mailbox| Some((mailbox.unit_id.clone(), opened(app, &mailbox)?)))
        .collect();
    let mut due = Vec::new();
    for letter in overdue {
        if let Some(to) = mailboxes.get(&letter.unit_id)
            && works_today(app, &letter, now).await?
        {
            due.push((letter, to));
        }
    }
    if due.is_empty() {
        return Ok(0);
    }
    match write(app, &due, now, rng).await {
        // Another program writes the same reminders at this moment.
        Err(VerbError::Failed(StorageError::Conflict(_))) => Ok(0),
        done => done,
    }
}

async fn write(
    app: &App,
    due: &[(Letter, &String)],
    now: DateTime<Utc>,
    rng: &mut (impl Rng + Send),
) -> Verb<u64> {
    let tx = app.store.begin().await?;
    let mut written = 0;
    for (letter, to) in due {
        let errand = Errand {
            round: None,
            invitation: None,
            key: format!("letter-reminder-{}-{}", civil_date(now), letter.id),
            kind: JobKind::Mail,
        };
        let mail = reminder(letter, to);
        written += u64::from(enqueue(app, &tx, errand, &mail, now, rng).await?);
    }
    if written > 0 {
        let day = civil_date(now).to_string();
        audited(&tx, &Actor::system(), "remind_letters", &day, now).await?;
        tx.commit().await?;
    }
    Ok(written)
}

async fn works_today(app: &App, letter: &Letter, now: DateTime<Utc>) -> Verb<bool> {
    let record = find(app, &RoundId::new(letter.round_id.as_str())).await?;
    let rules = rules(app, &record.round.rules_digest).await?;
    Ok(rules.calendar.is_working_day(civil_date(now)))
}

fn reminder(letter: &Letter, to: &str) -> Mail {
    let due = letter.due_on.format("%Y 年 %-m 月 %-d 日");
    Mail {
        to: to.to_owned(),
        subject: "提醒：有一份反馈函超过期限还没有签收".to_owned(),
        body: format!(
            "您好：\n\n编号 {} 的反馈函应当在 {due}前签收，到今天还没有签收。\n\n             请登录回音部门工作台，打开“反馈函”，看过以后签收。已经签收的，不用理会。\n",
            letter.id
        ),
        stop: None,
        group: String::new(),
        entry: None,
    }
}
