//! Drawing inside one stratum.

use super::DrawRefused;
use crate::{
    Chance, Frame,
    permanent_number::{Purpose, permanent_number},
    selection::{Certainty, below},
};
use survey_design::DrawMethod;
use vocabulary::{RaterGroup, StratumId};

/// One stratum of the frame on its way to a sample.
pub(super) struct Stratum<'f> {
    pub group: RaterGroup,
    pub id: &'f StratumId,
    pub population: u32,
    pub allotted: u32,
    pub is_in_quota: bool,
    pub method: DrawMethod,
    /// Permanent number and place in the frame of those who may be drawn.
    pub people: Vec<(u64, u32)>,
}

/// One person picked.
pub(super) struct Picked {
    pub person: u32,
    pub replicate: u8,
    pub chances: Vec<Chance>,
}

impl Stratum<'_> {
    /// How many people must be numbered: those drawn when they have the smallest numbers, else all.
    pub(super) fn wanted(&self, reserves: u8) -> u64 {
        let population = u64::from(self.population);
        match self.method {
            _ if self.allotted == 0 => 0,
            DrawMethod::SimpleRandom => {
                population.min(u64::from(self.allotted) * (u64::from(reserves) + 1))
            }
            _ => population,
        }
    }

    /// The number up to which at least [`Stratum::wanted`] people are expected, by six standard deviations; 0 for none.
    pub(super) fn bound(&self, reserves: u8) -> u64 {
        let wanted = self.wanted(reserves);
        let people = u128::from(wanted + 6 * wanted.isqrt() + 6);
        match wanted {
            0 => 0,
            _ => u64::try_from((people << 64) / u128::from(self.population)).unwrap_or(u64::MAX),
        }
    }

    /// The sample and its reserves, sorted by place in the frame.
    pub(super) fn draw(
        &mut self,
        frame: &Frame,
        seed: u64,
        reserves: u8,
    ) -> Result<Vec<Picked>, DrawRefused> {
        if self.allotted == 0 {
            return Ok(Vec::new());
        }
        let mut picked = match self.method {
            DrawMethod::SimpleRandom => {
                let chance = (self.allotted, Chance::CERTAIN);
                smallest_numbers(&mut self.people, self.population.into(), chance, reserves)
            }
            DrawMethod::Systematic => self.systematic(frame, seed, reserves, |_| 1),
            DrawMethod::PpsSystematic => {
                self.refuse(|person| frame.sizes[person] == 0, without_size)?;
                self.systematic(frame, seed, reserves, |person| frame.sizes[person].into())
            }
            DrawMethod::TwoStage {
                people_per_community,
            } => {
                let alone = |person: usize| frame.community(person).is_empty();
                self.refuse(alone, without_community)?;
                self.two_stages(frame, seed, people_per_community.max(1), reserves)
            }
        };
        picked.sort_unstable_by_key(|one| one.person);
        Ok(picked)
    }

    fn refuse(
        &self,
        is_left_out: impl Fn(usize) -> bool,
        because: fn(StratumId, u64) -> DrawRefused,
    ) -> Result<(), DrawRefused> {
        let left_out = |(_, person): &&(u64, u32)| is_left_out(*person as usize);
        match self.people.iter().filter(left_out).count() {
            0 => Ok(()),
            people => Err(because(self.id.clone(), people as u64)),
        }
    }

    /// People in the order of their communities, inside a community in that of their numbers.
    fn sort_by_community(&mut self, frame: &Frame) {
        self.people.sort_unstable_by_key(|(number, person)| {
            (frame.community_of[*person as usize], *number, *person)
        });
    }

    fn number(&self, seed: u64, purpose: Purpose) -> u64 {
        let name = format!("{}/{}", self.group.code(), self.id);
        permanent_number(seed, purpose, &name)
    }

    fn systematic(
        &mut self,
        frame: &Frame,
        seed: u64,
        reserves: u8,
        size_of: impl Fn(usize) -> u64,
    ) -> Vec<Picked> {
        self.sort_by_community(frame);
        let sizes: Vec<u64> = self
            .people
            .iter()
            .map(|(_, person)| size_of(*person as usize))
            .collect();
        let found = Certainty::of(&sizes, self.allotted.into());
        let certain = (0..sizes.len()).filter(|unit| found.certain[*unit]);
        let start = below(found.total, self.number(seed, Purpose::Start));
        let rotation = below(
            u64::from(reserves) + 1,
            self.number(seed, Purpose::Rotation),
        );
        let met = found.systematic(&sizes, start, (rotation, reserves));
        let chances = |unit: usize| {
            let of = |released| match found.certain[unit] {
                true => Chance::CERTAIN,
                false => found.chance(sizes[unit], released, reserves),
            };
            (0..=reserves).map(of).collect()
        };
        certain
            .map(|unit| (unit, 0))
            .chain(met)
            .map(|(unit, replicate)| Picked {
                person: self.people[unit].1,
                replicate,
                chances: chances(unit),
            })
            .collect()
    }

    /// Communities in proportion to their people, then people at random in each; reserves are more people of the same
    /// communities.
    ///
    /// A community that is not certain gives `take` people, or all it has: the sample weighs alike. A certain one gives its
    /// share of `communities·take`, or of the allotment where there are too few communities, rounded up.
    fn two_stages(&mut self, frame: &Frame, seed: u64, take: u32, reserves: u8) -> Vec<Picked> {
        self.sort_by_community(frame);
        let community = |(_, person): &(u64, u32)| frame.community_of[*person as usize];
        let mut communities: Vec<&mut [(u64, u32)]> = self
            .people
            .chunk_by_mut(|a, b| community(a) == community(b))
            .collect();
        let sizes: Vec<u64> = communities.iter().map(|it| it.len() as u64).collect();
        let all = sizes.len() as u64;
        let people = u64::from(self.allotted);
        let wanted = people.div_ceil(take.into()).clamp(all.min(2), all);
        let found = Certainty::of(&sizes, wanted);
        let name = format!("{}/{}", self.group.code(), self.id);
        let start = below(found.total, permanent_number(seed, Purpose::Start, &name));
        let met = found.systematic(&sizes, start, (0, 0));
        let certain = (0..sizes.len()).filter(|place| found.certain[*place]);
        let places: Vec<usize> = certain
            .chain(met.into_iter().map(|(place, _)| place))
            .collect();
        let mut picked = Vec::new();
        for place in places {
            let size = sizes[place];
            let (first, people) = match found.certain[place] {
                true => {
                    let share = people.max(wanted * u64::from(take)) * size;
                    (Chance::CERTAIN, share.div_ceil(u64::from(self.population)))
                }
                false => (found.chance(size, 0, 0), u64::from(take)),
            };
            let people = u32::try_from(people).unwrap_or(u32::MAX);
            picked.extend(smallest_numbers(
                communities[place],
                size,
                (people, first),
                reserves,
            ));
        }
        picked
    }
}

fn without_size(stratum: StratumId, people: u64) -> DrawRefused {
    DrawRefused::WithoutSize { stratum, people }
}

fn without_community(stratum: StratumId, people: u64) -> DrawRefused {
    DrawRefused::WithoutCommunity { stratum, people }
}

/// The `take` people with the smallest numbers, then as many for each reserve; equal numbers in the order of pseudonyms.
/// They are the smallest of `population` people, who as a whole were drawn with the chance `first`.
fn smallest_numbers(
    people: &mut [(u64, u32)],
    population: u64,
    (take, first): (u32, Chance),
    reserves: u8,
) -> Vec<Picked> {
    let take = u64::from(take).min(population);
    let up_to = |replicates: u64| (replicates * take).min(population);
    let most = usize::try_from(up_to(u64::from(reserves) + 1)).unwrap_or(people.len());
    if most < people.len() {
        people.select_nth_unstable(most);
    }
    let taken = &mut people[..most];
    if reserves > 0 {
        taken.sort_unstable();
    }
    let chances: Vec<Chance> = (1..=u64::from(reserves) + 1)
        .map(|replicates| first.times(up_to(replicates), population))
        .collect();
    let picked = taken.iter().enumerate().map(|(place, (_, person))| Picked {
        person: *person,
        replicate: u8::try_from(place as u64 / take.max(1)).unwrap_or(u8::MAX),
        chances: chances.clone(),
    });
    picked.collect()
}
