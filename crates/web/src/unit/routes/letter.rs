//! The feedback letters of one's own unit: read, copied, signed for.

use super::{Form, Place, READERS, ROLES, side_frame, unit};
use crate::{
    Page, PageError, WebState,
    answer::{self, Posted},
    form::{ActionForm, Field, FormPage, Input},
    letter::{self, LetterCopyPage, LetterPage, LetterSheet, account_names, standing},
    routes::posted,
    session::{own_unit, signed_in},
    wording,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Query},
};
use rectification::{FeedbackLetter, LetterStage};
use serde::Deserialize;
use storage::{
    letters::{self, Letter},
    rounds,
};
use survey_design::Unit;
use vocabulary::{RoundId, UnitId, civil_date};
use workflows::{
    Action, Actor, CopyForm, Refusal, VerbError, allow, find_mailbox, open_letter, set_mailbox,
    sign_letter, take_letter_copy,
};

const HERE: &str = "/unit/letter";

/// Which letter, and what was just done.
#[derive(Debug, Default, Deserialize)]
pub struct Choice {
    r: Option<String>,
    done: Option<String>,
}

/// A form that was refused, with what was typed.
struct Refused<'a> {
    fields: &'a Posted,
    problem: String,
}

/// The newest letter, or that of the round named.
pub async fn show(state: Data<WebState>, request: HttpRequest, choice: Query<Choice>) -> Page {
    let actor = signed_in(&state, &request, &READERS).await?;
    let unit = unit(&state, &own_unit(&actor)?).await?;
    let all = letters::list_letters_of_unit(state.app.store(), unit.id.as_str()).await?;
    let Some(row) = chosen(&all, choice.r.as_deref())? else {
        let frame = side_frame(&state, &actor, &unit, "反馈函", Place::Letter, "").await?;
        let lead = vec!["还没有发给本部门的反馈函。".to_owned()];
        return answer::own_page(&FormPage {
            frame,
            lead,
            form: None,
            tables: Vec::new(),
        });
    };
    if allow(&actor, Action::Answer).is_ok() {
        open_letter(&state.app, &actor, &row.id, state.now()).await?;
    }
    let mut page = page(&state, &actor, &unit, &row.id, None).await?;
    page.frame.done = choice.done.as_deref().map(|done| match done {
        "mailbox" => "提醒邮箱已更新。".to_owned(),
        _ => "已签收。".to_owned(),
    });
    answer::own_page(&page)
}

/// The letter of the round named, or the newest; none when the unit has got no letter yet.
fn chosen<'a>(all: &'a [Letter], round: Option<&str>) -> Result<Option<&'a Letter>, PageError> {
    match round {
        None => Ok(all.first()),
        Some(round) => {
            let found = all.iter().find(|letter| letter.round_id == round);
            found.map(Some).ok_or(PageError::NotFound)
        }
    }
}

async fn page(
    state: &WebState,
    actor: &Actor,
    unit: &Unit,
    id: &str,
    refused: Option<Refused<'_>>,
) -> Result<LetterPage, PageError> {
    let store = state.app.store();
    let all = letters::list_letters_of_unit(store, unit.id.as_str()).await?;
    let row = all.iter().find(|letter| letter.id == id);
    let row = row.ok_or(PageError::NotFound)?;
    let letter: FeedbackLetter = serde_json::from_str(&row.body).map_err(|_| PageError::Failed)?;
    let round = RoundId::new(row.round_id.as_str());
    let record = rounds::find_round(store, &round)
        .await?
        .ok_or(PageError::NotFound)?;
    let rules = workflows::rules(&state.app, &record.round.rules_digest).await?;
    let stage = LetterStage::at(row.read_at, row.signed_at);
    let light = stage.light(civil_date(state.now()), row.due_on, &rules.calendar);
    let title = &record.round.title;
    let answers = allow(actor, Action::Answer).is_ok();
    let others = all.iter().filter(|other| other.id != row.id);
    Ok(LetterPage {
        frame: side_frame(state, actor, unit, "反馈函", Place::Letter, title).await?,
        sheet: LetterSheet::from(&letter),
        standing: standing(row, light, &account_names(state).await?),
        file: format!("/unit/letter.docx?r={round}"),
        print: format!("/unit/letter/print?r={round}"),
        others: others
            .map(|other| (other.id.clone(), format!("{HERE}?r={}", other.round_id)))
            .collect(),
        slip: match row.signed_at {
            Some(at) => format!("已于 {} 签收。", wording::moment(at)),
            None => format!("请在 {}前签收。", wording::full_day(row.due_on)),
        },
        sign: (answers && row.signed_at.is_none()).then(|| sign_form(row, refused.as_ref())),
        mailbox: match answers {
            true => Some(mailbox_form(state, &unit.id, refused.as_ref()).await?),
            false => None,
        },
    })
}

fn sign_form(row: &Letter, refused: Option<&Refused<'_>>) -> ActionForm {
    let refused = refused.filter(|refused| refused.fields.maybe("remark").is_some());
    let mut remark = Field::new(
        "remark",
        "签收说明",
        "可以不填，不超过 200 字。不要写群众的姓名和电话。",
        Input::Area,
    )
    .optional();
    remark.wide = true;
    remark.value = refused
        .map_or("", |refused| refused.fields.text("remark"))
        .to_owned();
    ActionForm {
        action: "/unit/letter/sign".to_owned(),
        fields: vec![Field::hidden("letter", row.id.clone()), remark],
        submit: "签收",
        problem: refused.map(|refused| refused.problem.clone()),
        ..ActionForm::default()
    }
}

async fn mailbox_form(
    state: &WebState,
    unit: &UnitId,
    refused: Option<&Refused<'_>>,
) -> Result<ActionForm, PageError> {
    let refused = refused.filter(|refused| refused.fields.maybe("address").is_some());
    let held = match refused {
        Some(refused) => refused.fields.text("address").to_owned(),
        None => find_mailbox(&state.app, unit).await?.unwrap_or_default(),
    };
    let address = Field::new(
        "address",
        "提醒邮箱",
        "最好写办公室的公用邮箱；留空就不提醒。",
        Input::Line,
    );
    Ok(ActionForm {
        action: "/unit/letter/mailbox".to_owned(),
        lead: "过了期限还没有签收的，每个工作日最多发一封提醒邮件，邮件里没有得分和意见。"
            .to_owned(),
        fields: vec![address.optional().holding(held)],
        submit: "保存",
        problem: refused.map(|refused| refused.problem.clone()),
        ..ActionForm::default()
    })
}

/// Signs for the letter; a remark that is too long comes back as it was typed.
pub async fn sign(state: Data<WebState>, request: HttpRequest, form: Form) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let fields = posted(form);
    let id = fields.text("letter");
    let done = sign_letter(&state.app, &actor, id, fields.text("remark"), state.now()).await;
    match done {
        Err(VerbError::Refused(refusal @ Refusal::Text(_))) => {
            let unit = unit(&state, &own_unit(&actor)?).await?;
            refused_page(&state, &actor, &unit, id, (&fields, &refusal)).await
        }
        Err(other) => Err(other.into()),
        Ok(()) => {
            let row = letters::find_letter(state.app.store(), id).await?;
            let round = row.ok_or(PageError::NotFound)?.round_id;
            Ok(answer::go_to(&format!("{HERE}?r={round}&done=sign")))
        }
    }
}

/// Writes down where the unit wants to be reminded.
pub async fn mailbox(state: Data<WebState>, request: HttpRequest, form: Form) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let own = own_unit(&actor)?;
    let fields = posted(form);
    let (address, now, mut rng) = (fields.text("address"), state.now(), (state.rng)());
    match set_mailbox(&state.app, &actor, &own, address, now, &mut rng).await {
        Err(VerbError::Refused(refusal)) => {
            let unit = unit(&state, &own).await?;
            let all = letters::list_letters_of_unit(state.app.store(), own.as_str()).await?;
            let id = all.first().ok_or(PageError::NotFound)?.id.clone();
            refused_page(&state, &actor, &unit, &id, (&fields, &refusal)).await
        }
        Err(other) => Err(other.into()),
        Ok(()) => Ok(answer::go_to("/unit/letter?done=mailbox")),
    }
}

async fn refused_page(
    state: &WebState,
    actor: &Actor,
    unit: &Unit,
    id: &str,
    (fields, refusal): (&Posted, &Refusal),
) -> Page {
    let problem = format!("{refusal}（{}）", refusal.code());
    let refused = Refused { fields, problem };
    let page = page(state, actor, unit, id, Some(refused)).await?;
    answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// The letter to print.
pub async fn print(state: Data<WebState>, request: HttpRequest, choice: Query<Choice>) -> Page {
    let copy = copy(&state, &request, &choice, CopyForm::Print).await?;
    answer::own_page(&LetterCopyPage::of(&copy, HERE))
}

/// The letter as a file.
pub async fn file(state: Data<WebState>, request: HttpRequest, choice: Query<Choice>) -> Page {
    letter::file_answer(&copy(&state, &request, &choice, CopyForm::File).await?)
}

async fn copy(
    state: &WebState,
    request: &HttpRequest,
    choice: &Choice,
    form: CopyForm,
) -> Result<workflows::LetterCopy, PageError> {
    let actor = signed_in(state, request, &READERS).await?;
    let own = own_unit(&actor)?;
    let all = letters::list_letters_of_unit(state.app.store(), own.as_str()).await?;
    let row = chosen(&all, choice.r.as_deref())?.ok_or(PageError::NotFound)?;
    let (now, mut rng) = (state.now(), (state.rng)());
    Ok(take_letter_copy(&state.app, &actor, &row.id, form, now, &mut rng).await?)
}
