//! The draw 抽样: who of the sample library is invited, reproducible from a published seed.

use crate::allocate;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt,
    hash::{DefaultHasher, Hasher},
    panic::resume_unwind,
    sync::{Mutex, PoisonError},
    thread,
};
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
    if all_hashes_differ(frame) {
        return Ok(());
    }
    let distinct: BTreeSet<_> = frame.members.iter().map(|m| &m.pseudonym).collect();
    match frame.members.len() - distinct.len() {
        0 => Ok(()),
        rows => Err(DrawRefused::MembersTwice { rows: rows as u64 }),
    }
}

/// True when no two pseudonyms can be equal; much cheaper than comparing them.
fn all_hashes_differ(frame: &Frame) -> bool {
    let mut hashes: Vec<u64> = frame
        .members
        .iter()
        .map(|member| {
            let mut hasher = DefaultHasher::new();
            hasher.write(member.pseudonym.as_bytes());
            hasher.finish()
        })
        .collect();
    hashes.sort_unstable();
    hashes.windows(2).all(|pair| pair[0] != pair[1])
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
    let parts = strata.into_iter().zip(allocate(&sizes, need)).collect();
    let drawn = on_all_processors(parts, |((stratum, people), sample)| {
        draw_stratum(group, stratum, &people, sample, seed)
    });
    Ok(drawn.into_iter().flatten().collect())
}

/// The results of the parts in some order; each part is one stratum.
fn on_all_processors<T: Send, R: Send>(parts: Vec<T>, of: impl Fn(T) -> R + Sync) -> Vec<R> {
    let workers = thread::available_parallelism()
        .map_or(1, usize::from)
        .min(parts.len());
    let queue = Mutex::new(parts.into_iter());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || {
        let mut results = Vec::new();
        while let Some(part) = next() {
            results.push(of(part));
        }
        results
    };
    thread::scope(|scope| {
        let others: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
        let mut results = work();
        for other in others {
            results.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        results
    })
}

pub(crate) fn strata_of(frame: &Frame, group: RaterGroup) -> BTreeMap<&StratumId, Vec<&str>> {
    let mut strata = HashMap::<_, Vec<_>>::new();
    for member in frame.members.iter().filter(|m| m.group == group) {
        strata
            .entry(&member.stratum)
            .or_default()
            .push(member.pseudonym.as_str());
    }
    strata.into_iter().collect()
}

fn draw_stratum(
    group: RaterGroup,
    stratum: &StratumId,
    people: &[&str],
    sample: u64,
    seed: u64,
) -> Vec<Drawn> {
    let population = people.len() as u64;
    let mut numbered = permanent_numbers(seed, stratum, people);
    if let Ok(sample) = usize::try_from(sample)
        && sample < numbered.len()
    {
        numbered.select_nth_unstable(sample);
        numbered.truncate(sample);
    }
    let drawn = numbered.into_iter().map(|(_, pseudonym)| Drawn {
        pseudonym: pseudonym.to_owned(),
        group,
        stratum: stratum.clone(),
        population,
        sample,
    });
    drawn.collect()
}

/// The permanent random numbers of a stratum, most significant part first.
fn permanent_numbers<'a>(
    seed: u64,
    stratum: &StratumId,
    people: &[&'a str],
) -> Vec<([u64; 4], &'a str)> {
    let mut message = [&seed.to_be_bytes(), stratum.as_str().as_bytes(), &[0]].concat();
    let start = message.len();
    let mut number = |pseudonym: &str| {
        message.truncate(start);
        message.extend_from_slice(pseudonym.as_bytes());
        let digest = Sha256::digest(&message);
        let (parts, _) = digest.as_chunks::<8>();
        std::array::from_fn(|part| u64::from_be_bytes(parts[part]))
    };
    people
        .iter()
        .map(|person| (number(person), *person))
        .collect()
}

#[cfg(test)]
mod tests;
