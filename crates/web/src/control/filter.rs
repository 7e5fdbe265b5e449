//! Which matters are listed; everything of it stands in the address.

use crate::{desk::Entry, wording::encoded};
use rectification::{Complexity, Light, MatterStage};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What of the matters is asked for in the address.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    /// Which round; the newest where none is named.
    pub r: Option<String>,
    unit: Option<String>,
    part: Option<String>,
    stage: Option<String>,
    light: Option<String>,
    kind: Option<String>,
    q: Option<String>,
    /// Which page of the list, 1 for the first.
    pub page: Option<usize>,
    /// `all` ticks everything on the page that can be given.
    pub tick: Option<String>,
    /// How many were just given to units.
    pub done: Option<usize>,
}

/// What can be chosen about a matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Facet {
    /// A unit, in charge or helping.
    Unit,
    /// Whether that unit is in charge; without a unit, whether any helps.
    Part,
    /// Where it stands.
    Stage,
    /// How its limit stands.
    Light,
    /// How much time it needs.
    Kind,
}

impl Facet {
    /// All of them, as they stand on the page.
    pub const EACH: [Self; 5] = [Self::Unit, Self::Part, Self::Stage, Self::Light, Self::Kind];

    /// The word in the address.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Part => "part",
            Self::Stage => "stage",
            Self::Light => "light",
            Self::Kind => "kind",
        }
    }
}

/// The part of a unit in a matter: in charge.
pub const LEADS: &str = "lead";
/// The part of a unit in a matter: helping.
pub const HELPS: &str = "co";

/// Which matters are listed; what is not known leaves nothing out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    round: Option<String>,
    chosen: BTreeMap<Facet, String>,
    /// Words of the title or the number.
    pub words: String,
}

impl Filter {
    /// From the address.
    pub fn of(asked: &Asked) -> Self {
        let asked_for = |facet| match facet {
            Facet::Unit => asked.unit.as_deref(),
            Facet::Part => asked
                .part
                .as_deref()
                .filter(|it| [LEADS, HELPS].contains(it)),
            Facet::Stage => asked
                .stage
                .as_deref()
                .filter(|it| MatterStage::from_code(it).is_some()),
            Facet::Light => asked
                .light
                .as_deref()
                .filter(|it| Light::from_code(it).is_some()),
            Facet::Kind => asked
                .kind
                .as_deref()
                .filter(|it| Complexity::from_code(it).is_some()),
        };
        let chosen = Facet::EACH.into_iter().filter_map(|facet| {
            let code = asked_for(facet).filter(|code| !code.is_empty())?;
            Some((facet, code.to_owned()))
        });
        Self {
            round: asked.r.clone().filter(|round| !round.is_empty()),
            chosen: chosen.collect(),
            words: asked.q.as_deref().unwrap_or_default().trim().to_owned(),
        }
    }

    /// What is chosen of one of them; empty for nothing.
    pub fn chosen(&self, facet: Facet) -> &str {
        self.chosen.get(&facet).map_or("", String::as_str)
    }

    /// The same filter with another choice of one of them.
    pub fn with(&self, facet: Facet, code: &str) -> Self {
        let mut other = self.clone();
        other.chosen.insert(facet, code.to_owned());
        other
    }

    /// The same round without any filter; none where nothing is filtered.
    pub fn cleared(&self) -> Option<Self> {
        let all = Self {
            round: self.round.clone(),
            ..Self::default()
        };
        (all != *self).then_some(all)
    }

    /// Whether a matter is listed, whose limit shows this light.
    pub fn takes(&self, entry: &Entry, light: Option<Light>) -> bool {
        let words = self.words.as_str();
        self.chosen
            .iter()
            .all(|(facet, code)| self.holds(*facet, code, entry, light))
            && (entry.matter.title.contains(words) || entry.matter.id.contains(words))
    }

    fn holds(&self, facet: Facet, code: &str, entry: &Entry, light: Option<Light>) -> bool {
        let leads = |unit: &str| entry.matter.unit_id == unit;
        let helps = |unit: &str| entry.co_units.contains(unit);
        match (facet, self.chosen(Facet::Unit)) {
            (Facet::Unit, _) => leads(code) || helps(code),
            (Facet::Part, "") => entry.co_units.is_empty() == (code == LEADS),
            (Facet::Part, unit) if code == LEADS => leads(unit),
            (Facet::Part, unit) => helps(unit),
            (Facet::Stage, _) => entry.state.stage().code() == code,
            (Facet::Light, _) => light.is_some_and(|light| light.code() == code),
            (Facet::Kind, _) => entry.state.record().complexity.code() == code,
        }
    }

    /// The filter as it stands in an address, without the question mark; empty where nothing is filtered.
    pub fn query(&self) -> String {
        let round = self.round.iter().map(|round| ("r", round));
        let chosen = self.chosen.iter().map(|(facet, code)| (facet.name(), code));
        let words = Some(("q", &self.words)).filter(|(_, words)| !words.is_empty());
        let parts: Vec<String> = round
            .chain(chosen)
            .chain(words)
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        parts.join("&")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &[(&str, &str)]) -> Filter {
        let get = |name: &str| {
            let found = query.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Filter::of(&Asked {
            r: get("r"),
            unit: get("unit"),
            part: get("part"),
            stage: get("stage"),
            light: get("light"),
            kind: get("kind"),
            q: get("q"),
            ..Asked::default()
        })
    }

    #[test]
    fn an_address_leads_back_to_itself() {
        let all = [
            ("r", "2026Q3"),
            ("unit", "D12"),
            ("part", "co"),
            ("stage", "sorted"),
            ("light", "red"),
            ("kind", "simple"),
            ("q", "排队 & 久"),
        ];

        let expected = "r=2026Q3&unit=D12&part=co&stage=sorted&light=red&kind=simple\
                        &q=%E6%8E%92%E9%98%9F%20%26%20%E4%B9%85";
        assert_eq!(asked(&all).query(), expected);
        assert_eq!(asked(&all).cleared().unwrap().query(), "r=2026Q3");
    }

    #[test]
    fn what_is_left_empty_or_not_known_leaves_nothing_out() {
        let nothing = [
            ("unit", ""),
            ("stage", "nowhere"),
            ("light", "blue"),
            ("q", " "),
        ];

        assert_eq!(asked(&nothing), Filter::default());
        assert_eq!(asked(&nothing).query(), "");
    }
}
