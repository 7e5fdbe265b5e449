use crate::stores::{on_both_databases, round_id, with_open_round, write};
use storage::{
    StorageError, Store,
    ballots::{self, BallotRow, Verdict},
    invitations::InvitationKind,
    quality::{self, BallotSign, Exclusion, ExclusionState, PaceCount},
    submission::{self, DraftSave, SubmissionWriter},
};

on_both_databases!(
    an_excluded_ballot_keeps_its_row_its_signs_and_a_reason,
    an_exclusion_is_carried_out_once,
    the_live_figures_are_counts_of_people,
);

fn ballot(id: &str) -> BallotRow {
    BallotRow {
        id: id.into(),
        round_id: "2026Q3".into(),
        kind: InvitationKind::Overall,
        rater_group: "citizens".into(),
        stratum: "城区".into(),
        weight_micro: 1_000_000,
        verdict: Verdict::Valid,
        void_reason: None,
        assisted: false,
    }
}

fn sign(ballot: &str, sign: &str) -> BallotSign {
    BallotSign {
        ballot_id: ballot.into(),
        sign: sign.into(),
        round_id: "2026Q3".into(),
    }
}

async fn an_excluded_ballot_keeps_its_row_its_signs_and_a_reason(store: Store) {
    with_open_round(&store).await;
    write(&store, async |tx| {
        ballots::insert_ballots(tx, vec![ballot("a"), ballot("b")], vec![]).await?;
        quality::insert_signs(tx, vec![sign("a", "speeding"), sign("a", "coached")]).await
    })
    .await
    .unwrap();
    let exclude = async || {
        write(&store, async |tx| {
            ballots::exclude_ballots(tx, &["a".to_owned()]).await
        })
        .await
    };

    exclude().await.unwrap();

    let counts = ballots::ballot_counts(&store, &round_id()).await.unwrap();
    assert_eq!((counts.received(), counts.valid()), (2, 1));
    assert_eq!(
        counts.void_by_reason(),
        [(ballots::EXCLUDED.to_owned(), 1)].into()
    );
    let valid = ballots::list_valid_ids(&store, &round_id()).await.unwrap();
    assert_eq!(valid, ["b"]);
    let signs = quality::list_signs(&store, &round_id()).await.unwrap();
    assert_eq!(signs["a"], ["coached", "speeding"]);
    assert!(matches!(exclude().await, Err(StorageError::Conflict(_))));
}

async fn an_exclusion_is_carried_out_once(store: Store) {
    with_open_round(&store).await;
    let at = "2026-10-01T01:00:00Z".parse().unwrap();
    let waiting = Exclusion {
        id: "e".into(),
        round_id: "2026Q3".into(),
        signs: "coached,speeding".into(),
        reason: "有人教，而且太快".into(),
        ballots: 3,
        proposed_by: "clerk".into(),
        proposed_at: at,
        state: ExclusionState::Waiting,
        decided_by: None,
        decided_at: None,
    };
    let decided = Exclusion {
        state: ExclusionState::Done,
        decided_by: Some("leader".into()),
        decided_at: Some(at),
        ..waiting.clone()
    };
    write(&store, async |tx| {
        quality::insert_exclusion(tx, waiting.clone()).await
    })
    .await
    .unwrap();
    let decide = async || {
        write(&store, async |tx| {
            quality::decide_exclusion(tx, decided.clone()).await
        })
        .await
    };

    assert!(decide().await.unwrap());
    assert!(!decide().await.unwrap());
    let read = quality::list_exclusions(&store, &round_id()).await.unwrap();
    assert_eq!(read, [decided]);
}

async fn the_live_figures_are_counts_of_people(store: Store) {
    with_open_round(&store).await;
    let writer = SubmissionWriter::start(store.clone());
    for (person, reached) in [
        ("p", Some(2)),
        ("q", Some(2)),
        ("r", Some(5)),
        ("code", None),
    ] {
        let draft = DraftSave {
            id_hash: person.into(),
            round_id: round_id(),
            sealed: vec![1],
            reached,
        };
        writer.save_draft(draft).await.unwrap();
    }
    let paces = |counts: [(i16, i64); 2]| {
        let row = |(pace, ballots)| PaceCount {
            round_id: "2026Q3".into(),
            pace,
            ballots,
        };
        counts.map(row).to_vec()
    };
    for counts in [[(6, 20), (4, 3)], [(6, 25), (4, 30)]] {
        write(&store, async |tx| {
            quality::put_paces(tx, paces(counts)).await
        })
        .await
        .unwrap();
    }

    let drafts = submission::count_drafts(&store, &round_id()).await.unwrap();
    let read = quality::list_paces(&store, &round_id()).await.unwrap();

    assert_eq!(
        drafts,
        [(2, 2), (5, 1)],
        "what puts a draft aside is no person"
    );
    assert_eq!(read, paces([(4, 30), (6, 25)]));
}
