//! From what was posted to answers of the questionnaire: nothing else gets any further.

use crate::route::item_of;
use crate::{AnswerProblem, Answers, Ballot, Given, Page, RawBallot, pages, shown_answers};
use survey_design::{AnswerKind, AnswerValue, Item, Questionnaire, ReasonOption, canonical_digest};
use vocabulary::{Level, UnitId};

/// The fields of one posted page, as text.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RawAnswer {
    /// Field `a`: the code of a level or option.
    pub choice: Option<String>,
    /// Field `r`, repeated: the codes of ticked reasons.
    pub reasons: Vec<String>,
    /// Field `t`: free text.
    pub text: Option<String>,
}

impl std::fmt::Debug for RawAnswer {
    /// Shows how much was written, never what.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawAnswer")
            .field("choice", &self.choice)
            .field("reasons", &self.reasons)
            .field("characters", &self.text.as_ref().map(|t| t.chars().count()))
            .finish()
    }
}

/// Reads one posted page; `None` when nothing was answered, which every question allows.
///
/// # Errors
/// [`AnswerProblem`] when the answer is not one the question takes.
pub fn parse_answer(raw: &RawAnswer, item: &Item) -> Result<Option<Given>, AnswerProblem> {
    let choice = raw
        .choice
        .as_deref()
        .map(str::trim)
        .filter(|c| !c.is_empty());
    let text = raw.text.as_deref().and_then(clean_text);
    let other_kind = || {
        Err(AnswerProblem::OtherKind {
            item: item.id.clone(),
        })
    };
    let given = match (&item.kind, choice, raw.reasons.as_slice(), text) {
        (AnswerKind::Level { .. }, Some(code), [], None) => level_of(code, item)?,
        (AnswerKind::Choice { .. }, Some(code), [], None) => {
            Given::plain(AnswerValue::Options(vec![code.to_owned()]))
        }
        (AnswerKind::Text { .. }, None, [], Some(text)) => Given::plain(AnswerValue::Text(text)),
        (_, None, [], None) => return Ok(None),
        (AnswerKind::Reasons { .. }, None, reasons, text) => Given {
            value: AnswerValue::Options(reasons.to_vec()),
            text,
        },
        _ => return other_kind(),
    };
    taken(given, item).map(Some)
}

fn level_of(code: &str, item: &Item) -> Result<Given, AnswerProblem> {
    code.parse()
        .ok()
        .and_then(Level::from_code)
        .map(|level| Given::plain(AnswerValue::Level(level)))
        .ok_or_else(|| AnswerProblem::NotOffered {
            item: item.id.clone(),
        })
}

/// The text without surrounding space and invisible control characters, lines ending as browsers count them; `None`
/// when nothing remains.
fn clean_text(text: &str) -> Option<String> {
    let kept: String = text
        .replace("\r\n", "\n")
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    let trimmed = kept.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

/// The answer as the question takes it: offered levels and options only, each once and in the order offered.
fn taken(given: Given, item: &Item) -> Result<Given, AnswerProblem> {
    let id = || item.id.clone();
    match (&item.kind, &given.value, &given.text) {
        (AnswerKind::Level { levels, .. }, AnswerValue::Level(level), None) => {
            let offered = *level == Level::DontKnow || levels.contains(level);
            offered
                .then_some(given)
                .ok_or_else(|| AnswerProblem::NotOffered { item: id() })
        }
        (AnswerKind::Choice { options }, AnswerValue::Options(codes), None) => {
            let offered = codes.len() == 1 && options.iter().any(|o| o.code == codes[0]);
            offered
                .then_some(given)
                .ok_or_else(|| AnswerProblem::NotOffered { item: id() })
        }
        (AnswerKind::Reasons { options, max_chars }, AnswerValue::Options(codes), text) => {
            refuse_long(text.as_deref(), *max_chars, item)?;
            Ok(Given {
                value: AnswerValue::Options(in_order(codes, options, item)?),
                text: text.clone(),
            })
        }
        (AnswerKind::Text { max_chars }, AnswerValue::Text(text), None) => {
            refuse_long(Some(text), *max_chars, item)?;
            Ok(given)
        }
        _ => Err(AnswerProblem::OtherKind { item: id() }),
    }
}

fn in_order(
    codes: &[String],
    options: &[ReasonOption],
    item: &Item,
) -> Result<Vec<String>, AnswerProblem> {
    if codes
        .iter()
        .any(|code| options.iter().all(|o| o.code != *code))
    {
        return Err(AnswerProblem::UnknownReason {
            item: item.id.clone(),
        });
    }
    Ok(options
        .iter()
        .map(|option| option.code.clone())
        .filter(|code| codes.contains(code))
        .collect())
}

fn refuse_long(text: Option<&str>, most: u16, item: &Item) -> Result<(), AnswerProblem> {
    match text.map_or(0, |text| text.chars().count()) {
        have if have > usize::from(most) => Err(AnswerProblem::TextTooLong {
            item: item.id.clone(),
            have,
            most,
        }),
        _ => Ok(()),
    }
}

/// Checks a whole ballot against the questionnaire and the units the person was asked about.
///
/// Answers on pages that are no longer shown are left out; they are no problem, the person only changed an answer.
///
/// # Errors
/// All [`AnswerProblem`]s at once, in the order of the pages.
pub fn parse(
    raw: &RawBallot,
    questionnaire: &Questionnaire,
    units: &[UnitId],
) -> Result<Ballot, Vec<AnswerProblem>> {
    if raw.questionnaire_digest() != canonical_digest(questionnaire) {
        return Err(vec![AnswerProblem::OtherQuestionnaire]);
    }
    if raw.units() != units {
        return Err(vec![AnswerProblem::OtherUnits]);
    }
    let all = pages(questionnaire, units);
    let (answers, mut problems) = read_pages(raw.answers(), questionnaire, &all);
    problems.extend(not_asked(raw.answers(), &all));
    if problems.is_empty() {
        let shown = shown_answers(questionnaire, &all, &answers);
        Ok(Ballot::of(raw, shown))
    } else {
        Err(problems)
    }
}

fn read_pages(
    given: &Answers,
    questionnaire: &Questionnaire,
    all: &[Page],
) -> (Answers, Vec<AnswerProblem>) {
    let (mut answers, mut problems) = (Answers::default(), Vec::new());
    for page in all {
        let Some(item) = item_of(questionnaire, page) else {
            continue;
        };
        let Some(given) = given.get(page.unit.as_ref(), &page.item) else {
            continue;
        };
        match taken(given.clone(), item) {
            Ok(given) => answers.set((page.unit.clone(), page.item.clone()), Some(given)),
            Err(problem) => problems.push(problem),
        }
    }
    (answers, problems)
}

fn not_asked(given: &Answers, all: &[Page]) -> Vec<AnswerProblem> {
    given
        .0
        .keys()
        .filter(|(unit, item)| !all.iter().any(|p| p.unit == *unit && p.item == *item))
        .map(|(unit, item)| AnswerProblem::NotAsked {
            item: item.clone(),
            unit: unit.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests;
