//! The office follows the feedback letters of a round: who has opened and signed, and who is late.

use super::{Choice as Round, Form, Place, ROLES, frame};
use crate::{
    Page, PageError, WebState, answer,
    form::{ActionForm, Field, Input},
    known,
    letter::{
        self, FeedbackLettersPage, Filter, LetterCopyPage, LetterPage, LetterSheet, account_names,
        filtered, lead, row, standing, tabs,
    },
    routes::posted,
    session::signed_in,
    wording,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Path, Query},
};
use rectification::{FeedbackLetter, LetterStage, Light};
use serde::Deserialize;
use std::collections::BTreeSet;
use storage::{
    letters::{self, Letter},
    rounds::{self, RoundRecord},
};
use vocabulary::{RoundId, UnitId, civil_date};
use workflows::{Actor, CopyForm, VerbError, find_mailbox, set_mailbox, take_letter_copy};

const HERE: &str = "/office/feedback-letters";
const EMPTY: &str = "没有这样的反馈函。";
const NONE: &str = "还没有发出反馈函。结果固化以后，用 huiyin letters 发出。";

/// Which letters.
#[derive(Debug, Default, Deserialize)]
pub struct Choice {
    f: Option<String>,
}

/// A letter with its light; none once it is signed for.
pub(crate) type Lit = (Letter, Option<Light>);

/// The newest round with letters or the one named, and its letters.
pub(crate) async fn lit_letters(
    state: &WebState,
    named: Option<&str>,
) -> Result<Option<(RoundRecord, Vec<Lit>)>, PageError> {
    let store = state.app.store();
    for record in rounds::list_rounds(store).await?.into_iter().rev() {
        if named.is_some_and(|named| named != record.round.id.as_str()) {
            continue;
        }
        let letters = letters::list_letters(store, &record.round.id).await?;
        if letters.is_empty() {
            continue;
        }
        let mut lit = Vec::new();
        for letter in letters {
            let light = light(state, &record, &letter).await?;
            lit.push((letter, light));
        }
        return Ok(Some((record, lit)));
    }
    Ok(None)
}

async fn light(
    state: &WebState,
    record: &RoundRecord,
    letter: &Letter,
) -> Result<Option<Light>, PageError> {
    let rules = workflows::rules(&state.app, &record.round.rules_digest).await?;
    let stage = LetterStage::at(letter.read_at, letter.signed_at);
    Ok(stage.light(civil_date(state.now()), letter.due_on, &rules.calendar))
}

/// The letters of a round.
pub async fn list(
    state: Data<WebState>,
    request: HttpRequest,
    named: Query<Round>,
    choice: Query<Choice>,
) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let place = Some(Place::Letters);
    let Some((record, lit)) = lit_letters(&state, named.r.as_deref()).await? else {
        return answer::own_page(&FeedbackLettersPage {
            frame: frame(&state, &actor, "反馈函", place, "").await?,
            lead: NONE.to_owned(),
            tabs: Vec::new(),
            rows: Vec::new(),
            empty: "",
        });
    };
    let filter = Filter::from_code(choice.f.as_deref());
    let units = known::unit_names(&state.app).await?;
    let names = account_names(&state).await?;
    let reached: BTreeSet<String> = letters::list_mailboxes(state.app.store())
        .await?
        .into_iter()
        .map(|mailbox| mailbox.unit_id)
        .collect();
    let rows = filtered(&lit, filter).into_iter().map(|entry| {
        let mut row = row(entry, &units, &names);
        row.href = format!("{HERE}/{}", entry.0.id);
        if entry.1.is_some() && !reached.contains(&entry.0.unit_id) {
            row.note = "没有提醒邮箱";
        }
        row
    });
    answer::own_page(&FeedbackLettersPage {
        frame: frame(&state, &actor, "反馈函", place, &record.round.title).await?,
        lead: lead(&lit),
        tabs: tabs(HERE, record.round.id.as_str(), &lit, filter),
        rows: rows.collect(),
        empty: EMPTY,
    })
}

async fn found(state: &WebState, id: &str) -> Result<Letter, PageError> {
    letters::find_letter(state.app.store(), id)
        .await?
        .ok_or(PageError::NotFound)
}

/// One letter as its unit sees it.
pub async fn show(state: Data<WebState>, request: HttpRequest, id: Path<String>) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    answer::own_page(&page(&state, &actor, &id, None).await?)
}

async fn page(
    state: &WebState,
    actor: &Actor,
    id: &str,
    refused: Option<(String, String)>,
) -> Result<LetterPage, PageError> {
    let row = found(state, id).await?;
    let letter: FeedbackLetter = serde_json::from_str(&row.body).map_err(|_| PageError::Failed)?;
    let round = RoundId::new(row.round_id.as_str());
    let record = rounds::find_round(state.app.store(), &round)
        .await?
        .ok_or(PageError::NotFound)?;
    let light = light(state, &record, &row).await?;
    let names = account_names(state).await?;
    let unit = UnitId::new(row.unit_id.as_str());
    let (address, problem) = match refused {
        Some((address, problem)) => (address, Some(problem)),
        None => (
            find_mailbox(&state.app, &unit).await?.unwrap_or_default(),
            None,
        ),
    };
    let place = Some(Place::Letters);
    Ok(LetterPage {
        frame: frame(state, actor, "反馈函", place, &record.round.title).await?,
        sheet: LetterSheet::from(&letter),
        standing: standing(&row, light, &names),
        file: format!("{HERE}/{id}/letter.docx"),
        print: format!("{HERE}/{id}/print"),
        others: Vec::new(),
        slip: match row.signed_at {
            Some(at) => format!("单位已于 {} 签收。", wording::moment(at)),
            None => "单位还没有签收。".to_owned(),
        },
        sign: None,
        mailbox: Some(mailbox_form(id, address, problem)),
    })
}

fn mailbox_form(id: &str, address: String, problem: Option<String>) -> ActionForm {
    let field = Field::new(
        "address",
        "提醒邮箱",
        "单位办公室的公用邮箱；留空就不提醒。单位自己也能改。",
        Input::Line,
    );
    ActionForm {
        action: format!("{HERE}/{id}"),
        lead: "过了期限还没有签收的，每个工作日最多发一封提醒邮件，邮件里没有得分和意见。"
            .to_owned(),
        fields: vec![field.optional().holding(address)],
        submit: "保存",
        problem,
        ..ActionForm::default()
    }
}

/// Writes down where the unit wants to be reminded.
pub async fn mailbox(
    state: Data<WebState>,
    request: HttpRequest,
    id: Path<String>,
    form: Form,
) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let unit = UnitId::new(found(&state, &id).await?.unit_id);
    let fields = posted(form);
    let (address, now, mut rng) = (fields.text("address"), state.now(), (state.rng)());
    match set_mailbox(&state.app, &actor, &unit, address, now, &mut rng).await {
        Err(VerbError::Refused(refusal)) => {
            let problem = format!("{refusal}（{}）", refusal.code());
            let refused = Some((address.to_owned(), problem));
            let page = page(&state, &actor, &id, refused).await?;
            answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
        Ok(()) => Ok(answer::go_to(&format!("{HERE}/{id}"))),
    }
}

/// The letter to print.
pub async fn print(state: Data<WebState>, request: HttpRequest, id: Path<String>) -> Page {
    let copy = copy(&state, &request, &id, CopyForm::Print).await?;
    answer::own_page(&LetterCopyPage::of(&copy, HERE))
}

/// The letter as a file.
pub async fn file(state: Data<WebState>, request: HttpRequest, id: Path<String>) -> Page {
    letter::file_answer(&copy(&state, &request, &id, CopyForm::File).await?)
}

async fn copy(
    state: &WebState,
    request: &HttpRequest,
    id: &str,
    form: CopyForm,
) -> Result<workflows::LetterCopy, PageError> {
    let actor = signed_in(state, request, &ROLES).await?;
    let (now, mut rng) = (state.now(), (state.rng)());
    Ok(take_letter_copy(&state.app, &actor, id, form, now, &mut rng).await?)
}
