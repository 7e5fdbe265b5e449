//! Which bad ratings are listed; everything of it stands in the address.

use super::{Act, Entry, entry::standings};
use rectification::Light;
use serde::Deserialize;

/// What of the bad ratings is asked for in the address.
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

/// Which bad ratings are listed; what is not known leaves nothing out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those of one unit.
    pub unit: Option<String>,
    /// Those that stand at one place, by its code.
    pub stage: Option<&'static str>,
    /// Those with one light.
    pub light: Option<Light>,
}

impl Filter {
    /// From the address.
    pub fn of(asked: &Asked) -> Self {
        let stage = asked.stage.as_deref();
        let known = standings().find(|(code, _)| Some(*code) == stage);
        Self {
            unit: asked.unit.clone().filter(|unit| !unit.is_empty()),
            stage: known.map(|(code, _)| code),
            light: asked.light.as_deref().and_then(Light::from_code),
        }
    }

    /// The same filter for another place, or for all.
    pub fn at(&self, stage: Option<&'static str>) -> Self {
        Self {
            stage,
            ..self.clone()
        }
    }

    /// Whether a bad rating is listed.
    pub fn takes(&self, entry: &Entry) -> bool {
        let of_unit = |unit: &String| *unit == entry.row.unit_id;
        self.unit.as_ref().is_none_or(of_unit)
            && self.stage.is_none_or(|stage| stage == entry.standing().0)
            && self.light.is_none_or(|light| Some(light) == entry.light)
    }

    /// The address of the list with this filter.
    pub fn href(&self, list: &str) -> String {
        let parts = [
            self.unit.clone().map(|unit| format!("unit={unit}")),
            self.stage.map(|stage| format!("stage={stage}")),
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

    #[test]
    fn an_address_leads_back_to_itself_and_what_is_not_known_leaves_nothing_out() {
        let asked = |stage: &str, light: &str| Asked {
            unit: Some("D12".to_owned()),
            stage: Some(stage.to_owned()),
            light: Some(light.to_owned()),
            ..Asked::default()
        };
        let list = "/office/bad-ratings";
        let filter = Filter::of(&asked("withdrawn", "red"));

        assert_eq!(
            filter.href(list),
            "/office/bad-ratings?unit=D12&stage=withdrawn&light=red"
        );
        assert_eq!(
            filter.at(None).href(list),
            "/office/bad-ratings?unit=D12&light=red"
        );
        assert_eq!(
            Filter::of(&asked("nowhere", "blue")).href(list),
            "/office/bad-ratings?unit=D12"
        );
        assert_eq!(Filter::of(&Asked::default()), Filter::default());
    }
}
