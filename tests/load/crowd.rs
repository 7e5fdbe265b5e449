//! Many people at once, as fast as the answers come or at a given rate, with what they were told and how long it took.

use crate::{
    http::Connection,
    person::{Person, Told, Way},
};
use anyhow::Result;
use serde::Serialize;
use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, VecDeque},
    fs::File,
    io::Write,
    rc::Rc,
    time::{Duration, Instant},
};
use tokio::task::{JoinSet, LocalSet};

/// How a crowd behaves.
#[derive(Clone)]
pub struct Plan {
    pub host: String,
    pub round: String,
    pub connections: usize,
    pub act: Act,
    /// People who begin per second; as fast as the answers come otherwise.
    pub rate: Option<f64>,
}

/// What each person does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Everything from the code to the receipt.
    TakePart(Way),
    /// Enters and answers one page, for a later [`Act::HandIn`].
    Prepare,
    /// Hands in what was prepared.
    HandIn,
}

/// What a crowd saw.
#[derive(Default, Serialize)]
pub struct Seen {
    pub acknowledged: usize,
    /// How many were told what else.
    pub told: BTreeMap<String, usize>,
    /// Connections that broke in the middle.
    pub broken: usize,
    pub seconds: f64,
    pub per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    pub most_ms: f64,
    /// Those who were prepared.
    #[serde(skip)]
    pub prepared: Vec<Person>,
    #[serde(skip)]
    took: Vec<f64>,
}

struct Shared {
    plan: Plan,
    waiting: RefCell<VecDeque<Person>>,
    seen: RefCell<Seen>,
    log: Option<File>,
    started: Instant,
    begun: Cell<u32>,
    /// The server takes no more connections.
    gone: Cell<bool>,
}

/// Lets the crowd act until everybody was answered or the server is gone; every acknowledgement goes to the log at once.
pub async fn act(plan: Plan, people: Vec<Person>, log: Option<File>) -> Result<Seen> {
    let connections = plan.connections;
    let shared = Rc::new(Shared {
        plan,
        waiting: RefCell::new(people.into()),
        seen: RefCell::default(),
        log,
        started: Instant::now(),
        begun: Cell::new(0),
        gone: Cell::new(false),
    });
    let everybody = async {
        let mut tasks = JoinSet::new();
        for _ in 0..connections {
            tasks.spawn_local(one_connection(Rc::clone(&shared)));
        }
        while let Some(ended) = tasks.join_next().await {
            ended??;
        }
        anyhow::Ok(())
    };
    LocalSet::new().run_until(everybody).await?;
    let mut seen = shared.seen.take();
    seen.sum_up(shared.started.elapsed());
    Ok(seen)
}

async fn one_connection(shared: Rc<Shared>) -> Result<()> {
    let mut open = None;
    while !shared.gone.get() {
        let Some((person, due)) = shared.next() else {
            break;
        };
        tokio::time::sleep_until(due.into()).await;
        if open.is_none() {
            open = Connection::open(&shared.plan.host).await.ok();
        }
        let Some(to) = &mut open else {
            shared.gone.set(true);
            break;
        };
        if !shared.one_person(person, to, due).await? {
            open = None;
        }
    }
    Ok(())
}

impl Shared {
    /// The next person and when that person begins; who begins late has waited.
    fn next(&self) -> Option<(Person, Instant)> {
        let person = self.waiting.borrow_mut().pop_front()?;
        let begun = self.begun.replace(self.begun.get() + 1);
        let due = match self.plan.rate {
            None => Instant::now(),
            Some(rate) => self.started + Duration::from_secs_f64(f64::from(begun) / rate),
        };
        Some((person, due))
    }

    /// Whether the connection can be used again.
    async fn one_person(
        &self,
        mut person: Person,
        to: &mut Connection,
        due: Instant,
    ) -> Result<bool> {
        let round = &self.plan.round;
        let told = match self.plan.act {
            Act::TakePart(way) => person.take_part(to, round, way).await,
            Act::HandIn => person.submit(to, round).await,
            Act::Prepare => match person.prepare(to, round).await {
                Ok(None) => {
                    self.seen.borrow_mut().prepared.push(person);
                    return Ok(true);
                }
                Ok(Some(told)) => Ok(told),
                Err(error) => Err(error),
            },
        };
        let took = due.elapsed().as_secs_f64() * 1e3;
        let mut seen = self.seen.borrow_mut();
        match told {
            Err(_) => {
                seen.broken += 1;
                return Ok(false);
            }
            Ok(Told::Acknowledged(receipt)) => {
                seen.acknowledged += 1;
                seen.took.push(took);
                if let Some(mut log) = self.log.as_ref() {
                    let line = format!("{} {} {receipt}\n", person.code, person.submission);
                    log.write_all(line.as_bytes())?;
                }
            }
            Ok(other) => *seen.told.entry(format!("{other:?}")).or_default() += 1,
        }
        Ok(true)
    }
}

impl Seen {
    fn sum_up(&mut self, elapsed: Duration) {
        self.seconds = elapsed.as_secs_f64();
        self.took.sort_by(f64::total_cmp);
        let count = self.took.len();
        let at = |percent: usize| {
            let place = (count * percent).div_ceil(100).saturating_sub(1);
            self.took.get(place).copied().unwrap_or_default()
        };
        (self.p50_ms, self.p99_ms, self.most_ms) = (at(50), at(99), at(100));
        let count = u32::try_from(self.acknowledged).unwrap_or(u32::MAX);
        self.per_second = f64::from(count) / self.seconds;
    }
}
