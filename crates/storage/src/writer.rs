//! The one task that writes what citizens send: in groups, each group in one transaction, answered after COMMIT.

use crate::{
    Outage, StorageError, Store, Tx,
    intake::{join, put_alone, put_submissions},
    rows,
    submission::Draft,
};
use std::collections::BTreeMap;
use survey_design::Resubmission;
use tokio::sync::{mpsc, oneshot};
use vocabulary::RoundId;

/// Requests that may wait; one more is told to come back.
const MOST_WAITING: usize = 2_000;
/// Requests in one transaction.
const MOST_IN_GROUP: usize = 256;
/// Requests after which the log is written back beside the writing, so that no group has to wait for a long one.
const WRITE_BACK_AFTER: usize = 1024;

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
    /// Whether a ballot that came with the same token before is replaced; then `sealed_id` is the same as then.
    pub resubmission: Resubmission,
    /// The draft this submission ends.
    pub draft_hash: Option<String>,
    /// Hash of the receipt code.
    pub receipt_hash: String,
    /// SHA-256 of the sealed ballot in hex.
    pub ballot_digest: String,
    /// The leaf of the public log in hex.
    pub leaf: String,
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
    /// Number of the question answered last, of those everybody is asked; none for what puts a draft aside.
    pub reached: Option<i16>,
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
    #[error("该邀请码已经提交过或已声明不参加")]
    TokenUsed,
    /// No such token in this round.
    #[error("邀请码无效")]
    TokenUnknown,
    /// The round does not collect answers now.
    #[error("本轮评价未在收集期内")]
    RoundNotOpen,
    /// The round or the stratum has as many ballots as it takes.
    #[error("本轮需要的份数已经收满")]
    QuotaFull,
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

/// Requests that are committed together.
#[derive(Default)]
struct Group {
    drafts: Vec<(DraftSave, Reply<()>)>,
    submissions: Vec<(Submission, Reply<Outcome>)>,
}

/// What became of each request of a group; not told to anybody before the COMMIT.
#[derive(Default)]
struct Results {
    drafts: Vec<Result<(), SubmitFailed>>,
    submissions: Vec<Result<Outcome, SubmitFailed>>,
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

    async fn ask<T>(&self, request: impl FnOnce(Reply<T>) -> Request) -> Result<T, SubmitFailed> {
        let (reply, answer) = oneshot::channel();
        self.queue
            .try_send(request(reply))
            .map_err(|refused| match refused {
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
    let mut waiting = Vec::with_capacity(MOST_IN_GROUP);
    // Dropped when everything is written, which tells the waiting callers of `finish`.
    let mut finishing = Vec::new();
    let mut only_logged = 0;
    let mut write_back = tokio::spawn(std::future::ready(()));
    while requests.recv_many(&mut waiting, MOST_IN_GROUP).await > 0 {
        let mut group = Group::default();
        only_logged += waiting.len();
        for request in waiting.drain(..) {
            match request {
                Request::Submit(submission, reply) => group.submissions.push((*submission, reply)),
                Request::SaveDraft(draft, reply) => group.drafts.push((draft, reply)),
                Request::Finish(reply) => {
                    requests.close();
                    finishing.push(reply);
                }
            }
        }
        write_group(&store, group).await;
        if only_logged >= WRITE_BACK_AFTER && write_back.is_finished() {
            only_logged = 0;
            let store = store.clone();
            write_back = tokio::spawn(async move { store.write_back().await });
        }
    }
    drop(write_back.await);
}

/// Writes a group in one transaction and only then answers.
async fn write_group(store: &Store, group: Group) {
    let (drafts, draft_replies): (Vec<_>, Vec<_>) = group.drafts.into_iter().unzip();
    let (submissions, replies): (Vec<_>, Vec<_>) = group.submissions.into_iter().unzip();
    if drafts.is_empty() && submissions.is_empty() {
        return;
    }
    let results = commit_group(store, &drafts, &submissions).await;
    let results = results.unwrap_or_else(|error| {
        let failed = SubmitFailed::Storage(error);
        Results {
            drafts: vec![Err(failed.clone()); draft_replies.len()],
            submissions: vec![Err(failed); replies.len()],
        }
    });
    // Somebody who has gone away cannot be answered; the row is there all the same.
    for (reply, result) in draft_replies.into_iter().zip(results.drafts) {
        drop(reply.send(result));
    }
    for (reply, result) in replies.into_iter().zip(results.submissions) {
        drop(reply.send(result));
    }
}

/// Writes the whole group with a handful of statements; when the database refuses one of them, everything again, each
/// request by itself so that the good ones stay.
async fn commit_group(
    store: &Store,
    drafts: &[DraftSave],
    submissions: &[Submission],
) -> Result<Results, StorageError> {
    let tx = store.begin_intake().await?;
    let together = put_together(&tx, drafts, submissions).await;
    if let Ok(results) = join(tx, together).await? {
        return Ok(results);
    }
    let tx = store.begin_intake().await?;
    let results = put_one_by_one(&tx, drafts, submissions).await?;
    tx.commit().await?;
    Ok(results)
}

async fn put_together(
    tx: &Tx,
    drafts: &[DraftSave],
    submissions: &[Submission],
) -> Result<Results, StorageError> {
    let latest: BTreeMap<&str, &DraftSave> = drafts
        .iter()
        .map(|draft| (draft.id_hash.as_str(), draft))
        .collect();
    let latest = latest.into_values().map(draft_row).collect();
    rows::replace_all(tx, latest).await?;
    Ok(Results {
        drafts: vec![Ok(()); drafts.len()],
        submissions: put_submissions(tx, submissions).await?,
    })
}

async fn put_one_by_one(
    tx: &Tx,
    drafts: &[DraftSave],
    submissions: &[Submission],
) -> Result<Results, StorageError> {
    let mut results = Results::default();
    for draft in drafts {
        let part = tx.savepoint().await?;
        let written = rows::replace_all(&part, vec![draft_row(draft)]).await;
        let kept = join(part, written).await?;
        results.drafts.push(kept.map_err(SubmitFailed::Storage));
    }
    for submission in submissions {
        results.submissions.push(put_alone(tx, submission).await?);
    }
    Ok(results)
}

fn draft_row(draft: &DraftSave) -> Draft {
    Draft {
        id_hash: draft.id_hash.clone(),
        round_id: draft.round_id.to_string(),
        sealed: draft.sealed.clone(),
        reached: draft.reached,
    }
}
