//! What the databases themselves refuse, whatever program asks: each case speaks plain SQL.

use crate::{
    postgres,
    stores::{self, now, round, round_id, with_open_round, write},
};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use storage::{StorageError, Store, batches, linked, rounds};
use survey_design::{Anonymity, RoundState};

/// A store, and another connection to its database that nothing of ours guards.
struct Both {
    store: Store,
    raw: DatabaseConnection,
    _directory: Option<tempfile::TempDir>,
}

impl Both {
    async fn sqlite() -> Self {
        let (directory, store) = stores::sqlite().await;
        let raw = Database::connect(stores::sqlite_url(&directory))
            .await
            .unwrap();
        Self {
            store,
            raw,
            _directory: Some(directory),
        }
    }

    async fn postgres() -> Option<Self> {
        let url = postgres::shared()?.fresh_database();
        let store = Store::open(&url).await.unwrap();
        store.migrate().await.unwrap();
        let raw = Database::connect(url).await.unwrap();
        Some(Self {
            store,
            raw,
            _directory: None,
        })
    }

    async fn run(&self, sql: &str) -> Result<u64, String> {
        let done = self.raw.execute_unprepared(sql).await;
        done.map(|done| done.rows_affected())
            .map_err(|error| error.to_string())
    }

    async fn texts(&self, sql: &str) -> Vec<String> {
        let statement = Statement::from_string(self.raw.get_database_backend(), sql);
        let rows = self.raw.query_all_raw(statement).await.unwrap();
        rows.iter()
            .map(|row| row.try_get_by_index(0).unwrap())
            .collect()
    }
}

macro_rules! on_both {
    ($($case:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() { super::$case(super::Both::sqlite().await).await; })+
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                if let Some(both) = super::Both::postgres().await { super::$case(both).await; }
            })+
        }
    };
}

on_both!(
    the_mode_changes_freely_before_opening_and_never_after,
    only_a_confidential_round_can_link,
    an_open_round_has_no_tokens,
    a_closed_batch_takes_nothing_and_an_unmixed_one_cannot_close,
    no_table_of_answers_has_a_column_for_identity_or_time,
);

async fn the_mode_changes_freely_before_opening_and_never_after(both: Both) {
    stores::with_round(&both.store).await;
    let change = "UPDATE round SET anonymity = 'confidential', resubmission = 'until_close'";
    assert_eq!(both.run(change).await, Ok(1));
    write(&both.store, async |tx| {
        let (from, to) = (RoundState::Draft, RoundState::Collecting);
        rounds::set_round_state(tx, &round_id(), from, to, now()).await
    })
    .await
    .unwrap();

    for sql in [
        "UPDATE round SET anonymity = 'decoupled'",
        "UPDATE round SET resubmission = 'once'",
        "UPDATE round SET anonymity = 'open', opened_at = NULL",
        "UPDATE round SET opened_at = NULL",
        "UPDATE round SET state = 'draft'",
        "UPDATE round SET state = 'sampling', anonymity = 'open'",
        "UPDATE round SET id = 'other'",
        "DELETE FROM round",
    ] {
        assert!(both.run(sql).await.is_err(), "{sql}");
    }
    assert_eq!(
        both.run("UPDATE round SET state = 'closed', title = 'x'")
            .await,
        Ok(1)
    );
    let mode = both
        .texts("SELECT anonymity || ' ' || resubmission FROM round")
        .await;
    assert_eq!(mode, ["confidential until_close"]);
}

/// A round of this mode with an invitation, a token and an opened ballot.
async fn with_answer(both: &Both, mode: Anonymity) {
    let mut round = round("2026Q3", 3);
    round.anonymity = mode;
    write(&both.store, async |tx| {
        rounds::insert_round(tx, &round).await
    })
    .await
    .unwrap();
    for sql in [
        "INSERT INTO invitation (id, round_id, kind, pseudonym, state, created_on) \
         VALUES ('i', '2026Q3', 'overall', 'p', 'invited', '2026-09-01')",
        "INSERT INTO token (token_hash, round_id, kind, rater_group, stratum, weight_micro, state) \
         VALUES ('t', '2026Q3', 'overall', 'citizens', 's', 1, 'issued')",
        "INSERT INTO ballot (id, round_id, kind, rater_group, stratum, weight_micro, verdict) \
         VALUES ('b', '2026Q3', 'overall', 'citizens', 's', 1, 'valid')",
    ] {
        both.run(sql).await.unwrap();
    }
}

async fn only_a_confidential_round_can_link(both: Both) {
    with_answer(&both, Anonymity::Decoupled).await;
    let pair = |key: &str| vec![(key.to_owned(), "t".to_owned())];

    let refused = write(&both.store, async |tx| {
        linked::link_ballots(tx, &round_id(), pair("b")).await
    })
    .await;
    assert!(matches!(
        refused,
        Err(StorageError::Conflict(_) | StorageError::Database(_))
    ));
    for mode in ["decoupled", "open", "confidential"] {
        for (table, key, id) in [
            ("linked_ballot", "ballot_id", "b"),
            ("linked_invitation", "invitation_id", "i"),
        ] {
            let link = format!(
                "INSERT INTO {table} ({key}, token_hash, round_id, anonymity) \
                 VALUES ('{id}', 't', '2026Q3', '{mode}')"
            );
            assert!(both.run(&link).await.is_err(), "{link}");
        }
    }

    both.run("UPDATE round SET anonymity = 'confidential'")
        .await
        .unwrap();
    write(&both.store, async |tx| {
        linked::link_ballots(tx, &round_id(), pair("b")).await?;
        linked::link_invitations(tx, &round_id(), pair("i")).await
    })
    .await
    .unwrap();
    let unanswered = linked::list_unanswered_invitations(&both.store, &round_id()).await;
    assert_eq!(unanswered.unwrap(), ["i"]);
    both.run("UPDATE token SET state = 'answered'")
        .await
        .unwrap();
    let unanswered = linked::list_unanswered_invitations(&both.store, &round_id()).await;
    assert!(unanswered.unwrap().is_empty());
    let linked = linked::list_linked_ballots(&both.store, &round_id())
        .await
        .unwrap();
    assert_eq!(linked, [("b".to_owned(), "t".to_owned())]);
    let back = "UPDATE round SET anonymity = 'decoupled'";
    assert!(
        both.run(back).await.is_err(),
        "a link keeps its round confidential"
    );
}

async fn an_open_round_has_no_tokens(both: Both) {
    stores::with_round(&both.store).await;
    both.run("UPDATE round SET anonymity = 'open'")
        .await
        .unwrap();

    let token = "INSERT INTO token (token_hash, round_id, kind, rater_group, stratum, weight_micro, state) \
                 VALUES ('t', '2026Q3', 'overall', 'citizens', 's', 1, 'issued')";
    assert!(both.run(token).await.is_err());
}

async fn a_closed_batch_takes_nothing_and_an_unmixed_one_cannot_close(both: Both) {
    with_open_round(&both.store).await;
    let sealed = |id: &str| {
        format!(
            "INSERT INTO sealed_ballot (id, round_id, batch, blob) VALUES ('{id}', '2026Q3', '1', '')"
        )
    };
    both.run(&sealed("a")).await.unwrap();

    let close = async |tx: &storage::Tx| batches::close_batch(tx, "1").await;
    assert!(matches!(
        write(&both.store, close).await,
        Err(StorageError::Conflict(_))
    ));
    both.run("DELETE FROM sealed_ballot").await.unwrap();
    write(&both.store, close).await.unwrap();

    assert!(both.run(&sealed("b")).await.is_err());
    let second = async |tx: &storage::Tx| batches::insert_batch(tx, &round_id(), "2", now()).await;
    write(&both.store, second).await.unwrap();
    let third = async |tx: &storage::Tx| batches::insert_batch(tx, &round_id(), "3", now()).await;
    assert!(
        write(&both.store, third).await.is_err(),
        "one batch at a time"
    );
    let open = batches::find_open_batch(&both.store, &round_id())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(open.id, "2");
    assert_eq!(
        batches::list_closed_batches(&both.store)
            .await
            .unwrap()
            .len(),
        1
    );
}

/// All columns, so that a new one is looked at by a person before this test is changed.
const COLUMNS: [(&str, &str); 12] = [
    ("answer", "ballot_id item level reasons unit_id"),
    (
        "ballot",
        "assisted id kind rater_group round_id stratum verdict void_reason weight_micro",
    ),
    ("draft", "id_hash reached round_id sealed"),
    ("ballot_sign", "ballot_id round_id sign"),
    ("pace_count", "ballots pace round_id"),
    (
        "follow_up_rating",
        "level masked matter_id once_hash text_redacted",
    ),
    ("log_hash", "hash place round_id"),
    (
        "opinion",
        "channel id import_batch_id kind level masked matter_id reasons receipt_hash reviewed_by round_id state text_redacted unit_id words_review",
    ),
    ("receipt", "ballot_digest leaf receipt_hash round_id"),
    ("sealed_ballot", "batch blob id round_id"),
    ("submission", "digest round_id submission_hmac"),
    (
        "token",
        "enterprise_key kind rater_group round_id state stratum token_hash weight_micro",
    ),
];

async fn no_table_of_answers_has_a_column_for_identity_or_time(both: Both) {
    let sqlite = both.store.backend() == storage::Backend::Sqlite;
    for (table, columns) in COLUMNS {
        let (names, times) = if sqlite {
            let from = format!("FROM pragma_table_info('{table}')");
            (
                format!("SELECT name {from} ORDER BY name"),
                format!("SELECT name {from} WHERE type LIKE '%time%' OR type LIKE '%date%'"),
            )
        } else {
            let from = format!("FROM information_schema.columns WHERE table_name = '{table}'");
            (
                format!("SELECT column_name::text {from} ORDER BY column_name COLLATE \"C\""),
                format!(
                    "SELECT column_name::text {from} AND (data_type LIKE '%time%' OR data_type LIKE 'date')"
                ),
            )
        };
        assert_eq!(both.texts(&names).await.join(" "), columns, "{table}");
        assert!(both.texts(&times).await.is_empty(), "{table}");
    }
}
