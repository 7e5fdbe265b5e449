//! The draw 抽样: who of the sample library is invited, reproducible from a published seed.

use crate::allocate;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use vocabulary::{RaterGroup, StratumId, Weight};

/// Everybody who could be drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// One row per person, in any order.
    pub members: Vec<FrameMember>,
}

/// One person who could be drawn; nothing here says who it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FrameMember {
    /// Pseudonym, unique in the frame.
    pub pseudonym: String,
    /// Rater layer.
    pub group: RaterGroup,
    /// Stratum inside the layer.
    pub stratum: StratumId,
}

/// Who was drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleDraw {
    /// The published seed.
    pub seed: u64,
    /// One row per drawn person, sorted by group, stratum and pseudonym.
    pub drawn: Vec<Drawn>,
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
    /// People in the stratum.
    pub population: u64,
    /// People drawn from it.
    pub sample: u64,
}

impl Drawn {
    /// The design weight: people represented, population ∕ sample, to the nearest millionth, a half upwards.
    #[must_use]
    pub fn base_weight(&self) -> Weight {
        let scale = Weight::SCALE.unsigned_abs();
        let sample = u128::from(self.sample.max(1));
        let steps = (u128::from(self.population) * u128::from(scale) * 2 + sample) / (sample * 2);
        Weight::from_steps(i64::try_from(steps).unwrap_or(i64::MAX))
    }

    /// The chance, 0-1, the person had of being drawn.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "strata have far fewer people than 2^52"
    )]
    pub fn inclusion_probability(&self) -> f64 {
        self.sample as f64 / self.population.max(1) as f64
    }
}

/// Why nothing was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrawRefused {
    /// A group has fewer people than its quota.
    PoolTooSmall {
        /// The group.
        group: RaterGroup,
        /// People in the frame.
        have: u64,
        /// People the quota asks for.
        need: u64,
    },
    /// A pseudonym stands in the frame more than once.
    MembersTwice {
        /// How many rows repeat an earlier pseudonym.
        rows: u64,
    },
}

impl DrawRefused {
    /// The stable code of the refusal.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::PoolTooSmall { .. } => "RC-301",
            Self::MembersTwice { .. } => "RC-302",
        }
    }
}

impl fmt::Display for DrawRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PoolTooSmall { group, have, need } => write!(
                f,
                "样本库中“{}”只有 {have} 人，不够抽取 {need} 人；请补充样本库或减少配额",
                group.label()
            ),
            Self::MembersTwice { rows } => {
                write!(f, "样本库中有 {rows} 行与前面的人员重复；请先去重再抽样")
            }
        }
    }
}

impl std::error::Error for DrawRefused {}

/// Draws the quota of each group: a simple random sample without replacement inside each stratum.
///
/// Everybody carries a permanent random number, SHA-256(seed ‖ stratum ‖ 0 ‖ pseudonym) with the seed as eight
/// big-endian bytes; the smallest numbers of the stratum are drawn. Order of the frame, machine and number of threads do
/// not matter. A group over several strata is split by [`allocate`]. Groups without quota are left alone.
///
/// Source: E. Ohlsson, "Coordination of samples using permanent random numbers", in Business Survey Methods (1995), ch. 9.
///
/// # Errors
/// [`DrawRefused`] when a group is smaller than its quota, or somebody stands in the frame twice.
pub fn draw(
    frame: &Frame,
    quota: &BTreeMap<RaterGroup, u32>,
    seed: u64,
) -> Result<SampleDraw, DrawRefused> {
    refuse_repeats(frame)?;
    let mut drawn = Vec::new();
    for (group, need) in quota {
        drawn.extend(draw_group(frame, *group, u64::from(*need), seed)?);
    }
    drawn.sort_by(|a, b| {
        (a.group, &a.stratum, &a.pseudonym).cmp(&(b.group, &b.stratum, &b.pseudonym))
    });
    Ok(SampleDraw { seed, drawn })
}

fn refuse_repeats(frame: &Frame) -> Result<(), DrawRefused> {
    let distinct: BTreeSet<_> = frame.members.iter().map(|m| &m.pseudonym).collect();
    match frame.members.len() - distinct.len() {
        0 => Ok(()),
        rows => Err(DrawRefused::MembersTwice { rows: rows as u64 }),
    }
}

fn draw_group(
    frame: &Frame,
    group: RaterGroup,
    need: u64,
    seed: u64,
) -> Result<Vec<Drawn>, DrawRefused> {
    let strata = strata_of(frame, group);
    let sizes: Vec<u64> = strata.values().map(|people| people.len() as u64).collect();
    let have = sizes.iter().sum();
    if have < need {
        return Err(DrawRefused::PoolTooSmall { group, have, need });
    }
    Ok(strata
        .into_iter()
        .zip(allocate(&sizes, need))
        .flat_map(|((stratum, people), sample)| draw_stratum(group, stratum, people, sample, seed))
        .collect())
}

pub(crate) fn strata_of(frame: &Frame, group: RaterGroup) -> BTreeMap<&StratumId, Vec<&str>> {
    let mut strata = BTreeMap::<_, Vec<_>>::new();
    for member in frame.members.iter().filter(|m| m.group == group) {
        strata
            .entry(&member.stratum)
            .or_default()
            .push(member.pseudonym.as_str());
    }
    strata
}

fn draw_stratum(
    group: RaterGroup,
    stratum: &StratumId,
    people: Vec<&str>,
    sample: u64,
    seed: u64,
) -> Vec<Drawn> {
    let population = people.len() as u64;
    let mut numbered: Vec<_> = people
        .into_iter()
        .map(|pseudonym| (permanent_number(seed, stratum, pseudonym), pseudonym))
        .collect();
    numbered.sort_unstable();
    numbered
        .into_iter()
        .zip(0..sample)
        .map(|((_, pseudonym), _)| Drawn {
            pseudonym: pseudonym.to_owned(),
            group,
            stratum: stratum.clone(),
            population,
            sample,
        })
        .collect()
}

fn permanent_number(seed: u64, stratum: &StratumId, pseudonym: &str) -> [u8; 32] {
    Sha256::new()
        .chain_update(seed.to_be_bytes())
        .chain_update(stratum.as_str())
        .chain_update([0])
        .chain_update(pseudonym)
        .finalize()
        .into()
}

#[cfg(test)]
mod tests;
