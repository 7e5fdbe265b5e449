use crate::stores::{now, on_both_databases, write};
use chrono::{DateTime, TimeDelta, Utc};
use storage::{
    Store,
    outbox::{self, Job, JobKind, JobState, LEASE},
};

on_both_databases!(
    the_same_job_is_there_once,
    two_workers_never_get_the_same_job,
    a_worker_gets_only_the_kinds_it_can_deliver,
    what_waits_comes_when_it_is_due_and_what_is_done_is_forgotten,
    a_lost_lease_is_one_attempt_in_doubt_and_cannot_be_settled_any_more,
    what_nobody_has_leased_can_be_settled_until_somebody_has,
    a_person_lets_a_dead_job_wait_again,
    what_an_invitation_still_waits_for_is_ended,
);

fn job(number: u32) -> Job {
    let (id, key) = (format!("j{number:03}"), format!("mail/{number}"));
    Job {
        payload: "sealed".into(),
        invitation_id: Some(format!("i{number}")),
        ..Job::new(&id, &key, JobKind::Mail, now())
    }
}

async fn enqueue(store: &Store, number: u32) -> bool {
    write(store, async |tx| outbox::enqueue(tx, job(number)).await)
        .await
        .unwrap()
}

async fn claim(store: &Store, lease: &str, at: DateTime<Utc>) -> Vec<Job> {
    outbox::claim(store, &[JobKind::Mail], 9, lease, at)
        .await
        .unwrap()
}

async fn settle(store: &Store, job: Job) -> bool {
    write(store, async |tx| outbox::settle(tx, job.clone()).await)
        .await
        .unwrap()
}

async fn the_same_job_is_there_once(store: Store) {
    let taken = [enqueue(&store, 1).await, enqueue(&store, 1).await];

    assert_eq!(taken, [true, false]);
    assert_eq!(claim(&store, "w", now()).await.len(), 1);
}

async fn two_workers_never_get_the_same_job(store: Store) {
    for number in 0..40 {
        enqueue(&store, number).await;
    }

    let workers: Vec<_> = (0..8)
        .map(|worker| {
            let store = store.clone();
            tokio::spawn(async move {
                let lease = format!("w{worker}");
                outbox::claim(&store, &[JobKind::Mail], 5, &lease, now())
                    .await
                    .unwrap()
            })
        })
        .collect();
    let mut claimed = vec![];
    for worker in workers {
        claimed.extend(worker.await.unwrap().into_iter().map(|job| job.id));
    }

    let all = claimed.len();
    claimed.sort();
    claimed.dedup();
    assert_eq!((claimed.len(), all), (40, 40));
}

async fn a_worker_gets_only_the_kinds_it_can_deliver(store: Store) {
    write(&store, async |tx| {
        outbox::enqueue(tx, Job::new("s", "sms/1", JobKind::Sms, now())).await
    })
    .await
    .unwrap();

    assert_eq!(claim(&store, "w", now()).await, []);
    let both = outbox::claim(&store, &[JobKind::Mail, JobKind::Sms], 9, "w", now()).await;
    assert_eq!(both.unwrap().len(), 1);
}

async fn what_waits_comes_when_it_is_due_and_what_is_done_is_forgotten(store: Store) {
    for number in 0..2 {
        enqueue(&store, number).await;
    }
    let jobs = claim(&store, "w", now()).await;
    let soon = now() + TimeDelta::minutes(1);
    let later = Job {
        due_at: soon,
        ..jobs[0].clone()
    };
    let done = Job {
        state: JobState::Done,
        payload: String::new(),
        ..jobs[1].clone()
    };
    assert!(settle(&store, later).await && settle(&store, done).await);

    assert_eq!(claim(&store, "w", now()).await, []);
    let again = claim(&store, "w", soon).await;
    assert_eq!(again.len(), 1);
    assert_eq!((again[0].attempts, again[0].in_doubt), (2, 0));
    let kept = outbox::find_by_handle(&store, "j001").await.unwrap();
    assert_eq!(kept.unwrap().payload, "");
}

async fn a_lost_lease_is_one_attempt_in_doubt_and_cannot_be_settled_any_more(store: Store) {
    enqueue(&store, 1).await;
    let lost = claim(&store, "first", now()).await.remove(0);

    let just_before = now() + LEASE - TimeDelta::seconds(1);
    assert_eq!(claim(&store, "second", just_before).await, []);
    let found = claim(&store, "second", now() + LEASE).await.remove(0);

    assert_eq!((found.attempts, found.in_doubt), (2, 1));
    assert!(!settle(&store, lost).await);
    assert!(settle(&store, found).await);
}

async fn what_nobody_has_leased_can_be_settled_until_somebody_has(store: Store) {
    enqueue(&store, 1).await;
    let free = outbox::find_by_handle(&store, "j001").await.unwrap();
    let free = free.unwrap();

    assert!(settle(&store, free.clone()).await);
    claim(&store, "w", now()).await;
    assert!(!settle(&store, free).await);
}

async fn a_person_lets_a_dead_job_wait_again(store: Store) {
    enqueue(&store, 1).await;
    let claimed = claim(&store, "w", now()).await.remove(0);
    let dead = Job {
        state: JobState::Dead,
        in_doubt: 2,
        problem: Some("RCPT 452".into()),
        ..claimed
    };
    settle(&store, dead).await;
    let revive = async || {
        write(&store, async |tx| outbox::revive(tx, "j001", now()).await)
            .await
            .unwrap()
    };

    assert_eq!([revive().await, revive().await], [true, false]);
    let again = claim(&store, "w", now()).await.remove(0);
    assert_eq!((again.in_doubt, again.problem), (0, None));
}

async fn what_an_invitation_still_waits_for_is_ended(store: Store) {
    for number in 0..2 {
        enqueue(&store, number).await;
    }

    let ended = write(&store, async |tx| outbox::cancel_invitation(tx, "i1").await)
        .await
        .unwrap();

    assert_eq!(ended, 1);
    let rest = claim(&store, "w", now()).await;
    assert_eq!(rest.len(), 1);
    assert_eq!(rest[0].id, "j000");
}
