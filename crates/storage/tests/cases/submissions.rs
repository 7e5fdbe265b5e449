use crate::stores::{now, on_both_databases, round_id, with_open_round, write};
use storage::{
    StorageError, Store, ballots,
    invitations::{self, InvitationKind, TokenRow, TokenState},
    quotas::{self, WHOLE_ROUND},
    rounds,
    submission::{self, Draft, DraftSave, Outcome, Submission, SubmissionWriter, SubmitFailed},
};
use survey_design::{Resubmission, RoundState};

on_both_databases!(
    eight_copies_of_each_submission_are_stored_once,
    a_bad_submission_does_not_touch_its_neighbours,
    a_token_is_used_once,
    five_hundred_at_once_never_exceed_a_quota_of_a_hundred,
    a_quota_of_a_stratum_counts_what_was_answered_before,
    an_answer_that_replaces_another_takes_no_second_place,
    nothing_is_taken_after_the_close_but_a_repeated_one_still_gets_its_answer,
    a_submission_ends_its_draft_and_leaves_a_receipt,
    a_burst_of_drafts_keeps_the_last_of_each,
    finishing_writes_what_is_waiting_and_takes_nothing_more,
    a_draft_is_kept_until_it_is_deleted,
);

fn submission(number: u32) -> Submission {
    Submission {
        round_id: round_id(),
        submission_hmac: format!("id-{number}"),
        digest: format!("digest-{number}"),
        token_hash: None,
        sealed: vec![7; 300],
        sealed_id: format!("sealed-{number}"),
        batch: "1".into(),
        draft_hash: None,
        receipt_hash: format!("receipt-{number}"),
        ballot_digest: "b".into(),
        leaf: format!("leaf-{number}"),
        resubmission: Resubmission::Once,
    }
}

async fn with_tokens(store: &Store, hashes: &[&str]) {
    let tokens = hashes
        .iter()
        .map(|hash| TokenRow {
            token_hash: (*hash).into(),
            round_id: "2026Q3".into(),
            kind: InvitationKind::Overall,
            rater_group: "citizens".into(),
            stratum: "城区".into(),
            weight_micro: 1_000_000,
            enterprise_key: None,
            state: TokenState::Issued,
        })
        .collect();
    write(store, async |tx| {
        invitations::insert_tokens(tx, tokens).await
    })
    .await
    .unwrap();
}

async fn sealed(store: &Store) -> usize {
    ballots::list_sealed(store, "1").await.unwrap().len()
}

async fn eight_copies_of_each_submission_are_stored_once(store: Store) {
    with_open_round(&store).await;
    let writer = SubmissionWriter::start(store.clone());

    let sending: Vec<_> = (0..8 * 150)
        .map(|copy| {
            let writer = writer.clone();
            let number = copy % 150;
            // Each copy is sealed anew, as a retry over HTTP is.
            let copied = Submission {
                sealed_id: format!("sealed-{copy}"),
                ..submission(number)
            };
            tokio::spawn(async move { writer.submit(copied).await })
        })
        .collect();
    let mut stored = 0;
    for sent in sending {
        if sent.await.unwrap().unwrap() == Outcome::Stored {
            stored += 1;
        }
    }

    assert_eq!(stored, 150);
    assert_eq!(sealed(&store).await, 150);
    let ids = submission::count_submissions(&store, &round_id())
        .await
        .unwrap();
    assert_eq!(ids, 150);
}

async fn a_bad_submission_does_not_touch_its_neighbours(store: Store) {
    with_open_round(&store).await;
    with_tokens(&store, &["t1", "t2"]).await;
    let writer = SubmissionWriter::start(store.clone());
    writer.submit(submission(0)).await.unwrap();
    let with_token = |number, token: &str| Submission {
        token_hash: Some(token.into()),
        ..submission(number)
    };
    let changed = Submission {
        digest: "other".into(),
        ..submission(0)
    };
    // The database itself refuses this one after its token was marked.
    let clashing = Submission {
        sealed_id: "sealed-0".into(),
        ..with_token(2, "t2")
    };

    let (a, b, c, d, e) = tokio::join!(
        writer.submit(with_token(1, "t1")),
        writer.submit(changed),
        writer.submit(clashing),
        writer.submit(with_token(3, "unknown")),
        writer.submit(submission(4)),
    );

    assert_eq!(a, Ok(Outcome::Stored));
    assert_eq!(b, Err(SubmitFailed::DifferentContent));
    assert!(matches!(
        c,
        Err(SubmitFailed::Storage(StorageError::Conflict(_)))
    ));
    assert_eq!(d, Err(SubmitFailed::TokenUnknown));
    assert_eq!(e, Ok(Outcome::Stored));
    assert_eq!(sealed(&store).await, 3);
    let unused = invitations::find_token(&store, "t2")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(unused.state, TokenState::Issued);
}

async fn a_token_is_used_once(store: Store) {
    with_open_round(&store).await;
    with_tokens(&store, &["t1"]).await;
    let writer = SubmissionWriter::start(store.clone());

    let sending: Vec<_> = (0..20)
        .map(|number| {
            let writer = writer.clone();
            let sent = Submission {
                token_hash: Some("t1".into()),
                ..submission(number)
            };
            tokio::spawn(async move { writer.submit(sent).await })
        })
        .collect();
    let mut outcomes = vec![];
    for sent in sending {
        outcomes.push(sent.await.unwrap());
    }

    let stored = outcomes
        .iter()
        .filter(|o| **o == Ok(Outcome::Stored))
        .count();
    let used = outcomes
        .iter()
        .filter(|o| **o == Err(SubmitFailed::TokenUsed))
        .count();
    assert_eq!((stored, used), (1, 19));
    let token = invitations::find_token(&store, "t1")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(token.state, TokenState::Answered);
    assert_eq!(sealed(&store).await, 1);
}

async fn five_hundred_at_once_never_exceed_a_quota_of_a_hundred(store: Store) {
    with_open_round(&store).await;
    with_quota(&store, WHOLE_ROUND, 100).await;
    // Two writers, as two programs on one server are.
    let writers = [(); 2].map(|()| SubmissionWriter::start(store.clone()));

    let sending: Vec<_> = (0..500)
        .map(|number| {
            let writer = writers[number as usize % 2].clone();
            tokio::spawn(async move { writer.submit(submission(number)).await })
        })
        .collect();
    let mut outcomes = vec![];
    for sent in sending {
        outcomes.push(sent.await.unwrap());
    }

    let count = |wanted| outcomes.iter().filter(|o| **o == wanted).count();
    assert_eq!(count(Ok(Outcome::Stored)), 100);
    assert_eq!(count(Err(SubmitFailed::QuotaFull)), 400);
    assert_eq!(sealed(&store).await, 100);
    let stored = (0..500).find(|n| outcomes[*n as usize].is_ok()).unwrap();
    let again = writers[0].submit(submission(stored)).await;
    assert_eq!(
        again,
        Ok(Outcome::SameAgain),
        "a full round still answers a repeated submission"
    );
}

async fn an_answer_that_replaces_another_takes_no_second_place(store: Store) {
    with_open_round(&store).await;
    with_tokens(&store, &["t1", "t2", "t3"]).await;
    with_quota(&store, WHOLE_ROUND, 2).await;
    let writer = SubmissionWriter::start(store.clone());
    let sent = |number, person: u32| Submission {
        token_hash: Some(format!("t{person}")),
        sealed_id: format!("sealed-{person}"),
        resubmission: Resubmission::UntilClose,
        ..submission(number)
    };

    let mut outcomes = vec![];
    for (number, person) in [(1, 1), (2, 1), (3, 2), (4, 2), (5, 1), (6, 3)] {
        outcomes.push(writer.submit(sent(number, person)).await);
    }

    assert_eq!(outcomes[..5], [const { Ok(Outcome::Stored) }; 5]);
    assert_eq!(outcomes[5], Err(SubmitFailed::QuotaFull));
    assert_eq!(sealed(&store).await, 2);
}

async fn a_quota_of_a_stratum_counts_what_was_answered_before(store: Store) {
    with_open_round(&store).await;
    with_tokens(&store, &["t1", "t2", "t3"]).await;
    let writer = SubmissionWriter::start(store.clone());
    let with_token = |number, token: &str| Submission {
        token_hash: Some(token.into()),
        ..submission(number)
    };
    writer.submit(with_token(1, "t1")).await.unwrap();
    with_quota(&store, "城区", 2).await;
    with_quota(&store, "乡镇", 0).await;

    let second = writer.submit(with_token(2, "t2")).await;
    let third = writer.submit(with_token(3, "t3")).await;

    assert_eq!(second, Ok(Outcome::Stored));
    assert_eq!(third, Err(SubmitFailed::QuotaFull));
    let token = invitations::find_token(&store, "t3")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(token.state, TokenState::Issued);
    let quotas = quotas::list_quotas(&store, &round_id()).await.unwrap();
    let taken: Vec<_> = quotas
        .iter()
        .map(|q| (q.stratum.as_str(), q.taken))
        .collect();
    assert_eq!(taken.len(), 2);
    assert!(taken.contains(&("城区", 2)) && taken.contains(&("乡镇", 0)));
}

async fn with_quota(store: &Store, stratum: &str, most: u32) {
    write(store, async |tx| {
        quotas::set_quota(tx, &round_id(), stratum, most).await
    })
    .await
    .unwrap();
}

async fn nothing_is_taken_after_the_close_but_a_repeated_one_still_gets_its_answer(store: Store) {
    with_open_round(&store).await;
    let writer = SubmissionWriter::start(store.clone());
    writer.submit(submission(1)).await.unwrap();
    write(&store, async |tx| {
        let (from, to) = (RoundState::Collecting, RoundState::Closed);
        rounds::set_round_state(tx, &round_id(), from, to, now()).await
    })
    .await
    .unwrap();

    let late = writer.submit(submission(2)).await;
    let repeated = writer.submit(submission(1)).await;

    assert_eq!(late, Err(SubmitFailed::RoundNotOpen));
    assert_eq!(repeated, Ok(Outcome::SameAgain));
    assert_eq!(sealed(&store).await, 1);
}

async fn a_submission_ends_its_draft_and_leaves_a_receipt(store: Store) {
    with_open_round(&store).await;
    let writer = SubmissionWriter::start(store.clone());
    let draft = DraftSave {
        id_hash: "d1".into(),
        round_id: round_id(),
        sealed: vec![1, 2, 3],
        reached: Some(3),
    };
    writer.save_draft(draft).await.unwrap();
    assert!(
        submission::find_draft(&store, "d1")
            .await
            .unwrap()
            .is_some()
    );

    let sent = Submission {
        draft_hash: Some("d1".into()),
        ..submission(1)
    };
    writer.submit(sent).await.unwrap();

    assert_eq!(submission::find_draft(&store, "d1").await.unwrap(), None);
    let receipt = submission::find_receipt(&store, "receipt-1")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(receipt.round_id, "2026Q3");
    assert_eq!(
        submission::find_receipt(&store, "receipt-2").await.unwrap(),
        None
    );
    let forgotten = write(&store, async |tx| {
        submission::delete_submission_ids(tx, &round_id()).await
    })
    .await;
    assert_eq!(forgotten, Ok(1));
}

async fn a_burst_of_drafts_keeps_the_last_of_each(store: Store) {
    with_open_round(&store).await;
    let writer = SubmissionWriter::start(store.clone());

    let people: Vec<_> = (0..100)
        .map(|person| {
            let writer = writer.clone();
            tokio::spawn(async move {
                for page in 0..10 {
                    let draft = DraftSave {
                        id_hash: format!("d{person}"),
                        round_id: round_id(),
                        sealed: vec![page],
                        reached: Some(3),
                    };
                    writer.save_draft(draft).await.unwrap();
                }
            })
        })
        .collect();
    for person in people {
        person.await.unwrap();
    }

    for person in 0..100 {
        let found = submission::find_draft(&store, &format!("d{person}"))
            .await
            .unwrap();
        assert_eq!(found.unwrap().sealed, [9]);
    }
    let deleted = write(&store, async |tx| {
        submission::delete_drafts(tx, &round_id()).await
    })
    .await;
    assert_eq!(deleted, Ok(100));
}

async fn finishing_writes_what_is_waiting_and_takes_nothing_more(store: Store) {
    with_open_round(&store).await;
    let writer = SubmissionWriter::start(store.clone());
    let sending: Vec<_> = (0..100)
        .map(|number| {
            let writer = writer.clone();
            tokio::spawn(async move { writer.submit(submission(number)).await })
        })
        .collect();
    writer.clone().finish().await;

    let mut stored = 0;
    for sent in sending {
        match sent.await.unwrap() {
            Ok(_) => stored += 1,
            Err(error) => assert!(matches!(error, SubmitFailed::Storage(_)), "{error}"),
        }
    }
    let late = writer.submit(submission(1_000)).await;

    assert_eq!(sealed(&store).await, stored);
    assert!(matches!(
        late,
        Err(SubmitFailed::Storage(StorageError::Unavailable(_)))
    ));
}

async fn a_draft_is_kept_until_it_is_deleted(store: Store) {
    with_open_round(&store).await;
    let draft = |page| Draft {
        id_hash: "d".into(),
        round_id: "2026Q3".into(),
        sealed: vec![page],
        reached: Some(3),
    };
    for page in [1, 2] {
        write(&store, async |tx| {
            submission::put_draft(tx, draft(page)).await
        })
        .await
        .unwrap();
    }
    assert_eq!(
        submission::find_draft(&store, "d").await.unwrap(),
        Some(draft(2))
    );

    write(&store, async |tx| submission::delete_draft(tx, "d").await)
        .await
        .unwrap();

    assert_eq!(submission::find_draft(&store, "d").await.unwrap(), None);
}
