//! What a password must be. Pure: no database, no clock of its own.

use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};
use chrono::{DateTime, TimeDelta, Utc};
use rand::Rng;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt, sync::LazyLock};

/// Which of two rule books for passwords an installation follows; they contradict each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordRule {
    /// At least 12 characters of three kinds, changed every 90 days: what graded protection 等级保护 asks to show.
    #[default]
    Gb,
    /// At least 15 characters, or 12 beside a second factor; no kinds asked for, never grows old (OWASP ASVS 5).
    Asvs,
}

impl PasswordRule {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Gb, Self::Asvs];

    /// The stored and posted name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Gb => "gb",
            Self::Asvs => "asvs",
        }
    }

    /// The rule with this name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.code() == code)
    }

    /// The rule in one sentence.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Gb => {
                "至少 12 个字，大写字母、小写字母、数字、其他符号中至少三种，每 90 天换一次"
            }
            Self::Asvs => {
                "至少 15 个字（用动态码的至少 12 个），不限种类，不定期更换，可以用一句话"
            }
        }
    }

    const fn shortest(self, second_factor: SecondFactor) -> usize {
        match (self, second_factor) {
            (Self::Gb, _) | (Self::Asvs, SecondFactor::InUse) => 12,
            (Self::Asvs, SecondFactor::None) => 15,
        }
    }

    const fn kinds(self) -> usize {
        match self {
            Self::Gb => 3,
            Self::Asvs => 0,
        }
    }

    /// Whether a password counted since this instant must be changed now.
    #[must_use]
    pub fn is_old(self, since: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        match self {
            Self::Gb => now - since >= GB_LASTS,
            Self::Asvs => false,
        }
    }
}

const GB_LASTS: TimeDelta = TimeDelta::days(90);
/// Longer ones only keep the machine busy.
const LONGEST: usize = 128;
/// What must be left of a password once common words, years and runs count as one sign each.
const LEAST_LEFT: usize = 8;

/// Whether an account has a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondFactor {
    /// Password only.
    None,
    /// Password and code.
    InUse,
}

/// Why a password may not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordProblem {
    /// Fewer characters than the rule asks for.
    TooShort(usize),
    /// More characters than are taken.
    TooLong(usize),
    /// Fewer kinds of characters than the rule asks for.
    FewKinds(usize),
    /// Little is left without common words, names, years and runs.
    Common,
    /// It is the one in use.
    SameAsBefore,
    /// The two fields differ.
    NotRepeated,
}

impl PasswordProblem {
    /// Stable code of the fact.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooShort(_) => "PW-101",
            Self::TooLong(_) => "PW-102",
            Self::FewKinds(_) => "PW-103",
            Self::Common => "PW-104",
            Self::SameAsBefore => "PW-105",
            Self::NotRepeated => "PW-106",
        }
    }
}

impl fmt::Display for PasswordProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort(least) => write!(f, "太短，至少要 {least} 个字"),
            Self::TooLong(most) => write!(f, "太长，最多 {most} 个字"),
            Self::FewKinds(kinds) => write!(
                f,
                "大写字母、小写字母、数字、其他符号中至少要有 {kinds} 种"
            ),
            Self::Common => f.write_str(
                "太容易猜到：去掉常用词、拼音、账号名、年份和连续的字以后剩得太少，请多加几个不相干的字",
            ),
            Self::SameAsBefore => f.write_str("和现在的密码一样，请换一个"),
            Self::NotRepeated => f.write_str("两次输入的不一样，请重新输入"),
        }
    }
}

/// Everything that is wrong with a new password of somebody with these names; nothing where it may be used.
#[must_use]
pub fn password_problems(
    password: &str,
    names: &[&str],
    rule: PasswordRule,
    second_factor: SecondFactor,
) -> Vec<PasswordProblem> {
    let (length, least) = (password.chars().count(), rule.shortest(second_factor));
    let mut problems = Vec::new();
    if length < least {
        problems.push(PasswordProblem::TooShort(least));
    }
    if length > LONGEST {
        problems.push(PasswordProblem::TooLong(LONGEST));
        return problems;
    }
    if kinds_in(password) < rule.kinds() {
        problems.push(PasswordProblem::FewKinds(rule.kinds()));
    }
    if is_common(password, names) {
        problems.push(PasswordProblem::Common);
    }
    problems
}

fn kinds_in(password: &str) -> usize {
    let kind = |sign: char| match sign {
        'a'..='z' => 0,
        'A'..='Z' => 1,
        _ if sign.is_numeric() => 2,
        _ => 3,
    };
    password.chars().map(kind).collect::<BTreeSet<_>>().len()
}

static WORDS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    include_str!("common_words.txt")
        .split_whitespace()
        .collect()
});
/// Longest word looked for.
const LONGEST_WORD: usize = 24;

/// Whether little is left: each common word counts as two signs, each year and each run as one.
fn is_common(password: &str, names: &[&str]) -> bool {
    let names: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    let plain: Vec<char> = password.to_lowercase().chars().collect();
    let unmasked: Vec<char> = plain.iter().copied().map(unmask).collect();
    let (mut at, mut left) = (0, 0);
    while let (Some(rest @ [_, ..]), Some(letters)) = (plain.get(at..), unmasked.get(at..)) {
        let word = word_at(rest, &names).max(word_at(letters, &names));
        let run = run_at(rest).max(year_at(rest));
        let (length, counts) = match (word, run) {
            (0, 0) => (1, 1),
            (word, run) if word > run => (word, 2),
            (_, run) => (run, 1),
        };
        at += length;
        left += counts;
    }
    left < LEAST_LEFT
}

/// The letter a digit or sign stands for in `p@ssw0rd`.
const fn unmask(sign: char) -> char {
    match sign {
        '0' => 'o',
        '1' | '!' | '|' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

/// Length of the longest common word or own name the signs begin with.
fn word_at(signs: &[char], names: &[String]) -> usize {
    let longest = signs.len().min(LONGEST_WORD);
    let begins_with = |length: &usize| {
        let text: String = signs.iter().take(*length).collect();
        WORDS.contains(text.as_str()) || names.contains(&text)
    };
    (2..=longest).rev().find(begins_with).unwrap_or(0)
}

/// Length of three or more signs that are the same or follow each other up or down, such as `3456` or `cba`.
fn run_at(signs: &[char]) -> usize {
    let run = |step: i64| {
        let follows = |pair: &&[char]| match pair {
            [one, next] => i64::from(u32::from(*next)) - i64::from(u32::from(*one)) == step,
            _ => false,
        };
        signs.windows(2).take_while(follows).count() + 1
    };
    let longest = [0, 1, -1].map(run).into_iter().max().unwrap_or(0);
    if longest >= 3 { longest } else { 0 }
}

/// Four digits of a year of the last or this century, with month and day where they follow.
fn year_at(signs: &[char]) -> usize {
    let digits = signs
        .iter()
        .take_while(|sign| sign.is_ascii_digit())
        .count();
    let is_year = matches!(signs, ['1', '9', ..] | ['2', '0', ..]);
    match digits {
        8.. if is_year => 8,
        4..=7 if is_year => 4,
        _ => 0,
    }
}

/// The Argon2id hash of a password under a fresh salt.
pub(crate) fn hashed(password: &str, rng: &mut impl Rng) -> String {
    let mut salt = [0_u8; 16];
    rng.fill_bytes(&mut salt);
    Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .expect("the default parameters and a salt of 16 bytes are accepted")
        .to_string()
}

/// Whether the password is the one of this hash.
pub(crate) fn fits(hash: &str, password: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
    })
}

/// A password nobody chose, to be changed at the first sign-in.
pub(crate) fn first_password(rng: &mut impl Rng) -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut bytes = [0_u8; 16];
    rng.fill_bytes(&mut bytes);
    bytes
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]))
        .collect()
}

#[cfg(test)]
mod tests;
