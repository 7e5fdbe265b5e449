//! The public log of receipts: a Merkle tree to which leaves are only ever added (RFC 6962).
//!
//! The tree is kept as the list of its stored hashes; each piece of work says first which of them it needs, so that
//! whoever holds them reads a handful and not the whole log.

use crate::receipt::Digest;
use std::{cell::RefCell, collections::BTreeMap};
use tlog_tiles::{
    Error, Hash, HashReader, check_record, check_tree, prove_record, prove_tree, stored_hash_count,
    stored_hash_index, stored_hashes_for_record_hash, tree_hash,
};

/// Hashes of the tree by their place in the list of stored hashes.
pub type StoredHashes = BTreeMap<u64, Digest>;

/// Work on a log of a certain size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogWork {
    /// The root of the first `size` leaves.
    Root {
        /// Number of leaves.
        size: u64,
    },
    /// The way from leaf number `index` to the root of the first `size` leaves.
    Inclusion {
        /// Place of the leaf, 0 for the first.
        index: u64,
        /// Number of leaves.
        size: u64,
    },
    /// That the first `from` leaves are the beginning of the first `to` leaves.
    Consistency {
        /// The smaller number of leaves, at least 1.
        from: u64,
        /// The larger number of leaves.
        to: u64,
    },
}

/// Reads what it has and notes what it was asked for.
struct Reader<'h> {
    hashes: &'h StoredHashes,
    asked: RefCell<Vec<u64>>,
}

impl HashReader for Reader<'_> {
    fn read_hashes(&self, places: &[u64]) -> Result<Vec<Hash>, Error> {
        self.asked.borrow_mut().extend(places);
        let found = places
            .iter()
            .map(|place| self.hashes.get(place).map(|hash| Hash(*hash)));
        found.collect::<Option<_>>().ok_or(Error::MalformedHash)
    }
}

impl LogWork {
    /// The places of the stored hashes this needs.
    #[must_use]
    pub fn needs(self) -> Vec<u64> {
        let nothing = StoredHashes::new();
        let reader = Reader {
            hashes: &nothing,
            asked: RefCell::default(),
        };
        // Fails for want of hashes; what it asked for is the answer.
        drop(self.run(&reader));
        reader.asked.into_inner()
    }

    /// The root alone, or the hashes of the proof from the leaf upwards; `None` when a hash is missing or the numbers
    /// contradict each other.
    #[must_use]
    pub fn done(self, hashes: &StoredHashes) -> Option<Vec<Digest>> {
        let reader = Reader {
            hashes,
            asked: RefCell::default(),
        };
        let proof = self.run(&reader).ok()?;
        Some(proof.into_iter().map(|hash| hash.0).collect())
    }

    fn run(self, reader: &Reader<'_>) -> Result<Vec<Hash>, Error> {
        match self {
            Self::Root { size } => tree_hash(size, reader).map(|root| vec![root]),
            Self::Inclusion { index, size } => prove_record(size, index, reader),
            Self::Consistency { from, to } => prove_tree(to, from, reader),
        }
    }
}

/// The place of the hash of leaf number `index`.
#[must_use]
pub fn leaf_place(index: u64) -> u64 {
    stored_hash_index(0, index)
}

/// The stored hashes that adding these leaves to a log of `size` leaves adds, in order of place.
///
/// `known` must hold the stored hashes that [`LogWork::Root`] of that size needs; `None` when it does not.
#[must_use]
pub fn appended(size: u64, leaves: &[Digest], known: &StoredHashes) -> Option<StoredHashes> {
    let mut all = known.clone();
    let mut new = StoredHashes::new();
    for (index, leaf) in (size..).zip(leaves) {
        let reader = Reader {
            hashes: &all,
            asked: RefCell::default(),
        };
        let stored = stored_hashes_for_record_hash(index, Hash(*leaf), &reader).ok()?;
        let placed = (stored_hash_count(index)..).zip(stored.into_iter().map(|hash| hash.0));
        for (place, hash) in placed {
            new.insert(place, hash);
            all.insert(place, hash);
        }
    }
    Some(new)
}

/// Whether the proof leads from leaf number `index` to this root of `size` leaves.
///
/// Source: RFC 6962 (2013), section 2.1.1.
#[must_use]
pub fn includes(proof: &[Digest], size: u64, root: &Digest, index: u64, leaf: &Digest) -> bool {
    check_record(&hashes(proof), size, Hash(*root), index, Hash(*leaf)).is_ok()
}

/// Whether the proof shows that the log of root `older` is the beginning of the log of root `newer`.
///
/// Source: RFC 6962 (2013), section 2.1.2.
#[must_use]
pub fn continues(proof: &[Digest], older: (u64, &Digest), newer: (u64, &Digest)) -> bool {
    check_tree(
        &hashes(proof),
        newer.0,
        Hash(*newer.1),
        older.0,
        Hash(*older.1),
    )
    .is_ok()
}

fn hashes(proof: &[Digest]) -> Vec<Hash> {
    proof.iter().map(|hash| Hash(*hash)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use sha2::{Digest as _, Sha256};

    fn leaf(number: u64) -> Digest {
        tlog_tiles::record_hash(&number.to_be_bytes()).0
    }

    fn leaves(range: std::ops::Range<u64>) -> Vec<Digest> {
        range.map(leaf).collect()
    }

    /// The tree hash written down from the definition, MTH of RFC 6962 section 2.1.
    fn root_by_definition(leaves: &[Digest]) -> Digest {
        match leaves {
            [] => Sha256::digest([]).into(),
            [one] => *one,
            _ => {
                let split = leaves.len().next_power_of_two() / 2;
                let (left, right) = leaves.split_at(split);
                let (left, right) = (root_by_definition(left), root_by_definition(right));
                Sha256::digest([&[1], left.as_slice(), &right].concat()).into()
            }
        }
    }

    fn log(size: u64) -> StoredHashes {
        appended(0, &leaves(0..size), &StoredHashes::new()).unwrap()
    }

    fn root(size: u64, hashes: &StoredHashes) -> Digest {
        LogWork::Root { size }.done(hashes).unwrap()[0]
    }

    #[test]
    fn adding_needs_only_the_hashes_of_the_root() {
        let whole = log(50);
        let needed = LogWork::Root { size: 21 }.needs();
        let known = needed.iter().map(|place| (*place, whole[place])).collect();

        let new = appended(21, &leaves(21..50), &known).unwrap();

        assert!(new.iter().all(|(place, hash)| whole[place] == *hash));
        assert_eq!(new.len() + log(21).len(), whole.len());
        assert!(appended(21, &leaves(21..50), &StoredHashes::new()).is_none());
    }

    proptest! {
        #[test]
        fn roots_and_proofs_hold_for_every_size(size in 1_u64..80, earlier in 1_u64..80, at in 0_u64..80) {
            let (size, earlier) = (size.max(earlier), size.min(earlier));
            let index = at % size;
            let hashes = log(size);
            let top = root(size, &hashes);
            let inclusion = LogWork::Inclusion { index, size };
            let only = |work: LogWork| work.needs().into_iter().map(|p| (p, hashes[&p])).collect::<StoredHashes>();
            let proof = inclusion.done(&only(inclusion)).unwrap();
            let growth = LogWork::Consistency { from: earlier, to: size };
            let grown = growth.done(&only(growth)).unwrap();

            prop_assert_eq!(top, root_by_definition(&leaves(0..size)));
            prop_assert!(includes(&proof, size, &top, index, &leaf(index)));
            prop_assert!(!includes(&proof, size, &top, index, &leaf(1_000)));
            prop_assert!(continues(&grown, (earlier, &root(earlier, &hashes)), (size, &top)));
            let forked = root_by_definition(&leaves(1..earlier + 1));
            prop_assert!(!continues(&grown, (earlier, &forked), (size, &top)));
        }
    }
}
