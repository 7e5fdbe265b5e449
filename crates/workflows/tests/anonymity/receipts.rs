//! A receipt proves that an answer was received, from the day's root to the last, and nothing else.

use crate::city::{City, INVITED, noon, official};
use chrono::TimeDelta;
use response_collection::{Receipt, receipt_log};
use sea_orm::ConnectionTrait;
use std::fs;
use storage::submission;
use workflows::{
    LeafProof, anchor_audit, append_due, check_receipt, close_round, find_round, growth_proof,
    leaf_proof, lookup, mix_due, public_log, send_waiting,
};

fn digest(text: &str) -> [u8; 32] {
    hex::decode(text).unwrap().try_into().unwrap()
}

async fn every_proof_holds(
    city: &City,
    log: &workflows::PublicLog,
    receipts: &[workflows::collect::Receipt],
) {
    let last = digest(&log.roots[2].root);
    for receipt in receipts {
        let proof = leaf_proof(&city.app, &city.round, &receipt.leaf())
            .await
            .unwrap()
            .unwrap();
        assert!(receipt_log::includes(
            &proof.proof,
            58,
            &last,
            proof.index,
            &receipt.leaf()
        ));
    }
    for pair in log.roots.windows(2) {
        let ends = [&pair[0], &pair[1]].map(|root| (root.size.cast_unsigned(), digest(&root.root)));
        let proof = growth_proof(&city.app, &city.round, ends[0].0, ends[1].0)
            .await
            .unwrap();
        let (old, new) = ((ends[0].0, &ends[0].1), (ends[1].0, &ends[1].1));
        assert!(receipt_log::continues(&proof.unwrap(), old, new));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_receipt_leads_to_the_last_root_and_the_log_only_grows() {
    let cities = [
        Some(City::sqlite(70, INVITED).await),
        City::postgres(70, INVITED).await,
    ];
    for mut city in cities.into_iter().flatten() {
        let mut receipts = Vec::new();
        for (day, people) in [(0, 0..25), (1, 25..30), (2, 30..57)] {
            for person in people {
                receipts.push(city.answers(person, &person.to_string()).await);
            }
            let now = noon() + TimeDelta::days(day);
            append_due(&city.app, now, &mut city.rng).await.unwrap();
            mix_due(&city.app, now, &mut city.rng).await.unwrap();
            assert_eq!(
                append_due(&city.app, now, &mut city.rng).await.unwrap(),
                0,
                "once a day"
            );
        }
        receipts.push(city.answers(57, "57").await);
        let waiting = check_receipt(&city.app, &receipts[57].text())
            .await
            .unwrap()
            .unwrap();
        assert!(waiting.proof.is_none(), "received, and not yet in a root");
        close_round(&city.app, &official(), &city.round, noon(), &mut city.rng)
            .await
            .unwrap();

        let log = public_log(&city.app, &city.round).await.unwrap().unwrap();
        let sizes: Vec<_> = log
            .roots
            .iter()
            .map(|root| (root.size, root.closing))
            .collect();
        assert_eq!(
            sizes,
            [(25, false), (57, false), (58, true)],
            "too few wait for the next day"
        );
        let published = submission::count_receipts(city.app.store(), &city.round)
            .await
            .unwrap();
        assert_eq!(published, 58, "as many leaves as answers received");
        every_proof_holds(&city, &log, &receipts).await;
        assert!(
            growth_proof(&city.app, &city.round, 24, 58)
                .await
                .unwrap()
                .is_none()
        );
    }
}

/// While people hand in, nobody waits until a city's receipts are all in the log.
#[tokio::test(flavor = "multi_thread")]
async fn a_day_with_many_receipts_is_added_part_by_part() {
    let mut city = City::sqlite(1, INVITED).await;
    let insert = "INSERT INTO receipt (receipt_hash, round_id, ballot_digest, leaf) \
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200) \
         SELECT printf('%064x', i), '2026Q3', printf('%064x', i), printf('%064x', i * 7919) FROM n";
    city.raw().await.execute_unprepared(insert).await.unwrap();

    let (app, rng) = (&city.app, &mut city.rng);
    let record = find_round(app, &city.round).await.unwrap();
    let opened = record.opened_at.unwrap();
    assert_eq!(append_due(app, opened, rng).await.unwrap(), 0);
    let tomorrow = opened + TimeDelta::days(1);
    assert_eq!(append_due(app, tomorrow, rng).await.unwrap(), 1200);
    assert_eq!(append_due(app, tomorrow, rng).await.unwrap(), 0);

    let log = public_log(app, &city.round).await.unwrap().unwrap();
    let sizes: Vec<_> = log.roots.iter().map(|root| root.size).collect();
    assert_eq!(sizes, [500, 1000, 1200]);
    let root = digest(&log.roots[2].root);
    for number in [1, 600, 1200] {
        let leaf = digest(&format!("{:064x}", number * 7919));
        let proof = leaf_proof(app, &city.round, &leaf).await.unwrap().unwrap();
        let LeafProof { index, proof, .. } = proof;
        assert!(receipt_log::includes(&proof, 1200, &root, index, &leaf));
    }
    let growth = growth_proof(app, &city.round, 500, 1200).await.unwrap();
    let old = (500, &digest(&log.roots[0].root));
    assert!(receipt_log::continues(&growth.unwrap(), old, (1200, &root)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_with_few_answers_publishes_its_last_root_only() {
    let mut city = City::sqlite(5, INVITED).await;
    for person in 0..5 {
        city.answers(person, &person.to_string()).await;
    }
    let now = noon() + TimeDelta::days(1);

    assert_eq!(append_due(&city.app, now, &mut city.rng).await.unwrap(), 0);
    close_round(&city.app, &official(), &city.round, now, &mut city.rng)
        .await
        .unwrap();

    let log = public_log(&city.app, &city.round).await.unwrap().unwrap();
    assert_eq!(log.roots.len(), 1);
    assert!(log.roots[0].closing && log.roots[0].size == 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_receipt_finds_what_happened_and_a_changed_one_finds_nothing() {
    let mut city = City::sqlite(5, INVITED).await;
    let receipt = city.answers(2, "2").await;
    let before = lookup(&city.app, &receipt.code.text())
        .await
        .unwrap()
        .unwrap();
    close_round(&city.app, &official(), &city.round, noon(), &mut city.rng)
        .await
        .unwrap();

    let found = lookup(&city.app, &receipt.text()).await.unwrap().unwrap();
    assert_eq!((before.opinions.len(), found.opinions.len()), (0, 1));
    assert!(
        check_receipt(&city.app, &receipt.code.text())
            .await
            .unwrap()
            .unwrap()
            .proof
            .is_some()
    );
    let swapped = Receipt {
        ballot: [1; 32],
        ..receipt.clone()
    };
    assert!(
        check_receipt(&city.app, &swapped.text())
            .await
            .unwrap()
            .is_none()
    );
    let elsewhere = Receipt {
        round: "2026Q2".into(),
        ..receipt
    };
    assert!(
        check_receipt(&city.app, &elsewhere.text())
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn roots_and_heads_of_the_audit_chain_are_mailed_to_the_witness() {
    let mut city = City::sqlite(5, INVITED).await;
    city.answers(1, "1").await;
    close_round(&city.app, &official(), &city.round, noon(), &mut city.rng)
        .await
        .unwrap();
    let head = anchor_audit(&city.app, noon(), &mut city.rng)
        .await
        .unwrap();
    anchor_audit(&city.app, noon(), &mut city.rng)
        .await
        .unwrap();
    send_waiting(&city.app, noon, &mut city.rng).await.unwrap();

    let root = public_log(&city.app, &city.round)
        .await
        .unwrap()
        .unwrap()
        .roots
        .remove(0);
    let mails = fs::read_dir(city.folder.path().join("mail")).unwrap();
    let told: Vec<String> = mails
        .map(|entry| fs::read(entry.unwrap().path()).unwrap())
        .map(|bytes| mailparse::parse_mail(&bytes).unwrap().get_body().unwrap())
        .filter(|body| !body.contains("/s/2026Q3#"))
        .collect();
    let signed = root.checkpoint.lines().last().unwrap();
    assert_eq!(told.len(), 2, "one root and one head, each once");
    assert!(told.iter().any(|body| body.contains(signed)));
    assert!(told.iter().any(|body| body.contains(&head)));
}
