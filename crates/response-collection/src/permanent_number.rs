//! Permanent random numbers: what the published seed makes of a name.

use sha2::{Digest, Sha256, block_api::compress256};

/// What a number is for; the same name never gives the same number for two purposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Who of a stratum or community is drawn; the name is the pseudonym.
    Person,
    /// Where a systematic draw starts; the name is the stratum.
    Start,
    /// Which reserve replicate comes first; the name is the stratum.
    Rotation,
    /// Which reported matters are called back; the name is the number of the matter.
    Callback,
}

impl Purpose {
    const fn byte(self) -> u8 {
        match self {
            Self::Person => b'P',
            Self::Start => b'S',
            Self::Rotation => b'R',
            Self::Callback => b'C',
        }
    }
}

/// The first eight bytes, big-endian, of SHA-256(seed ‖ purpose ‖ name): the seed as eight big-endian bytes, the purpose as
/// `P`, `S`, `R` or `C`, the name in UTF-8.
///
/// Source: E. Ohlsson, "Coordination of samples using permanent random numbers", in Business Survey Methods (1995), ch. 9.
#[must_use]
pub fn permanent_number(seed: u64, purpose: Purpose, name: &str) -> u64 {
    Numbers::new(seed, purpose).of(name)
}

/// [`permanent_number`]s of many names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numbers {
    /// Seed and purpose, and zeros.
    block: [u8; BLOCK],
}

/// Bytes that SHA-256 takes at once; a message of up to 55 is one block with its padding.
const BLOCK: usize = 64;
const START: usize = 9;
const MOST_IN_ONE_BLOCK: usize = BLOCK - 9 - START;

/// The initial hash value of SHA-256: FIPS 180-4 (2015), 5.3.3.
const INITIAL: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

impl Numbers {
    pub(crate) fn of_people(seed: u64) -> Self {
        Self::new(seed, Purpose::Person)
    }

    fn new(seed: u64, purpose: Purpose) -> Self {
        let mut block = [0; BLOCK];
        block[..8].copy_from_slice(&seed.to_be_bytes());
        block[8] = purpose.byte();
        Self { block }
    }

    /// A pseudonym fits into one block and is hashed without the buffer of the general hasher.
    pub(crate) fn of(&self, name: &str) -> u64 {
        if name.len() > MOST_IN_ONE_BLOCK {
            return self.of_long(name);
        }
        let mut block = self.block;
        let end = START + name.len();
        block[START..end].copy_from_slice(name.as_bytes());
        block[end] = 0x80;
        block[BLOCK - 8..].copy_from_slice(&(end as u64 * 8).to_be_bytes());
        let mut state = INITIAL;
        compress256(&mut state, &[block]);
        u64::from(state[0]) << 32 | u64::from(state[1])
    }

    fn of_long(&self, name: &str) -> u64 {
        let digest = Sha256::new_with_prefix(&self.block[..START])
            .chain_update(name)
            .finalize();
        let (parts, _) = digest.as_chunks::<8>();
        u64::from_be_bytes(parts[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_the_published_hash() {
        // Computed apart: printf '\0\0\0\0\0\0\0\7Pp1' | sha256sum
        assert_eq!(
            permanent_number(7, Purpose::Person, "p1"),
            0xa2a3_cc50_8e1b_9830
        );
        assert_ne!(
            permanent_number(7, Purpose::Person, "p1"),
            permanent_number(7, Purpose::Start, "p1")
        );
    }

    #[test]
    fn one_block_and_the_general_hasher_agree_at_every_length() {
        let numbers = Numbers::new(u64::MAX - 3, Purpose::Rotation);
        for length in 0..150 {
            let name = "云x"
                .repeat(length)
                .chars()
                .take(length)
                .collect::<String>();

            assert_eq!(numbers.of(&name), numbers.of_long(&name), "{length}");
        }
    }
}
