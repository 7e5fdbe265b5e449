//! The simulated people of the demonstration: they open their links and post real forms over HTTP, many at once.

use super::{
    behaviour::Habit,
    browser::{Browser, connections},
    visit::{Outcome, Person, Trouble, visit},
};
use awc::Client;
use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc, oneshot};

/// Straight-liners go first; the demo's clock stands still for them, so a crowd of them does no harm.
const HASTY_AT_ONCE: usize = 32;
/// Everybody else; while they read, others answer.
const READING_AT_ONCE: usize = 400;

/// What became of the people, counted by the people themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeopleReport {
    /// Opened the link.
    pub opened: u64,
    /// Submitted and got a receipt, the straight-liners included.
    pub answered: u64,
    /// Opened the link and declined.
    pub refused: u64,
    /// Never opened the link.
    pub silent: u64,
    /// Of those who answered, the straight-liners.
    pub too_fast: u64,
    /// Receipt code of each acknowledged submission, sorted.
    pub acknowledged: Vec<String>,
    /// Person number and trouble of each visit that failed, sorted by number.
    pub errors: Vec<(u32, Trouble)>,
}

/// Lets all people make their visit, calls `progress` with the number of visits made so far, and hands each receipt
/// code to `note` as soon as the server has acknowledged the submission, so that a list outside this process can be
/// compared after a crash.
///
/// Runs on the thread of an actix system (tasks are local to it). What each person answers depends on the seed and
/// the person's number alone; only the order of arrival differs from run to run.
async fn answer_all(
    people: Vec<Person>,
    base_url: String,
    progress: impl Fn(u64),
    mut note: impl FnMut(&str),
) -> PeopleReport {
    let hasty = |person: &Person| person.behaviour.habit() == Habit::StraightLiner;
    let (first, then): (Vec<_>, Vec<_>) = people.into_iter().partition(hasty);
    let mut report = PeopleReport::default();
    for (crowd, at_once) in [(first, HASTY_AT_ONCE), (then, READING_AT_ONCE)] {
        let mut heard = admit(crowd, &base_url, at_once);
        while let Some((person, outcome)) = heard.recv().await {
            if let Ok(Outcome::Acknowledged(code)) = &outcome {
                note(code);
            }
            report.count(&person, outcome);
            progress(report.visits());
        }
    }
    report.acknowledged.sort_unstable();
    report.errors.sort_by_key(|(number, _)| *number);
    report
}

/// Lets all people make their visit on a thread of their own, beside the server; may be called from any runtime.
///
/// # Panics
/// The returned future, when the thread itself panicked.
pub async fn answer_all_apart(
    people: Vec<Person>,
    base_url: String,
    progress: impl Fn(u64) + Send + 'static,
    note: impl FnMut(&str) + Send + 'static,
) -> PeopleReport {
    let (done, report) = oneshot::channel();
    std::thread::spawn(move || {
        let visits = answer_all(people, base_url, progress, note);
        // Nobody waits any more only when the caller was dropped.
        let _ = done.send(actix_web::rt::System::new().block_on(visits));
    });
    report
        .await
        .expect("the people's thread ends with its report")
}

type Visit = (Person, Result<Outcome, Trouble>);

/// Starts all visits, `at_once` at a time; each is told when it has ended.
fn admit(crowd: Vec<Person>, base_url: &str, at_once: usize) -> mpsc::UnboundedReceiver<Visit> {
    let client = connections(at_once);
    let door = Arc::new(Semaphore::new(at_once));
    let (told, heard) = mpsc::unbounded_channel();
    for person in crowd {
        let mut browser = Browser::new(Client::clone(&client), base_url);
        let (door, told) = (Arc::clone(&door), told.clone());
        actix_web::rt::spawn(async move {
            let _place = door
                .acquire_owned()
                .await
                .expect("the door is never closed");
            let outcome = visit(&person, &mut browser).await;
            // Nobody listens any more only when the whole run was dropped.
            let _ = told.send((person, outcome));
        });
    }
    heard
}

impl PeopleReport {
    /// Visits made, whatever came of them.
    #[must_use]
    pub fn visits(&self) -> u64 {
        self.answered
            + self.refused
            + self.silent
            + u64::try_from(self.errors.len()).expect("few errors")
    }

    fn count(&mut self, person: &Person, outcome: Result<Outcome, Trouble>) {
        let opened = !matches!(outcome, Ok(Outcome::NotOpened));
        self.opened += u64::from(opened);
        match outcome {
            Ok(Outcome::NotOpened) => self.silent += 1,
            Ok(Outcome::Refused) => self.refused += 1,
            Ok(Outcome::Acknowledged(code)) => {
                self.answered += 1;
                self.too_fast += u64::from(person.behaviour.habit() == Habit::StraightLiner);
                self.acknowledged.push(code);
            }
            Err(trouble) => self.errors.push((person.behaviour.number(), trouble)),
        }
    }
}

#[cfg(test)]
mod tests;
