//! The one task that writes what citizens send: in groups, each group in one transaction, answered after COMMIT.

use crate::{
    Backend, DatabaseFault, Outage, StorageError, Store, Tx,
    ballots::{self, SealedBallot},
    error::{Meaning, meaning},
    invitations::{self, TokenState},
    link::sealed::Connected,
    rounds,
    submission::{Draft, DraftEntity, Receipt, SubmissionEntity, SubmissionRow},
};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    sea_query::OnConflict,
};
use std::collections::BTreeMap;
use survey_design::RoundState;
use tokio::sync::{mpsc, oneshot};
use vocabulary::RoundId;

/// Requests that may wait; one more is told to come back.
const MOST_WAITING: usize = 2_000;
/// Requests in one transaction.
const MOST_IN_GROUP: usize = 64;

/// What a citizen sends at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Round.
    pub round_id: RoundId,
    /// Keyed hash of the id the form carried; the same id is stored once.
    pub submission_hmac: String,
    /// Digest of the content, to tell a repeated submission from a changed one.
    pub digest: String,
    /// Hash of the token; none in an open round.
    pub token_hash: Option<String>,
    /// The sealed ballot.
    pub sealed: Vec<u8>,
    /// Random id for the sealed ballot.
    pub sealed_id: String,
    /// Batch the ballot is mixed in.
    pub batch: String,
    /// The draft this submission ends.
    pub draft_hash: Option<String>,
    /// Hash of the receipt code.
    pub receipt_hash: String,
}

/// A page of an unfinished ballot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftSave {
    /// Hash of the draft's id.
    pub id_hash: String,
    /// Round.
    pub round_id: RoundId,
    /// The sealed answers so far.
    pub sealed: Vec<u8>,
}

/// What became of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Stored now.
    Stored,
    /// Stored before; the same thing was sent again.
    SameAgain,
}

/// Why a submission was not stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitFailed {
    /// The id was used for other content.
    #[error("同一份提交编号对应的内容不一致，未重复保存")]
    DifferentContent,
    /// The token was used or given back.
    #[error("该查询码已经提交过或已声明不参加")]
    TokenUsed,
    /// No such token in this round.
    #[error("查询码无效")]
    TokenUnknown,
    /// The round does not collect answers now.
    #[error("本轮评价未在收集期内")]
    RoundNotOpen,
    /// Too many people at once; nothing was stored, come back in a moment.
    #[error("当前提交人数较多，请稍后再试")]
    Busy,
    /// The database did not confirm.
    #[error("{0}")]
    Storage(StorageError),
}

/// A handle on the writing task; clones share it. The task ends when the last handle is dropped.
#[derive(Clone, Debug)]
pub struct SubmissionWriter {
    queue: mpsc::Sender<Request>,
}

type Reply<T> = oneshot::Sender<Result<T, SubmitFailed>>;

#[derive(Debug)]
enum Request {
    Submit(Box<Submission>, Reply<Outcome>),
    SaveDraft(DraftSave, Reply<()>),
    Finish(oneshot::Sender<()>),
}

/// A reply that waits for the COMMIT.
enum Pending {
    Submit(Reply<Outcome>, Result<Outcome, SubmitFailed>),
    SaveDraft(Reply<()>, Result<(), SubmitFailed>),
}

impl SubmissionWriter {
    /// Starts the task on the current tokio runtime.
    #[must_use]
    pub fn start(store: Store) -> Self {
        let (queue, requests) = mpsc::channel(MOST_WAITING);
        tokio::spawn(write_groups(store, requests));
        Self { queue }
    }

    /// Stores a submission exactly once and answers when it is durable.
    ///
    /// # Errors
    /// [`SubmitFailed`]; the submission may always be sent again with the same id.
    pub async fn submit(&self, submission: Submission) -> Result<Outcome, SubmitFailed> {
        self.ask(|reply| Request::Submit(Box::new(submission), reply))
            .await
    }

    /// Keeps a draft and answers when it is durable.
    ///
    /// # Errors
    /// [`SubmitFailed::Busy`] or [`SubmitFailed::Storage`].
    pub async fn save_draft(&self, draft: DraftSave) -> Result<(), SubmitFailed> {
        self.ask(|reply| Request::SaveDraft(draft, reply)).await
    }

    /// Writes what is waiting, then stops taking requests on every handle.
    pub async fn finish(self) {
        let (reply, done) = oneshot::channel();
        if self.queue.send(Request::Finish(reply)).await.is_ok() {
            // An error means that the task has ended already.
            drop(done.await);
        }
    }

    async fn ask<T>(
        &self,
        request: impl FnOnce(Reply<T>) -> Request,
    ) -> Result<T, SubmitFailed> {
        let (reply, answer) = oneshot::channel();
        self.queue.try_send(request(reply)).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => SubmitFailed::Busy,
            mpsc::error::TrySendError::Closed(_) => stopped(),
        })?;
        answer.await.unwrap_or_else(|_| Err(stopped()))
    }
}

const fn stopped() -> SubmitFailed {
    SubmitFailed::Storage(StorageError::Unavailable(Outage::Stopped))
}

/// While one group is being committed the next one gathers, so groups grow with the load and nobody waits for a timer.
async fn write_groups(store: Store, mut requests: mpsc::Receiver<Request>) {
    let mut group = Vec::with_capacity(MOST_IN_GROUP);
    while requests.recv_many(&mut group, MOST_IN_GROUP).await > 0 {
        let mut finished = Vec::new();
        let mut writes = Vec::with_capacity(group.len());
        for request in group.drain(..) {
            match request {
                Request::Finish(reply) => finished.push(reply),
                write => writes.push(write),
            }
        }
        if !finished.is_empty() {
            // Nothing new is taken, but what was accepted is still written.
            requests.close();
        }
        if !writes.is_empty() {
            write_group(&store, writes).await;
        }
        group.extend(finished.into_iter().map(Request::Finish));
        if requests.is_closed() && requests.is_empty() {
            break;
        }
        group.retain(|request| !matches!(request, Request::Finish(_)));
    }
}

async fn write_group(store: &Store, requests: Vec<Request>) {
    drop((store, requests));
}
