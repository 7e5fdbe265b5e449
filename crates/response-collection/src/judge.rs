//! Valid or void 有效票、废票.

use crate::route::item_of;
use crate::{Ballot, pages, visible_pages};
use survey_design::{AnswerKind, JudgeRules, Questionnaire};
use vocabulary::{Level, Weight};

/// A ballot with its verdict; made by [`judge`] only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgedBallot {
    ballot: Ballot,
    verdict: Verdict,
}

impl JudgedBallot {
    /// The ballot; a void one is kept too.
    #[must_use]
    pub const fn ballot(&self) -> &Ballot {
        &self.ballot
    }

    /// Valid, or void with its reason.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        self.verdict
    }
}

/// Whether a ballot counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// 有效票.
    Valid,
    /// 废票: kept and counted as excluded, never scored.
    Void(VoidReason),
}

/// Why a ballot does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum VoidReason {
    /// One single level for everything, faster than anybody reads.
    TooFastSingleLevel,
    /// More questions left blank than the rules allow.
    MostlyBlank,
}

impl VoidReason {
    /// All reasons.
    pub const ALL: [Self; 2] = [Self::TooFastSingleLevel, Self::MostlyBlank];

    /// The stored and exchanged name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooFastSingleLevel => "too_fast_single_level",
            Self::MostlyBlank => "mostly_blank",
        }
    }

    /// The reason with this stored name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// The official label in Chinese.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::TooFastSingleLevel => "全部选同一档且用时过短",
            Self::MostlyBlank => "空白题过多",
        }
    }
}

/// Judges a ballot by the rules of the round.
///
/// Void when every scored level is the same one, there are at least `single_level_from` of them and their class of seconds per answered
/// question ends at `seconds_per_question` or below; or when the share of blank questions, free texts and reasons aside, is
/// above `blank_share`. 不了解 is an answer: a ballot of nothing else is valid and contributes nothing.
///
/// Source: domain C.2, void rules.
#[must_use]
pub fn judge(ballot: Ballot, rules: &JudgeRules, questionnaire: &Questionnaire) -> JudgedBallot {
    let verdict = if is_too_fast_single_level(&ballot, rules) {
        Verdict::Void(VoidReason::TooFastSingleLevel)
    } else if is_mostly_blank(&ballot, rules, questionnaire) {
        Verdict::Void(VoidReason::MostlyBlank)
    } else {
        Verdict::Valid
    };
    JudgedBallot { ballot, verdict }
}

fn is_too_fast_single_level(ballot: &Ballot, rules: &JudgeRules) -> bool {
    let scored: Vec<Level> = ballot
        .levels()
        .map(|(_, _, level)| level)
        .filter(|level| level.scored_index().is_some())
        .collect();
    let single = scored
        .first()
        .is_some_and(|first| scored.iter().all(|level| level == first));
    single
        && scored.len() >= usize::from(rules.single_level_from)
        && ballot.pace().is_below(rules.seconds_per_question)
}

fn is_mostly_blank(ballot: &Ballot, rules: &JudgeRules, questionnaire: &Questionnaire) -> bool {
    let all = pages(questionnaire, ballot.units());
    let expected: Vec<_> = visible_pages(questionnaire, &all, ballot.answers())
        .into_iter()
        .filter(|page| {
            item_of(questionnaire, page).is_some_and(|item| expects_an_answer(&item.kind))
        })
        .collect();
    let blank = expected
        .iter()
        .filter(|page| {
            ballot
                .answers()
                .get(page.unit.as_ref(), &page.item)
                .is_none()
        })
        .count();
    let exceeds = |blank: usize, asked: usize| {
        blank as i128 * i128::from(Weight::SCALE)
            > asked as i128 * i128::from(rules.blank_share.steps())
    };
    exceeds(blank, expected.len())
}

const fn expects_an_answer(kind: &AnswerKind) -> bool {
    match kind {
        AnswerKind::Level { .. }
        | AnswerKind::Choice { .. }
        | AnswerKind::Several { .. }
        | AnswerKind::YesNo { .. }
        | AnswerKind::Number { .. } => true,
        AnswerKind::Reasons { .. } | AnswerKind::Note { .. } | AnswerKind::Text { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::tests::{answers, level, questionnaire, ticked};
    use crate::{Given, RawBallot, parse};
    use proptest::prelude::*;
    use survey_design::canonical_digest;
    use vocabulary::UnitId;

    fn rules() -> JudgeRules {
        JudgeRules {
            seconds_per_question: 2,
            single_level_from: 4,
            blank_share: Weight::parse("0.5").unwrap(),
        }
    }

    /// Overall and service level of units A and B, and the choice; five questions that expect an answer.
    fn verdict(levels: [Option<Level>; 4], way: &str, seconds: u32) -> Verdict {
        let places = [("A", "q1"), ("A", "q2"), ("B", "q1"), ("B", "q2")];
        let mut given: Vec<(&str, &str, Given)> = places
            .into_iter()
            .zip(levels)
            .filter_map(|((unit, item), answer)| Some((unit, item, level(answer?))))
            .collect();
        if !way.is_empty() {
            given.push(("", "way", ticked(&[way])));
        }
        let units: Vec<UnitId> = vec!["A".into(), "B".into()];
        let digest = canonical_digest(&questionnaire());
        let raw = RawBallot::new(digest.clone(), units.clone(), answers(&given), seconds);
        let text = serde_json::to_string(&raw).unwrap();
        let opened = serde_json::from_str(&text).unwrap();
        let ballot = parse(&opened, (&digest, &questionnaire()), &units).unwrap();
        judge(ballot, &rules(), &questionnaire()).verdict()
    }

    const BEST: Option<Level> = Some(Level::VerySatisfied);
    const GOOD: Option<Level> = Some(Level::Satisfied);
    const UNKNOWN: Option<Level> = Some(Level::DontKnow);
    const TOO_FAST: Verdict = Verdict::Void(VoidReason::TooFastSingleLevel);
    const BLANK: Verdict = Verdict::Void(VoidReason::MostlyBlank);

    #[test]
    fn one_level_for_everything_in_four_seconds_is_void() {
        assert_eq!(verdict([BEST; 4], "online", 4), TOO_FAST);
        assert_eq!(verdict([BEST; 4], "online", 9), TOO_FAST);
    }

    #[test]
    fn one_level_at_a_readers_pace_is_an_honest_opinion() {
        assert_eq!(verdict([BEST; 4], "online", 10), Verdict::Valid);
    }

    #[test]
    fn fast_but_thoughtful_or_short_is_valid() {
        assert_eq!(
            verdict([BEST, BEST, BEST, GOOD], "online", 1),
            Verdict::Valid
        );
        assert_eq!(
            verdict([BEST, BEST, BEST, UNKNOWN], "online", 1),
            Verdict::Valid
        );
    }

    #[test]
    fn more_than_half_blank_is_void_and_exactly_half_is_not() {
        assert_eq!(verdict([BEST, GOOD, None, None], "", 60), BLANK);
        assert_eq!(
            verdict([BEST, GOOD, None, None], "online", 60),
            Verdict::Valid
        );
        assert_eq!(verdict([None; 4], "", 60), BLANK);
    }

    #[test]
    fn a_ballot_of_only_dont_know_is_valid() {
        assert_eq!(verdict([UNKNOWN; 4], "online", 1), Verdict::Valid);
    }

    #[test]
    fn exactly_the_allowed_share_of_blanks_is_valid() {
        let loose = JudgeRules {
            blank_share: Weight::parse("0.6").unwrap(),
            ..rules()
        };
        let units: Vec<UnitId> = vec!["A".into(), "B".into()];
        let given = answers(&[
            ("A", "q1", level(Level::Fair)),
            ("A", "q2", level(Level::Satisfied)),
        ]);
        let raw = RawBallot::new(canonical_digest(&questionnaire()), units.clone(), given, 60);
        let ballot = parse(&raw, (raw.questionnaire_digest(), &questionnaire()), &units).unwrap();

        let judged = judge(ballot.clone(), &loose, &questionnaire());
        assert_eq!(
            judged.verdict(),
            Verdict::Valid,
            "3 of 5 blank is exactly 0.6"
        );
        assert_eq!(judge(ballot, &rules(), &questionnaire()).verdict(), BLANK);
    }

    #[test]
    fn every_reason_has_its_stored_name_and_label() {
        for reason in VoidReason::ALL {
            assert_eq!(VoidReason::from_code(reason.code()), Some(reason));
            assert!(!reason.label().is_empty());
        }
    }

    proptest! {
        #[test]
        fn taking_more_time_never_makes_a_ballot_void(
            codes in proptest::array::uniform4(proptest::option::of(0_i16..=5)),
            seconds in 0_u32..40,
            more in 0_u32..40,
        ) {
            let levels = codes.map(|code| code.and_then(Level::from_code));
            if verdict(levels, "online", seconds) == Verdict::Valid {
                prop_assert_eq!(verdict(levels, "online", seconds + more), Verdict::Valid);
            }
        }
    }
}
