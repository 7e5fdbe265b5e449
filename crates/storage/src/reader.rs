//! The one task that reads what citizens' requests ask for: together, each thing once, however many ask for it.

use crate::{
    Outage, StorageError, Store,
    batches::{self, MixBatch},
    invitations::{self, TokenRow},
    rounds::{self, RoundRecord},
    submission::{self, Draft},
};
use std::collections::{BTreeMap, BTreeSet};
use tokio::sync::{mpsc, oneshot};
use vocabulary::RoundId;

/// Questions that may wait; one more waits for room.
const MOST_WAITING: usize = 4_000;
/// Questions answered together.
const MOST_IN_GROUP: usize = 512;

/// A handle on the reading task; clones share it. The task ends when the last handle is dropped.
///
/// An answer was always read after its question was asked: nothing is remembered from one group to the next.
#[derive(Clone, Debug)]
pub struct GroupReader {
    queue: mpsc::Sender<Question>,
}

type Answer<T> = Result<Option<T>, StorageError>;

/// Who waits for what, by key.
type Asked<T> = Vec<(String, oneshot::Sender<Answer<T>>)>;

#[derive(Debug)]
enum Question {
    Draft(String, oneshot::Sender<Answer<Draft>>),
    Token(String, oneshot::Sender<Answer<TokenRow>>),
    Round(String, oneshot::Sender<Answer<RoundRecord>>),
    OpenBatch(String, oneshot::Sender<Answer<MixBatch>>),
}

#[derive(Default)]
struct Group {
    drafts: Asked<Draft>,
    tokens: Asked<TokenRow>,
    rounds: Asked<RoundRecord>,
    batches: Asked<MixBatch>,
}

impl GroupReader {
    /// Starts the task on the current tokio runtime.
    #[must_use]
    pub fn start(store: Store) -> Self {
        let (queue, questions) = mpsc::channel(MOST_WAITING);
        tokio::spawn(answer_groups(store, questions));
        Self { queue }
    }

    /// As [`submission::find_draft`].
    ///
    /// # Errors
    /// [`StorageError`] when the database does not answer.
    pub async fn draft(&self, id_hash: &str) -> Answer<Draft> {
        let ask = |reply| Question::Draft(id_hash.to_owned(), reply);
        self.ask(ask).await
    }

    /// As [`invitations::find_token`].
    ///
    /// # Errors
    /// [`StorageError`] when the database does not answer.
    pub async fn token(&self, hash: &str) -> Answer<TokenRow> {
        let ask = |reply| Question::Token(hash.to_owned(), reply);
        self.ask(ask).await
    }

    /// As [`rounds::find_round`].
    ///
    /// # Errors
    /// [`StorageError`] when the database does not answer.
    pub async fn round(&self, id: &RoundId) -> Answer<RoundRecord> {
        self.ask(|reply| Question::Round(id.to_string(), reply))
            .await
    }

    /// As [`batches::find_open_batch`].
    ///
    /// # Errors
    /// [`StorageError`] when the database does not answer.
    pub async fn open_batch(&self, round: &RoundId) -> Answer<MixBatch> {
        self.ask(|reply| Question::OpenBatch(round.to_string(), reply))
            .await
    }

    async fn ask<T>(
        &self,
        question: impl FnOnce(oneshot::Sender<Answer<T>>) -> Question,
    ) -> Answer<T> {
        let stopped = || StorageError::Unavailable(Outage::Stopped);
        let (reply, answer) = oneshot::channel();
        let sent = self.queue.send(question(reply)).await;
        sent.map_err(|_| stopped())?;
        answer.await.unwrap_or_else(|_| Err(stopped()))
    }
}

/// While one group is being read the next one gathers.
async fn answer_groups(store: Store, mut questions: mpsc::Receiver<Question>) {
    let mut waiting = Vec::with_capacity(MOST_IN_GROUP);
    while questions.recv_many(&mut waiting, MOST_IN_GROUP).await > 0 {
        let mut group = Group::default();
        for question in waiting.drain(..) {
            match question {
                Question::Draft(key, reply) => group.drafts.push((key, reply)),
                Question::Token(key, reply) => group.tokens.push((key, reply)),
                Question::Round(key, reply) => group.rounds.push((key, reply)),
                Question::OpenBatch(key, reply) => group.batches.push((key, reply)),
            }
        }
        group.answer(&store).await;
    }
}

impl Group {
    async fn answer(self, store: &Store) {
        if let Some(keys) = keys(&self.rounds) {
            let found = rounds::find_rounds(store, keys).await;
            reply(self.rounds, found, |record| record.round.id.as_str());
        }
        if let Some(keys) = keys(&self.batches) {
            let found = batches::find_open_batches(store, keys).await;
            reply(self.batches, found, |batch| &batch.round_id);
        }
        if let Some(keys) = keys(&self.tokens) {
            let found = invitations::find_tokens(store, keys).await;
            reply(self.tokens, found, |token| &token.token_hash);
        }
        if let Some(keys) = keys(&self.drafts) {
            let found = submission::find_drafts(store, keys).await;
            reply(self.drafts, found, |draft| &draft.id_hash);
        }
    }
}

/// Each key once; none when nobody asked.
fn keys<T>(asked: &Asked<T>) -> Option<BTreeSet<String>> {
    (!asked.is_empty()).then(|| asked.iter().map(|(key, _)| key.clone()).collect())
}

fn reply<T: Clone>(
    asked: Asked<T>,
    found: Result<Vec<T>, StorageError>,
    key_of: impl Fn(&T) -> &str,
) {
    let found = found.map(|rows| {
        let by_key = rows.into_iter().map(|row| (key_of(&row).to_owned(), row));
        by_key.collect::<BTreeMap<_, _>>()
    });
    for (key, reply) in asked {
        let answer = found.as_ref().map(|rows| rows.get(&key).cloned());
        // Somebody who has gone away needs no answer.
        drop(reply.send(answer.map_err(Clone::clone)));
    }
}
