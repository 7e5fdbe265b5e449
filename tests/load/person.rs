//! One invited person: enters with a code, answers, hands in, and keeps asking with the same submission id until acknowledged.

use crate::http::{Connection, Reply};
use anyhow::{Result, bail};
use sha2::{Digest, Sha256};

/// Somebody with a code of an invitation.
#[derive(Clone)]
pub struct Person {
    pub code: String,
    /// Chosen before anything is sent and always the same for a code, so that a later run repeats it.
    pub submission: String,
    /// The draft's cookie, once entered.
    pub cookie: String,
}

/// What a person was told at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// The answers are kept; this is the receipt.
    Acknowledged(String),
    /// As many answers as are needed have come in.
    Full,
    /// Busy or out of order: try again.
    Later,
    /// The same id came with other answers before.
    OtherContent,
    /// Anything else, by status.
    Refused(u16),
}

/// How a person goes through the questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Way {
    /// Enters, answers one page, hands in: three requests.
    Short,
    /// Reads and answers every page, looks over, hands in, reads the receipt.
    Whole,
}

const MOST_PAGES: usize = 60;

impl Person {
    pub fn of(code: &str) -> Self {
        let digest = hex::encode(Sha256::digest(format!("submission of {code}")));
        Self {
            code: code.to_owned(),
            submission: digest.chars().take(32).collect(),
            cookie: String::new(),
        }
    }

    /// Enters; a code that was used has handed in before without hearing the answer, and goes on without a draft.
    pub async fn enter(&mut self, to: &mut Connection, round: &str) -> Result<Option<Told>> {
        let form = format!("code={}", self.code);
        let reply = to.post(&format!("/s/{round}/enter"), "", &form).await?;
        match reply.status {
            303 => self.cookie = reply.cookies.join("; "),
            200 => {}
            _ => return Ok(Some(told(&reply))),
        }
        Ok(None)
    }

    /// Answers the pages.
    pub async fn answer(&self, to: &mut Connection, round: &str, way: Way) -> Result<()> {
        if self.cookie.is_empty() {
            return Ok(());
        }
        let mut path = format!("/s/{round}/q/1");
        if way == Way::Short {
            self.save(to, &path, true).await?;
            return Ok(());
        }
        for _ in 0..MOST_PAGES {
            let page = to.get(&path, &self.cookie).await?;
            if page.status != 200 {
                bail!("page: {}", page.status);
            }
            if path.ends_with("/check") {
                return Ok(());
            }
            // Which field a page has can be told without reading it: a level is tried first.
            path = self.save(to, &path, true).await?;
        }
        bail!("the questions do not end")
    }

    async fn save(&self, to: &mut Connection, path: &str, level: bool) -> Result<String> {
        let form = if level { "a=4" } else { "" };
        let reply = to.post(path, &self.cookie, form).await?;
        match (reply.status, reply.location) {
            (303, Some(next)) => Ok(next),
            (422, _) if level => Box::pin(self.save(to, path, false)).await,
            (status, _) => bail!("page: {status}"),
        }
    }

    /// Enters and answers one page; `None` when ready to hand in.
    pub async fn prepare(&mut self, to: &mut Connection, round: &str) -> Result<Option<Told>> {
        let refused = self.enter(to, round).await?;
        if refused.is_none() {
            self.answer(to, round, Way::Short).await?;
        }
        Ok(refused)
    }

    /// Hands in.
    pub async fn submit(&self, to: &mut Connection, round: &str) -> Result<Told> {
        let form = format!("submission_id={}", self.submission);
        let reply = to
            .post(&format!("/s/{round}/submit"), &self.cookie, &form)
            .await?;
        Ok(told(&reply))
    }

    /// From the code to the receipt.
    pub async fn take_part(&mut self, to: &mut Connection, round: &str, way: Way) -> Result<Told> {
        if let Some(told) = self.enter(to, round).await? {
            return Ok(told);
        }
        self.answer(to, round, way).await?;
        let told = self.submit(to, round).await?;
        if let (Way::Whole, Told::Acknowledged(receipt)) = (way, &told) {
            let cookie = format!("hy_receipt={receipt}");
            to.get(&format!("/s/{round}/receipt"), &cookie).await?;
        }
        Ok(told)
    }
}

fn told(reply: &Reply) -> Told {
    match reply.status {
        303 => match reply.cookie("hy_receipt") {
            Some(receipt) => Told::Acknowledged(receipt.to_owned()),
            None => Told::Refused(303),
        },
        503 => Told::Later,
        422 => Told::OtherContent,
        200 if String::from_utf8_lossy(&reply.body).contains("收满") => Told::Full,
        status => Told::Refused(status),
    }
}
