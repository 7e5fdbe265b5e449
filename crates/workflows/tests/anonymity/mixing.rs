//! A batch is mixed whole or not at all, wherever the program is killed, and its key is gone in the end.

use crate::city::{City, INVITED, noon, official};
use chrono::TimeDelta;
use std::{collections::BTreeMap, fs};
use storage::{ballots, batches, quality};
use survey_design::Resubmission;
use workflows::{
    RoundChoice, close_round, collect::SubmissionSigns, destroy_spent_keys, mix_due,
    mix_round_if_due, paces, sign_groups,
};

const PEOPLE: u32 = 25;

async fn sealed_and_opened(city: &City) -> (u64, u64) {
    let counts = ballots::ballot_counts(city.app.store(), &city.round)
        .await
        .unwrap();
    (counts.sealed, counts.received())
}

async fn answered(people: usize) -> City {
    let city = City::sqlite(PEOPLE, INVITED).await;
    for person in 0..people {
        city.answers(person, &person.to_string()).await;
    }
    city
}

fn an_hour_later() -> chrono::DateTime<chrono::Utc> {
    noon() + TimeDelta::hours(1)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_waits_until_it_is_large_and_old_enough() {
    let mut city = answered(19).await;
    let mix = async |city: &mut City, now| mix_due(&city.app, now, &mut city.rng).await.unwrap();

    assert_eq!(mix(&mut city, an_hour_later()).await, 0, "19 are too few");
    city.answers(19, "19").await;
    let opened = batches::find_open_batch(city.app.store(), &city.round)
        .await
        .unwrap()
        .unwrap()
        .opened_at;
    assert_eq!(
        mix(&mut city, opened + TimeDelta::minutes(59)).await,
        0,
        "too young"
    );
    assert_eq!(mix(&mut city, opened + TimeDelta::minutes(60)).await, 20);

    assert_eq!(sealed_and_opened(&city).await, (0, 20));
    assert_eq!(
        city.mix_keys().len(),
        1,
        "only the key of the next batch is left"
    );
    city.answers(20, "20").await;
    let clerk = official();
    let report = close_round(
        &city.app,
        &clerk,
        &city.round,
        an_hour_later(),
        &mut city.rng,
    )
    .await
    .unwrap();
    assert_eq!(
        (report.received, sealed_and_opened(&city).await),
        (21, (0, 21))
    );
    assert!(city.mix_keys().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_that_lets_people_replace_their_answer_is_mixed_at_closing_only() {
    let choice = RoundChoice {
        resubmission: Some(Resubmission::UntilClose),
        ..INVITED
    };
    let mut city = City::sqlite(PEOPLE, choice).await;
    for person in 0..22 {
        city.answers(person, &format!("first {person}")).await;
    }
    let second = city.answers(3, "second").await;

    assert_eq!(
        mix_due(&city.app, an_hour_later(), &mut city.rng)
            .await
            .unwrap(),
        0
    );
    assert_eq!(
        sealed_and_opened(&city).await,
        (22, 22),
        "the second answer stands for the first"
    );
    let report = close_round(
        &city.app,
        &official(),
        &city.round,
        an_hour_later(),
        &mut city.rng,
    )
    .await
    .unwrap();
    assert_eq!(report.received, 22);
    let log = workflows::public_log(&city.app, &city.round)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        log.roots.last().unwrap().size,
        23,
        "both receipts were given"
    );
    let checked = workflows::check_receipt(&city.app, &second.text())
        .await
        .unwrap();
    assert!(checked.unwrap().proof.is_some());
}

/// Leaves on the disk what a kill at this place leaves; gives the name of the key that was to go.
async fn killed_while_mixing(city: &mut City, killed_after: &str) -> String {
    let record = city.record().await;
    let old = city.mix_keys().remove(0);
    let folder = city.folder.path().join("keys");
    match killed_after {
        "nothing" => {}
        "the next key" => fs::write(folder.join("mix-2026Q3-next.key"), "ab".repeat(32)).unwrap(),
        _ => {
            let mixed = mix_round_if_due(&city.app, &record, an_hour_later(), &mut city.rng).await;
            assert_eq!(mixed.unwrap(), 22);
            assert_eq!(city.mix_keys().len(), 2, "the old key still exists");
        }
    }
    match killed_after {
        "half the overwriting" => {
            fs::remove_file(folder.join(&old)).unwrap();
            fs::write(folder.join(&old), "0000").unwrap();
        }
        "the removal" => fs::remove_file(folder.join(&old)).unwrap(),
        _ => {}
    }
    old
}

/// Each place where the program can be killed, as what is then on disk: keys and database are changed in this order.
#[tokio::test(flavor = "multi_thread")]
async fn killed_anywhere_while_mixing_nothing_is_lost_or_counted_twice() {
    for killed_after in [
        "nothing",
        "the next key",
        "the commit",
        "half the overwriting",
        "the removal",
    ] {
        let mut city = answered(22).await;
        let old = killed_while_mixing(&mut city, killed_after).await;

        let mut city = city.restart().await;
        mix_due(&city.app, an_hour_later(), &mut city.rng)
            .await
            .unwrap();

        assert_eq!(
            sealed_and_opened(&city).await,
            (0, 22),
            "killed after {killed_after}"
        );
        assert!(
            !city.mix_keys().contains(&old),
            "killed after {killed_after}"
        );
        let closed = batches::list_closed_batches(city.app.store())
            .await
            .unwrap();
        assert!(closed.is_empty(), "killed after {killed_after}");
        city.answers(22, "late").await;
        close_round(
            &city.app,
            &official(),
            &city.round,
            an_hour_later(),
            &mut city.rng,
        )
        .await
        .unwrap();
        assert_eq!(
            sealed_and_opened(&city).await,
            (0, 23),
            "killed after {killed_after}"
        );
        assert!(city.mix_keys().is_empty(), "killed after {killed_after}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_key_a_batch_stays_sealed_and_the_round_open() {
    let mut city = answered(22).await;
    let record = city.record().await;
    let key = city
        .folder
        .path()
        .join("keys")
        .join(city.mix_keys().remove(0));
    fs::rename(&key, key.with_extension("away")).unwrap();

    assert!(
        mix_round_if_due(&city.app, &record, an_hour_later(), &mut city.rng)
            .await
            .is_err()
    );
    destroy_spent_keys(&city.app).await.unwrap();
    assert_eq!(sealed_and_opened(&city).await, (22, 22));

    fs::rename(key.with_extension("away"), &key).unwrap();
    assert_eq!(
        mix_due(&city.app, an_hour_later(), &mut city.rng)
            .await
            .unwrap(),
        22
    );
}

/// Six from one network, and one whom somebody told what to say, among 20; then one alone from a network among 20.
#[tokio::test(flavor = "multi_thread")]
async fn a_sign_others_could_have_seen_stays_with_a_crowd_and_never_with_one() {
    let signs_of = async |city: &City| {
        let mut found = BTreeMap::<String, usize>::new();
        let signs = quality::list_signs(city.app.store(), &city.round).await;
        for sign in signs.unwrap().into_values().flatten() {
            *found.entry(sign).or_default() += 1;
        }
        found
    };
    for (from_one_network, expected) in [(6, 6), (1, 0), (16, 0)] {
        let mut city = City::sqlite(PEOPLE, INVITED).await;
        for person in 0..20 {
            let signs = SubmissionSigns {
                burst: person < from_one_network,
                coached: person == 19,
            };
            city.sends(person, &person.to_string(), signs).await;
        }

        mix_due(&city.app, an_hour_later(), &mut city.rng)
            .await
            .unwrap();

        let found = signs_of(&city).await;
        let of = |sign: &str| found.get(sign).copied().unwrap_or(0);
        assert_eq!(of("burst"), expected, "{from_one_network}: {found:?}");
        assert_eq!(of("coached"), 1, "said on the ballot, seen by nobody");
        let paces = paces(city.app.store(), &city.round).await.unwrap();
        assert_eq!(paces.iter().map(|(_, ballots)| ballots).sum::<u64>(), 20);
        let groups = sign_groups(&city.app, &city.round).await.unwrap();
        assert!(groups.is_empty(), "no word of it before closing");
    }
}

/// People keep sending while batches close under them; each is stored once, in one batch or the next.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_sends_while_a_batch_closes_is_kept_in_the_next() {
    let cities = [
        Some(City::sqlite(200, INVITED).await),
        City::postgres(200, INVITED).await,
    ];
    for mut city in cities.into_iter().flatten() {
        let mut sending = tokio::task::JoinSet::new();
        for person in 0..200 {
            let (app, round, code) = (
                city.app.clone(),
                city.round.clone(),
                city.codes[person].clone(),
            );
            sending.spawn(async move {
                crate::city::answers(&app, &round, &code, person + 1, &person.to_string()).await;
            });
        }
        let (mut mixed, mut hour) = (0, 1);
        while let Some(done) = sending.join_next().await {
            done.unwrap();
            mixed += mix_due(&city.app, noon() + TimeDelta::hours(hour), &mut city.rng)
                .await
                .unwrap();
            hour += 1;
        }
        let (sealed, received) = sealed_and_opened(&city).await;
        println!("{mixed} of 200 mixed while people were sending");
        assert_eq!((received, mixed + sealed), (200, 200));
        assert!(mixed > 0);
    }
}
