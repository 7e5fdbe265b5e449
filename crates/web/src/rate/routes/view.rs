//! What a question, an answer and a draft look like to a person.

use crate::{
    PageError, WebState,
    rate::{CheckLine, Field, LevelOption, ListOption},
};
use response_collection::{Given, Page, RawAnswer, progress, visible_pages};
use storage::rounds;
use survey_design::{AnswerKind, Item, ReasonOption};
use vocabulary::{Level, RoundId};
use workflows::collect::OpenDraft;

/// The item a page asks.
pub fn item<'d>(draft: &'d OpenDraft, page: &Page) -> Option<&'d Item> {
    draft
        .questionnaire
        .items
        .iter()
        .find(|item| item.id == page.item)
}

/// The page of this number, if it is shown to this person.
pub fn shown(draft: &OpenDraft, number: usize) -> Option<&Page> {
    visible_pages(&draft.questionnaire, &draft.pages, &draft.answers)
        .into_iter()
        .find(|page| page.index == number)
}

/// Name of the unit a page asks about.
pub fn unit_name<'d>(draft: &'d OpenDraft, page: &Page) -> Option<&'d str> {
    let unit = page.unit.as_ref()?;
    draft
        .units
        .iter()
        .find(|(id, _)| id == unit)
        .map(|(_, name)| name.as_str())
}

/// The question with the name of the unit in it.
pub fn question(draft: &OpenDraft, page: &Page, item: &Item) -> String {
    item.title
        .replace("{unit}", unit_name(draft, page).unwrap_or_default())
}

/// Where to go on: the first question, the one after the last answered, or the check page when all are answered.
pub fn resume_path(round: &RoundId, draft: &OpenDraft) -> String {
    let visible = visible_pages(&draft.questionnaire, &draft.pages, &draft.answers);
    let answered = |page: &&&Page| draft.answers.get(page.unit.as_ref(), &page.item).is_some();
    let reached = visible.iter().rposition(|page| answered(&page));
    match reached.map(|reached| visible.get(reached + 1)) {
        None => format!("/s/{round}/q/1"),
        Some(Some(page)) => format!("/s/{round}/q/{}?resumed=1", page.index),
        Some(None) => format!("/s/{round}/check"),
    }
}

/// The field of an item, filled with the answer kept.
pub fn field(item: &Item, given: Option<&Given>) -> Field {
    let level = given.and_then(Given::level).map(Level::code);
    let options = given.map(Given::options).unwrap_or_default();
    let text = given.and_then(Given::words).unwrap_or_default();
    filled(item, level, options, text)
}

/// The field of an item, filled with what was posted, accepted or not.
pub fn field_posted(item: &Item, raw: &RawAnswer) -> Field {
    let level = raw.choice.as_deref().and_then(|code| code.parse().ok());
    let mut options = raw.reasons.clone();
    options.extend(raw.choice.clone());
    filled(
        item,
        level,
        &options,
        raw.text.as_deref().unwrap_or_default(),
    )
}

fn filled(item: &Item, level: Option<i16>, chosen: &[String], text: &str) -> Field {
    let list = |options: &[ReasonOption]| {
        let option = |option: &ReasonOption| ListOption {
            code: option.code.clone(),
            label: option.label.clone(),
            chosen: chosen.contains(&option.code),
        };
        options.iter().map(option).collect::<Vec<_>>()
    };
    match &item.kind {
        AnswerKind::Level { levels, dont_know } => Field::Level {
            options: levels
                .iter()
                .map(|offered| LevelOption {
                    code: offered.code(),
                    label: offered.label(),
                    chosen: level == Some(offered.code()),
                })
                .collect(),
            dont_know: ListOption {
                code: "0".to_owned(),
                label: dont_know.clone(),
                chosen: level == Some(Level::DontKnow.code()),
            },
        },
        AnswerKind::Choice { options } => Field::Choice {
            options: list(options),
        },
        AnswerKind::Reasons { options, max_chars } => Field::Reasons {
            options: list(options),
            text: text.to_owned(),
            max_chars: *max_chars,
        },
        AnswerKind::Text { max_chars } => Field::Text {
            text: text.to_owned(),
            max_chars: *max_chars,
        },
    }
}

/// The hint of an item, or the one that fits its kind.
pub fn hint(item: &Item) -> String {
    let usual = match &item.kind {
        AnswerKind::Level { .. } => "按真实感受选一项，没有对错。",
        AnswerKind::Choice { .. } => "选一项。",
        AnswerKind::Reasons { .. } => "可以选几项，也可以不选。",
        AnswerKind::Text { .. } => "可以不填。",
    };
    item.hint.clone().unwrap_or_else(|| usual.to_owned())
}

/// How long the rest takes, from the minutes of the questionnaire.
pub fn time_left(draft: &OpenDraft, number: usize, total: usize) -> String {
    if number >= total {
        return "最后一题".to_owned();
    }
    let left = usize::from(draft.questionnaire.minutes) * (total - number + 1);
    format!("大约还要 {} 分钟", left.div_ceil(total.max(1)).max(1))
}

/// Which question of how many a page is.
pub fn position(draft: &OpenDraft, page: &Page) -> (usize, usize) {
    progress(&draft.questionnaire, &draft.pages, page.index)
}

/// All shown pages with their answers in words.
pub fn check_lines(round: &RoundId, draft: &OpenDraft) -> Vec<CheckLine> {
    visible_pages(&draft.questionnaire, &draft.pages, &draft.answers)
        .into_iter()
        .filter_map(|page| {
            let item = item(draft, page)?;
            let given = draft.answers.get(page.unit.as_ref(), &page.item);
            Some(CheckLine {
                question: question(draft, page, item),
                answer: given.map_or_else(String::new, |given| in_words(item, given)),
                href: format!("/s/{round}/q/{}?check=1", page.index),
            })
        })
        .collect()
}

fn in_words(item: &Item, given: &Given) -> String {
    let offered: &[ReasonOption] = match &item.kind {
        AnswerKind::Choice { options } | AnswerKind::Reasons { options, .. } => options,
        AnswerKind::Level { dont_know, .. } if given.level() == Some(Level::DontKnow) => {
            return dont_know.clone();
        }
        AnswerKind::Level { .. } | AnswerKind::Text { .. } => &[],
    };
    let label = |code: &String| {
        offered
            .iter()
            .find(|option| option.code == *code)
            .map(|option| option.label.clone())
    };
    let mut parts: Vec<String> = given
        .level()
        .map(|level| level.label().to_owned())
        .into_iter()
        .collect();
    parts.extend(given.options().iter().filter_map(label));
    parts.extend(
        given
            .words()
            .filter(|words| !words.is_empty())
            .map(|words| format!("“{words}”")),
    );
    parts.join("；")
}

/// Below this many answers nothing is shown, by the rules of the newest round.
pub async fn hidden_below(state: &WebState) -> Result<u32, PageError> {
    let all = rounds::list_rounds(state.app.store()).await?;
    match all
        .last()
        .filter(|record| !record.round.rules_digest.is_empty())
    {
        Some(record) => Ok(workflows::rules(&state.app, &record.round.rules_digest)
            .await?
            .minimum_n
            .bracketed),
        None => Ok(USUAL_MINIMUM),
    }
}

/// Said before any round has rules; the recommended default of the product.
const USUAL_MINIMUM: u32 = 10;
