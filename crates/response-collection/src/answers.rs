//! What one person has answered so far.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;
use survey_design::AnswerValue;
use vocabulary::{ItemId, Level, UnitId};

/// A question as asked of one person: about a unit, or about none.
pub type Question = (Option<UnitId>, ItemId);

/// The answers of one person, by question; a question without answer is not in the map.
///
/// Its JSON is short because thousands are sealed and kept: units, then items, 5-0 for a level (`{"D07":{"q1":4}}`), `{"n":3}` for a number;
/// questions about no unit stand under the empty name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers(pub BTreeMap<Question, Given>);

/// One answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Given {
    /// The level, the ticked options, or the text.
    pub value: AnswerValue,
    /// The free line beside ticked options.
    pub text: Option<String>,
}

impl Given {
    /// An answer without a free line.
    #[must_use]
    pub const fn plain(value: AnswerValue) -> Self {
        Self { value, text: None }
    }

    /// The level, when a level was asked for.
    #[must_use]
    pub const fn level(&self) -> Option<Level> {
        match self.value {
            AnswerValue::Level(level) => Some(level),
            AnswerValue::Options(_) | AnswerValue::Number(_) | AnswerValue::Text(_) => None,
        }
    }

    /// The number, when a number was asked for.
    #[must_use]
    pub const fn number(&self) -> Option<i32> {
        match self.value {
            AnswerValue::Number(number) => Some(number),
            AnswerValue::Level(_) | AnswerValue::Options(_) | AnswerValue::Text(_) => None,
        }
    }

    /// The codes of the ticked options; none for levels and texts.
    #[must_use]
    pub fn options(&self) -> &[String] {
        match &self.value {
            AnswerValue::Options(codes) => codes,
            AnswerValue::Level(_) | AnswerValue::Number(_) | AnswerValue::Text(_) => &[],
        }
    }

    /// What the person wrote, whether it was the answer or stood beside it.
    #[must_use]
    pub fn words(&self) -> Option<&str> {
        match &self.value {
            AnswerValue::Text(text) => Some(text),
            AnswerValue::Level(_) | AnswerValue::Options(_) | AnswerValue::Number(_) => {
                self.text.as_deref()
            }
        }
    }
}

impl fmt::Debug for Given {
    /// Shows how much was written, never what.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Given");
        match &self.value {
            AnswerValue::Level(level) => shown.field("level", level),
            AnswerValue::Options(codes) => shown.field("options", codes),
            AnswerValue::Number(number) => shown.field("number", number),
            AnswerValue::Text(_) => &mut shown,
        };
        shown
            .field("characters", &self.words().map(|text| text.chars().count()))
            .finish()
    }
}

impl Answers {
    /// The answer to a question.
    #[must_use]
    pub fn get(&self, unit: Option<&UnitId>, item: &ItemId) -> Option<&Given> {
        self.0.get(&(unit.cloned(), item.clone()))
    }

    /// Puts an answer in place of an earlier one; `None` takes the earlier one away.
    pub fn set(&mut self, question: Question, given: Option<Given>) {
        match given {
            Some(given) => self.0.insert(question, given),
            None => self.0.remove(&question),
        };
    }
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum WrittenValue {
    Level(i16),
    Text(String),
    Options(Vec<String>),
    Number { n: i32 },
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Plain(WrittenValue),
    WithLine { v: WrittenValue, t: String },
}

impl From<&Given> for Written {
    fn from(given: &Given) -> Self {
        let value = match &given.value {
            AnswerValue::Level(level) => WrittenValue::Level(level.code()),
            AnswerValue::Options(codes) => WrittenValue::Options(codes.clone()),
            AnswerValue::Number(number) => WrittenValue::Number { n: *number },
            AnswerValue::Text(text) => WrittenValue::Text(text.clone()),
        };
        match &given.text {
            Some(text) => Self::WithLine {
                v: value,
                t: text.clone(),
            },
            None => Self::Plain(value),
        }
    }
}

impl Written {
    fn read<E: serde::de::Error>(self) -> Result<Given, E> {
        let (value, text) = match self {
            Self::Plain(value) => (value, None),
            Self::WithLine { v, t } => (v, Some(t)),
        };
        let value = match value {
            WrittenValue::Level(code) => AnswerValue::Level(
                Level::from_code(code).ok_or_else(|| E::custom("not the code of a level"))?,
            ),
            WrittenValue::Text(text) => AnswerValue::Text(text),
            WrittenValue::Options(codes) => AnswerValue::Options(codes),
            WrittenValue::Number { n } => AnswerValue::Number(n),
        };
        Ok(Given { value, text })
    }
}

impl Serialize for Answers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut by_unit = BTreeMap::<&str, BTreeMap<&str, Written>>::new();
        for ((unit, item), given) in &self.0 {
            let unit = unit.as_ref().map_or("", UnitId::as_str);
            by_unit
                .entry(unit)
                .or_default()
                .insert(item.as_str(), given.into());
        }
        by_unit.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Answers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let by_unit = BTreeMap::<String, BTreeMap<ItemId, Written>>::deserialize(deserializer)?;
        let mut answers = BTreeMap::new();
        for (unit, items) in by_unit {
            let unit = Some(unit).filter(|code| !code.is_empty()).map(UnitId::new);
            for (item, written) in items {
                answers.insert((unit.clone(), item), written.read()?);
            }
        }
        Ok(Self(answers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn level(level: Level) -> Given {
        Given::plain(AnswerValue::Level(level))
    }

    #[test]
    fn the_written_form_is_short() {
        let mut answers = Answers::default();
        answers.set(
            (Some("D07".into()), "q1".into()),
            Some(level(Level::Satisfied)),
        );
        answers.set((None, "q9".into()), Some(level(Level::DontKnow)));
        let ticked = Given {
            value: AnswerValue::Options(vec!["slow".into()]),
            text: Some("等了半天".into()),
        };
        answers.set((Some("D07".into()), "q1r".into()), Some(ticked));

        assert_eq!(
            serde_json::to_string(&answers).unwrap(),
            r#"{"":{"q9":0},"D07":{"q1":4,"q1r":{"v":["slow"],"t":"等了半天"}}}"#
        );
    }

    #[test]
    fn an_unknown_level_is_refused_not_dropped() {
        assert!(serde_json::from_str::<Answers>(r#"{"D07":{"q1":6}}"#).is_err());
    }

    #[test]
    fn the_debug_text_shows_no_words() {
        let given = Given::plain(AnswerValue::Text("我住在三号楼".into()));

        assert_eq!(format!("{given:?}"), "Given { characters: Some(6) }");
    }

    fn any_given() -> impl Strategy<Value = Given> {
        let value = prop_oneof![
            (-1_i16..=5).prop_map(|code| AnswerValue::Level(Level::from_code(code).unwrap())),
            proptest::collection::vec(".*", 0..4).prop_map(AnswerValue::Options),
            proptest::num::i32::ANY.prop_map(AnswerValue::Number),
            ".*".prop_map(AnswerValue::Text),
        ];
        (value, proptest::option::of(".*")).prop_map(|(value, text)| Given { value, text })
    }

    proptest! {
        #[test]
        fn answers_survive_their_written_form(entries in proptest::collection::vec(
            (proptest::option::of("[A-Z][0-9]{1,2}"), "q[0-9]", any_given()), 0..12,
        )) {
            let answers = Answers(
                entries
                    .into_iter()
                    .map(|(unit, item, given)| ((unit.map(UnitId::new), ItemId::new(item)), given))
                    .collect(),
            );

            let text = serde_json::to_string(&answers).unwrap();
            prop_assert!(serde_json::from_str::<Answers>(&text).unwrap() == answers);
        }
    }
}
