//! What the sample looked like, including those who said nothing about a unit.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use vocabulary::{RaterGroup, StratumId};

/// One stratum of the sample.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StratumDesign {
    /// The stratum.
    pub stratum: StratumId,
    /// The layer the stratum lies in.
    pub group: RaterGroup,
    /// Responding PSUs of the stratum in the whole sample, those without a row about a unit included.
    pub psus: u64,
    /// People in the frame of the stratum, for the record: variances are with replacement and do not use it.
    pub population: Option<u64>,
}

/// PSUs of the whole sample by stratum.
#[derive(Debug)]
pub(crate) struct DesignIndex<'a>(BTreeMap<(RaterGroup, &'a StratumId), u64>);

impl<'a> DesignIndex<'a> {
    /// Indexes the design; PSUs of a stratum listed twice add up.
    pub(crate) fn new(design: &'a [StratumDesign]) -> Self {
        let mut index = BTreeMap::new();
        for part in design {
            *index.entry((part.group, &part.stratum)).or_insert(0) += part.psus;
        }
        Self(index)
    }

    /// PSUs of a stratum: never fewer than were seen with rows, and those alone where the design is silent.
    pub(crate) fn psus(&self, group: RaterGroup, stratum: &StratumId, seen: u64) -> u64 {
        self.0
            .get(&(group, stratum))
            .map_or(seen, |psus| seen.max(*psus))
    }
}
