//! Page by page: what was filled in so far, and one answer more.

use super::{
    DraftKey, SubmitRefused,
    draft::{Draft, read_draft, write_draft},
};
use crate::{
    App, Verb,
    documents::{questionnaire, world},
};
use chrono::{DateTime, Utc};
use response_collection::{
    AnswerProblem, Answers, Filling, Page, RawAnswer, RawBallot, pages, parse, parse_answer,
    progress, shown_answers,
};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use survey_design::{Item, Questionnaire};
use vocabulary::{RoundId, UnitId};

/// What a person has filled in so far.
#[derive(Clone, Debug)]
pub struct OpenDraft {
    /// The questionnaire shown.
    pub questionnaire: Arc<Questionnaire>,
    /// The units asked about, in order, with their names.
    pub units: Vec<(UnitId, String)>,
    /// All pages, shown or not.
    pub pages: Vec<Page>,
    /// The answers so far.
    pub answers: Answers,
    /// When the person entered.
    pub started_at: DateTime<Utc>,
    draft: Draft,
}

impl OpenDraft {
    /// A mark of one page of this draft; a form that carries another was made for somebody else's questionnaire.
    #[must_use]
    pub fn mark(&self, page: &Page) -> String {
        let unit = page.unit.as_ref().map_or("", UnitId::as_str);
        let parts = [
            self.draft.token.as_deref().unwrap_or_default(),
            &self.draft.questionnaire,
            unit,
            page.item.as_str(),
        ];
        hex::encode(&Sha256::digest(parts.join("\n"))[..8])
    }

    /// Who holds the phone or the pen.
    #[must_use]
    pub const fn filling(&self) -> Filling {
        self.draft.filling
    }
}

/// What the person has filled in so far; `None` when there is no such draft (any more).
///
/// # Errors
/// When the database fails.
pub async fn load(app: &App, round: &RoundId, key: &DraftKey) -> Verb<Option<OpenDraft>> {
    let Some(draft) = read_draft(app, round, key).await? else {
        return Ok(None);
    };
    let questionnaire = questionnaire(app, &draft.questionnaire).await?;
    let world = world(app).await?;
    let name = |id: &UnitId| {
        world
            .units
            .iter()
            .find(|unit| unit.id == *id)
            .map(|unit| unit.name.clone())
            .unwrap_or_default()
    };
    let units: Vec<_> = draft
        .units
        .iter()
        .map(|id| (id.clone(), name(id)))
        .collect();
    Ok(Some(OpenDraft {
        pages: pages(&questionnaire, &draft.units),
        questionnaire,
        units,
        answers: draft.answers.clone(),
        started_at: DateTime::from_timestamp_millis(draft.started_ms).unwrap_or_default(),
        draft,
    }))
}

/// Keeps the answer of one page of an open draft; an empty answer takes an earlier one away.
///
/// # Errors
/// When the database fails.
pub async fn save_page(
    app: &App,
    round: &RoundId,
    key: &DraftKey,
    open: &mut OpenDraft,
    page: &Page,
    raw: &RawAnswer,
) -> Verb<Result<(), SubmitRefused>> {
    let questionnaire = Arc::clone(&open.questionnaire);
    let Some(item) = item(&questionnaire, page) else {
        return Ok(Err(SubmitRefused::NoDraft));
    };
    match parse_answer(raw, item) {
        Err(problem) => Ok(Err(SubmitRefused::Answer(problem))),
        Ok(given) => {
            open.draft
                .answers
                .set((page.unit.clone(), page.item.clone()), given);
            open.answers.clone_from(&open.draft.answers);
            let (reached, _) = progress(&questionnaire, &open.pages, page.index);
            open.draft.reached = u16::try_from(reached).unwrap_or(u16::MAX);
            write_draft(app, round, key, &open.draft).await
        }
    }
}

/// Notes that an interviewer reads aloud and ticks for the person; it stays so to the end.
///
/// # Errors
/// When the database fails.
pub async fn assist(
    app: &App,
    round: &RoundId,
    key: &DraftKey,
    open: &mut OpenDraft,
) -> Verb<Result<(), SubmitRefused>> {
    open.draft.filling = Filling::Assisted;
    write_draft(app, round, key, &open.draft).await
}

fn item<'q>(questionnaire: &'q Questionnaire, page: &Page) -> Option<&'q Item> {
    questionnaire.items.iter().find(|item| item.id == page.item)
}

pub(super) async fn checked_ballot(
    app: &App,
    draft: &Draft,
    now: DateTime<Utc>,
) -> Verb<Result<RawBallot, AnswerProblem>> {
    let questionnaire = questionnaire(app, &draft.questionnaire).await?;
    let all = pages(&questionnaire, &draft.units);
    let shown = shown_answers(&questionnaire, &all, &draft.answers);
    let seconds = (now.timestamp_millis() - draft.started_ms) / 1000;
    let seconds = u32::try_from(seconds.max(0)).unwrap_or(u32::MAX);
    let raw = RawBallot::new(
        draft.questionnaire.clone(),
        draft.units.clone(),
        shown,
        seconds,
    )
    .filled(draft.filling);
    let shown = (draft.questionnaire.as_str(), questionnaire.as_ref());
    Ok(match parse(&raw, shown, &draft.units) {
        Ok(_) => Ok(raw),
        Err(mut problems) => Err(problems.remove(0)),
    })
}
