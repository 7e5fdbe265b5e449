//! What follows from one attempt: done, later, or a person must look.

use crate::{letter::forgotten, smtp::Handed};
use chrono::{DateTime, TimeDelta, Utc};
use response_collection::ContactOutcome;
use storage::outbox::{Job, JobState};

/// Longest time a letter is tried, counted from its first failure.
const TRYING: TimeDelta = TimeDelta::days(5);
const FIRST_PAUSE: TimeDelta = TimeDelta::minutes(2);
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(6);
/// A letter that may have arrived is tried once more.
const MOST_IN_DOUBT: i32 = 2;

/// A job as it stands after an attempt, and what the attempt ended with; no outcome while it only waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settled {
    pub job: Job,
    pub outcome: Option<ContactOutcome>,
    /// The other side could not be talked to at all.
    pub unreachable: bool,
}

impl Settled {
    const fn new(job: Job, outcome: Option<ContactOutcome>) -> Self {
        Self {
            job,
            outcome,
            unreachable: false,
        }
    }

    /// Given back untouched, to come again at this instant.
    pub(crate) fn released(job: Job, due_at: DateTime<Utc>) -> Self {
        let attempts = job.attempts - 1;
        Self::new(
            Job {
                attempts,
                due_at,
                ..job
            },
            None,
        )
    }

    /// Nothing can be read in it any more: its round is closed.
    pub(crate) fn unreadable(job: Job) -> Self {
        Self::new(forgotten(job), None)
    }

    /// Nobody writes to its address any more.
    pub(crate) fn stopped(job: Job, opted_out: bool) -> Self {
        let outcome = if opted_out {
            ContactOutcome::OptedOut
        } else {
            ContactOutcome::Bounced
        };
        // No mail went out: this is not one more bounce of the address.
        let job = Job {
            address_hash: None,
            ..forgotten(job)
        };
        Self::new(job, Some(outcome))
    }

    /// The end of a job that was lost on the way too often to be tried again.
    pub(crate) fn lost_too_often(job: &Job) -> Option<Self> {
        (job.in_doubt >= MOST_IN_DOUBT)
            .then(|| Self::new(dead(job.clone(), "IN DOUBT"), Some(ContactOutcome::InDoubt)))
    }
}

/// The job after one attempt; `jitter` is random.
pub(crate) fn settled(job: Job, handed: &Handed, now: DateTime<Utc>, jitter: u8) -> Settled {
    match handed {
        Handed::Over => Settled::new(
            Job {
                problem: None,
                ..forgotten(job)
            },
            Some(ContactOutcome::Accepted),
        ),
        Handed::BadAddress(reply) => Settled::new(
            Job {
                problem: Some(reply.to_string()),
                ..forgotten(job)
            },
            Some(ContactOutcome::BadAddress),
        ),
        Handed::Refused(reply) => {
            Settled::new(dead(job, &reply.to_string()), Some(ContactOutcome::GaveUp))
        }
        Handed::NotNow(reply) => later(job, &reply.to_string(), now, jitter),
        Handed::Unreachable(stage) => Settled {
            unreachable: true,
            ..later(job, &format!("NO ANSWER {stage}"), now, jitter)
        },
        Handed::InDoubt => {
            let in_doubt = job.in_doubt + 1;
            let job = Job { in_doubt, ..job };
            let job = if in_doubt >= MOST_IN_DOUBT {
                dead(job, "IN DOUBT")
            } else {
                later(job, "IN DOUBT", now, jitter).job
            };
            Settled::new(job, Some(ContactOutcome::InDoubt))
        }
    }
}

fn dead(job: Job, problem: &str) -> Job {
    Job {
        state: JobState::Dead,
        problem: Some(problem.to_owned()),
        ..job
    }
}

fn later(job: Job, problem: &str, now: DateTime<Utc>, jitter: u8) -> Settled {
    let give_up_at = job.give_up_at.unwrap_or(now + TRYING);
    if now >= give_up_at {
        return Settled::new(dead(job, problem), Some(ContactOutcome::GaveUp));
    }
    let due_at = now + pause(job.attempts, jitter);
    let job = Job {
        due_at,
        give_up_at: Some(give_up_at),
        problem: Some(problem.to_owned()),
        ..job
    };
    Settled::new(job, None)
}

/// Two minutes, doubled with each attempt, at most six hours; a random part of up to half of it taken off, so that what
/// failed together does not come again together.
///
/// Source: M. Brooker, "Exponential Backoff And Jitter", 2015 ("equal jitter").
fn pause(attempts: i32, jitter: u8) -> TimeDelta {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(16);
    let whole = (FIRST_PAUSE * 2_i32.pow(doublings)).min(LONGEST_PAUSE);
    whole - whole / 2 * i32::from(jitter) / i32::from(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::smtp::{Reply, Stage};
    use storage::outbox::JobKind;

    fn now() -> DateTime<Utc> {
        "2026-09-10T01:00:00Z".parse().unwrap()
    }

    fn claimed(attempts: i32) -> Job {
        Job {
            payload: "sealed".into(),
            attempts,
            address_hash: Some("a".into()),
            ..Job::new("j", "k", JobKind::Mail, now())
        }
    }

    fn reply(code: u16) -> Reply {
        Reply {
            stage: Stage::Address,
            code,
            status: None,
        }
    }

    #[test]
    fn what_is_over_says_nothing_any_more() {
        for (handed, outcome) in [
            (Handed::Over, ContactOutcome::Accepted),
            (Handed::BadAddress(reply(550)), ContactOutcome::BadAddress),
        ] {
            let end = settled(claimed(1), &handed, now(), 9);
            assert_eq!(
                (end.job.state, end.job.payload.as_str()),
                (JobState::Done, "")
            );
            assert_eq!(end.outcome, Some(outcome));
        }
    }

    #[test]
    fn later_means_longer_and_longer_for_five_days() {
        let mut job = claimed(0);
        let mut at = now();
        let mut pauses = Vec::new();
        let outcome = loop {
            job.attempts += 1;
            let step = settled(job, &Handed::NotNow(reply(452)), at, 0);
            job = step.job;
            if step.outcome.is_some() {
                break step.outcome;
            }
            pauses.push((job.due_at - at).num_minutes());
            at = job.due_at;
        };

        assert_eq!(pauses[..9], [2, 4, 8, 16, 32, 64, 128, 256, 360]);
        assert_eq!(pauses.last(), Some(&360));
        assert_eq!(outcome, Some(ContactOutcome::GaveUp));
        assert!(at - now() >= TRYING && at - now() < TRYING + LONGEST_PAUSE);
        assert_eq!(
            (job.state, job.problem.as_deref()),
            (JobState::Dead, Some("RCPT 452"))
        );
        assert_eq!(job.payload, "sealed");
    }

    #[test]
    fn jitter_takes_off_at_most_half() {
        assert_eq!(pause(3, 0), TimeDelta::minutes(8));
        assert_eq!(pause(3, u8::MAX), TimeDelta::minutes(4));
        assert_eq!(pause(i32::MAX, 0), LONGEST_PAUSE);
    }

    #[test]
    fn what_may_have_arrived_is_tried_once_more_and_each_time_counted() {
        let first = settled(claimed(1), &Handed::InDoubt, now(), 0);
        assert_eq!(
            (first.job.state, first.job.in_doubt),
            (JobState::Waiting, 1)
        );
        assert_eq!(first.outcome, Some(ContactOutcome::InDoubt));

        let second = settled(first.job, &Handed::InDoubt, now(), 0);
        assert_eq!((second.job.state, second.job.in_doubt), (JobState::Dead, 2));
        assert!(Settled::lost_too_often(&second.job).is_some());
    }

    #[test]
    fn a_stopped_address_is_not_counted_as_one_more_bounce() {
        let end = Settled::stopped(claimed(1), false);
        assert_eq!(
            (end.job.address_hash, end.job.payload),
            (None, String::new())
        );
    }

    #[test]
    fn a_job_given_back_has_lost_no_attempt() {
        let later = now() + TimeDelta::minutes(1);
        let back = Settled::released(claimed(3), later);
        assert_eq!((back.job.attempts, back.job.due_at), (2, later));
    }
}
