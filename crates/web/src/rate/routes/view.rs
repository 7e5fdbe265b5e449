//! What a question, an answer and a draft look like to a person, in the language chosen.

use crate::{
    PageError, WebState,
    language::Language,
    rate::{CheckLine, Field, LevelOption, ListOption},
};
use response_collection::{Given, Page, RawAnswer, progress, visible_pages};
use std::sync::Arc;
use storage::rounds;
use survey_design::{
    AnswerKind, DONT_KNOW, Item, ItemEnglish, MixingRules, ReasonOption, Rules, YES_NO,
};
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

/// The English text of an item picked by `of`, where it has one and it is wanted; otherwise the Chinese.
fn said<'i>(
    item: &'i Item,
    w: Language,
    chinese: &'i str,
    of: impl Fn(&'i ItemEnglish) -> Option<&'i String>,
) -> &'i str {
    let english = item.english.as_ref().and_then(of);
    w.pick(chinese, english.map(String::as_str))
}

/// The words of a text that stands apart: 不了解, a measure, the words of a page to read.
fn aside<'i>(item: &'i Item, w: Language, chinese: &'i str) -> &'i str {
    said(item, w, chinese, |english| english.aside.as_ref())
}

/// The question with the name of the unit in it.
pub fn question(draft: &OpenDraft, page: &Page, item: &Item, w: Language) -> String {
    said(item, w, &item.title, |english| Some(&english.title))
        .replace("{unit}", unit_name(draft, page).unwrap_or_default())
}

/// Answer to "why do you ask this?".
pub fn why(item: &Item, w: Language) -> Option<String> {
    let why = item.why.as_ref()?;
    Some(said(item, w, why, |english| english.why.as_ref()).to_owned())
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

/// What a field holds.
#[derive(Default)]
struct Held {
    level: Option<i16>,
    options: Vec<String>,
    number: String,
    text: String,
}

/// The field of an item, filled with the answer kept.
pub fn field(item: &Item, given: Option<&Given>, w: Language) -> Field {
    let held = given.map_or_else(Held::default, |given| Held {
        level: given.level().map(Level::code),
        options: given.options().to_vec(),
        number: given.number().map_or_else(String::new, |n| n.to_string()),
        text: given.words().unwrap_or_default().to_owned(),
    });
    filled(item, &held, w)
}

/// The field of an item, filled with what was posted, accepted or not.
pub fn field_posted(item: &Item, raw: &RawAnswer, w: Language) -> Field {
    let mut options = raw.reasons.clone();
    options.extend(raw.choice.clone());
    let held = Held {
        level: raw.choice.as_deref().and_then(|code| code.parse().ok()),
        options,
        number: raw.number.clone().unwrap_or_default(),
        text: raw.text.clone().unwrap_or_default(),
    };
    filled(item, &held, w)
}

fn filled(item: &Item, held: &Held, w: Language) -> Field {
    let offered = |code: &str, label: &str| ListOption {
        code: code.to_owned(),
        label: label.to_owned(),
        chosen: held.options.iter().any(|chosen| chosen == code),
    };
    let option = |option: &ReasonOption| offered(&option.code, label(item, option, w));
    let list = |options: &[ReasonOption]| options.iter().map(option).collect::<Vec<_>>();
    match &item.kind {
        AnswerKind::Level { levels, dont_know } => Field::Level {
            options: levels
                .iter()
                .map(|offered| LevelOption {
                    code: offered.code(),
                    label: w.level(*offered),
                    chosen: held.level == Some(offered.code()),
                })
                .collect(),
            dont_know: ListOption {
                chosen: held.level == Some(Level::DontKnow.code()),
                ..offered("0", aside(item, w, dont_know))
            },
        },
        AnswerKind::Choice { options } => Field::Choice {
            options: list(options),
            apart: None,
        },
        AnswerKind::YesNo { dont_know } => Field::Choice {
            options: vec![offered(YES_NO[0], w.yes()), offered(YES_NO[1], w.no())],
            apart: dont_know
                .as_ref()
                .map(|text| offered(DONT_KNOW, aside(item, w, text))),
        },
        AnswerKind::Several { options, none } => Field::Several {
            options: list(options),
            none: none.as_ref().map(option),
        },
        AnswerKind::Reasons { options, max_chars } => Field::Reasons {
            options: list(options),
            text: held.text.clone(),
            max_chars: *max_chars,
        },
        AnswerKind::Number { min, max, measure } => Field::Number {
            text: held.number.clone(),
            measure: measure
                .as_ref()
                .map(|measure| aside(item, w, measure).to_owned()),
            range: w.number_hint(*min, *max),
        },
        AnswerKind::Note { text } => Field::Note {
            paragraphs: aside(item, w, text).lines().map(str::to_owned).collect(),
        },
        AnswerKind::Text { max_chars } => Field::Text {
            text: held.text.clone(),
            max_chars: *max_chars,
        },
    }
}

fn label<'i>(item: &'i Item, option: &'i ReasonOption, w: Language) -> &'i str {
    said(item, w, &option.label, |english| {
        english.options.get(&option.code)
    })
}

/// The hint of an item, or the one that fits its kind.
pub fn hint(item: &Item, w: Language) -> String {
    let usual = match &item.kind {
        AnswerKind::Level { .. } => w.hint_level(),
        AnswerKind::Choice { .. } | AnswerKind::YesNo { .. } if item.asks_for_an_answer() => {
            w.hint_choice()
        }
        AnswerKind::Choice { .. } | AnswerKind::YesNo { .. } => w.hint_choice_or_none(),
        AnswerKind::Several { .. } | AnswerKind::Reasons { .. } => w.hint_several(),
        AnswerKind::Number { .. } | AnswerKind::Text { .. } if item.asks_for_an_answer() => {
            w.hint_needed()
        }
        AnswerKind::Number { .. } | AnswerKind::Note { .. } | AnswerKind::Text { .. } => {
            w.hint_optional()
        }
    };
    let own = item.hint.as_ref();
    own.map_or(usual, |hint| {
        said(item, w, hint, |english| english.hint.as_ref())
    })
    .to_owned()
}

/// What an interviewer reads aloud: the question, then what one can say.
pub fn script(question: &str, field: &Field, w: Language) -> String {
    let labels = |options: &[ListOption]| -> Vec<String> {
        options.iter().map(|option| option.label.clone()).collect()
    };
    let (choices, apart) = match field {
        Field::Level { options, dont_know } => (
            options.iter().map(|o| o.label.to_owned()).collect(),
            Some(dont_know),
        ),
        Field::Choice { options, apart } => (labels(options), apart.as_ref()),
        Field::Several { options, none } => (labels(options), none.as_ref()),
        Field::Reasons { options, .. } => (labels(options), None),
        Field::Number { .. } | Field::Note { .. } | Field::Text { .. } => (Vec::new(), None),
    };
    let mut script = question.to_owned();
    if !choices.is_empty() {
        script.push_str(&w.script_options(&choices.join(w.script_between())));
    }
    if let Some(apart) = apart {
        script.push_str(&w.script_apart(&apart.label));
    }
    script
}

/// How long the rest takes, from the minutes of the questionnaire.
pub fn time_left(draft: &OpenDraft, number: usize, total: usize, w: Language) -> String {
    if number >= total {
        return w.last_question().to_owned();
    }
    let left = usize::from(draft.questionnaire.minutes) * (total - number + 1);
    w.minutes_left(left.div_ceil(total.max(1)).max(1))
}

/// Which question of how many a page is.
pub fn position(draft: &OpenDraft, page: &Page) -> (usize, usize) {
    progress(&draft.questionnaire, &draft.pages, page.index)
}

/// All shown questions with their answers in words.
pub fn check_lines(round: &RoundId, draft: &OpenDraft, w: Language) -> Vec<CheckLine> {
    visible_pages(&draft.questionnaire, &draft.pages, &draft.answers)
        .into_iter()
        .filter_map(|page| {
            let item = item(draft, page)?;
            if matches!(item.kind, AnswerKind::Note { .. }) {
                return None;
            }
            let given = draft.answers.get(page.unit.as_ref(), &page.item);
            Some(CheckLine {
                question: question(draft, page, item, w),
                answer: given.map_or_else(String::new, |given| in_words(item, given, w)),
                href: format!("/s/{round}/q/{}?check=1", page.index),
            })
        })
        .collect()
}

/// The answer as the page it was given on says it.
fn in_words(item: &Item, given: &Given, w: Language) -> String {
    let chosen = |options: Vec<ListOption>, apart: Option<ListOption>| -> Vec<String> {
        let all = options.into_iter().chain(apart);
        all.filter(|option| option.chosen)
            .map(|option| option.label)
            .collect()
    };
    let mut parts = match field(item, Some(given), w) {
        Field::Level { options, dont_know } => {
            let level = options.iter().find(|option| option.chosen);
            let level = level.map(|option| option.label.to_owned());
            level
                .into_iter()
                .chain(chosen(Vec::new(), Some(dont_know)))
                .collect()
        }
        Field::Choice { options, apart } => chosen(options, apart),
        Field::Several { options, none } => chosen(options, none),
        Field::Reasons { options, .. } => chosen(options, None),
        Field::Number { text, measure, .. } => {
            vec![
                format!("{text} {}", measure.unwrap_or_default())
                    .trim()
                    .to_owned(),
            ]
        }
        Field::Note { .. } | Field::Text { .. } => Vec::new(),
    };
    parts.extend(given.words().map(|words| w.quoted(words)));
    parts.join(w.between_answers())
}

/// Below this many answers nothing is shown, by the rules of the newest round.
pub async fn hidden_below(state: &WebState) -> Result<u32, PageError> {
    let rules = newest_rules(state).await?;
    Ok(rules.map_or(USUAL_MINIMUM, |rules| rules.minimum_n.bracketed))
}

/// Fewest answers mixed together and the minutes a batch gathers, and how many of them must share a sign others could have
/// seen, by the rules of the newest round.
pub async fn mixing(state: &WebState) -> Result<(MixingRules, u16), PageError> {
    let usual = MixingRules {
        at_least: 20,
        after_minutes: 60,
    };
    Ok(newest_rules(state)
        .await?
        .map_or((usual, USUAL_CROWD), |rules| {
            (rules.mixing, rules.quality.seen_from)
        }))
}

async fn newest_rules(state: &WebState) -> Result<Option<Arc<Rules>>, PageError> {
    let all = rounds::list_rounds(state.app.store()).await?;
    let digest = all.last().map(|record| &record.round.rules_digest);
    Ok(match digest.filter(|digest| !digest.is_empty()) {
        Some(digest) => Some(workflows::rules(&state.app, digest).await?),
        None => None,
    })
}

/// Said before any round has rules; the recommended default of the product.
const USUAL_MINIMUM: u32 = 10;
const USUAL_CROWD: u16 = 5;
