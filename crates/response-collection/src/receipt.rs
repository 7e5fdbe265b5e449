//! The receipt 回执 a citizen keeps: it proves that an answer was received, and never what it says.

use crate::token::{CodeProblem, crockford, keyed_hash, read_crockford};
use std::fmt;
use vocabulary::{MatterId, RoundId};

/// 128 random bits that no database holds: the part of a receipt people type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ReceiptCode([u8; 16]);

impl fmt::Debug for ReceiptCode {
    /// Never shows the code, so that no log can.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReceiptCode(..)")
    }
}

impl ReceiptCode {
    /// A code of these random bits.
    #[must_use]
    pub const fn new(bits: [u8; 16]) -> Self {
        Self(bits)
    }

    /// 26 characters in groups of four with hyphens between, written as a [`crate::Token`] is.
    #[must_use]
    pub fn text(&self) -> String {
        crockford(self.0)
    }

    /// Reads a code as people type it; of a whole receipt or its link only the code is read.
    ///
    /// # Errors
    /// [`CodeProblem`] when it is not 26 characters of a code.
    pub fn parse(typed: &str) -> Result<Self, CodeProblem> {
        match Receipt::parse(typed) {
            Some(receipt) => Ok(receipt.code),
            None => read_crockford(typed).map(Self),
        }
    }
}

/// A digest as SHA-256 gives it.
pub type Digest = [u8; 32];

/// What a citizen keeps: the round, the code, and the digest of the sealed ballot, which nobody can open with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The round.
    pub round: RoundId,
    /// The code.
    pub code: ReceiptCode,
    /// SHA-256 of the sealed ballot.
    pub ballot: Digest,
}

impl Receipt {
    /// The whole receipt in one line: round, code and digest with dots between; what the square code holds.
    #[must_use]
    pub fn text(&self) -> String {
        format!(
            "{}.{}.{}",
            self.round,
            self.code.text(),
            hex::encode(self.ballot)
        )
    }

    /// Reads what [`Self::text`] wrote, also out of a link that ends with it after `#`.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        let text = typed
            .rsplit_once('#')
            .map_or(typed.as_str(), |(_, end)| end);
        let mut parts = text.rsplitn(3, '.');
        let ballot = hex::decode(parts.next()?).ok()?.try_into().ok()?;
        let code = ReceiptCode(read_crockford(parts.next()?).ok()?);
        let round = parts.next().filter(|round| !round.is_empty())?;
        Some(Self {
            round: RoundId::new(round),
            code,
            ballot,
        })
    }

    /// The leaf of the public log that stands for this receipt: SHA-256(0x00 ‖ round ‖ code ‖ digest).
    ///
    /// Source: RFC 6962 (2013), section 2.1, the hash of a leaf.
    #[must_use]
    pub fn leaf(&self) -> Digest {
        let data = [self.round.as_str().as_bytes(), &self.code.0, &self.ballot].concat();
        tlog_tiles::record_hash(&data).0
    }
}

/// Under what a submission is found by its code: HMAC-SHA-256 under the given key, in hex.
#[must_use]
pub fn receipt_hash(key: &[u8], code: &ReceiptCode) -> String {
    keyed_hash(key, "huiyin receipt\0", &code.0)
}

/// Most opinions one ballot gives; far above what any questionnaire asks.
pub const MOST_OPINIONS: u16 = 256;

/// Under what the opinion number `index` of a ballot is found by the ballot's code.
///
/// Each opinion has a hash of its own, and none of them is the hash of the submission: without the code nothing joins
/// two opinions of one person, or an opinion and the moment something was sent in.
#[must_use]
pub fn follow_up_hash(key: &[u8], code: &ReceiptCode, index: u16) -> String {
    let secret = [code.0.as_slice(), &index.to_be_bytes()].concat();
    keyed_hash(key, "huiyin follow-up\0", &secret)
}

/// Under what a matter is rated by the code of a ballot with an opinion in it.
///
/// Once for each code and matter, and joined to nothing else: without the code it leads neither to the opinion nor to
/// the submission, nor to what the same person says of another matter.
#[must_use]
pub fn rating_hash(key: &[u8], code: &ReceiptCode, matter: &MatterId) -> String {
    let secret = [code.0.as_slice(), matter.as_str().as_bytes()].concat();
    keyed_hash(key, "huiyin follow-up rating\0", &secret)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Token;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn receipt(bits: [u8; 16]) -> Receipt {
        Receipt {
            round: RoundId::new("2026.Q3"),
            code: ReceiptCode::new(bits),
            ballot: [0xab; 32],
        }
    }

    #[test]
    fn a_leaf_is_the_rfc_6962_hash_of_round_code_and_digest() {
        use sha2::{Digest, Sha256};
        let mut written_out = vec![0];
        written_out.extend(b"2026.Q3");
        written_out.extend([7; 16]);
        written_out.extend([0xab; 32]);

        assert_eq!(
            receipt([7; 16]).leaf(),
            <[u8; 32]>::from(Sha256::digest(&written_out))
        );
    }

    #[test]
    fn no_two_hashes_of_one_code_are_the_same() {
        let code = ReceiptCode::new([9; 16]);
        let hashes: BTreeSet<String> = (0..MOST_OPINIONS)
            .map(|index| follow_up_hash(b"k", &code, index))
            .chain([
                receipt_hash(b"k", &code),
                rating_hash(b"k", &code, &MatterId::new("ZG-1")),
                rating_hash(b"k", &code, &MatterId::new("ZG-2")),
                crate::hash(b"k", &token(ReceiptCode([9; 16]))),
            ])
            .collect();

        assert_eq!(hashes.len(), usize::from(MOST_OPINIONS) + 4);
    }

    /// The token of the same bits.
    fn token(code: ReceiptCode) -> Token {
        Token::parse(&code.text()).unwrap()
    }

    #[test]
    fn what_is_no_receipt_is_refused() {
        for typed in ["", "a.b.c", "..", "#", "2026Q3.01AR.ff", &"查".repeat(26)] {
            assert!(
                Receipt::parse(typed).is_none() && ReceiptCode::parse(typed).is_err(),
                "{typed}"
            );
        }
    }

    proptest! {
        #[test]
        fn every_receipt_survives_paper_and_link(bits: [u8; 16]) {
            let receipt = receipt(bits);
            let link = format!("https://city.invalid/verify#{}", receipt.text());
            let typed = receipt.code.text().to_lowercase().replace('-', " ");

            prop_assert_eq!(Receipt::parse(&link), Some(receipt.clone()));
            prop_assert_eq!(ReceiptCode::parse(&link), Ok(receipt.code));
            prop_assert_eq!(ReceiptCode::parse(&typed), Ok(receipt.code));
        }
    }
}
