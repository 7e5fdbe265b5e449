//! What a feedback letter says of opinions: themes, reasons, and the words a person has let through.

use crate::{App, Verb, make_matters::labels, opinions::read_opinion};
use rectification::{Opinion, ReleasedWords, Theme, ThemeFigure, WordsReview, themes};
use std::collections::BTreeMap;
use storage::{
    opinions::{self, Opinion as Row},
    rounds::RoundRecord,
};
use vocabulary::UnitId;

/// Words quoted of one theme; the matter shows the others.
const QUOTED: usize = 5;

/// What was said of one unit.
#[derive(Default)]
pub(crate) struct Said {
    pub themes: Vec<Theme>,
    pub reasons: Vec<ThemeFigure>,
    pub words: Vec<ReleasedWords>,
}

/// What was said of each unit in a round; words only where as many said so as are needed, or a leader released them.
pub(crate) async fn said_by_unit(
    app: &App,
    record: &RoundRecord,
    least: usize,
) -> Verb<BTreeMap<UnitId, Said>> {
    let labels = labels(app, record).await?;
    let rows = opinions::list_opinions(app.store(), &record.round.id).await?;
    let read: Vec<(&Row, Opinion)> = rows
        .iter()
        .filter_map(|row| Some((row, read_opinion(row, &labels)?)))
        .collect();
    let all: Vec<Opinion> = read.iter().map(|(_, opinion)| opinion.clone()).collect();
    let mut units: BTreeMap<UnitId, Said> = BTreeMap::new();
    for theme in themes(&all) {
        let said = units.entry(theme.unit.clone()).or_default();
        said.words.extend(words(&theme, &read, least));
        said.themes.push(theme);
    }
    for (unit, reasons) in reasons(&all) {
        units.entry(unit).or_default().reasons = reasons;
    }
    Ok(units)
}

/// How many opinions of each unit had each reason ticked beside them.
fn reasons(all: &[Opinion]) -> BTreeMap<UnitId, Vec<ThemeFigure>> {
    let mut counts: BTreeMap<UnitId, BTreeMap<&str, usize>> = BTreeMap::new();
    for opinion in all.iter().filter(|opinion| opinion.asks_for_action()) {
        let Some(unit) = &opinion.unit else { continue };
        for reason in &opinion.reasons {
            let of_unit = counts.entry(unit.clone()).or_default();
            *of_unit.entry(reason.label.as_str()).or_default() += 1;
        }
    }
    let figures = |of_unit: BTreeMap<&str, usize>| {
        let figure = |(title, count): (&str, usize)| ThemeFigure {
            title: title.to_owned(),
            count,
        };
        of_unit.into_iter().map(figure).collect()
    };
    let counts = counts.into_iter();
    counts
        .map(|(unit, of_unit)| (unit, figures(of_unit)))
        .collect()
}

/// The words of a theme that may be read; its sources are those of the matter an opinion is part of, or of the theme.
fn words(theme: &Theme, read: &[(&Row, Opinion)], least: usize) -> Vec<ReleasedWords> {
    let sources = |row: &Row| match &row.matter_id {
        Some(matter) => {
            let same = |other: &&(&Row, Opinion)| other.0.matter_id.as_ref() == Some(matter);
            read.iter().filter(same).count()
        }
        None => theme.count,
    };
    let shown = |row: &Row| {
        let review = WordsReview::from_code(&row.words_review);
        review.is_some_and(|review| review.shown(sources(row), least))
    };
    read.iter()
        .filter(|(_, opinion)| theme.opinions.contains(&opinion.id))
        .filter(|(row, opinion)| !opinion.text.trim().is_empty() && shown(row))
        .take(QUOTED)
        .map(|(_, opinion)| ReleasedWords {
            theme: theme.title.clone(),
            text: opinion.text.trim().to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opinions::opinion_of;
    use vocabulary::{Channel, Level, RoundId};

    fn row(id: usize, text: &str, review: WordsReview, matter: Option<&str>) -> Row {
        let unit = Some(UnitId::new("D01"));
        let round = RoundId::new("2026Q3");
        let reasons = ["slow".to_owned()];
        let level = Some(Level::Dissatisfied);
        Row {
            id: format!("O{id}"),
            words_review: review.code().to_owned(),
            matter_id: matter.map(str::to_owned),
            ..opinion_of(&round, Channel::Survey, unit, &reasons, text, level)
        }
    }

    fn told(rows: &[Row], least: usize) -> Vec<String> {
        let labels = BTreeMap::from([("slow".to_owned(), "办理慢".to_owned())]);
        let read: Vec<_> = rows
            .iter()
            .map(|row| (row, read_opinion(row, &labels).unwrap()))
            .collect();
        let all: Vec<Opinion> = read.iter().map(|(_, opinion)| opinion.clone()).collect();
        let themes = themes(&all);
        let words = themes.iter().flat_map(|theme| words(theme, &read, least));
        words.map(|words| words.text).collect()
    }

    #[test]
    fn only_words_a_person_let_through_are_passed_on() {
        use WordsReview::{KeptBack, Passed, Released, Unseen};
        let rows = [
            row(0, "没人看过。", Unseen, None),
            row(1, "只转大意。", KeptBack, None),
            row(2, "排队太久。", Passed, None),
            row(3, "单独放行。", Released, None),
            row(4, "", Passed, None),
        ];

        assert_eq!(told(&rows, 5), ["排队太久。", "单独放行。"]);
        assert_eq!(told(&rows, 6), ["单独放行。"], "five sources are too few");
    }

    #[test]
    fn the_sources_of_a_matter_count_not_those_of_the_theme() {
        use WordsReview::Passed;
        let rows: Vec<_> = (0..6)
            .map(|n| row(n, "太慢。", Passed, (n < 2).then_some("M1")))
            .collect();

        assert_eq!(told(&rows, 3).len(), 4, "those outside the matter of two");
    }

    #[test]
    fn each_reason_counts_the_opinions_it_was_ticked_beside() {
        let rows = [
            row(0, "", WordsReview::Unseen, None),
            row(1, "慢。", WordsReview::Unseen, None),
        ];
        let labels = BTreeMap::from([("slow".to_owned(), "办理慢".to_owned())]);
        let all: Vec<_> = rows
            .iter()
            .map(|row| read_opinion(row, &labels).unwrap())
            .collect();

        let counted = reasons(&all);

        assert_eq!(counted[&UnitId::new("D01")][0].count, 2);
        assert_eq!(counted[&UnitId::new("D01")][0].title, "办理慢");
    }
}
