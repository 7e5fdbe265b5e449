//! One person's visit: open the link, enter with the code, answer page by page, check, submit, keep the receipt.

use super::{
    behaviour::{Behaviour, Habit},
    browser::{Browser, Reply, Unreachable},
    form_page::{Form, FormPage},
};
use std::fmt;

/// More pages than any questionnaire has; a person who has seen so many goes in circles.
const MOST_PAGES: usize = 400;
/// How often a person starts again after the server has forgotten the draft.
const MOST_ENTRIES: usize = 3;

/// A simulated person with an invitation in hand.
#[derive(Clone, Debug)]
pub struct Person {
    /// The secret code of the invitation, as it stands in the mail.
    pub code: String,
    /// The round invited to.
    pub round: String,
    /// Habit, pace and opinions.
    pub behaviour: Behaviour,
}

/// How a visit ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The link was never opened.
    NotOpened,
    /// Declined.
    Refused,
    /// Submitted and acknowledged with this receipt code.
    Acknowledged(String),
}

/// Where a visit stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The page behind the link.
    Landing,
    /// Declining.
    Decline,
    /// Entering with the code.
    Enter,
    /// A question page.
    Question,
    /// Putting the questionnaire aside.
    Pause,
    /// The page that shows all answers, and submitting it.
    Submit,
    /// The receipt.
    Receipt,
}

/// Why a visit failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The server could not be reached.
    Unreachable(Step),
    /// The server answered with another status than the step expects.
    Status(Step, u16),
    /// The page has no form for the step.
    NoForm(Step),
    /// `<main>` does not say which item the page asks.
    NoItem,
    /// The pages do not end.
    Endless,
    /// The receipt page shows no code.
    NoReceipt,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(step) => write!(f, "{step:?}: the server cannot be reached"),
            Self::Status(step, status) => write!(f, "{step:?}: unexpected status {status}"),
            Self::NoForm(step) => write!(f, "{step:?}: the page has no form for it"),
            Self::NoItem => f.write_str("Question: <main> has no data-item"),
            Self::Endless => f.write_str("Question: the pages do not end"),
            Self::NoReceipt => f.write_str("Receipt: the page shows no code"),
        }
    }
}

/// Plays one visit from the link to the receipt.
///
/// # Errors
/// [`Trouble`] when the server cannot be reached or a page is not what the step expects.
pub async fn visit(person: &Person, browser: &mut Browser) -> Result<Outcome, Trouble> {
    if person.behaviour.habit() == Habit::Silent {
        return Ok(Outcome::NotOpened);
    }
    let home = format!("/s/{}", person.round);
    for _ in 0..MOST_ENTRIES {
        let first = match arrive(browser, &home).await? {
            Arrival::Inside(path) => path,
            Arrival::Landing(page) if person.behaviour.habit() == Habit::Declines => {
                return decline(person, browser, &page, &home).await;
            }
            Arrival::Landing(page) => enter(person, browser, &page, &home).await?,
        };
        if let Some(check) = answer_pages(person, browser, &home, first).await? {
            return submit(browser, &check).await;
        }
    }
    Err(Trouble::Endless)
}

/// Where the link leads: to the landing page, or straight back into a draft this browser knows.
enum Arrival {
    Landing(FormPage),
    Inside(String),
}

async fn arrive(browser: &mut Browser, home: &str) -> Result<Arrival, Trouble> {
    let reply = reached(Step::Landing, browser.get(home).await)?;
    match (reply.status, &reply.location) {
        (303, Some(path)) => Ok(Arrival::Inside(path.clone())),
        _ => Ok(Arrival::Landing(shown(Step::Landing, &reply)?)),
    }
}

async fn decline(
    person: &Person,
    browser: &mut Browser,
    landing: &FormPage,
    home: &str,
) -> Result<Outcome, Trouble> {
    let (path, fields) = with_code(person, landing, home, "/decline");
    let reply = reached(Step::Decline, browser.post(&path, &fields).await)?;
    match reply.status {
        200 | 303 => Ok(Outcome::Refused),
        status => Err(Trouble::Status(Step::Decline, status)),
    }
}

async fn enter(
    person: &Person,
    browser: &mut Browser,
    landing: &FormPage,
    home: &str,
) -> Result<String, Trouble> {
    let (path, fields) = with_code(person, landing, home, "/enter");
    next(Step::Enter, browser.post(&path, &fields).await)
}

/// The landing page's form for the step, with the code typed in.
fn with_code(
    person: &Person,
    landing: &FormPage,
    home: &str,
    step: &str,
) -> (String, Vec<(String, String)>) {
    let form = landing.form_to(step).cloned().unwrap_or_default();
    let mut fields: Vec<_> = form
        .hidden
        .into_iter()
        .filter(|(name, _)| name != "code")
        .collect();
    fields.push(("code".to_owned(), person.code.clone()));
    (format!("{home}{step}"), fields)
}

/// Answers page after page; the path of the check page, or `None` when the draft is gone and one must enter again.
async fn answer_pages(
    person: &Person,
    browser: &mut Browser,
    home: &str,
    first: String,
) -> Result<Option<String>, Trouble> {
    let mut path = first;
    let mut to_interrupt = person.behaviour.habit() == Habit::Interrupted;
    for _ in 0..MOST_PAGES {
        if path.ends_with("/check") {
            return Ok(Some(path));
        }
        if !path.contains("/q/") {
            return Ok(None);
        }
        let reply = reached(Step::Question, browser.get(&path).await)?;
        path = match reply.location.clone() {
            Some(elsewhere) if reply.status == 303 => elsewhere,
            _ if to_interrupt => {
                to_interrupt = false;
                put_aside(
                    person,
                    browser,
                    &shown(Step::Question, &reply)?,
                    home,
                    &path,
                )
                .await?
            }
            _ => answer(person, browser, &shown(Step::Question, &reply)?, &path).await?,
        };
    }
    Err(Trouble::Endless)
}

/// Answers one page; where it leads.
async fn answer(
    person: &Person,
    browser: &mut Browser,
    page: &FormPage,
    path: &str,
) -> Result<String, Trouble> {
    let pause = person.behaviour.pause();
    if !pause.is_zero() {
        actix_web::rt::time::sleep(pause).await;
    }
    press(person, browser, page, path, (Step::Question, "next")).await
}

/// Saves the draft, closes the page, opens the link again later; where that leads.
async fn put_aside(
    person: &Person,
    browser: &mut Browser,
    page: &FormPage,
    home: &str,
    path: &str,
) -> Result<String, Trouble> {
    let paused = press(person, browser, page, path, (Step::Pause, "pause")).await?;
    open(browser, Step::Pause, &paused).await?;
    match arrive(browser, home).await? {
        Arrival::Inside(path) => Ok(path),
        Arrival::Landing(page) => enter(person, browser, &page, home).await,
    }
}

/// Fills in the page's question and presses a button of the form.
async fn press(
    person: &Person,
    browser: &mut Browser,
    page: &FormPage,
    path: &str,
    (step, button): (Step, &str),
) -> Result<String, Trouble> {
    let form = question_form(page)?;
    if page.item.is_none() {
        return Err(Trouble::NoItem);
    }
    let mut fields = person.behaviour.fill_in(page, form);
    fields.push(("go".to_owned(), button.to_owned()));
    let action = if form.action.is_empty() {
        path
    } else {
        &form.action
    };
    next(step, browser.post(action, &fields).await)
}

fn question_form(page: &FormPage) -> Result<&Form, Trouble> {
    page.forms
        .iter()
        .find(|form| form.action.contains("/q/"))
        .ok_or(Trouble::NoForm(Step::Question))
}

/// Sends the checked answers; a broken connection repeats the same form with the same submission id.
async fn submit(browser: &mut Browser, check: &str) -> Result<Outcome, Trouble> {
    let page = open(browser, Step::Submit, check).await?;
    let form = page
        .form_to("/submit")
        .ok_or(Trouble::NoForm(Step::Submit))?;
    let receipt = next(Step::Submit, browser.post(&form.action, &form.hidden).await)?;
    let shown = open(browser, Step::Receipt, &receipt).await?;
    shown
        .receipt
        .map(Outcome::Acknowledged)
        .ok_or(Trouble::NoReceipt)
}

async fn open(browser: &mut Browser, step: Step, path: &str) -> Result<FormPage, Trouble> {
    let reply = reached(step, browser.get(path).await)?;
    shown(step, &reply)
}

fn reached(step: Step, reply: Result<Reply, Unreachable>) -> Result<Reply, Trouble> {
    reply.map_err(|Unreachable| Trouble::Unreachable(step))
}

fn shown(step: Step, reply: &Reply) -> Result<FormPage, Trouble> {
    match reply.status {
        200 => Ok(FormPage::read(&reply.body)),
        status => Err(Trouble::Status(step, status)),
    }
}

/// Where a 303 leads.
fn next(step: Step, reply: Result<Reply, Unreachable>) -> Result<String, Trouble> {
    let reply = reached(step, reply)?;
    match (reply.status, reply.location) {
        (303, Some(path)) => Ok(path),
        (status, _) => Err(Trouble::Status(step, status)),
    }
}
