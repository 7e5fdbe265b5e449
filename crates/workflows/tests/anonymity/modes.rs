//! The three modes from the invitation to the opened answer.

use crate::city::{City, INVITED, answers, fill_in, noon, official, texts};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use storage::{ballots, linked};
use survey_design::Anonymity;
use workflows::{
    RoundChoice, close_round,
    collect::{self, EnterRefused, SubmissionSigns, SubmitRefused},
    rating_rows,
};

fn mode(anonymity: Anonymity) -> RoundChoice {
    RoundChoice {
        anonymity: Some(anonymity),
        ..INVITED
    }
}

async fn close(city: &mut City) {
    let closed = close_round(&city.app, &official(), &city.round, noon(), &mut city.rng).await;
    closed.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_confidential_round_the_office_knows_who_answered_and_reminds_only_the_others() {
    let mut city = City::sqlite(6, mode(Anonymity::Confidential)).await;
    for person in [1, 4] {
        city.answers(person, &person.to_string()).await;
    }
    let unanswered = linked::list_unanswered_invitations(city.app.store(), &city.round)
        .await
        .unwrap();
    close(&mut city).await;

    assert_eq!(unanswered.len(), 4);
    let hashes = city.token_hashes();
    let ballots = linked::list_linked_ballots(city.app.store(), &city.round)
        .await
        .unwrap();
    let mut known: Vec<_> = ballots.iter().map(|(_, token)| hashes[token]).collect();
    known.sort_unstable();
    assert_eq!(known, [1, 4]);
    assert_eq!(rating_rows(&city.app, &city.round).await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_decoupled_round_no_link_is_written_anywhere() {
    let mut city = City::sqlite(6, INVITED).await;
    city.answers(1, "1").await;
    close(&mut city).await;

    let raw = city.raw().await;
    for table in ["linked_ballot", "linked_invitation"] {
        let rows = texts(&raw, &format!("SELECT token_hash FROM {table}"))
            .await
            .unwrap();
        assert!(rows.is_empty(), "{table}");
    }
    assert_eq!(rating_rows(&city.app, &city.round).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_round_needs_no_code_and_its_answers_are_heard_but_not_scored() {
    let mut city = City::sqlite(0, mode(Anonymity::Open)).await;
    let mut rng = ChaCha20Rng::seed_from_u64(8);
    for number in 1..=3 {
        let key = collect::enter_open(&city.app, &city.round, noon(), &mut rng)
            .await
            .unwrap()
            .unwrap();
        fill_in(&city.app, &city.round, &key, number).await;
        let id = number.to_string();
        let sent = collect::submit(
            &city.app,
            &city.round,
            &key,
            &id,
            SubmissionSigns::default(),
            noon(),
            &mut rng,
        );
        sent.await.unwrap().unwrap();
    }
    close(&mut city).await;

    let counts = ballots::ballot_counts(city.app.store(), &city.round)
        .await
        .unwrap();
    assert_eq!((counts.received(), counts.valid()), (3, 3));
    assert!(
        rating_rows(&city.app, &city.round)
            .await
            .unwrap()
            .is_empty()
    );
    let opinions = texts(&city.raw().await, "SELECT id FROM opinion")
        .await
        .unwrap();
    assert_eq!(opinions.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invited_round_cannot_be_entered_without_a_code() {
    let mut city = City::sqlite(6, INVITED).await;
    let entered = collect::enter_open(&city.app, &city.round, noon(), &mut city.rng)
        .await
        .unwrap();

    assert!(matches!(entered, Err(EnterRefused::UnknownCode)));
    answers(&city.app, &city.round, &city.codes[0], 1, "1").await;
    let again = collect::enter(&city.app, &city.round, &city.codes[0], noon())
        .await
        .unwrap();
    assert!(matches!(again, Err(EnterRefused::Used)));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_person_with_the_same_id_and_the_same_answers_is_not_acknowledged() {
    let mut city = City::sqlite(2, INVITED).await;
    let mut keys = Vec::new();
    for code in &city.codes {
        let entered = collect::enter(&city.app, &city.round, code, noon()).await;
        let key = entered.unwrap().unwrap();
        fill_in(&city.app, &city.round, &key, 3).await;
        keys.push(key);
    }
    let mut sent = Vec::new();
    for key in &keys {
        let (app, round, signs) = (&city.app, &city.round, SubmissionSigns::default());
        sent.push(collect::submit(app, round, key, "one", signs, noon(), &mut city.rng).await);
    }

    assert!(sent[0].as_ref().unwrap().is_ok());
    let refused = sent[1].as_ref().unwrap();
    assert!(matches!(refused, Err(SubmitRefused::DifferentContent)));
}
