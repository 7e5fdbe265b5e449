//! What becomes of a group of submissions: looked up together, decided in memory, written together.

use crate::{
    DatabaseFault, StorageError, Tx,
    ballots::SealedBallot,
    invitations::{self, TokenRow, TokenState},
    quotas::{self, Quota, WHOLE_ROUND},
    rounds, rows,
    submission::{self, Outcome, Receipt, Submission, SubmissionRow, SubmitFailed},
};
use std::collections::{BTreeMap, BTreeSet};
use survey_design::Resubmission;

type Decision = Result<Outcome, SubmitFailed>;

/// Stores one submission: whatever happens to it, its neighbours are untouched.
pub(crate) async fn put_alone(tx: &Tx, submission: &Submission) -> Result<Decision, StorageError> {
    let part = tx.savepoint().await?;
    let written = put_submissions(&part, std::slice::from_ref(submission)).await;
    let refused = match join(part, written).await? {
        Ok(decisions) => {
            let decided = decisions.into_iter().next();
            return decided
                .ok_or_else(|| StorageError::Database(DatabaseFault::of_rows("nothing decided")));
        }
        Err(refused) => refused,
    };
    // Another process may have stored the same id between our look and our insert.
    let ids = vec![submission.submission_hmac.clone()];
    let earlier = submission::find_submissions(tx, ids).await?;
    Ok(match earlier.first() {
        Some(earlier) => compare(earlier, submission),
        None => Err(SubmitFailed::Storage(refused)),
    })
}

/// Keeps a good part and undoes a bad one; an error that concerns the whole database ends the group.
pub(crate) async fn join<T>(
    part: Tx,
    result: Result<T, StorageError>,
) -> Result<Result<T, StorageError>, StorageError> {
    match result {
        Ok(value) => {
            part.commit().await?;
            Ok(Ok(value))
        }
        Err(error @ (StorageError::Full | StorageError::Unavailable(_))) => Err(error),
        Err(refused) => {
            part.rollback().await?;
            Ok(Err(refused))
        }
    }
}

/// Looks a group up, decides it and writes it with a handful of statements.
pub(crate) async fn put_submissions(
    tx: &Tx,
    group: &[Submission],
) -> Result<Vec<Decision>, StorageError> {
    if group.is_empty() {
        return Ok(Vec::new());
    }
    let mut known = Known::of(tx, group).await?;
    let decisions: Vec<_> = group.iter().map(|sent| known.decide(sent)).collect();
    let stored = group.iter().zip(&decisions);
    let stored: Vec<_> = stored
        .filter(|(_, decision)| matches!(decision, Ok(Outcome::Stored)))
        .map(|(sent, _)| sent)
        .collect();
    if !stored.is_empty() {
        write(tx, &stored, &known.quotas).await?;
    }
    Ok(decisions)
}

/// What the database says about a group, brought up to date as the group is decided one after the other.
#[derive(Default)]
struct Known {
    collecting: BTreeSet<String>,
    earlier: BTreeMap<String, SubmissionRow>,
    tokens: BTreeMap<String, TokenRow>,
    quotas: Vec<Counted>,
}

/// A quota and how many ballots of this group count under it.
struct Counted {
    quota: Quota,
    more: i64,
}

impl Known {
    /// Locks in one order: rounds, tokens, quotas. The ids are read after the tokens, so that who waited for another
    /// process sees what it stored.
    async fn of(tx: &Tx, group: &[Submission]) -> Result<Self, StorageError> {
        let mut known = Self::default();
        let asked: BTreeSet<_> = group.iter().map(|sent| &sent.round_id).collect();
        for round in &asked {
            if rounds::is_collecting(tx, round).await? {
                known.collecting.insert(round.to_string());
            }
        }
        let tokens: Vec<_> = sorted(group.iter().filter_map(|sent| sent.token_hash.clone()));
        if !tokens.is_empty() {
            let tokens = invitations::lock_tokens(tx, tokens).await?;
            known.tokens = by(tokens, |token| token.token_hash.clone());
        }
        let rounds = asked.iter().map(ToString::to_string).collect();
        let quotas = quotas::lock_quotas(tx, rounds).await?;
        known.quotas = quotas
            .into_iter()
            .map(|quota| Counted { quota, more: 0 })
            .collect();
        let ids = sorted(group.iter().map(|sent| sent.submission_hmac.clone()));
        let earlier = submission::find_submissions(tx, ids).await?;
        known.earlier = by(earlier, |row| row.submission_hmac.clone());
        Ok(known)
    }

    /// What becomes of one submission; a stored one is known to those that follow it.
    fn decide(&mut self, sent: &Submission) -> Decision {
        if let Some(earlier) = self.earlier.get(&sent.submission_hmac) {
            return compare(earlier, sent);
        }
        let round = sent.round_id.as_str();
        if !self.collecting.contains(round) {
            return Err(SubmitFailed::RoundNotOpen);
        }
        let token = match &sent.token_hash {
            None => None,
            Some(hash) => match self.tokens.get_mut(hash) {
                Some(token) if token.round_id == round => Some(token),
                _ => return Err(SubmitFailed::TokenUnknown),
            },
        };
        match token.as_ref().map(|token| token.state) {
            None | Some(TokenState::Issued) => {}
            // It takes the place of an answer that is counted already.
            Some(TokenState::Answered) if sent.resubmission == Resubmission::UntilClose => {
                self.earlier
                    .insert(sent.submission_hmac.clone(), id_row(sent));
                return Ok(Outcome::Stored);
            }
            Some(TokenState::Answered | TokenState::Declined) => {
                return Err(SubmitFailed::TokenUsed);
            }
        }
        let stratum = token.as_ref().map(|token| token.stratum.as_str());
        let counts = |counted: &&mut Counted| {
            let of = counted.quota.stratum.as_str();
            counted.quota.round_id == round && (of == WHOLE_ROUND || Some(of) == stratum)
        };
        let mut quotas: Vec<_> = self.quotas.iter_mut().filter(counts).collect();
        if quotas.iter().any(|counted| counted.is_full()) {
            return Err(SubmitFailed::QuotaFull);
        }
        quotas.iter_mut().for_each(|counted| counted.more += 1);
        if let Some(token) = token {
            token.state = TokenState::Answered;
        }
        self.earlier
            .insert(sent.submission_hmac.clone(), id_row(sent));
        Ok(Outcome::Stored)
    }
}

impl Counted {
    const fn is_full(&self) -> bool {
        self.quota.taken + self.more >= self.quota.most
    }
}

fn compare(earlier: &SubmissionRow, sent: &Submission) -> Decision {
    if earlier.digest == sent.digest && earlier.round_id == sent.round_id.as_str() {
        Ok(Outcome::SameAgain)
    } else {
        Err(SubmitFailed::DifferentContent)
    }
}

/// Writes each table with one statement, its rows in the order of their keys, which tells nothing about who came first.
async fn write(tx: &Tx, stored: &[&Submission], quotas: &[Counted]) -> Result<(), StorageError> {
    let tokens = sorted(stored.iter().filter_map(|sent| sent.token_hash.clone()));
    if !tokens.is_empty() {
        invitations::answer_tokens(tx, tokens).await?;
    }
    let ids = by(stored.iter().map(|sent| id_row(sent)), |row| {
        row.submission_hmac.clone()
    });
    rows::insert_all(tx, ids.into_values().collect()).await?;
    for (resubmission, ballots) in ballots_of(stored) {
        match resubmission {
            Resubmission::Once => rows::insert_all(tx, ballots).await?,
            Resubmission::UntilClose => rows::replace_all(tx, ballots).await?,
        }
    }
    let mut receipts: Vec<_> = stored.iter().map(|sent| receipt_row(sent)).collect();
    receipts.sort_by(|a, b| a.receipt_hash.cmp(&b.receipt_hash));
    rows::insert_all(tx, receipts).await?;
    let drafts = sorted(stored.iter().filter_map(|sent| sent.draft_hash.clone()));
    if !drafts.is_empty() {
        submission::end_drafts(tx, drafts).await?;
    }
    for Counted { quota, more } in quotas.iter().filter(|counted| counted.more > 0) {
        quotas::count_taken(tx, quota, *more).await?;
    }
    Ok(())
}

/// The sealed ballots in the order of their ids; of several that replace each other the last.
fn ballots_of(stored: &[&Submission]) -> [(Resubmission, Vec<SealedBallot>); 2] {
    [Resubmission::Once, Resubmission::UntilClose].map(|resubmission| {
        let sent = stored
            .iter()
            .filter(|sent| sent.resubmission == resubmission);
        let ballots = by(sent.map(|sent| ballot_row(sent)), |ballot| {
            ballot.id.clone()
        });
        (resubmission, ballots.into_values().collect())
    })
}

fn id_row(sent: &Submission) -> SubmissionRow {
    SubmissionRow {
        submission_hmac: sent.submission_hmac.clone(),
        round_id: sent.round_id.to_string(),
        digest: sent.digest.clone(),
    }
}

fn ballot_row(sent: &Submission) -> SealedBallot {
    SealedBallot {
        id: sent.sealed_id.clone(),
        round_id: sent.round_id.to_string(),
        batch: sent.batch.clone(),
        blob: sent.sealed.clone(),
    }
}

fn receipt_row(sent: &Submission) -> Receipt {
    Receipt {
        receipt_hash: sent.receipt_hash.clone(),
        round_id: sent.round_id.to_string(),
        ballot_digest: sent.ballot_digest.clone(),
        leaf: sent.leaf.clone(),
    }
}

/// Each value once, in order.
fn sorted(values: impl Iterator<Item = String>) -> Vec<String> {
    values.collect::<BTreeSet<_>>().into_iter().collect()
}

fn by<T>(rows: impl IntoIterator<Item = T>, key: impl Fn(&T) -> String) -> BTreeMap<String, T> {
    rows.into_iter().map(|row| (key(&row), row)).collect()
}
