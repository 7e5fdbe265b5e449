use crate::stores::{now, on_both_databases, write};
use chrono::TimeDelta;
use storage::{
    Store,
    outbox::{self, JobState},
};

on_both_databases!(
    the_same_job_is_there_once,
    two_workers_never_get_the_same_job,
    a_failed_job_waits_for_its_next_attempt_and_a_lost_one_comes_back,
);

async fn enqueue(store: &Store, number: u32) -> bool {
    write(store, async |tx| {
        let (id, key) = (format!("j{number:03}"), format!("mail/{number}"));
        outbox::enqueue(tx, &id, &key, "mail", "{}").await
    })
    .await
    .unwrap()
}

async fn the_same_job_is_there_once(store: Store) {
    let taken = [enqueue(&store, 1).await, enqueue(&store, 1).await];

    assert_eq!(taken, [true, false]);
    assert_eq!(
        outbox::count_jobs(&store, JobState::Waiting).await.unwrap(),
        1
    );
}

async fn two_workers_never_get_the_same_job(store: Store) {
    for number in 0..40 {
        enqueue(&store, number).await;
    }

    let workers: Vec<_> = (0..8)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { outbox::claim(&store, 5, now()).await.unwrap() })
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

async fn a_failed_job_waits_for_its_next_attempt_and_a_lost_one_comes_back(store: Store) {
    for number in 0..4 {
        enqueue(&store, number).await;
    }
    outbox::claim(&store, 4, now()).await.unwrap();
    let soon = now() + TimeDelta::minutes(1);
    write(&store, async |tx| {
        outbox::done(tx, "j000").await?;
        outbox::failed(tx, "j001", Some(soon)).await?;
        outbox::failed(tx, "j002", None).await
    })
    .await
    .unwrap();
    let claim = async |at| {
        let jobs = outbox::claim(&store, 9, at).await.unwrap();
        jobs.iter()
            .map(|job| (job.id.clone(), job.attempts))
            .collect::<Vec<_>>()
    };

    assert_eq!(claim(now()).await, []);
    assert_eq!(claim(soon).await, [("j001".into(), 2)]);
    // j003 was claimed and never reported: its lease of five minutes ends.
    let lease_over = now() + TimeDelta::minutes(5);
    assert_eq!(claim(lease_over).await, [("j003".into(), 2)]);
    let dead = outbox::list_jobs(&store, JobState::Dead).await.unwrap();
    assert_eq!(dead.len(), 1);
    assert_eq!(outbox::count_jobs(&store, JobState::Done).await.unwrap(), 1);
}
