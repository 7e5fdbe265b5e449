//! Units hardly anybody knows: exactly so many people can rate them.

use super::dice::Dice;
use std::collections::{BTreeMap, BTreeSet};
use survey_design::FewAnswers;
use vocabulary::UnitId;

/// Each such unit with the numbers of the people who know it; everybody else answers 不了解 about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HardlyKnown(BTreeMap<UnitId, BTreeSet<u32>>);

impl HardlyKnown {
    /// Picks those who know each unit from the people who will be asked about it.
    ///
    /// `asked` holds each drawn person's number and assigned units; the result does not depend on its order. A unit
    /// that fewer people are asked about than should know it is known to all of them.
    #[must_use]
    pub fn choose(seed: u64, few: &[FewAnswers], asked: &BTreeMap<u32, Vec<UnitId>>) -> Self {
        let known_to = |few: &FewAnswers| {
            let mut people: Vec<u32> = asked
                .iter()
                .filter(|(_, units)| units.contains(&few.unit))
                .map(|(number, _)| *number)
                .collect();
            Dice::new(seed, &format!("known to {}", few.unit), 0).shuffle(&mut people);
            people.truncate(few.answers as usize);
            people.into_iter().collect()
        };
        Self(
            few.iter()
                .map(|few| (few.unit.clone(), known_to(few)))
                .collect(),
        )
    }

    /// These units, known to nobody.
    #[must_use]
    pub fn to_nobody(few: &[FewAnswers]) -> Self {
        Self(
            few.iter()
                .map(|few| (few.unit.clone(), BTreeSet::new()))
                .collect(),
        )
    }

    /// Whether the person knows the unit; `None` for units that are known as usual.
    #[must_use]
    pub fn knows(&self, unit: &UnitId, number: u32) -> Option<bool> {
        self.0.get(unit).map(|people| people.contains(&number))
    }

    /// Whether the count of a unit depends on this person's answer.
    #[must_use]
    pub fn must_answer(&self, number: u32) -> bool {
        self.0.values().any(|people| people.contains(&number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_so_many_of_those_asked_know_the_unit() {
        let few = [FewAnswers {
            unit: "U9".into(),
            answers: 4,
        }];
        let asked: BTreeMap<u32, Vec<UnitId>> = (0..100)
            .map(|number| {
                (
                    number,
                    if number % 3 == 0 {
                        vec!["U9".into()]
                    } else {
                        vec!["U1".into()]
                    },
                )
            })
            .collect();

        let chosen = HardlyKnown::choose(7, &few, &asked);

        let knowing: Vec<u32> = (0..100)
            .filter(|n| chosen.knows(&"U9".into(), *n) == Some(true))
            .collect();
        assert_eq!(knowing.len(), 4);
        assert!(
            knowing
                .iter()
                .all(|number| number % 3 == 0 && chosen.must_answer(*number))
        );
        assert_eq!(chosen.knows(&"U1".into(), 3), None);
    }
}
