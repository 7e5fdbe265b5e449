//! From what was posted to answers of the questionnaire: nothing else gets any further.

use crate::route::item_of;
use crate::{AnswerProblem, Answers, Ballot, Given, Page, RawBallot, pages, shown_answers};
use survey_design::{AnswerKind, AnswerValue, Item, Questionnaire};
use vocabulary::{Level, UnitId};

/// The fields of one posted page, as text.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RawAnswer {
    /// Field `a`: the code of a level or option.
    pub choice: Option<String>,
    /// Field `n`: a whole number.
    pub number: Option<String>,
    /// Field `r`, repeated: the codes of ticked options.
    pub reasons: Vec<String>,
    /// Field `t`: free text.
    pub text: Option<String>,
}

impl std::fmt::Debug for RawAnswer {
    /// Shows how much was written, never what.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawAnswer")
            .field("choice", &self.choice)
            .field("number", &self.number)
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
    let trimmed = |field: &'_ Option<String>| {
        let text = field.as_deref().map(str::trim);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let posted = (
        trimmed(&raw.choice),
        trimmed(&raw.number),
        raw.reasons.as_slice(),
        raw.text.as_deref().and_then(clean_text),
    );
    let one_option = |code: String| Given::plain(AnswerValue::Options(vec![code]));
    let given = match (&item.kind, posted) {
        (_, (None, None, [], None)) => return Ok(None),
        (AnswerKind::Level { .. }, (Some(code), None, [], None)) => level_of(&code, item)?,
        (AnswerKind::Choice { .. } | AnswerKind::YesNo { .. }, (Some(code), None, [], None)) => {
            one_option(code)
        }
        (AnswerKind::Number { .. }, (None, Some(number), [], None)) => number_of(&number, item)?,
        (AnswerKind::Text { .. }, (None, None, [], Some(text))) => {
            Given::plain(AnswerValue::Text(text))
        }
        (AnswerKind::Several { .. }, (None, None, ticked, None)) => {
            Given::plain(AnswerValue::Options(ticked.to_vec()))
        }
        (AnswerKind::Reasons { .. }, (None, None, ticked, text)) => Given {
            value: AnswerValue::Options(ticked.to_vec()),
            text,
        },
        _ => {
            return Err(AnswerProblem::OtherKind {
                item: item.id.clone(),
            });
        }
    };
    taken(given, item).map(Some)
}

/// A number as people type it: full-width digits and a sign are taken, nothing after the point.
fn number_of(typed: &str, item: &Item) -> Result<Given, AnswerProblem> {
    let plain: String = typed
        .chars()
        .map(|c| match c {
            '０'..='９' => char::from(b'0' + u8::try_from(c as u32 - '０' as u32).unwrap_or(0)),
            '－' | '−' => '-',
            other => other,
        })
        .collect();
    plain
        .parse()
        .map(|number| Given::plain(AnswerValue::Number(number)))
        .map_err(|_| out_of_range(item))
}

fn out_of_range(item: &Item) -> AnswerProblem {
    let (min, max) = match item.kind {
        AnswerKind::Number { min, max, .. } => (min, max),
        _ => (0, 0),
    };
    AnswerProblem::NotInRange {
        item: item.id.clone(),
        min,
        max,
    }
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
    let offered = |is: bool| {
        is.then_some(())
            .ok_or_else(|| AnswerProblem::NotOffered { item: id() })
    };
    match (&item.kind, &given.value, &given.text) {
        (AnswerKind::Level { levels, .. }, AnswerValue::Level(level), None) => {
            offered(*level == Level::DontKnow || levels.contains(level))?;
        }
        (
            kind @ (AnswerKind::Choice { .. } | AnswerKind::YesNo { .. }),
            AnswerValue::Options(codes),
            None,
        ) => offered(codes.len() == 1 && kind.option_codes().contains(&codes[0].as_str()))?,
        (AnswerKind::Several { none, .. }, AnswerValue::Options(codes), None) => {
            let codes = in_order(codes, item)?;
            let excludes = |code: &String| none.as_ref().is_some_and(|none| none.code == *code);
            if codes.len() > 1 && codes.iter().any(excludes) {
                return Err(AnswerProblem::NoneAndOthers { item: id() });
            }
            return Ok(Given::plain(AnswerValue::Options(codes)));
        }
        (AnswerKind::Reasons { max_chars, .. }, AnswerValue::Options(codes), text) => {
            refuse_long(text.as_deref(), *max_chars, item)?;
            return Ok(Given {
                value: AnswerValue::Options(in_order(codes, item)?),
                text: text.clone(),
            });
        }
        (AnswerKind::Number { min, max, .. }, AnswerValue::Number(number), None) => {
            if !(min..=max).contains(&number) {
                return Err(out_of_range(item));
            }
        }
        (AnswerKind::Text { max_chars }, AnswerValue::Text(text), None) => {
            refuse_long(Some(text), *max_chars, item)?;
        }
        _ => return Err(AnswerProblem::OtherKind { item: id() }),
    }
    Ok(given)
}

fn in_order(codes: &[String], item: &Item) -> Result<Vec<String>, AnswerProblem> {
    let offered = item.kind.option_codes();
    if codes.iter().any(|code| !offered.contains(&code.as_str())) {
        return Err(AnswerProblem::UnknownReason {
            item: item.id.clone(),
        });
    }
    Ok(offered
        .into_iter()
        .filter(|code| codes.iter().any(|ticked| ticked == code))
        .map(str::to_owned)
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

/// Checks a whole ballot against the questionnaire of this digest and the units the person was asked about.
///
/// Whoever reads a questionnaire works its digest out once; here it is only compared, because ballots come by the thousand.
/// Answers on pages that are no longer shown are left out; they are no problem, the person only changed an answer.
///
/// # Errors
/// All [`AnswerProblem`]s at once, in the order of the pages.
pub fn parse(
    raw: &RawBallot,
    (digest, questionnaire): (&str, &Questionnaire),
    units: &[UnitId],
) -> Result<Ballot, Vec<AnswerProblem>> {
    if raw.questionnaire_digest() != digest {
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
