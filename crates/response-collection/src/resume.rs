//! The code 续答码 that brings back a questionnaire put aside.

use crate::token::{CodeProblem, symbols};
use std::fmt;

/// No O, 0, I or 1: nothing that can be misread.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const CHARS: usize = 8;
const GROUP: usize = 4;

/// Eight characters (40 random bits) with which a citizen goes on with a saved questionnaire.
#[derive(Clone, PartialEq, Eq)]
pub struct ResumeCode([u8; CHARS]);

impl fmt::Debug for ResumeCode {
    /// Never shows the code, so that no log can.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResumeCode(..)")
    }
}

impl ResumeCode {
    /// A new code.
    pub fn generate(rng: &mut impl rand::Rng) -> Self {
        let mut bytes = [0; CHARS];
        rng.fill_bytes(&mut bytes);
        // 32 letters divide 256, so every letter is equally likely.
        Self(bytes.map(|byte| ALPHABET[usize::from(byte % 32)]))
    }

    /// The code in two groups of four with a hyphen between.
    #[must_use]
    pub fn text(&self) -> String {
        let text = String::from_utf8_lossy(&self.0);
        let (first, second) = text.split_at(GROUP);
        format!("{first}-{second}")
    }

    /// Reads a code as people type it: spaces, hyphens, lower case and full-width characters are taken.
    ///
    /// # Errors
    /// [`CodeProblem`] when it is not eight letters of a code.
    pub fn parse(typed: &str) -> Result<Self, CodeProblem> {
        let symbols: Vec<char> = symbols(typed).collect();
        let wrong = |c: &char| !ALPHABET.iter().any(|letter| char::from(*letter) == *c);
        if let Some(index) = symbols.iter().position(wrong) {
            let position = index + 1;
            return Err(CodeProblem::WrongCharacter { position });
        }
        if symbols.len() != CHARS {
            let (have, need) = (symbols.len(), CHARS);
            return Err(CodeProblem::WrongLength { have, need });
        }
        let mut code = [0; CHARS];
        for (place, symbol) in code.iter_mut().zip(symbols) {
            *place = u8::try_from(symbol).expect("the alphabet is ASCII");
        }
        Ok(Self(code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand_chacha::ChaCha20Rng;
    use rand_chacha::rand_core::SeedableRng;
    use std::collections::BTreeSet;

    #[test]
    fn a_code_has_two_groups_of_letters_that_cannot_be_misread() {
        let mut rng = ChaCha20Rng::seed_from_u64(3);
        let mut seen = BTreeSet::new();

        for _ in 0..2000 {
            let text = ResumeCode::generate(&mut rng).text();
            assert_eq!(text.len(), 9);
            assert_eq!(text.as_bytes()[4], b'-');
            assert!(!text.contains(['O', '0', 'I', '1']), "{text}");
            seen.extend(text.chars());
        }

        assert_eq!(seen.len(), 33, "32 letters and the hyphen");
    }

    #[test]
    fn letters_outside_the_alphabet_and_wrong_lengths_are_refused() {
        let problem = |typed: &str| ResumeCode::parse(typed).unwrap_err();

        assert_eq!(
            problem("ABCD-EFG0"),
            CodeProblem::WrongCharacter { position: 8 }
        );
        assert_eq!(
            problem("ABCD EFG"),
            CodeProblem::WrongLength { have: 7, need: 8 }
        );
        assert_eq!(problem("ABCD EFGH 2").code(), "RC-201");
        assert_eq!(problem("ABCD EFG查").code(), "RC-202");
    }

    proptest! {
        #[test]
        fn every_code_survives_paper(seed: u64) {
            let code = ResumeCode::generate(&mut ChaCha20Rng::seed_from_u64(seed));
            let typed = code.text().to_lowercase().replace('-', " ");
            prop_assert_eq!(ResumeCode::parse(&typed), Ok(code));
        }
    }
}
