//! What a token and an answer carry instead of a weight, so that the weights can follow when a reserve is released.

use crate::Chance;
use std::collections::BTreeMap;
use vocabulary::{RaterGroup, StratumId, Weight};

/// People of one stratum with the same chances.
pub type WeightClass = (RaterGroup, StratumId, Vec<Chance>);

/// A label for each class of people who share their chances, in the form of a weight.
///
/// An answer cannot be led back to a person, so it keeps the label its token had; what the label weighs is known only when no
/// more reserves are released. The label is the weight in the sample alone, a millionth more for each class of the stratum
/// that already has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WeightLabels(BTreeMap<WeightClass, Weight>);

impl WeightLabels {
    /// Labels of these classes, in whatever order they come and however often.
    #[must_use]
    pub fn of(classes: impl IntoIterator<Item = WeightClass>) -> Self {
        let mut labels: BTreeMap<WeightClass, Weight> = classes
            .into_iter()
            .map(|class| (class, Weight::default()))
            .collect();
        let mut taken = BTreeMap::<(RaterGroup, &StratumId), Vec<i64>>::new();
        for ((group, stratum, chances), label) in &mut labels {
            let taken = taken.entry((*group, stratum)).or_default();
            let weight = chances.first().copied().unwrap_or(Chance::CERTAIN).weight();
            let free = (weight.steps()..).find(|steps| !taken.contains(steps));
            *label = free.map_or(weight, Weight::from_steps);
            taken.push(label.steps());
        }
        Self(labels)
    }

    /// The label of a class.
    #[must_use]
    pub fn label(&self, class: &WeightClass) -> Option<Weight> {
        self.0.get(class).copied()
    }

    /// What each label of a stratum weighs when so many reserve replicates are released.
    #[must_use]
    pub fn weights(&self, released: u8) -> BTreeMap<(RaterGroup, StratumId, Weight), Weight> {
        let weights = self.0.iter().map(|((group, stratum, chances), label)| {
            let chance = chances.get(usize::from(released)).or(chances.last());
            let weight = chance.map_or(*label, |chance| chance.weight());
            ((*group, stratum.clone(), *label), weight)
        });
        weights.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_of_one_weight_have_labels_of_their_own_and_find_their_weights_again() {
        let class = |stratum: &str, chances: &[&str]| -> WeightClass {
            let chances = chances.iter().map(|chance| chance.parse().unwrap());
            (RaterGroup::Citizens, stratum.into(), chances.collect())
        };
        let small = class("north", &["1/10", "1/10"]);
        let large = class("north", &["1/10", "1/5"]);
        let other = class("south", &["1/10", "1/5"]);

        let labels = WeightLabels::of([large.clone(), small.clone(), other.clone(), large.clone()]);

        let label = |class: &WeightClass| labels.label(class).unwrap();
        assert_eq!(label(&large), Weight::whole(10));
        assert_eq!(label(&small).to_string(), "10.000001");
        assert_eq!(label(&other), Weight::whole(10));
        let weight = |class: &WeightClass, released| {
            labels.weights(released)[&(class.0, class.1.clone(), label(class))]
        };
        assert_eq!(
            [weight(&small, 0), weight(&large, 0)],
            [Weight::whole(10); 2]
        );
        assert_eq!(weight(&small, 1), Weight::whole(10));
        assert_eq!(weight(&large, 1), Weight::whole(5));
        assert_eq!(weight(&other, 1), Weight::whole(5));
    }
}
