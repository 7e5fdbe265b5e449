//! A program that is killed at any moment has lost nothing it acknowledged.

use crate::stores::{self, round_id, with_open_round};
use std::{
    collections::BTreeSet,
    env,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    thread,
    time::Duration,
};
use storage::{
    Store, ballots,
    submission::{self, Submission, SubmissionWriter},
};
use survey_design::Resubmission;

/// Names the database the child writes to.
const WRITE_TO: &str = "HUIYIN_TEST_WRITE_TO";

#[tokio::test]
async fn a_program_killed_while_writing_has_lost_nothing_it_acknowledged() {
    let (directory, store) = stores::sqlite().await;
    with_open_round(&store).await;
    store.close().await.unwrap();
    let url = stores::sqlite_url(&directory);
    let mut acknowledged = BTreeSet::new();

    for cycle in 0..8 {
        acknowledged.extend(killed_after(&url, Duration::from_millis(300 + cycle * 70)));
        let store = Store::open(&url).await.unwrap();
        let kept = ballots::list_sealed(&store, "1").await.unwrap();
        let ids = submission::count_submissions(&store, &round_id())
            .await
            .unwrap();
        assert_eq!(
            kept.len() as u64,
            ids,
            "a ballot and its id are kept together"
        );
        let kept: BTreeSet<_> = kept.into_iter().map(|ballot| ballot.id).collect();
        assert_eq!(acknowledged.difference(&kept).count(), 0);
        store.close().await.unwrap();
    }

    assert!(
        acknowledged.len() > 100,
        "only {} were acknowledged",
        acknowledged.len()
    );
}

/// Starts this test program again as a writer, kills it, and returns what it had acknowledged.
fn killed_after(url: &str, time: Duration) -> Vec<String> {
    let mut child = Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            "cases::killed::writes_until_killed",
            "--nocapture",
        ])
        .env(WRITE_TO, url)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    thread::sleep(time);
    child.kill().unwrap();
    child.wait().unwrap();
    let lines = output.lines().map_while(Result::ok);
    lines
        .filter_map(|line| {
            Some(
                line.strip_prefix("acknowledged ")?
                    .strip_suffix('.')?
                    .to_owned(),
            )
        })
        .collect()
}

/// The child of the test above; does nothing when run by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writes_until_killed() {
    let Ok(url) = env::var(WRITE_TO) else {
        return;
    };
    let writer = SubmissionWriter::start(Store::open(&url).await.unwrap());
    let process = std::process::id();
    let sending = (0..16).map(|sender| {
        let writer = writer.clone();
        tokio::spawn(async move {
            for number in 0.. {
                let id = format!("{process}-{sender}-{number}");
                writer.submit(submission(&id)).await.unwrap();
                println!("acknowledged {id}.");
            }
        })
    });
    for sender in sending.collect::<Vec<_>>() {
        sender.await.unwrap();
    }
}

fn submission(id: &str) -> Submission {
    Submission {
        round_id: round_id(),
        submission_hmac: id.to_owned(),
        digest: "d".into(),
        token_hash: None,
        sealed: vec![7; 500],
        sealed_id: id.to_owned(),
        batch: "1".into(),
        draft_hash: None,
        receipt_hash: format!("receipt-{id}"),
        ballot_digest: "b".into(),
        leaf: format!("leaf-{id}"),
        resubmission: Resubmission::Once,
    }
}
