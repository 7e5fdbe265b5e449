//! The feedback letter of one's own unit.

use super::{Form, Place, ROLES, side_frame, unit};
use crate::{
    Page, PageError, WebState, answer,
    form::{ActionForm, Field, FormPage},
    routes::posted,
    session::{own_unit, signed_in},
    unit::LetterPage,
    wording,
};
use actix_web::{
    HttpRequest,
    web::{Data, Query},
};
use rectification::FeedbackLetter;
use serde::Deserialize;
use storage::{
    matters::{self, Letter},
    rounds,
};
use vocabulary::UnitId;
use workflows::sign_letter;

/// What was just done.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    done: Option<String>,
}

/// The newest letter.
pub async fn show(state: Data<WebState>, request: HttpRequest, done: Query<Done>) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let unit = unit(&state, &own_unit(&actor)?).await?;
    let newest = newest(&state, &unit.id).await?;
    let round = newest.as_ref().map_or("", |(_, title)| title.as_str());
    let mut frame = side_frame(&state, &actor, &unit, "反馈函", Place::Letter, round).await?;
    frame.done = done.done.as_ref().map(|_| "已签收。".to_owned());
    let Some((row, _)) = &newest else {
        let lead = vec!["还没有发给本部门的反馈函。".to_owned()];
        return answer::own_page(&FormPage {
            frame,
            lead,
            form: None,
            tables: Vec::new(),
        });
    };
    let letter: FeedbackLetter = serde_json::from_str(&row.body).map_err(|_| PageError::Failed)?;
    answer::own_page(&page(frame, row, letter))
}

async fn newest(state: &WebState, unit: &UnitId) -> Result<Option<(Letter, String)>, PageError> {
    let store = state.app.store();
    for record in rounds::list_rounds(store).await?.into_iter().rev() {
        let letters = matters::list_letters(store, &record.round.id).await?;
        if let Some(letter) = letters
            .into_iter()
            .find(|letter| letter.unit_id == unit.as_str())
        {
            return Ok(Some((letter, record.round.title)));
        }
    }
    Ok(None)
}

fn page(frame: crate::frame::ConsoleFrame, row: &Letter, letter: FeedbackLetter) -> LetterPage {
    let channels = letter.channels.iter().map(|channel| {
        let score = channel
            .score
            .as_ref()
            .map_or_else(|| "没有得分".to_owned(), |score| format!("{score} 分"));
        format!(
            "{}：{score}，{} 份。",
            channel.label,
            wording::thousands(channel.ratings)
        )
    });
    let themes = letter
        .themes
        .iter()
        .map(|theme| format!("{}：{} 条。", theme.title, theme.count));
    let mut sections = vec![
        ("各渠道得分".to_owned(), channels.collect::<Vec<_>>()),
        ("群众反映集中的问题".to_owned(), themes.collect()),
    ];
    sections.retain(|(_, lines)| !lines.is_empty());
    let slip = match row.signed_at {
        Some(at) => format!("已于 {} 签收。", wording::moment(at)),
        None => format!(
            "{}请在 {}前签收。",
            letter.slip.text,
            wording::full_day(row.due_on)
        ),
    };
    let form = row.signed_at.is_none().then(|| ActionForm {
        action: "/unit/letter/sign".to_owned(),
        fields: vec![Field::hidden("letter", row.id.clone())],
        submit: "签收",
        ..ActionForm::default()
    });
    LetterPage {
        frame,
        number: letter.number,
        title: letter.title,
        to: letter.salutation.trim_end_matches('：').to_owned(),
        opening: letter.paragraphs,
        sections,
        from: letter.signature,
        date: wording::official_day(letter.issued_on),
        slip,
        form,
    }
}

/// Signs for the letter.
pub async fn sign(state: Data<WebState>, request: HttpRequest, form: Form) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let fields = posted(form);
    sign_letter(&state.app, &actor, fields.text("letter"), state.now()).await?;
    Ok(answer::go_to("/unit/letter?done=1"))
}
