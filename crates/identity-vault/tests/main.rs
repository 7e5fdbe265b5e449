//! The vault on SQLite and on a real PostgreSQL.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on must stop where it is"
)]

#[path = "../../../tests/support/postgres.rs"]
mod postgres;

use chrono::{DateTime, Utc};
use identity_vault::{Person, ReadKind, Vault, VaultError, VaultKey};
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

/// Runs each case on both databases, with the address of a new one.
macro_rules! on_both_databases {
    ($($case:ident),+ $(,)?) => {
        mod on_sqlite {
            $(
                #[tokio::test]
                async fn $case() {
                    let directory = tempfile::tempdir().unwrap();
                    super::$case(&format!("sqlite://{}/身份 库.db", directory.path().display())).await;
                }
            )+
        }
        mod on_postgres {
            $(
                #[tokio::test]
                async fn $case() {
                    if let Some(server) = crate::postgres::shared() {
                        super::$case(&server.fresh_database()).await;
                    }
                }
            )+
        }
    };
}

on_both_databases!(
    contacts_come_back_and_the_read_is_logged,
    thousands_of_people_are_kept_and_brought_up_to_date,
    an_original_is_read_for_a_reason_and_can_be_erased,
    another_key_does_not_open_the_vault,
);

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(7)
}

async fn open(url: &str) -> Vault {
    let vault = Vault::open(url, [1; 32]).await.unwrap();
    vault.migrate().await.unwrap();
    vault
}

fn now() -> DateTime<Utc> {
    "2026-10-09T08:00:00Z".parse().unwrap()
}

fn person(number: u32) -> Person {
    Person {
        pseudonym: format!("P{number:05}"),
        name: format!("测试人员{number}"),
        phone: format!("1390000{number:04}"),
        email: format!("p{number}@example.invalid"),
        organisation: String::new(),
    }
}

async fn contacts_come_back_and_the_read_is_logged(url: &str) {
    let vault = open(url).await;
    vault
        .insert_people(vec![person(2), person(1), person(3)], &mut rng())
        .await
        .unwrap();
    let asked = ["P00002".into(), "P00001".into(), "P09999".into()];

    let found = vault
        .contacts(&asked, "clerk", "发送邀请", now(), &mut rng())
        .await
        .unwrap();

    assert_eq!(found, [person(1), person(2)]);
    let reads = vault.list_reads().await.unwrap();
    assert_eq!(vault.count_reads().await.unwrap(), 1);
    assert_eq!((&*reads[0].purpose, reads[0].at), ("发送邀请", now()));
    assert_eq!(
        (reads[0].kind, &*reads[0].reader),
        (ReadKind::Contacts, "clerk")
    );
    assert_eq!(reads[0].subjects, asked);
}

async fn thousands_of_people_are_kept_and_brought_up_to_date(url: &str) {
    let vault = open(url).await;
    let people: Vec<_> = (0..12_000).map(person).collect();
    vault.insert_people(people, &mut rng()).await.unwrap();
    let moved = Person {
        organisation: "云溪某企业".into(),
        ..person(1)
    };
    vault
        .insert_people(vec![moved.clone()], &mut rng())
        .await
        .unwrap();
    let everybody: Vec<_> = (0..12_000).map(|number| person(number).pseudonym).collect();

    let found = vault
        .contacts(&everybody, "clerk", "发送邀请", now(), &mut rng())
        .await
        .unwrap();

    assert_eq!(found.len(), 12_000);
    assert_eq!(found[1], moved);
    let reads = vault.count_reads().await.unwrap();
    let asked = [person(0), person(1), moved, person(12_000)];
    let differing = vault.differing(&asked[..2]).await.unwrap();
    assert_eq!(differing, [person(1).pseudonym].into());
    let differing = vault.differing(&asked[2..]).await.unwrap();
    assert_eq!(differing, [person(12_000).pseudonym].into());
    assert_eq!(vault.count_reads().await.unwrap(), reads);
}

async fn an_original_is_read_for_a_reason_and_can_be_erased(url: &str) {
    let vault = open(url).await;
    vault
        .insert_raw_text("o1", "请回电 13900000000", &mut rng())
        .await
        .unwrap();
    let mut rng = ChaCha20Rng::seed_from_u64(8);
    let read = async |rng: &mut ChaCha20Rng| {
        let text = vault
            .read_raw_text("o1", "leader", "核对原文", now(), rng)
            .await;
        text.unwrap()
    };

    assert_eq!(read(&mut rng).await.as_deref(), Some("请回电 13900000000"));
    vault.erase_raw_text("o1").await.unwrap();
    assert_eq!(read(&mut rng).await, None);

    let kinds: Vec<_> = vault
        .list_reads()
        .await
        .unwrap()
        .iter()
        .map(|r| r.kind)
        .collect();
    assert_eq!(kinds, [ReadKind::RawText; 2]);
}

async fn another_key_does_not_open_the_vault(url: &str) {
    open(url).await.close().await.unwrap();

    let refused = Vault::open(url, VaultKey::new([2; 32])).await;

    assert_eq!(refused.unwrap_err(), VaultError::OtherKey);
    open(url).await;
}

#[tokio::test]
async fn nothing_of_a_person_is_readable_in_the_file_or_in_a_debug_line() {
    let directory = tempfile::tempdir().unwrap();
    let vault = open(&format!("sqlite://{}/v.db", directory.path().display())).await;
    vault
        .insert_people(vec![person(1)], &mut rng())
        .await
        .unwrap();
    vault
        .insert_raw_text("o1", "原话在此", &mut rng())
        .await
        .unwrap();
    vault.close().await.unwrap();

    for entry in std::fs::read_dir(directory.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for secret in ["测试人员1", "13900000001", "p1@example", "原话在此"] {
            let secret = secret.as_bytes();
            assert!(!bytes.windows(secret.len()).any(|part| part == secret));
        }
    }
    assert_eq!(
        format!("{:?}", person(1)),
        "Person { pseudonym: \"P00001\", .. }"
    );
}

#[tokio::test]
async fn what_cannot_be_opened_is_refused() {
    let refused = async |url: &str| Vault::open(url, [1; 32]).await.unwrap_err();

    assert_eq!(refused("mysql://host/db").await, VaultError::BadAddress);
    assert_eq!(
        refused("sqlite:///nowhere/at/all.db").await,
        VaultError::Unavailable
    );
}

#[tokio::test]
async fn postgres_refuses_to_change_the_log_of_reads() {
    let Some(server) = postgres::shared() else {
        return;
    };
    let url = server.fresh_database();
    open(&url).await;
    let (address, _) = url.split_once('?').unwrap();
    let (_, name) = address.rsplit_once('/').unwrap();

    for sql in ["UPDATE vault_read SET reader = 'x'", "TRUNCATE vault_read"] {
        assert!(server.sql(name, sql).unwrap_err().contains("append-only"));
    }
}
