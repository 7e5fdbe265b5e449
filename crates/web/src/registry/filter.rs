//! Which problems are listed; everything of it stands in the address.

use super::{Act, Entry};
use rectification::{Light, ProblemStage};
use serde::Deserialize;

/// What of the problems is asked for in the address.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    unit: Option<String>,
    stage: Option<String>,
    light: Option<String>,
    /// Which form is open.
    #[serde(rename = "do")]
    act: Option<String>,
    /// What was just done.
    done: Option<String>,
}

impl Asked {
    /// The act whose form is open.
    pub fn act(&self) -> Option<Act> {
        self.act.as_deref().and_then(Act::from_code)
    }

    /// The act that was just done.
    pub fn done(&self) -> Option<Act> {
        self.done.as_deref().and_then(Act::from_code)
    }

    /// The page again with the form of an act open.
    pub fn with(act: Act) -> Self {
        Self {
            act: Some(act.code().to_owned()),
            ..Self::default()
        }
    }
}

/// Which problems are listed; what is not known leaves nothing out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those of one unit.
    pub unit: Option<String>,
    /// Those in one state.
    pub stage: Option<ProblemStage>,
    /// Those with one light.
    pub light: Option<Light>,
}

impl Filter {
    /// From the address.
    pub fn of(asked: &Asked) -> Self {
        Self {
            unit: asked.unit.clone().filter(|unit| !unit.is_empty()),
            stage: asked.stage.as_deref().and_then(ProblemStage::from_code),
            light: asked.light.as_deref().and_then(Light::from_code),
        }
    }

    /// The same filter for another state, or for all.
    pub fn at(&self, stage: Option<ProblemStage>) -> Self {
        Self {
            stage,
            ..self.clone()
        }
    }

    /// Whether a problem is listed.
    pub fn takes(&self, entry: &Entry) -> bool {
        self.unit
            .as_ref()
            .is_none_or(|unit| *unit == entry.row.unit_id)
            && self.stage.is_none_or(|stage| stage == entry.stage())
            && self.light.is_none_or(|light| Some(light) == entry.light)
    }

    /// The address of the list with this filter.
    pub fn href(&self, list: &str) -> String {
        let parts = [
            self.unit.clone().map(|unit| format!("unit={unit}")),
            self.stage.map(|stage| format!("stage={}", stage.code())),
            self.light.map(|light| format!("light={}", light.code())),
        ];
        let query: Vec<String> = parts.into_iter().flatten().collect();
        match query.is_empty() {
            true => list.to_owned(),
            false => format!("{list}?{}", query.join("&")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(unit: &str, stage: &str, light: &str) -> Filter {
        let some = |text: &str| Some(text.to_owned());
        Filter::of(&Asked {
            unit: some(unit),
            stage: some(stage),
            light: some(light),
            ..Asked::default()
        })
    }

    #[test]
    fn an_address_leads_back_to_itself() {
        let filter = asked("D12", "called", "red");

        assert_eq!(
            filter.href("/office/problems"),
            "/office/problems?unit=D12&stage=called&light=red"
        );
        assert_eq!(
            filter.at(None).href("/office/problems"),
            "/office/problems?unit=D12&light=red"
        );
    }

    #[test]
    fn what_is_left_empty_or_not_known_leaves_nothing_out() {
        assert_eq!(asked("", "", ""), Filter::default());
        assert_eq!(asked("", "nowhere", "blue"), Filter::default());
    }
}
