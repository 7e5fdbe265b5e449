//! What is true in the invented city: how good each unit is and how much it is used, drawn once from the seed.

use super::dice::Dice;
use std::{collections::BTreeMap, sync::Arc};
use survey_design::{DemoWorld, Span, Unit, World};
use vocabulary::{Level, Points, RaterGroup, UnitId, Weight};

/// One unit as it really is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitTruth {
    /// The unit.
    pub id: UnitId,
    /// Full official name.
    pub name: String,
    /// Name used in tables.
    pub short_name: String,
    /// Other spellings the city knows.
    pub aliases: Vec<String>,
    /// The old name a source still uses.
    pub old_name: Option<String>,
    /// True quality in tenths of a point on the 0-100 ruler.
    pub quality: i32,
    /// Cases completed at its windows in a quarter; 0 without a window.
    pub hall_cases: u32,
    /// Hotline orders in a quarter.
    pub hotline_orders: u32,
}

/// The truth of one quarter.
#[derive(Clone, Debug)]
pub struct Truth {
    seed: u64,
    demo: Arc<DemoWorld>,
    units: Vec<UnitTruth>,
    by_id: BTreeMap<UnitId, usize>,
}

impl Truth {
    /// The truth about the units of the world, in official order, under this seed.
    #[must_use]
    pub fn new(world: &World, demo: &DemoWorld, seed: u64) -> Self {
        let units: Vec<UnitTruth> = world
            .units
            .iter()
            .map(|unit| unit_truth(unit, demo, seed))
            .collect();
        let by_id = units.iter().map(|unit| unit.id.clone()).zip(0..).collect();
        Self {
            seed,
            demo: Arc::new(demo.clone()),
            units,
            by_id,
        }
    }

    /// The seed of the demonstration.
    #[must_use]
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// How the invented people, halls and hotlines behave.
    #[must_use]
    pub fn demo(&self) -> &DemoWorld {
        &self.demo
    }

    /// The units in official order.
    #[must_use]
    pub fn units(&self) -> &[UnitTruth] {
        &self.units
    }

    /// The unit with this code.
    #[must_use]
    pub fn unit(&self, id: &UnitId) -> Option<&UnitTruth> {
        self.by_id.get(id).map(|index| &self.units[*index])
    }

    /// How much milder (or harsher) a group judges, in tenths of a point.
    #[must_use]
    pub fn leniency(&self, group: RaterGroup) -> i32 {
        self.demo
            .pool
            .get(&group)
            .map_or(0, |members| tenths(members.leniency))
    }

    /// Standard deviation of single answers around a unit's quality, in tenths of a point.
    #[must_use]
    pub fn spread(&self) -> i32 {
        tenths(self.demo.quality.rater_spread)
    }

    /// The same city `quarters` before the one played; every unit has drifted since.
    #[must_use]
    pub fn earlier(&self, quarters: u16) -> Self {
        let drift = tenths(self.demo.quality.round_drift);
        let mut earlier = self.clone();
        for unit in &mut earlier.units {
            let purpose = format!("drift {}", unit.id);
            unit.quality += (0..quarters)
                .map(|step| Dice::new(self.seed, &purpose, step.into()).deviation(drift))
                .sum::<i32>();
        }
        earlier
    }
}

fn unit_truth(unit: &Unit, demo: &DemoWorld, seed: u64) -> UnitTruth {
    let mut dice = Dice::new(seed, &format!("unit {}", unit.id), 0);
    let mean = demo
        .quality
        .class_means
        .get(&unit.class)
        .copied()
        .unwrap_or(Points::whole(80));
    let quality = tenths(mean) + dice.deviation(tenths(demo.quality.unit_spread));
    let hall_cases = mostly_small(&mut dice, demo.hall.cases);
    let usual_orders = mostly_small(&mut dice, demo.hotline.orders);
    let special = &demo.special;
    let few_orders = special
        .few_hotline
        .iter()
        .find(|few| few.unit == unit.id)
        .map(|few| few.orders);
    let old_name = special
        .old_names
        .iter()
        .find(|old| old.unit == unit.id)
        .map(|old| old.name.clone());
    UnitTruth {
        id: unit.id.clone(),
        name: unit.name.clone(),
        short_name: unit.short_name.clone(),
        aliases: unit.aliases.clone(),
        old_name,
        quality,
        hall_cases: if unit.has_hall_window { hall_cases } else { 0 },
        hotline_orders: if unit.has_hotline_orders {
            few_orders.unwrap_or(usual_orders)
        } else {
            0
        },
    }
}

/// The smallest of four throws: most units are used little, few much.
fn mostly_small(dice: &mut Dice, span: Span) -> u32 {
    let width = span.high.saturating_sub(span.low) + 1;
    (0..4)
        .map(|_| span.low + dice.below(width))
        .min()
        .unwrap_or(span.low)
}

/// Tenths of a point, rounded towards zero.
#[must_use]
pub fn tenths(points: Points) -> i32 {
    i32::try_from(points.steps() * 10 / Points::SCALE).expect("points lie between -1000 and 1000")
}

/// A share (0-1) as a whole number in a thousand, rounded down.
#[must_use]
pub fn per_thousand(share: Weight) -> u32 {
    u32::try_from(share.steps().clamp(0, Weight::SCALE) * 1000 / Weight::SCALE)
        .expect("at most a thousand")
}

/// The level somebody gives who feels so many tenths of a point.
///
/// The limits are set so that the mean of many levels on the ruler 100/80/60/30/0 comes out near the mean feeling, and
/// below it where feelings spread beyond the ends of the ruler.
#[must_use]
pub const fn level_of(feeling: i32) -> Level {
    match feeling {
        870.. => Level::VerySatisfied,
        700.. => Level::Satisfied,
        570.. => Level::Fair,
        450.. => Level::Dissatisfied,
        _ => Level::VeryDissatisfied,
    }
}

/// The shipped demonstration, for tests.
#[cfg(test)]
pub fn yunxi() -> (World, DemoWorld) {
    let world = include_str!("../../../../survey-templates/worlds/yunxi.json");
    let demo = include_str!("../../../../survey-templates/worlds/yunxi-demo.json");
    (
        serde_json::from_str(world).unwrap(),
        serde_json::from_str(demo).unwrap(),
    )
}

#[cfg(test)]
mod tests {
    use super::{level_of, per_thousand, tenths};
    use crate::demo::dice::Dice;
    use vocabulary::{Points, Weight};

    #[test]
    fn the_mean_of_the_levels_comes_near_the_true_quality() {
        for quality in [760, 820, 880] {
            let mut dice = Dice::new(5, "levels", 0);
            let points = |code| [0, 0, 30, 60, 80, 100][usize::try_from(code).unwrap()];
            let sum: i32 = (0..20_000)
                .map(|_| points(level_of(quality + dice.deviation(115)).code()))
                .sum();
            let mean = f64::from(sum) / 20_000.0;
            assert!(
                (mean - f64::from(quality) / 10.0).abs() < 2.0,
                "{quality}: {mean}"
            );
        }
    }

    #[test]
    fn points_and_shares_become_whole_numbers() {
        assert_eq!(tenths(Points::parse("-3.25").unwrap()), -32);
        assert_eq!(per_thousand(Weight::parse("0.0255").unwrap()), 25);
        assert_eq!(per_thousand(Weight::whole(1)), 1000);
    }
}
