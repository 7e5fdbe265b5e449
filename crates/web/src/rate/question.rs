//! One question per page.

use crate::{frame::CitizenFrame, icon::Icon, markup::Svg};
use askama::Template;

/// One question, about one unit or none.
#[derive(Debug, Template)]
#[template(path = "citizen/question.html")]
pub struct QuestionPage {
    /// Frame; its path takes the answer.
    pub frame: CitizenFrame,
    /// Mark of the page in its questionnaire, sent back with the answer.
    pub mark: String,
    /// Code of the item asked.
    pub item: String,
    /// Code of the unit asked about; empty for none.
    pub unit_id: String,
    /// Which question this is, 1 for the first; follow-ups share the number of the question they follow.
    pub number: usize,
    /// How many questions everybody gets.
    pub total: usize,
    /// How long the rest takes, in words.
    pub time_left: String,
    /// Whether the person came back to a kept draft.
    pub resumed: bool,
    /// Whether the person came from the check page to change this answer.
    pub changing: bool,
    /// What an interviewer reads aloud; none when the person answers alone.
    pub script: Option<String>,
    /// Whether there is no page before.
    pub first: bool,
    /// What is wrong with what was posted.
    pub problem: Option<Problem>,
    /// Name of the unit asked about.
    pub unit: Option<String>,
    /// The question.
    pub question: String,
    /// Hint under the question.
    pub hint: String,
    /// Why this is asked.
    pub why: Option<String>,
    /// What can be answered.
    pub field: Field,
    /// Below this many answers nothing is shown to anybody.
    pub hidden_below: u32,
}

/// What is wrong, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The fact.
    pub heading: String,
    /// What to do.
    pub remedy: String,
}

/// What can be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// The scale, and 不了解 apart from it.
    Level {
        /// Levels, best first.
        options: Vec<LevelOption>,
        /// 不了解.
        dont_know: ListOption,
    },
    /// Exactly one option.
    Choice {
        /// Options.
        options: Vec<ListOption>,
        /// 不了解, apart from them.
        apart: Option<ListOption>,
    },
    /// Any number of options.
    Several {
        /// Options.
        options: Vec<ListOption>,
        /// The option that excludes the others.
        none: Option<ListOption>,
    },
    /// A whole number.
    Number {
        /// The number as it stands.
        text: String,
        /// Measure word behind it.
        measure: Option<String>,
        /// Smallest and largest number, in words.
        range: String,
    },
    /// Nothing: a page to read.
    Note {
        /// Its words.
        paragraphs: Vec<String>,
    },
    /// Any number of options and a text.
    Reasons {
        /// Options.
        options: Vec<ListOption>,
        /// The text as it stands.
        text: String,
        /// Longest text; 0 for none.
        max_chars: u16,
    },
    /// A text.
    Text {
        /// The text as it stands.
        text: String,
        /// Longest text.
        max_chars: u16,
    },
}

/// A level of the scale as offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelOption {
    /// 5 for the best to 1.
    pub code: i16,
    /// Words.
    pub label: &'static str,
    /// Whether it was chosen before; never preselected.
    pub chosen: bool,
}

/// An option as offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListOption {
    /// Stored code.
    pub code: String,
    /// Words.
    pub label: String,
    /// Whether it was chosen before; never preselected.
    pub chosen: bool,
}

impl LevelOption {
    /// Five bars, as many filled as the level; one neutral colour so that nothing leads the answer.
    pub(super) fn gauge(&self) -> Svg {
        let mut svg = Svg::new();
        svg.draw(format_args!(
            r#"<svg class="g" width="38" height="22" viewBox="0 0 38 22" aria-hidden="true" focusable="false">"#
        ));
        for bar in 0..5_i16 {
            let (x, y, height) = (bar * 8, 16 - bar * 4, 6 + bar * 4);
            let class = if bar < self.code {
                r#" class="on""#
            } else {
                ""
            };
            svg.draw(format_args!(
                r#"<rect x="{x}" y="{y}" width="6" height="{height}" rx="1.5"{class}/>"#
            ));
        }
        svg.draw(format_args!("</svg>"));
        svg
    }
}

impl QuestionPage {
    /// The marks of the progress bar: `d` done, `n` now, empty for what follows.
    fn steps(&self) -> Vec<&'static str> {
        (1..=self.total)
            .map(|step| match step.cmp(&self.number) {
                std::cmp::Ordering::Less => "d",
                std::cmp::Ordering::Equal => "n",
                std::cmp::Ordering::Greater => "",
            })
            .collect()
    }

    fn where_we_are(&self) -> String {
        let w = self.frame.language;
        match self.field {
            Field::Note { .. } => w.reading_of(self.number, self.total),
            _ => w.question_of(self.number, self.total),
        }
    }

    /// The words on the button.
    fn onward(&self) -> &'static str {
        let w = self.frame.language;
        match (&self.field, self.changing) {
            (_, true) => w.back_to_check(),
            (Field::Note { .. }, false) => w.read_on(),
            (_, false) => w.next(),
        }
    }

    fn at_most(&self, max_chars: &u16) -> String {
        self.frame.language.at_most(*max_chars)
    }

    fn written(&self, max_chars: &u16) -> String {
        self.frame.language.written(*max_chars)
    }

    fn safe_words(&self) -> String {
        self.frame.language.safe_words(self.hidden_below)
    }

    fn described_by(&self) -> &'static str {
        if self.problem.is_some() {
            "hint msg"
        } else {
            "hint"
        }
    }

    fn first_input(&self) -> String {
        let of = |name: &str, options: &[ListOption]| match options.first() {
            Some(option) => format!("{name}-{}", option.code),
            None => "hint".to_owned(),
        };
        match &self.field {
            Field::Level { options, .. } => options
                .first()
                .map_or_else(|| "hint".to_owned(), |o| format!("a-{}", o.code)),
            Field::Choice { options, .. } => of("a", options),
            Field::Several { options, .. } => of("r", options),
            Field::Number { .. } => "n".to_owned(),
            Field::Reasons { .. } | Field::Text { .. } => "t".to_owned(),
            Field::Note { .. } => "main".to_owned(),
        }
    }
}
