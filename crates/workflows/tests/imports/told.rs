//! What a source is told after rows of its kind were taken or taken back.

use super::{City, Kind, now, orders, push::asked, push::records, uploads::leader};
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use rating_import::FileKind;
use serde_json::{Value, json};
use sha2::Sha256;
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::mpsc::{Receiver, Sender, channel},
    time::Duration,
};
use storage::{
    imports,
    outbox::{self, Job, JobKind, JobState},
};
use workflows::{end_source, send_waiting, waiting_for_source};

/// A request as it came: headers in lower case, and the body.
pub struct Request {
    headers: BTreeMap<String, String>,
    body: String,
}

/// A system that answers with these statuses, one request after the other.
pub fn listen(statuses: Vec<u16>) -> (String, Receiver<Request>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/told", listener.local_addr().unwrap());
    let (requests, received) = channel();
    std::thread::spawn(move || {
        for status in statuses {
            let (stream, _) = listener.accept().unwrap();
            answer(stream, status, &requests);
        }
    });
    (url, received)
}

fn answer(mut stream: TcpStream, status: u16, requests: &Sender<Request>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            headers.insert(name.to_lowercase(), value.trim().to_owned());
        }
    }
    let length: usize = headers["content-length"].parse().unwrap();
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let body = String::from_utf8(body).unwrap();
    let close = "Content-Length: 0\r\nConnection: close\r\n\r\n";
    write!(stream, "HTTP/1.1 {status} Said\r\n{close}").unwrap();
    requests.send(Request { headers, body }).unwrap();
}

fn later() -> DateTime<Utc> {
    now() + TimeDelta::minutes(3)
}

fn next(received: &Receiver<Request>) -> Request {
    received.recv_timeout(Duration::from_secs(20)).unwrap()
}

/// As ten lines of another language would do it.
fn is_signed(request: &Request, secret: &str) -> bool {
    let shown = &request.headers["huiyin-signature"];
    let (time, mac) = shown.split_once(",v1=").unwrap();
    let time = time.strip_prefix("t=").unwrap();
    let mut own = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes()).unwrap();
    own.update(format!("{time}.{}", request.body).as_bytes());
    hex::encode(own.finalize().into_bytes()) == mac
}

impl City {
    async fn send_waiting(&mut self, clock: fn() -> DateTime<Utc>) -> u64 {
        send_waiting(&self.app, clock, &mut self.rng).await.unwrap()
    }

    async fn untold(&self) -> Vec<Job> {
        let jobs = outbox::list_open_jobs(self.app.store(), JobKind::Webhook).await;
        jobs.unwrap()
    }
}

pub async fn a_source_is_told_under_its_signature_and_again_after_a_fault(
    make: impl AsyncFn() -> Option<City>,
) {
    let Some(mut city) = make().await else { return };
    let (url, received) = listen(vec![500, 204, 204]);
    let (source, secret) = city.source(FileKind::HotlineOrders, &url).await;
    let secret = secret.unwrap();
    city.source(FileKind::HallRatings, &url).await;
    let report = city.import(Kind::Hotline, &orders(1..=3, "满意")).await;

    assert_eq!(city.send_waiting(now).await, 0);
    let first = next(&received);
    it_waits_after_the_fault(&mut city, &source.id).await;
    assert_eq!(city.send_waiting(later).await, 1);
    let second = next(&received);

    assert_eq!(first.body, second.body);
    for request in [&first, &second] {
        assert!(is_signed(request, &secret) && !is_signed(request, "hys_other"));
    }
    says(&second, &report.batch);
    assert!(city.untold().await.is_empty());

    city.undo(&report.batch).await.unwrap();
    assert_eq!(city.send_waiting(later).await, 1);
    let undone = next(&received);
    assert!(undone.body.contains("batch.undone") && is_signed(&undone, &secret));
}

async fn it_waits_after_the_fault(city: &mut City, source: &str) {
    let job = waiting_for_source(&city.app, source)
        .await
        .unwrap()
        .remove(0);
    assert_eq!(
        (job.attempts, job.problem.as_deref()),
        (1, Some("CONTENT 500"))
    );
    assert!(!job.payload.contains("batch"));
    assert_eq!(city.send_waiting(now).await, 0, "not yet due");
}

fn says(request: &Request, batch: &str) {
    let told: Value = serde_json::from_str(&request.body).unwrap();
    let expected = json!({
        "event": "batch.applied", "batch": batch, "round": "2026Q3",
        "new": 3, "changed": 0, "rejected": 0, "at": "2026-10-08T01:00:00Z",
    });
    assert_eq!(told, expected);
}

pub async fn who_has_ended_is_told_nothing_more(make: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = make().await else { return };
    let (url, received) = listen(vec![204]);
    let (source, _) = city.source(FileKind::HotlineOrders, &url).await;
    let pushed = asked("a", records(&orders(1..=3, "满意")));
    city.push(&source, pushed).await.unwrap();
    assert_eq!(city.untold().await.len(), 1);

    end_source(&city.app, &leader(), &source.id, now())
        .await
        .unwrap();
    city.import(Kind::Hotline, &orders(4..=5, "满意")).await;

    assert_eq!(city.untold().await.len(), 1);
    assert_eq!(city.send_waiting(now).await, 0);
    assert!(city.untold().await.is_empty());
    assert!(received.try_recv().is_err());
}

/// What is told and the batch are one transaction.
pub async fn a_batch_that_cannot_be_told_is_not_written(make: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = make().await else { return };
    let (source, _) = city
        .source(FileKind::HotlineOrders, "http://127.0.0.1:9/")
        .await;
    let pushed = || asked("a", records(&orders(1..=3, "满意")));
    let key = city.app.folder().join("keys");
    city.push(&source, asked("b", records(&orders(9..=9, "满意"))))
        .await
        .unwrap();
    let before = (city.tables().await, city.untold().await.len());
    // Without its keys the program cannot seal what is to be told: the last step of the transaction fails.
    let letters = key.join("letters.key");
    let kept = std::fs::read(&letters).unwrap();
    std::fs::remove_file(&letters).unwrap();
    std::fs::write(&letters, "damaged").unwrap();

    assert_eq!(city.push(&source, pushed()).await, Err("failed"));

    assert_eq!((city.tables().await, city.untold().await.len()), before);
    let batches = imports::list_batches(city.app.store(), &city.round).await;
    assert_eq!(batches.unwrap().len(), 1);
    std::fs::write(&letters, kept).unwrap();
    assert!(city.push(&source, pushed()).await.is_ok());
    let states: Vec<_> = city.untold().await.iter().map(|job| job.state).collect();
    assert_eq!(states, [JobState::Waiting; 2]);
}
