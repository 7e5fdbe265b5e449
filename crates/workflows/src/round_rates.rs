//! How many answered, why the others did not as far as anybody can know, and how the letters fared.

use crate::{Action, Actor, App, Refusal, Verb, allow, audit::audited};
use analytics::quality::{Outcomes, ResponseRates, response_rates};
use chrono::{DateTime, Utc};
use response_collection::{Disposition, InvitationState, VoidReason};
use std::collections::BTreeMap;
use storage::{
    ballots::{self, BallotCounts, Verdict},
    contacts,
    invitations::{self, InvitationKind, TokenCount, TokenState},
    outbox::{self, Job, JobState},
};
use vocabulary::RoundId;

/// Final dispositions and response rates of one questionnaire of a round.
#[derive(Clone, Debug, PartialEq)]
pub struct RoundRates {
    /// Which questionnaire.
    pub kind: InvitationKind,
    /// Cases by disposition; they add up to the cases drawn.
    pub dispositions: BTreeMap<Disposition, u64>,
    /// The rates.
    pub rates: ResponseRates,
}

/// How the letters of a round stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryCounts {
    /// Letters that wait, for their first or a later attempt.
    pub waiting: u64,
    /// Letters that nothing is to be done about any more.
    pub done: u64,
    /// Attempts of which nobody knows whether they arrived: at most so many people got something twice.
    pub possible_duplicates: u64,
    /// Attempts by way and outcome.
    pub contacts: Vec<(String, String, u64)>,
    /// Letters given up, which a person may let try again.
    pub dead: Vec<DeadLetter>,
}

/// A letter that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// Name of its job.
    pub handle: String,
    /// Which way it was to go.
    pub kind: &'static str,
    /// Attempts made.
    pub attempts: i32,
    /// Code of what went wrong last: step, reply code, status code.
    pub problem: String,
}

/// Rates of each questionnaire of the round that somebody was invited to.
///
/// Answers are counted where they are known, at the tokens and ballots, and letters where they are known, at the
/// invitations; nothing joins the two. Whoever answered and then asked not to be written to is counted at both, so a
/// refusal told by mail counts only as far as cases are left.
///
/// # Errors
/// When the database fails.
pub async fn round_rates(app: &App, round: &RoundId) -> Verb<Vec<RoundRates>> {
    let tokens = invitations::count_tokens(app.store(), round).await?;
    let ballots = ballots::ballot_counts(app.store(), round).await?;
    let all = invitations::list_invitations(app.store(), round).await?;
    let kinds = [InvitationKind::Overall, InvitationKind::Enterprise];
    let rates = kinds.into_iter().filter_map(|kind| {
        let states = all
            .iter()
            .filter(|row| row.kind == kind)
            .filter_map(|row| InvitationState::from_code(&row.state));
        let dispositions = dispositions(kind, &tokens, &ballots, states)?;
        let rates = response_rates(&outcomes(&dispositions));
        Some(RoundRates {
            kind,
            dispositions,
            rates,
        })
    });
    Ok(rates.collect())
}

/// Every case drawn under one disposition; `None` when nobody was invited to this questionnaire.
fn dispositions(
    kind: InvitationKind,
    tokens: &[TokenCount],
    ballots: &BallotCounts,
    states: impl Iterator<Item = InvitationState>,
) -> Option<BTreeMap<Disposition, u64>> {
    let of = |state: Option<TokenState>| -> u64 {
        let counted = tokens.iter().filter(|count| count.kind == kind);
        let counted = counted.filter(|count| state.is_none_or(|state| count.state == state));
        counted.map(|count| count.tokens).sum()
    };
    let cases = of(None);
    if cases == 0 {
        return None;
    }
    let void = |reason: Option<VoidReason>| -> u64 {
        let counted = ballots.opened.iter().filter(|count| {
            count.kind == kind
                && count.verdict == Verdict::Void
                && reason.is_none_or(|reason| count.void_reason.as_deref() == Some(reason.code()))
        });
        counted.map(|count| count.ballots).sum()
    };
    let mut left = cases;
    let mut found = BTreeMap::new();
    let mut put = |disposition, wanted: u64| {
        let taken = wanted.min(left);
        left -= taken;
        *found.entry(disposition).or_default() += taken;
    };
    let blank = void(Some(VoidReason::MostlyBlank));
    put(
        Disposition::Complete,
        of(Some(TokenState::Answered)).saturating_sub(void(None)),
    );
    put(Disposition::BreakOff, blank);
    put(Disposition::OtherEligible, void(None) - blank);
    put(Disposition::Refusal, of(Some(TokenState::Declined)));
    let mut sent = BTreeMap::<_, u64>::new();
    for state in states {
        *sent.entry(state.disposition()).or_default() += 1;
    }
    let never = [
        Disposition::Refusal,
        Disposition::Undelivered,
        Disposition::NotSent,
        Disposition::UnknownOther,
    ];
    for disposition in never {
        put(disposition, sent.get(&disposition).copied().unwrap_or(0));
    }
    put(Disposition::NothingReturned, u64::MAX);
    Some(found)
}

fn outcomes(dispositions: &BTreeMap<Disposition, u64>) -> Outcomes {
    let mut cases = Outcomes::default();
    for (disposition, count) in dispositions {
        let class = match disposition {
            Disposition::Complete => &mut cases.complete,
            Disposition::Refusal | Disposition::BreakOff => &mut cases.refusal,
            Disposition::OtherEligible => &mut cases.other,
            Disposition::NotSent | Disposition::NothingReturned => &mut cases.unknown,
            Disposition::Undelivered | Disposition::UnknownOther => &mut cases.unknown_other,
        };
        *class += *count as f64;
    }
    cases
}

/// How the letters of the round stand.
///
/// # Errors
/// When the database fails.
pub async fn delivery_counts(app: &App, round: &RoundId) -> Verb<DeliveryCounts> {
    let jobs = outbox::list_jobs(app.store(), round).await?;
    let contacts = contacts::count_contacts(app.store(), round).await?;
    let in_state = |state| jobs.iter().filter(|job| job.state == state).count() as u64;
    let in_doubt: i32 = jobs.iter().map(|job| job.in_doubt).sum();
    Ok(DeliveryCounts {
        waiting: in_state(JobState::Waiting),
        done: in_state(JobState::Done),
        possible_duplicates: u64::from(in_doubt.unsigned_abs()),
        contacts: contacts
            .into_iter()
            .map(|(kind, outcome, count)| (kind, outcome, count.cast_unsigned()))
            .collect(),
        dead: jobs
            .iter()
            .filter(|job| job.state == JobState::Dead)
            .map(dead_letter)
            .collect(),
    })
}

fn dead_letter(job: &Job) -> DeadLetter {
    DeadLetter {
        handle: job.handle.clone(),
        kind: job.kind.code(),
        attempts: job.attempts,
        problem: job.problem.clone().unwrap_or_default(),
    }
}

/// Lets a letter that was given up try again.
///
/// # Errors
/// When the actor may not, or no such letter was given up.
pub async fn retry_letter(app: &App, actor: &Actor, handle: &str, now: DateTime<Utc>) -> Verb<()> {
    allow(actor, Action::Prepare)?;
    let tx = app.store.begin().await?;
    if !outbox::revive(&tx, handle, now).await? {
        return Err(Refusal::Missing("这封没有送出的信").into());
    }
    audited(&tx, actor, "retry_letter", handle, now).await?;
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(state: TokenState, tokens: u64) -> TokenCount {
        TokenCount {
            kind: InvitationKind::Overall,
            rater_group: "citizens".into(),
            state,
            tokens,
        }
    }

    #[test]
    fn every_case_has_one_disposition_even_when_somebody_is_counted_at_both_ends() {
        use InvitationState::{Declined, Invited, Undeliverable};
        let tokens = [
            tokens(TokenState::Issued, 6),
            tokens(TokenState::Answered, 4),
        ];
        let states = [[Invited; 5], [Undeliverable; 5]].concat();

        let found = dispositions(
            InvitationKind::Overall,
            &tokens,
            &BallotCounts::default(),
            states.into_iter(),
        )
        .unwrap();

        assert_eq!(found.values().sum::<u64>(), 10);
        assert_eq!(found[&Disposition::Complete], 4);
        assert_eq!(found[&Disposition::Undelivered], 5);
        assert_eq!(found[&Disposition::NothingReturned], 1);

        let found = dispositions(
            InvitationKind::Overall,
            &tokens,
            &BallotCounts::default(),
            [Declined; 9].into_iter(),
        )
        .unwrap();
        assert_eq!(found.values().sum::<u64>(), 10);
        assert_eq!(found[&Disposition::Refusal], 6);
    }

    #[test]
    fn who_was_not_invited_has_no_rates() {
        let found = dispositions(
            InvitationKind::Enterprise,
            &[tokens(TokenState::Issued, 6)],
            &BallotCounts::default(),
            std::iter::empty(),
        );

        assert_eq!(found, None);
    }
}
