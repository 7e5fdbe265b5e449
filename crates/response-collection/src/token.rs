//! The token of an invitation: the only key to a questionnaire, in the mail and nowhere else.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHARS: usize = 26;
const GROUP: usize = 4;

/// 128 random bits that open one questionnaire once.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 16]);

impl fmt::Debug for Token {
    /// Never shows the secret, so that no log can.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

/// Why a typed code is not a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeProblem {
    /// Too few or too many characters.
    WrongLength {
        /// Characters typed, separators aside.
        have: usize,
        /// Characters of a code.
        need: usize,
    },
    /// A character no code contains.
    WrongCharacter {
        /// Position, 1 for the first, separators aside.
        position: usize,
    },
}

impl CodeProblem {
    /// The stable code of the problem.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::WrongLength { .. } => "RC-201",
            Self::WrongCharacter { .. } => "RC-202",
        }
    }
}

impl fmt::Display for CodeProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongLength { have, need } => {
                write!(f, "这个码应有 {need} 个字符，现在是 {have} 个")
            }
            Self::WrongCharacter { position } => {
                write!(f, "第 {position} 个字符不对，请对照邀请信重新输入")
            }
        }
    }
}

impl std::error::Error for CodeProblem {}

impl Token {
    /// A new token.
    pub fn generate(rng: &mut impl rand::Rng) -> Self {
        let mut bytes = [0; 16];
        rng.fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// The secret, for [`crate::assigned_units`].
    #[must_use]
    pub const fn secret(&self) -> &[u8; 16] {
        &self.0
    }

    /// The 26 characters in groups of four with hyphens between, for a mail or a slip of paper.
    ///
    /// Source: D. Crockford, "Base 32", <https://www.crockford.com/base32.html>; no check symbol.
    #[must_use]
    pub fn text(&self) -> String {
        crockford(self.0)
    }

    /// Reads a token as people type it: spaces, hyphens, lower case, full-width characters, O for 0, I and L for 1.
    ///
    /// # Errors
    /// [`CodeProblem`] when it is not 26 characters of a token.
    pub fn parse(typed: &str) -> Result<Self, CodeProblem> {
        read_crockford(typed).map(Self)
    }
}

/// What is stored instead of a token: HMAC-SHA-256 under the round's key, in hex.
///
/// Destroying the key makes the stored hashes useless for ever.
#[must_use]
pub fn hash(round_key: &[u8], token: &Token) -> String {
    keyed_hash(round_key, "huiyin token\0", &token.0)
}

/// 128 bits as 26 characters in groups of four with hyphens between.
pub(crate) fn crockford(bits: [u8; 16]) -> String {
    let number = u128::from_be_bytes(bits);
    let mut text = String::new();
    for place in (0..CHARS).rev() {
        let five_bits = usize::try_from((number >> (5 * place)) & 31);
        let symbol = CROCKFORD[five_bits.expect("five bits fit any usize")];
        let before = CHARS - 1 - place;
        if before > 0 && before.is_multiple_of(GROUP) {
            text.push('-');
        }
        text.push(char::from(symbol));
    }
    text
}

/// Reads what [`crockford`] wrote, as people type it.
pub(crate) fn read_crockford(typed: &str) -> Result<[u8; 16], CodeProblem> {
    let symbols: Vec<char> = symbols(typed).map(unconfused).collect();
    let mut number = 0_u128;
    for (index, symbol) in symbols.iter().enumerate() {
        let digit = CROCKFORD.iter().position(|c| char::from(*c) == *symbol);
        // 26 characters hold 130 bits: the first must stay below 8.
        let digit =
            digit
                .filter(|value| index > 0 || *value < 8)
                .ok_or(CodeProblem::WrongCharacter {
                    position: index + 1,
                })?;
        number = number << 5 | digit as u128;
    }
    expect_length(&symbols, CHARS)?;
    Ok(number.to_be_bytes())
}

pub(crate) fn keyed_hash(key: &[u8], purpose: &str, secret: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    hex::encode(
        mac.chain_update(purpose)
            .chain_update(secret)
            .finalize()
            .into_bytes(),
    )
}

/// The typed characters in upper case and half width, without spaces, hyphens and dashes.
pub(crate) fn symbols(typed: &str) -> impl Iterator<Item = char> {
    typed
        .chars()
        .filter(|c| !c.is_whitespace() && !"-_－–—―‐‑−".contains(*c))
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => {
                char::from_u32(u32::from(c) - 0xfee0).expect("the full-width block mirrors ASCII")
            }
            other => other,
        })
        .map(|c| c.to_ascii_uppercase())
}

const fn expect_length(symbols: &[char], need: usize) -> Result<(), CodeProblem> {
    match symbols.len() {
        have if have == need => Ok(()),
        have => Err(CodeProblem::WrongLength { have, need }),
    }
}

const fn unconfused(symbol: char) -> char {
    match symbol {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand_chacha::ChaCha20Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn the_text_is_crockfords() {
        assert_eq!(Token([0; 16]).text(), "0000-0000-0000-0000-0000-0000-00");
        assert_eq!(Token([255; 16]).text(), "7ZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZ");
        // The example of the ULID specification, which uses the same 26 characters.
        let example = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
        assert_eq!(
            Token::parse(example).unwrap().text().replace('-', ""),
            example
        );
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let token = Token::parse("01ARZ3NDEKTSV4RRFFQ69G5FAV").unwrap();
        for typed in [
            "01ar z3nd ekts v4rr ffq6 9g5f av",
            "OIAR-Z3ND-EKTS-V4RR-FFQ6-9G5F-AV",
            " olar—z3nd—ekts—v4rr—ffq6—9g5f—av\n",
            "０１ＡＲ　Ｚ３ＮＤ　ＥＫＴＳ　Ｖ４ＲＲ　ＦＦＱ６　９Ｇ５Ｆ　ＡＶ",
        ] {
            assert_eq!(Token::parse(typed).as_ref(), Ok(&token), "{typed}");
        }
    }

    #[test]
    fn a_wrong_code_says_what_is_wrong() {
        let problem = |typed: &str| Token::parse(typed).unwrap_err();

        assert_eq!(problem(""), CodeProblem::WrongLength { have: 0, need: 26 });
        assert_eq!(
            problem("01ARZ3NDEKTSV4RRFFQ69G5FA"),
            CodeProblem::WrongLength { have: 25, need: 26 }
        );
        assert_eq!(problem("01ARZ3NDEKTSV4RRFFQ69G5FAVV").code(), "RC-201");
        assert_eq!(problem("01AU"), CodeProblem::WrongCharacter { position: 4 });
        assert_eq!(
            problem("81ARZ3NDEKTSV4RRFFQ69G5FAV"),
            CodeProblem::WrongCharacter { position: 1 }
        );
    }

    #[test]
    fn the_hash_needs_the_key_and_the_debug_text_shows_nothing() {
        let token = Token::generate(&mut ChaCha20Rng::seed_from_u64(1));

        assert_eq!(hash(b"a", &token).len(), 64);
        assert_ne!(hash(b"a", &token), hash(b"b", &token));
        assert_eq!(format!("{token:?}"), "Token(..)");
    }

    proptest! {
        #[test]
        fn every_token_survives_paper(bytes: [u8; 16]) {
            let token = Token(bytes);
            prop_assert_eq!(Token::parse(&token.text().to_lowercase()), Ok(token));
        }

        #[test]
        fn whatever_is_typed_is_read_or_refused(typed: String) {
            let _ = Token::parse(&typed);
        }

        #[test]
        fn one_wrong_character_is_another_token(bytes: [u8; 16], place in 1_usize..26) {
            let mut text: Vec<u8> = Token(bytes).text().replace('-', "").into_bytes();
            text[place] = if text[place] == b'7' { b'9' } else { b'7' };
            let changed = String::from_utf8(text).unwrap();
            prop_assert_ne!(Token::parse(&changed).unwrap(), Token(bytes));
        }
    }
}
