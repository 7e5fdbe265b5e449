//! Each submission eight times at once: one answer is kept and all eight copies get the same receipt.

use crate::{
    crowd::Plan,
    http::Connection,
    person::{Person, Told},
};
use anyhow::{Context, Result};
use serde::Serialize;
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, VecDeque},
    rc::Rc,
};
use tokio::task::{JoinSet, LocalSet};

const COPIES: usize = 8;

/// What became of the copies.
#[derive(Default, Serialize)]
pub struct Outcome {
    /// Ids that were sent.
    ids: usize,
    /// Copies that were acknowledged.
    acknowledged: usize,
    /// Ids whose copies got more than one receipt.
    differing: usize,
    /// Ids used again with other content that were refused for it.
    other_content_refused: usize,
    /// What else was told.
    told: BTreeMap<String, usize>,
}

pub async fn copies(plan: &Plan, people: Vec<Person>) -> Result<Outcome> {
    let lanes = (plan.connections / COPIES).max(1);
    let waiting = Rc::new(RefCell::new(VecDeque::from(people)));
    let outcome = Rc::new(RefCell::new(Outcome::default()));
    let all = async {
        let mut tasks = JoinSet::new();
        for _ in 0..lanes {
            tasks.spawn_local(lane(plan.clone(), Rc::clone(&waiting), Rc::clone(&outcome)));
        }
        while let Some(ended) = tasks.join_next().await {
            ended??;
        }
        anyhow::Ok(())
    };
    LocalSet::new().run_until(all).await?;
    Ok(outcome.take())
}

/// Takes two people at a time: the first hands in eight times at once, the second tries the first one's id.
async fn lane(
    plan: Plan,
    waiting: Rc<RefCell<VecDeque<Person>>>,
    outcome: Rc<RefCell<Outcome>>,
) -> Result<()> {
    let mut connections = VecDeque::new();
    for _ in 0..COPIES {
        connections.push_back(Connection::open(&plan.host).await?);
    }
    loop {
        let pair = {
            let mut waiting = waiting.borrow_mut();
            waiting.pop_front().zip(waiting.pop_front())
        };
        let Some((mut first, mut second)) = pair else {
            return Ok(());
        };
        let to = connections.front_mut().context("a connection")?;
        first.prepare(to, &plan.round).await?;
        second.prepare(to, &plan.round).await?;
        let mut sending = JoinSet::new();
        for mut to in connections.drain(..) {
            let (person, round) = (first.clone(), plan.round.clone());
            sending.spawn_local(async move { (person.submit(&mut to, &round).await, to) });
        }
        let mut receipts = BTreeSet::new();
        while let Some(sent) = sending.join_next().await {
            let (told, to) = sent?;
            connections.push_back(to);
            let mut outcome = outcome.borrow_mut();
            match told? {
                Told::Acknowledged(receipt) => {
                    outcome.acknowledged += 1;
                    receipts.insert(receipt);
                }
                other => *outcome.told.entry(format!("{other:?}")).or_default() += 1,
            }
        }
        second.submission.clone_from(&first.submission);
        let to = connections.front_mut().context("a connection")?;
        let told = second.submit(to, &plan.round).await?;
        let mut outcome = outcome.borrow_mut();
        outcome.ids += 1;
        outcome.differing += usize::from(receipts.len() != 1);
        match told {
            Told::OtherContent => outcome.other_content_refused += 1,
            other => *outcome.told.entry(format!("again: {other:?}")).or_default() += 1,
        }
    }
}
