//! Letters on paper: shown for printing, and forgotten once they are printed.

use crate::{
    Action, Actor, App, Refusal, Verb, allow,
    audit::audited,
    letter::{self, Letter, forgotten},
    send_mail::contact,
};
use chrono::{DateTime, Utc};
use response_collection::ContactOutcome;
use std::collections::BTreeMap;
use storage::outbox::{self, Job, JobKind, JobState};
use vocabulary::{RaterGroup, RoundId};

/// Letters shown at once.
const SHEET: usize = 300;

/// One letter on paper.
#[derive(Clone)]
pub struct PaperLetter {
    /// Name of its job.
    pub handle: String,
    /// For whom.
    pub name: String,
    /// What is said.
    pub body: String,
    /// Address of the page.
    pub page: String,
    /// The code.
    pub code: String,
}

/// Shows the handle only: what a letter says is for one person.
impl std::fmt::Debug for PaperLetter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PaperLetter")
            .field("handle", &self.handle)
            .finish_non_exhaustive()
    }
}

/// Letters that wait to be printed, by group.
///
/// # Errors
/// When the database fails.
pub async fn count_paper_letters(app: &App, round: &RoundId) -> Verb<BTreeMap<RaterGroup, u64>> {
    let mut counts = BTreeMap::new();
    for (_, letter) in waiting(app, round).await? {
        if let Some(group) = RaterGroup::from_code(&letter.group) {
            *counts.entry(group).or_default() += 1;
        }
    }
    Ok(counts)
}

/// The next letters of a group, at most 300; the same until they are said to be printed.
///
/// # Errors
/// When the actor may not, or the database fails.
pub async fn paper_letters(
    app: &App,
    actor: &Actor,
    round: &RoundId,
    group: RaterGroup,
    now: DateTime<Utc>,
) -> Verb<Vec<PaperLetter>> {
    allow(actor, Action::Prepare)?;
    let all = waiting(app, round).await?;
    let letters = all
        .into_iter()
        .filter(|(_, letter)| letter.group == group.code())
        .take(SHEET)
        .filter_map(|(job, letter)| {
            let (page, code) = letter.entry?;
            Some(PaperLetter {
                handle: job.handle,
                name: letter.to,
                body: letter.body,
                page,
                code,
            })
        })
        .collect();
    let tx = app.store.begin().await?;
    let object = format!("{round} {}", group.code());
    audited(&tx, actor, "show_letters", &object, now).await?;
    tx.commit().await?;
    Ok(letters)
}

/// Notes that letters are printed: their invitations are out, and who got which code is forgotten.
///
/// # Errors
/// When the actor may not, or the database fails.
pub async fn letters_printed(
    app: &App,
    actor: &Actor,
    round: &RoundId,
    handles: &[String],
    now: DateTime<Utc>,
) -> Verb<u64> {
    allow(actor, Action::Prepare)?;
    let tx = app.store.begin().await?;
    let mut printed = 0;
    for handle in handles {
        let job = outbox::find_by_handle(&tx, handle).await?;
        let job = job
            .filter(|job| is_waiting_paper(job) && job.round_id.as_deref() == Some(round.as_str()));
        let job = job.ok_or(Refusal::Missing("这批待打印的信（可能已经登记过）"))?;
        contact(&tx, &job, "printed", ContactOutcome::Printed, now).await?;
        outbox::settle(&tx, forgotten(job)).await?;
        printed += 1;
    }
    audited(&tx, actor, "letters_printed", round.as_str(), now).await?;
    tx.commit().await?;
    Ok(printed)
}

async fn waiting(app: &App, round: &RoundId) -> Verb<Vec<(Job, Letter)>> {
    let jobs = outbox::list_jobs(app.store(), round).await?;
    Ok(jobs
        .into_iter()
        .filter(is_waiting_paper)
        .filter_map(|job| letter::open(app, &job).map(|letter| (job, letter)))
        .collect())
}

fn is_waiting_paper(job: &Job) -> bool {
    job.kind == JobKind::Print && job.state == JobState::Waiting
}
