//! 10,000 people answer; every attacker who sees the whole database, its files, logs and copies guesses who said what.

use crate::{
    attack::{Side, View, by_bytes, by_sql, files, heap_files, hits},
    city::{BITS, City, INVITED, answers, noon, spelled, texts},
};
use chrono::TimeDelta;
use rand::seq::SliceRandom;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeSet, HashMap},
    path::PathBuf,
    sync::{Arc, Mutex},
};
use storage::Backend;
use tokio::task::JoinSet;
use workflows::mix_due;

const BATCHES: usize = 20;
const AT_ONCE: usize = 64;
/// Pairs of the control, in which tables are only separate.
const CONTROL: usize = 1_000;

/// Twenty batches of the least size; `HUIYIN_LINKAGE_PAIRS` sets more, 10,000 in `tests/long.sh`.
fn pairs() -> usize {
    let set = std::env::var("HUIYIN_LINKAGE_PAIRS").ok();
    set.map_or(20 * BATCHES, |text| text.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite_nobody_guesses_better_than_chance() {
    let people = u32::try_from(pairs()).unwrap();
    attacked(City::sqlite(people, INVITED).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_nobody_guesses_better_than_chance() {
    let people = u32::try_from(pairs()).unwrap();
    if let Some(city) = City::postgres(people, INVITED).await {
        attacked(city).await;
    }
}

/// What an attacker gathered while people answered.
struct Gathered {
    /// Hashes of codes in the order of the access log, which knows the time.
    access_log: Vec<String>,
    /// The batch of each person, known from two copies of the database.
    batch_of: Vec<usize>,
    /// Copies of the write-ahead log.
    write_ahead: Vec<Vec<u8>>,
    /// Everything the program logged.
    log: Vec<u8>,
}

async fn attacked(mut city: City) {
    let gathered = everybody_answers(&mut city).await;
    let raw = city.raw().await;
    raw.execute_unprepared("CREATE TABLE l0_voted (token text PRIMARY KEY)")
        .await
        .unwrap();
    raw.execute_unprepared("CREATE TABLE l0_answer (id text PRIMARY KEY, person text)")
        .await
        .unwrap();
    let tokens: HashMap<String, usize> = city.token_hashes().into_iter().collect();
    nothing_in_common(&raw, tokens.len()).await;

    let lefts = left_views(&city, &raw, &gathered, &tokens).await;
    let mut worst = (0, String::new());
    let mut guesses = 0;
    for (side, owner, rights) in right_views(&city, &raw, &gathered).await {
        assert_eq!(
            owner.len(),
            tokens.len(),
            "{side}: the truth is known for everybody"
        );
        for (left, keys) in &lefts {
            for (right, order) in &rights {
                let backwards: Vec<_> = order.iter().rev().cloned().collect();
                for order in [order, &backwards] {
                    let batch = |person: usize| gathered.batch_of[person];
                    let found = hits(keys, order, &tokens, &owner, &batch);
                    guesses += 1;
                    worst = worst.max((found, format!("{left} against {right}")));
                }
            }
        }
    }
    // A blind guess within a batch is right once a batch on average, whatever its size; the promise is 1/k of all.
    let chance = BATCHES as f64;
    println!(
        "{} pairs in {BATCHES} batches, {guesses} guesses: chance {chance}, promised at most {}, worst {} ({})",
        tokens.len(),
        tokens.len() / 20,
        worst.0,
        worst.1
    );
    assert!((worst.0 as f64) < chance + 6.0 * chance.sqrt(), "{worst:?}");
    the_same_attackers_link_separate_tables(&city, &raw).await;
}

async fn everybody_answers(city: &mut City) -> Gathered {
    let log = captured_log();
    let hash_of: HashMap<usize, String> = city
        .token_hashes()
        .into_iter()
        .map(|(hash, person)| (person, hash))
        .collect();
    let mut people: Vec<usize> = (0..city.codes.len()).collect();
    people.shuffle(&mut city.rng);
    let (mut access_log, mut batch_of) = (Vec::new(), vec![0; city.codes.len()]);
    let mut write_ahead = Vec::new();
    let raw = city.raw().await;
    for (number, batch) in people.chunks(city.codes.len() / BATCHES).enumerate() {
        for group in batch.chunks(AT_ONCE) {
            let mut sending = JoinSet::new();
            for person in group.iter().copied() {
                batch_of[person] = number;
                let (app, round, code) = (
                    city.app.clone(),
                    city.round.clone(),
                    city.codes[person].clone(),
                );
                sending.spawn(async move {
                    answers(&app, &round, &code, person + 1, &format!("s{person}")).await;
                    person
                });
            }
            while let Some(done) = sending.join_next().await {
                access_log.push(hash_of[&done.unwrap()].clone());
            }
        }
        let lengths = texts(
            &raw,
            "SELECT DISTINCT CAST(length(blob) AS text) FROM sealed_ballot",
        )
        .await;
        assert_eq!(
            lengths.unwrap().len(),
            1,
            "a sealed answer tells its length to nobody"
        );
        let hour = TimeDelta::hours(number as i64 + 1);
        let mixed = mix_due(&city.app, noon() + hour, &mut city.rng)
            .await
            .unwrap();
        assert_eq!(mixed, batch.len() as u64);
        write_ahead.extend(files(city.folder.path(), "huiyin.db-wal"));
    }
    raw.close().await.unwrap();
    let log = log.lock().unwrap().clone();
    Gathered {
        access_log,
        batch_of,
        write_ahead,
        log,
    }
}

/// The write-ahead log and the table's own file.
async fn in_files(
    city: &City,
    raw: &DatabaseConnection,
    table: &str,
    copies: &[Vec<u8>],
    keys: &[String],
) -> Vec<View> {
    let (own, ahead) = match city.app.store().backend() {
        Backend::Sqlite => (files(city.folder.path(), "huiyin.db"), copies.to_vec()),
        Backend::Postgres => {
            raw.execute_unprepared("CHECKPOINT").await.unwrap();
            let folder = texts(raw, "SELECT current_setting('data_directory') || '/pg_wal'").await;
            let folder = PathBuf::from(folder.unwrap().remove(0));
            (heap_files(raw, table).await, files(&folder, "0"))
        }
    };
    let mut views = by_bytes(&format!("{table} in the file"), &own, keys);
    views.extend(by_bytes(
        &format!("{table} in the write-ahead log"),
        &ahead,
        keys,
    ));
    views
}

async fn left_views(
    city: &City,
    raw: &DatabaseConnection,
    gathered: &Gathered,
    tokens: &HashMap<String, usize>,
) -> Vec<View> {
    let keys: Vec<String> = tokens.keys().cloned().collect();
    let mut views = vec![("access log by time".to_owned(), gathered.access_log.clone())];
    views.extend(
        by_sql(
            raw,
            &Side {
                table: "token",
                key: "token_hash",
            },
        )
        .await,
    );
    views.extend(in_files(city, raw, "token", &gathered.write_ahead, &keys).await);
    for (name, seen) in by_bytes(
        "token in the log",
        std::slice::from_ref(&gathered.log),
        &keys,
    ) {
        assert!(seen.is_empty(), "{name}");
    }
    views
}

type RightSide = (&'static str, HashMap<String, usize>, Vec<View>);

/// Opened answers and opinions from every angle, with who really wrote them.
async fn right_views(city: &City, raw: &DatabaseConnection, gathered: &Gathered) -> Vec<RightSide> {
    let mut sides = Vec::new();
    for (table, key, truth) in [
        (
            "ballot",
            "id",
            "SELECT ballot_id || ' ' || reasons FROM answer WHERE item = 'which'",
        ),
        (
            "ballot_sign",
            "ballot_id",
            "SELECT ballot_id || ' ' || reasons FROM answer WHERE item = 'which' \
             AND ballot_id IN (SELECT ballot_id FROM ballot_sign WHERE sign = 'coached')",
        ),
        ("opinion", "id", "SELECT id || ' ' || reasons FROM opinion"),
    ] {
        let owner: HashMap<String, usize> = texts(raw, truth)
            .await
            .unwrap()
            .iter()
            .map(|line| {
                let (id, reasons) = line.split_once(' ').unwrap();
                (id.to_owned(), spelled(reasons) - 1)
            })
            .collect();
        let keys: Vec<String> = owner.keys().cloned().collect();
        let mut views = by_sql(raw, &Side { table, key }).await;
        views.extend(in_files(city, raw, table, &gathered.write_ahead, &keys).await);
        if table == "ballot" {
            let exported = storage::ballots::list_answers(city.app.store(), &city.round)
                .await
                .unwrap();
            let mut order: Vec<_> = exported.into_iter().map(|row| row.ballot_id).collect();
            order.dedup();
            views.push(("export order".to_owned(), order));
        }
        for (name, seen) in by_bytes(
            &format!("{table} in the log"),
            std::slice::from_ref(&gathered.log),
            &keys,
        ) {
            assert!(seen.is_empty(), "{name}");
        }
        sides.push((table, owner, views));
    }
    sides
}

/// No value stored when somebody sends in is found again among what was opened, nor can it be worked out from it.
async fn nothing_in_common(raw: &DatabaseConnection, people: usize) {
    let all = async |queries: &[&str]| {
        let mut values = BTreeSet::new();
        for query in queries {
            values.extend(texts(raw, query).await.unwrap());
        }
        values
    };
    let sent = all(&[
        "SELECT token_hash FROM token",
        "SELECT receipt_hash FROM receipt",
        "SELECT ballot_digest FROM receipt",
        "SELECT leaf FROM receipt",
        "SELECT submission_hmac FROM submission",
        "SELECT digest FROM submission",
    ])
    .await;
    let opened = all(&[
        "SELECT id FROM ballot",
        "SELECT id FROM opinion",
        "SELECT receipt_hash FROM opinion",
    ])
    .await;
    assert_eq!((sent.len(), opened.len()), (6 * people, 3 * people));
    assert_eq!(sent.intersection(&opened).count(), 0);
    // Whoever knows an answer cannot find its submission by hashing it.
    for line in texts(raw, "SELECT reasons FROM answer WHERE item = 'which'")
        .await
        .unwrap()
    {
        assert!(!sent.contains(&hex::encode(Sha256::digest(&line))));
    }
    assert_eq!(
        texts(raw, "SELECT ballot_id FROM linked_ballot")
            .await
            .unwrap()
            .len(),
        0
    );
    assert!(people < 1 << BITS);
}

/// What must be caught; what else is depends on the plan of a query and on when the log was written back.
const LINKED_ON_SQLITE: [&str; 2] = ["by rowid", "in the write-ahead log, first copy"];
const LINKED_ON_POSTGRES: [&str; 3] = ["by as it comes", "by xmin", "by ctid"];

async fn keep_the_whole_log(raw: &DatabaseConnection) {
    for setting in [
        "wal_checkpoint(TRUNCATE)",
        "wal_autocheckpoint = 0",
        "synchronous = OFF",
    ] {
        raw.execute_unprepared(&format!("PRAGMA {setting}"))
            .await
            .unwrap();
    }
}

/// The control: two tables without a common key, written in one transaction each time. The suite must catch it.
async fn the_same_attackers_link_separate_tables(city: &City, raw: &DatabaseConnection) {
    let sqlite = city.app.store().backend() == Backend::Sqlite;
    let mut rng = ChaCha20Rng::seed_from_u64(77);
    let (mut tokens, mut owner) = (HashMap::new(), HashMap::new());
    if sqlite {
        keep_the_whole_log(raw).await;
    }
    for person in 0..CONTROL {
        let (token, answer) = (random(&mut rng), random(&mut rng));
        let both = format!(
            "BEGIN; INSERT INTO l0_voted VALUES ('{token}'); INSERT INTO l0_answer VALUES ('{answer}', '{person}'); COMMIT"
        );
        raw.execute_unprepared(&both).await.unwrap();
        tokens.insert(token, person);
        owner.insert(answer, person);
    }
    let wal = files(city.folder.path(), "huiyin.db-wal");
    let mut lefts = by_sql(
        raw,
        &Side {
            table: "l0_voted",
            key: "token",
        },
    )
    .await;
    let mut rights = by_sql(
        raw,
        &Side {
            table: "l0_answer",
            key: "id",
        },
    )
    .await;
    let keys = |who: &HashMap<String, usize>| who.keys().cloned().collect::<Vec<_>>();
    lefts.extend(in_files(city, raw, "l0_voted", &wal, &keys(&tokens)).await);
    rights.extend(in_files(city, raw, "l0_answer", &wal, &keys(&owner)).await);

    let mut caught = Vec::new();
    for ((name, left), (_, right)) in lefts.iter().zip(&rights) {
        let found = hits(left, right, &tokens, &owner, &|_| 0);
        println!("separate tables, {name}: {found} of {CONTROL}");
        if found * 10 >= CONTROL * 9 {
            caught.push(name.trim_start_matches("l0_voted ").to_owned());
        }
    }
    let must: &[&str] = if sqlite {
        &LINKED_ON_SQLITE
    } else {
        &LINKED_ON_POSTGRES
    };
    for angle in must {
        assert!(
            caught.iter().any(|name| name == angle),
            "{angle} missed: {caught:?}"
        );
    }
}

fn random(rng: &mut ChaCha20Rng) -> String {
    let mut bytes = [0; 16];
    rand::Rng::fill_bytes(rng, &mut bytes);
    hex::encode(bytes)
}

/// Everything the program logs from now on.
fn captured_log() -> Arc<Mutex<Vec<u8>>> {
    #[derive(Clone)]
    struct Sink(Arc<Mutex<Vec<u8>>>);
    impl std::io::Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    static LOG: std::sync::OnceLock<Arc<Mutex<Vec<u8>>>> = std::sync::OnceLock::new();
    let log = LOG.get_or_init(|| {
        let log = Arc::new(Mutex::new(Vec::new()));
        let sink = Sink(Arc::clone(&log));
        tracing_subscriber::fmt()
            .with_max_level(tracing_subscriber::filter::LevelFilter::DEBUG)
            .with_writer(move || sink.clone())
            .init();
        log
    });
    Arc::clone(log)
}
