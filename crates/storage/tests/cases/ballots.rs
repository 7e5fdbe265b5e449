use crate::stores::{on_both_databases, round_id, with_open_round, write};
use storage::{
    StorageError, Store,
    ballots::{self, AnswerRow, BallotRow, Verdict},
    invitations::InvitationKind,
    submission::{Submission, SubmissionWriter},
};
use survey_design::Resubmission;

on_both_databases!(
    opening_a_batch_replaces_each_sealed_ballot_by_one_opened,
    a_batch_that_has_changed_is_not_opened,
);

pub(super) async fn with_sealed(store: &Store, ballots: u32) {
    with_open_round(store).await;
    let writer = SubmissionWriter::start(store.clone());
    for number in 0..ballots {
        let submission = Submission {
            round_id: round_id(),
            submission_hmac: format!("id-{number}"),
            digest: String::new(),
            token_hash: None,
            sealed: vec![1],
            sealed_id: format!("sealed-{number}"),
            batch: "1".into(),
            draft_hash: None,
            receipt_hash: format!("receipt-{number}"),
            ballot_digest: "b".into(),
            leaf: format!("leaf-{number}"),
            resubmission: Resubmission::Once,
        };
        writer.submit(submission).await.unwrap();
    }
}

fn ballot(id: &str, group: &str, void_reason: Option<&str>) -> BallotRow {
    BallotRow {
        id: id.into(),
        round_id: "2026Q3".into(),
        kind: InvitationKind::Overall,
        rater_group: group.into(),
        stratum: "城区".into(),
        weight_micro: 2_500_000,
        assisted: false,
        verdict: if void_reason.is_some() {
            Verdict::Void
        } else {
            Verdict::Valid
        },
        void_reason: void_reason.map(str::to_owned),
    }
}

fn answer(ballot: &str, unit: &str, level: i16) -> AnswerRow {
    AnswerRow {
        ballot_id: ballot.into(),
        unit_id: unit.into(),
        item: "q1".into(),
        level,
        reasons: "[\"slow\"]".into(),
    }
}

async fn opening_a_batch_replaces_each_sealed_ballot_by_one_opened(store: Store) {
    with_sealed(&store, 3).await;
    let opened = vec![
        ballot("z", "citizens", None),
        ballot("a", "cadres", Some("too_fast")),
        ballot("m", "citizens", None),
    ];
    let answers = vec![
        answer("z", "D01", 5),
        answer("a", "D01", 1),
        answer("m", "D02", 0),
        answer("m", "", 3),
    ];

    write(&store, async |tx| {
        ballots::open_sealed(tx, "1", opened, answers).await
    })
    .await
    .unwrap();

    let counts = ballots::ballot_counts(&store, &round_id()).await.unwrap();
    assert_eq!(
        (counts.sealed, counts.received(), counts.valid()),
        (0, 3, 2)
    );
    assert_eq!(counts.void_by_reason(), [("too_fast".into(), 1)].into());
    let read = ballots::list_answers(&store, &round_id()).await.unwrap();
    let read: Vec<_> = read
        .iter()
        .map(|row| {
            (
                row.ballot_id.as_str(),
                row.unit_id.as_str(),
                row.level,
                row.weight_micro,
            )
        })
        .collect();
    assert_eq!(
        read,
        [
            ("m", "", 3, 2_500_000),
            ("m", "D02", 0, 2_500_000),
            ("z", "D01", 5, 2_500_000),
        ]
    );
    let strata = ballots::respondents_by_stratum(&store, &round_id())
        .await
        .unwrap();
    assert_eq!(strata.len(), 1);
    assert_eq!(
        (strata[0].rater_group.as_str(), strata[0].ballots),
        ("citizens", 2)
    );
}

async fn a_batch_that_has_changed_is_not_opened(store: Store) {
    with_sealed(&store, 4).await;

    let refused = write(&store, async |tx| {
        let one = vec![ballot("a", "citizens", None)];
        ballots::open_sealed(tx, "1", one, vec![]).await
    })
    .await;

    assert!(matches!(refused, Err(StorageError::Conflict(_))));
    let counts = ballots::ballot_counts(&store, &round_id()).await.unwrap();
    assert_eq!((counts.sealed, counts.received()), (4, 4));
}
