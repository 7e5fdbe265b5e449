//! The two languages of the citizen pages, and how dates and levels are said in each.

use crate::{frame::TextSize, markup::Svg, wording};
use chrono::{Datelike, NaiveDate};
use rectification::{MatterStage, MatterStep};
use response_collection::AnswerProblem;
use vocabulary::Level;

/// The language of a citizen page; its texts stand in `words`, each in both languages side by side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// 简体中文, the source.
    #[default]
    Chinese,
    /// English.
    English,
}

impl Language {
    /// The code in addresses, cookies and `lang` attributes.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// The language with this code; anything else is Chinese.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        match code {
            "en" => Self::English,
            _ => Self::Chinese,
        }
    }

    /// What a program asks for with `Accept-Language`; of equals the first, of none Chinese.
    #[must_use]
    pub fn accepted(header: &str) -> Self {
        let mut best = (0.0, Self::Chinese);
        for wanted in header.split(',') {
            let (tag, rest) = wanted.split_once(';').unwrap_or((wanted, ""));
            let language = match tag.trim().get(..2).map(str::to_ascii_lowercase).as_deref() {
                Some("zh") => Self::Chinese,
                Some("en") => Self::English,
                _ => continue,
            };
            let weight = rest
                .trim()
                .strip_prefix("q=")
                .map_or(1.0, |q| q.parse().unwrap_or(0.0));
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Chinese => Self::English,
            Self::English => Self::Chinese,
        }
    }

    /// First step of an address that changes to this language.
    pub(crate) const fn entrance(self) -> &'static str {
        match self {
            Self::Chinese => "/zh",
            Self::English => "/en",
        }
    }

    /// The English text where there is one and it is wanted, otherwise the Chinese.
    pub(crate) fn pick<'t>(self, chinese: &'t str, english: Option<&'t str>) -> &'t str {
        match self {
            Self::Chinese => chinese,
            Self::English => english.unwrap_or(chinese),
        }
    }

    /// A text from outside the catalogue, escaped; Chinese words on an English page are marked as Chinese.
    pub(crate) fn said(self, text: &str) -> Svg {
        match self {
            Self::Chinese => crate::markup::escaped(text),
            Self::English => crate::markup::chinese_marked(text),
        }
    }

    /// `9 月 30 日`, `30 September`.
    pub(crate) fn day(self, date: NaiveDate) -> String {
        match self {
            Self::Chinese => wording::day(date),
            Self::English => date.format("%-d %B").to_string(),
        }
    }

    /// `2026 年 9 月 30 日`, `30 September 2026`.
    pub(crate) fn full_day(self, date: NaiveDate) -> String {
        match self {
            Self::Chinese => wording::full_day(date),
            Self::English => date.format("%-d %B %Y").to_string(),
        }
    }

    /// First to last day.
    pub(crate) fn period(self, first: NaiveDate, last: NaiveDate) -> String {
        match self {
            Self::Chinese => wording::period(first, last),
            Self::English if first.year() == last.year() => {
                format!("{} to {}", self.day(first), self.full_day(last))
            }
            Self::English => format!("{} to {}", self.full_day(first), self.full_day(last)),
        }
    }

    /// The words on the size switch.
    pub(crate) const fn size(self, size: TextSize) -> &'static str {
        match size {
            TextSize::Normal => self.size_normal(),
            TextSize::Large => self.size_large(),
            TextSize::ExtraLarge => self.size_extra_large(),
        }
    }

    /// A level of the scale.
    pub(crate) const fn level(self, level: Level) -> &'static str {
        match (self, level) {
            (Self::Chinese, level) => level.label(),
            (_, Level::VerySatisfied) => "Very satisfied",
            (_, Level::Satisfied) => "Satisfied",
            (_, Level::Fair) => "Fairly satisfied",
            (_, Level::Dissatisfied) => "Dissatisfied",
            (_, Level::VeryDissatisfied) => "Very dissatisfied",
            (_, Level::DontKnow) => "Don't know",
            (_, Level::Abstain) => "No answer",
        }
    }

    /// Where a matter stands.
    pub(crate) const fn stage(self, stage: MatterStage) -> &'static str {
        match (self, stage) {
            (Self::Chinese, stage) => stage.citizen_words(),
            (_, MatterStage::Sorted | MatterStage::Returned) => {
                "Received; we are finding out which department will act"
            }
            (_, MatterStage::Assigned) => "Passed on to the department",
            (
                _,
                MatterStage::Signed
                | MatterStage::Planned
                | MatterStage::Rectifying
                | MatterStage::ExtensionReview,
            ) => "The department is working on it",
            (_, MatterStage::Reported) => "The department has answered; we are checking",
            (_, MatterStage::Verified) => "Checked",
            (_, MatterStage::Closed) => "Checked and solved",
            (_, MatterStage::InPlan) => "Planned; work will go on",
            (_, MatterStage::Deferred) => "Cannot be solved yet; the reason has been given",
            (_, MatterStage::Reopened) => "Checked and not solved; we keep after it",
            (_, MatterStage::Merged) => "Handled together with others of the same problem",
        }
    }

    /// A step of a matter, as a citizen hears of it; empty for steps a citizen is not told.
    pub(crate) const fn step(self, step: MatterStep) -> &'static str {
        match step {
            MatterStep::Assign => self.step_assign(),
            MatterStep::Sign => self.step_sign(),
            MatterStep::Plan => self.step_plan(),
            MatterStep::Approve => self.step_approve(),
            MatterStep::GrantExtension => self.step_extension(),
            MatterStep::Report => self.step_report(),
            MatterStep::Verify => self.step_verify(),
            MatterStep::Close => self.step_close(),
            MatterStep::Fail => self.step_fail(),
            MatterStep::Reopen => self.step_reopen(),
            _ => "",
        }
    }

    /// What is wrong with an answer, and what to do.
    pub(crate) fn answer_problem(self, problem: &AnswerProblem) -> String {
        let english = match (self, problem) {
            (Self::Chinese, problem) => return problem.to_string(),
            (_, AnswerProblem::NotOffered { .. }) => "Please choose one of the answers listed",
            (_, AnswerProblem::UnknownReason { .. }) => {
                "One of the boxes ticked is not in the list; please tick again"
            }
            (_, AnswerProblem::TextTooLong { have, most, .. }) => {
                return format!("Please shorten the text: at most {most} characters, now {have}");
            }
            (_, AnswerProblem::OtherKind { .. }) => {
                "This question takes another kind of answer; please answer it again"
            }
            (_, AnswerProblem::NoneAndOthers { .. }) => {
                "\"None of these\" cannot stand beside other answers; please keep one or the other"
            }
            (_, AnswerProblem::NotInRange { min, max, .. }) => {
                return format!("Please enter a whole number from {min} to {max}");
            }
            (_, AnswerProblem::NotAsked { .. }) => "The survey has no such question",
            (_, AnswerProblem::OtherQuestionnaire) => {
                "The survey has changed; please open your invitation link again"
            }
            (_, AnswerProblem::OtherUnits) => {
                "The answers are about other departments; please open your invitation link again"
            }
        };
        english.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn dates_are_said_as_each_language_says_them() {
        let (first, last) = (date("2026-07-01"), date("2026-09-30"));

        assert_eq!(
            Language::Chinese.period(first, last),
            "7 月 1 日—9 月 30 日"
        );
        assert_eq!(
            Language::English.period(first, last),
            "1 July to 30 September 2026"
        );
        assert_eq!(
            Language::English.period(date("2025-12-01"), first),
            "1 December 2025 to 1 July 2026"
        );
    }

    #[test]
    fn a_missing_english_text_is_chinese_and_says_so() {
        let text = Language::English.pick("市<医保>局", None);

        assert_eq!(
            Language::English.said(text).to_string(),
            r#"<span lang="zh-CN">市</span>&lt;<span lang="zh-CN">医保</span>&gt;<span lang="zh-CN">局</span>"#
        );
        assert_eq!(Language::Chinese.said("市局").to_string(), "市局");
        assert_eq!(
            Language::English.said("Ask 市局！ now").to_string(),
            r#"Ask <span lang="zh-CN">市局！</span> now"#
        );
    }

    #[test]
    fn a_program_gets_the_language_it_likes_best() {
        for (header, language) in [
            ("", Language::Chinese),
            ("fr", Language::Chinese),
            ("en", Language::English),
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::Chinese),
            ("zh;q=0.5, en-GB", Language::English),
        ] {
            assert_eq!(Language::accepted(header), language, "{header}");
        }
    }

    #[test]
    fn a_code_that_is_no_language_is_chinese() {
        for code in ["", "fr", "EN", "zh"] {
            assert_eq!(Language::from_code(code), Language::Chinese);
        }
        assert_eq!(
            Language::from_code(Language::English.code()),
            Language::English
        );
    }
}
