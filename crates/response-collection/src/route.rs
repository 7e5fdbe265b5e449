//! The way through a questionnaire: one question per page, follow-up questions only where they are due.

use crate::Answers;
use survey_design::{AnswerKind, Item, Questionnaire, Repeat};
use vocabulary::{ItemId, UnitId};

/// One page: one question, about one unit or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Number in the address of the page, 1 for the first; conditional pages keep their number when not shown.
    pub index: usize,
    /// The question.
    pub item: ItemId,
    /// The unit asked about.
    pub unit: Option<UnitId>,
}

/// All pages for somebody asked about `units`: items in order, neighbouring items about units asked unit by unit.
#[must_use]
pub fn pages(questionnaire: &Questionnaire, units: &[UnitId]) -> Vec<Page> {
    questionnaire
        .items
        .chunk_by(|a, b| a.repeat == b.repeat)
        .flat_map(|block| block_questions(block, units))
        .zip(1..)
        .map(|((item, unit), index)| Page { index, item, unit })
        .collect()
}

fn block_questions(block: &[Item], units: &[UnitId]) -> Vec<(ItemId, Option<UnitId>)> {
    let subjects: Vec<Option<&UnitId>> = match block[0].repeat {
        Repeat::Once => vec![None],
        Repeat::EachUnit => units.iter().map(Some).collect(),
    };
    subjects
        .into_iter()
        .flat_map(|unit| {
            block
                .iter()
                .map(move |item| (item.id.clone(), unit.cloned()))
        })
        .collect()
}

/// The item a page asks.
#[must_use]
pub fn item_of<'q>(questionnaire: &'q Questionnaire, page: &Page) -> Option<&'q Item> {
    questionnaire.items.iter().find(|item| item.id == page.item)
}

/// Whether the page is shown to somebody who gave these answers; conditions look at the same unit, then at questions
/// about none.
#[must_use]
pub fn is_visible(questionnaire: &Questionnaire, page: &Page, answers: &Answers) -> bool {
    let given = |item: &ItemId| {
        answers
            .get(page.unit.as_ref(), item)
            .or_else(|| answers.get(None, item))
            .map(|given| &given.value)
    };
    item_of(questionnaire, page).is_some_and(|item| {
        item.show_when
            .as_ref()
            .is_none_or(|condition| condition.holds(&given))
    })
}

/// The answers on shown pages only: an answer whose page is no longer shown does not count and opens no other page.
#[must_use]
pub fn shown_answers(questionnaire: &Questionnaire, pages: &[Page], answers: &Answers) -> Answers {
    let mut shown = Answers::default();
    for page in pages {
        if is_visible(questionnaire, page, &shown) {
            let given = answers.get(page.unit.as_ref(), &page.item).cloned();
            shown.set((page.unit.clone(), page.item.clone()), given);
        }
    }
    shown
}

/// The pages shown to somebody who gave these answers, in order.
#[must_use]
pub fn visible_pages<'p>(
    questionnaire: &Questionnaire,
    pages: &'p [Page],
    answers: &Answers,
) -> Vec<&'p Page> {
    let shown = shown_answers(questionnaire, pages, answers);
    pages
        .iter()
        .filter(|page| is_visible(questionnaire, page, &shown))
        .collect()
}

/// The number of the next shown page after page `n`; `None` after the last.
#[must_use]
pub fn next_page(
    questionnaire: &Questionnaire,
    pages: &[Page],
    answers: &Answers,
    n: usize,
) -> Option<usize> {
    visible_pages(questionnaire, pages, answers)
        .into_iter()
        .map(|page| page.index)
        .find(|index| *index > n)
}

/// The number of the last shown page before page `n`; `None` before the first.
#[must_use]
pub fn previous_page(
    questionnaire: &Questionnaire,
    pages: &[Page],
    answers: &Answers,
    n: usize,
) -> Option<usize> {
    visible_pages(questionnaire, pages, answers)
        .into_iter()
        .map(|page| page.index)
        .rfind(|index| *index < n)
}

/// Which question of how many page `n` is, counting only pages everybody sees, so that the total never moves.
///
/// A follow-up page has the number of the question it follows, a page without question that of the question before it.
#[must_use]
pub fn progress(questionnaire: &Questionnaire, pages: &[Page], n: usize) -> (usize, usize) {
    let always: Vec<usize> = pages
        .iter()
        .filter(|page| item_of(questionnaire, page).is_some_and(is_asked_of_everybody))
        .map(|page| page.index)
        .collect();
    let passed = always.iter().filter(|index| **index <= n).count();
    (passed, always.len())
}

fn is_asked_of_everybody(item: &Item) -> bool {
    item.show_when.is_none() && !matches!(item.kind, AnswerKind::Note { .. })
}

#[cfg(test)]
pub(crate) mod tests;
