//! The draw 抽样: who of the sample library is invited, reproducible from a published seed.

mod refused;
mod stratum;

pub use refused::DrawRefused;

use crate::{Chance, Frame, Limits, PlannedStratum, allocate_whole, permanent_number::Numbers};
use std::collections::BTreeMap;
use stratum::{Picked, Stratum};
use survey_design::{GroupDesign, SampleRules};
use vocabulary::{RaterGroup, StratumId};

/// Who was drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleDraw {
    /// The published seed.
    pub seed: u64,
    /// One row per stratum of the groups drawn from, sorted by group and stratum.
    pub strata: Vec<DrawnStratum>,
    /// One row per drawn person, reserves included, sorted by group, stratum and pseudonym.
    pub drawn: Vec<Drawn>,
}

/// What was drawn from one stratum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawnStratum {
    /// Rater layer.
    pub group: RaterGroup,
    /// Stratum.
    pub stratum: StratumId,
    /// People in it.
    pub population: u32,
    /// People allotted to it.
    pub allotted: u32,
    /// People drawn: the sample first, then each reserve replicate.
    pub drawn: Vec<u32>,
}

/// One drawn person with the chance the person had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// Pseudonym.
    pub pseudonym: String,
    /// Rater layer.
    pub group: RaterGroup,
    /// Stratum inside the layer.
    pub stratum: StratumId,
    /// Community or village; empty when the pool names none.
    pub community: String,
    /// 0 for the sample, 1 for the first reserve replicate, ….
    pub replicate: u8,
    /// The chance of being drawn: into the sample alone, into the sample or the first reserve, …. One more than reserves.
    pub chances: Vec<Chance>,
}

impl Drawn {
    /// The chance of being invited when so many reserve replicates are released; of all when more are named than there are.
    #[must_use]
    pub fn chance(&self, released: u8) -> Chance {
        let chance = self.chances.get(usize::from(released));
        chance
            .or(self.chances.last())
            .copied()
            .unwrap_or(Chance::CERTAIN)
    }
}

/// Draws the quota of each group and its reserve replicates, as the rules say.
///
/// Everybody carries a permanent random number; order of the frame, machine and language do not matter. Groups without
/// quota are left alone. `docs/draws.md` gives the whole method.
///
/// # Errors
/// [`DrawRefused`] when a group is smaller than its quota, or the rules cannot be carried out.
pub fn draw(frame: &Frame, rules: &SampleRules, seed: u64) -> Result<SampleDraw, DrawRefused> {
    let mut strata = drawn_strata(frame, rules)?;
    number_people(frame, &mut strata, rules.reserve_replicates, seed);
    let mut found = SampleDraw {
        seed,
        strata: Vec::new(),
        drawn: Vec::new(),
    };
    for mut stratum in strata.into_iter().filter(|stratum| stratum.is_in_quota) {
        let picked = stratum.draw(frame, seed, rules.reserve_replicates)?;
        let mut drawn = vec![0; usize::from(rules.reserve_replicates) + 1];
        for one in &picked {
            drawn[usize::from(one.replicate)] += 1;
        }
        found.drawn.extend(
            picked
                .into_iter()
                .map(|picked| person(frame, &stratum, picked)),
        );
        found.strata.push(DrawnStratum {
            group: stratum.group,
            stratum: stratum.id.clone(),
            population: stratum.population,
            allotted: stratum.allotted,
            drawn,
        });
    }
    Ok(found)
}

fn person(frame: &Frame, stratum: &Stratum<'_>, picked: Picked) -> Drawn {
    let place = picked.person as usize;
    Drawn {
        pseudonym: frame.pseudonym(place).to_owned(),
        group: stratum.group,
        stratum: stratum.id.clone(),
        community: frame.community(place).to_owned(),
        replicate: picked.replicate,
        chances: picked.chances,
    }
}

/// The strata of the frame with what each is allotted.
fn drawn_strata<'f>(
    frame: &'f Frame,
    rules: &SampleRules,
) -> Result<Vec<Stratum<'f>>, DrawRefused> {
    let mut populations = vec![0_u32; frame.strata.len()];
    for stratum in &frame.stratum_of {
        populations[*stratum as usize] += 1;
    }
    let mut strata: Vec<_> = frame
        .strata
        .iter()
        .zip(populations)
        .map(|((group, id), population)| Stratum {
            group: *group,
            id,
            population,
            allotted: 0,
            is_in_quota: rules.quota.contains_key(group),
            method: rules.design(*group).method,
            people: Vec::new(),
        })
        .collect();
    let mut by_group = BTreeMap::<RaterGroup, Vec<&mut Stratum<'f>>>::new();
    for stratum in &mut strata {
        by_group.entry(stratum.group).or_default().push(stratum);
    }
    for (group, need) in &rules.quota {
        let strata = by_group.remove(group).unwrap_or_default();
        allot(*group, strata, *need, &rules.design(*group))?;
    }
    Ok(strata)
}

fn allot(
    group: RaterGroup,
    strata: Vec<&mut Stratum<'_>>,
    need: u32,
    design: &GroupDesign,
) -> Result<(), DrawRefused> {
    let have = strata.iter().map(|it| u64::from(it.population)).sum();
    if have < u64::from(need) {
        let need = u64::from(need);
        return Err(DrawRefused::PoolTooSmall { group, have, need });
    }
    let mut planned = Vec::with_capacity(strata.len());
    for stratum in &strata {
        let spread = design.spread.get(stratum.id);
        if design.allocation.needs_spread() && spread.is_none() {
            let stratum = stratum.id.clone();
            return Err(DrawRefused::SpreadMissing { group, stratum });
        }
        planned.push(PlannedStratum {
            population: f64::from(stratum.population),
            sd: spread.map_or(1.0, |spread| spread.sd.as_f64()),
            mean: spread.map_or(1.0, |spread| spread.mean.as_f64()),
        });
    }
    let limits = Limits {
        minimum: design.minimum,
        maximum: design.maximum,
    };
    let given = allocate_whole(&planned, design.allocation, need, limits)
        .map_err(|refused| DrawRefused::Allocation { group, refused })?;
    for (stratum, given) in strata.into_iter().zip(given) {
        stratum.allotted = given;
    }
    Ok(())
}

/// Gives the people of the strata drawn from their permanent random numbers, in the order of the frame.
///
/// Of a stratum that keeps only its smallest numbers, numbers are kept up to a bound below which enough are expected; all are
/// kept when there were too few.
fn number_people(frame: &Frame, strata: &mut [Stratum<'_>], reserves: u8, seed: u64) {
    let wanted: Vec<u64> = strata.iter().map(|it| it.wanted(reserves)).collect();
    let bounds: Vec<u64> = strata.iter().map(|it| it.bound(reserves)).collect();
    keep_numbers(frame, strata, &bounds, seed);
    let short = |(stratum, wanted): (&Stratum<'_>, &u64)| (stratum.people.len() as u64) < *wanted;
    let missing: Vec<bool> = strata.iter().zip(&wanted).map(short).collect();
    if missing.contains(&true) {
        let bounds: Vec<u64> = missing
            .iter()
            .map(|short| u64::MAX * u64::from(*short))
            .collect();
        for (stratum, _) in strata.iter_mut().zip(&missing).filter(|(_, short)| **short) {
            stratum.people.clear();
        }
        keep_numbers(frame, strata, &bounds, seed);
    }
}

/// Keeps everybody whose number is at most the bound of the stratum; nobody where the bound is 0.
fn keep_numbers(frame: &Frame, strata: &mut [Stratum<'_>], bounds: &[u64], seed: u64) {
    let numbers = Numbers::of_people(seed);
    for (person, stratum) in (0_u32..).zip(&frame.stratum_of) {
        let stratum = *stratum as usize;
        if bounds[stratum] == 0 {
            continue;
        }
        let number = numbers.of(frame.pseudonym(person as usize));
        if number <= bounds[stratum] {
            strata[stratum].people.push((number, person));
        }
    }
}

#[cfg(test)]
mod tests;
