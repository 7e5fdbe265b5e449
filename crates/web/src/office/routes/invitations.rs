//! The office looks after invitations: rates, reminders, letters on paper, letters given up.

use super::{Form, Place, ROLES, frame, round};
use crate::{
    Page, PageError, WebState, answer, known,
    office::{InvitationsPage, LettersPage, PaperPage, contact_table, letters_lead, rate_tables},
    routes::posted,
    session::signed_in,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Query},
};
use response_collection::{Audience, reminder_audience};
use serde::Deserialize;
use survey_design::RoundState;
use vocabulary::{RaterGroup, RoundId};
use workflows::{
    Actor, VerbError, count_paper_letters, delivery_counts, letters_printed, paper_letters, remind,
    retry_letter, round_rates,
};

const HERE: &str = "/office/invitations";

/// Which round.
#[derive(Debug, Default, Deserialize)]
pub struct Choice {
    r: Option<String>,
}

/// Which letters; none where nothing is said.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Batch {
    r: String,
    g: String,
    slips: Option<u8>,
}

/// How the invitations stand.
pub async fn show(state: Data<WebState>, request: HttpRequest, choice: Query<Choice>) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    answer::own_page(&page(&state, &actor, choice.r.as_deref(), None).await?)
}

async fn page(
    state: &WebState,
    actor: &Actor,
    named: Option<&str>,
    problem: Option<String>,
) -> Result<InvitationsPage, PageError> {
    let record = round(state, named).await?;
    let (app, id) = (&state.app, &record.round.id);
    let counts = delivery_counts(app, id).await?;
    let audience = reminder_audience(record.round.anonymity);
    let papers = count_paper_letters(app, id).await?;
    let place = Some(Place::Invitations);
    Ok(InvitationsPage {
        frame: frame(state, actor, "邀请和应答率", place, &record.round.title).await?,
        round: id.to_string(),
        lead: letters_lead(&counts),
        problem,
        rates: round_rates(app, id)
            .await?
            .iter()
            .flat_map(rate_tables)
            .collect(),
        reminder: match audience {
            Audience::Nobody => "本轮是开放链接，没有按名单邀请，不发提醒。",
            Audience::AllInvited => {
                "本轮不知道谁填了，提醒发给每一位受邀、没有退订的人，信里会说明。每人每天最多一封。"
            }
            Audience::Unanswered => "本轮只提醒还没有填写的人。每人每天最多一封。",
        },
        may_remind: audience != Audience::Nobody && record.round.state == RoundState::Collecting,
        papers: papers
            .into_iter()
            .map(|(group, count)| (group.code(), group.label(), count))
            .collect(),
        contacts: contact_table(&counts),
        dead: counts.dead.iter().map(Into::into).collect(),
    })
}

/// Back to the page, which says why when the step was refused.
async fn back(state: &WebState, actor: &Actor, done: Result<(), VerbError>) -> Page {
    match done {
        Ok(()) => Ok(answer::go_to(HERE)),
        Err(VerbError::Refused(refusal)) => {
            let problem = format!("{refusal}（{}）", refusal.code());
            let page = page(state, actor, None, Some(problem)).await?;
            answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
    }
}

/// Prepares reminders.
pub async fn remind_all(state: Data<WebState>, request: HttpRequest, form: Form) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let id = RoundId::new(posted(form).text("round"));
    let rng = &mut (state.rng)();
    let done = remind(&state.app, &actor, &id, &state.base_url, state.now(), rng).await;
    back(&state, &actor, done.map(drop)).await
}

/// Lets a letter try again.
pub async fn retry(state: Data<WebState>, request: HttpRequest, form: Form) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let fields = posted(form);
    let done = retry_letter(&state.app, &actor, fields.text("handle"), state.now()).await;
    back(&state, &actor, done).await
}

/// Letters of one group for the printer.
pub async fn letters(state: Data<WebState>, request: HttpRequest, batch: Query<Batch>) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let record = round(&state, Some(&batch.r)).await?;
    let group = RaterGroup::from_code(&batch.g).ok_or(PageError::NotFound)?;
    let letters = paper_letters(&state.app, &actor, &record.round.id, group, state.now()).await?;
    let host = known::host(&state.app, state.demo_accounts).await?;
    answer::own_page(&LettersPage {
        heading: format!("{}：{}的邀请信", record.round.title, group.label()),
        round: record.round.id.to_string(),
        title: record.round.title,
        group: group.label(),
        office: host.office,
        slips: batch.slips == Some(1),
        letters: letters.into_iter().map(PaperPage::from).collect(),
    })
}

/// Notes that letters are printed, and forgets who got which code.
pub async fn printed(state: Data<WebState>, request: HttpRequest, form: Form) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let fields = posted(form);
    let id = RoundId::new(fields.text("round"));
    let done = letters_printed(&state.app, &actor, &id, &fields.all("h"), state.now()).await;
    back(&state, &actor, done.map(drop)).await
}
