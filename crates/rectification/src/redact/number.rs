//! Numbers that lead to a person: mobile and fixed telephones, identity numbers, bank cards.

use super::Mask;
use super::glyph::{Letters, digit, is_han, is_separator};
use crate::dictionary::is_word;

/// Most separators people put between two digits of one number.
const GAP: usize = 3;
const CARD_WORDS: [&str; 9] = [
    "卡", "账号", "帐号", "账户", "帐户", "转到", "退到", "打到", "汇到",
];
const IDENTITY_WORDS: [&str; 5] = ["身份", "证件", "证号", "ID", "SFZ"];
const CALL_WORDS: [&str; 8] = [
    "电话", "手机", "座机", "联系", "号码", "致电", "拨打", "TEL",
];

/// "幺五五后面四个零7897".
const BEHIND: [char; 2] = ['后', '面'];

/// What numbers of papers follow.
const NO_CALL: [&str; 5] = ["代码", "编号", "单号", "发票", "文号"];

/// Digits that stand together, separators aside.
struct Run {
    places: Vec<usize>,
    digits: Vec<u8>,
    /// Digits of one stretch (no separator, no change between Arabic and Chinese) have the same number.
    groups: Vec<usize>,
}

impl Run {
    /// A number can begin where a stretch begins.
    fn begins(&self, at: usize) -> bool {
        at == 0 || self.groups[at - 1] != self.groups[at]
    }

    /// A number can end where a stretch ends; `next` is the first digit after it.
    fn ends(&self, next: usize) -> bool {
        next == self.digits.len()
            || (next < self.digits.len() && self.groups[next - 1] != self.groups[next])
    }

    fn span(&self, at: usize, length: usize) -> Option<&[u8]> {
        self.digits.get(at..at + length)
    }
}

/// What a number is and how many characters of the run, and of the text behind it, belong to it.
struct Found {
    mark: &'static str,
    digits: usize,
    tail: usize,
}

impl Found {
    const fn of(mark: &'static str, digits: usize) -> Self {
        Self {
            mark,
            digits,
            tail: 0,
        }
    }
}

pub(super) fn find(letters: &Letters) -> Vec<Mask> {
    let mut masks = Vec::new();
    for run in runs(letters) {
        let mut at = 0;
        while at < run.digits.len() {
            match number_at(letters, &run, at) {
                Some(found) => {
                    let last = at + found.digits - 1;
                    let end = run.places[last] + 1 + found.tail;
                    masks.push(Mask::new(run.places[at], end, found.mark));
                    at = last + 1;
                }
                None => at += 1,
            }
        }
    }
    masks
}

fn runs(letters: &Letters) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut place = 0;
    while place < letters.plain.len() {
        let (times, length) = several_zeros(letters, place).unwrap_or((1, 1));
        let value = match length {
            1 => digit_at(letters, place),
            _ => Some(0),
        };
        if let Some(value) = value {
            take(
                letters,
                &mut runs,
                (place, place + length - 1),
                value,
                times,
            );
        }
        place += length;
    }
    runs
}

/// A digit from its first to its last character, so many times.
fn take(
    letters: &Letters,
    runs: &mut Vec<Run>,
    (first, last): (usize, usize),
    value: u8,
    times: usize,
) {
    let goes_on = runs
        .last()
        .is_some_and(|run| continues(letters, run, first));
    if !goes_on {
        runs.push(Run {
            places: Vec::new(),
            digits: Vec::new(),
            groups: Vec::new(),
        });
    }
    let Some(run) = runs.last_mut() else { return };
    let before = run.places.last().copied();
    let same = before.is_some_and(|before| {
        let [one, other] = [before, first].map(|place| letters.plain[place].is_ascii_digit());
        first == before + 1 && (one == other || times > 1) && !begins_a_word(letters, first)
    });
    let group = run
        .groups
        .last()
        .map_or(0, |group| group + usize::from(!same));
    for time in 0..times {
        run.places.push(if time == 0 { first } else { last });
        run.digits.push(value);
        run.groups.push(group);
    }
}

/// "幺五七……一直关机": a numeral behind the number that begins a word.
fn begins_a_word(letters: &Letters, place: usize) -> bool {
    let word = letters.plain.get(place..place + 2);
    word.is_some_and(|word| is_han(word[1]) && digit(word[1]).is_none() && is_word(word))
}

/// "四个零": how many zeros, in how many characters.
fn several_zeros(letters: &Letters, place: usize) -> Option<(usize, usize)> {
    let times = digit(letters.at(place)?).filter(|times| (2..=8).contains(times))?;
    let zero =
        letters.at(place + 1) == Some('个') && letters.at(place + 2).and_then(digit) == Some(0);
    zero.then_some((usize::from(times), 3))
}

/// A digit, or a letter that is written for one right beside a digit: "152OOOO4686".
fn digit_at(letters: &Letters, place: usize) -> Option<u8> {
    let c = letters.at(place)?;
    let like = |c: char| match c {
        'O' | 'О' => Some(0),
        'I' | 'L' => Some(1),
        _ => None,
    };
    let beside = |c: &&char| digit(**c).is_some() || like(**c).is_some() || is_separator(**c);
    digit(c).or_else(|| {
        let value = like(c)?;
        let before = letters.plain[..place].iter().rev().take_while(beside);
        let behind = letters.plain[place + 1..].iter().take_while(beside);
        let near: Vec<&char> = before.chain(behind).collect();
        let digits = near.iter().filter(|c| digit(***c).is_some()).count();
        (near.len() >= 10 && digits >= 2).then_some(value)
    })
}

fn continues(letters: &Letters, run: &Run, place: usize) -> bool {
    let before = run.places[run.places.len() - 1];
    let between = &letters.plain[before + 1..place];
    let group = |from: usize| {
        let rest = letters.plain.get(from..).unwrap_or_default();
        rest.iter().take_while(|c| c.is_ascii_digit()).count()
    };
    let is_amount = between == [',']
        && group(place) == 3
        && (letters.at(place + 3) != Some(',') || matches!(group(place + 4), 0 | 3));
    between == BEHIND
        || between.len() <= GAP
            && between.iter().all(|c| is_separator(*c) || is_filler(*c))
            && !is_amount
}

fn number_at(letters: &Letters, run: &Run, at: usize) -> Option<Found> {
    if !run.begins(at) {
        return None;
    }
    identity(letters, run, at)
        .or_else(|| card(letters, run, at))
        .or_else(|| mobile(run, at))
        .or_else(|| landline(letters, run, at))
        .filter(|found| !is_list(letters, run, at, found.digits))
}

/// What people who do not want to be masked put between digits: signs that end no sentence, and cries.
fn is_filler(c: char) -> bool {
    let ends = "！？!?；;:：￥¥$%<>《》“”\"'";
    !c.is_alphanumeric() && !ends.contains(c) || "嗯啊哈呀哦呃杠丶".contains(c)
}

/// Between commas one number is told digit by digit or in large groups; "1、3、10、11号楼" are several.
fn is_list(letters: &Letters, run: &Run, at: usize, digits: usize) -> bool {
    let inside = &letters.plain[run.places[at]..run.places[at + digits - 1]];
    let has_comma = inside.iter().any(|c| matches!(c, ',' | '、'));
    let groups = run.groups[at..at + digits].chunk_by(|a, b| a == b);
    let sizes: Vec<usize> = groups.map(<[usize]>::len).collect();
    let short = sizes.iter().filter(|size| **size < 3).count();
    has_comma && 2 * short > sizes.len() && sizes.iter().any(|size| *size > 1)
}

/// 18 characters with a possible date of birth, the last perhaps X; 15 digits only where the text says so.
///
/// Source: GB 11643-1999; the check digit is not asked for, a mistyped number still points at a person.
fn identity(letters: &Letters, run: &Run, at: usize) -> Option<Found> {
    let named = letters.follows(run.places[at], &IDENTITY_WORDS);
    if let Some(first) = run.span(at, 17)
        && (named || (matches!(first[0], 1..=8) && is_birth_date(&first[6..14])))
    {
        if run.ends(at + 18) && run.span(at, 18).is_some() {
            return Some(Found::of("【证件号】", 18));
        }
        if let Some(tail) = run
            .ends(at + 17)
            .then(|| cross_behind(letters, run, at + 16))
            .flatten()
        {
            let mark = "【证件号】";
            return Some(Found {
                mark,
                digits: 17,
                tail,
            });
        }
    }
    let old = run.span(at, 15).filter(|_| run.ends(at + 15));
    old.filter(|digits| named || is_old_identity(digits))
        .map(|_| Found::of("【证件号】", 15))
}

/// Fifteen digits that begin with a province and have a possible date of birth in the last century.
fn is_old_identity(digits: &[u8]) -> bool {
    let province = digits[0] * 10 + digits[1];
    let (month, day) = (digits[8] * 10 + digits[9], digits[10] * 10 + digits[11]);
    matches!(province, 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
}

fn cross_behind(letters: &Letters, run: &Run, last: usize) -> Option<usize> {
    let from = run.places[last] + 1;
    (0..=GAP)
        .take_while(|skip| *skip == 0 || letters.at(from + skip - 1).is_some_and(is_separator))
        .find(|skip| letters.at(from + skip).is_some_and(|c| "X×Х叉".contains(c)))
        .map(|skip| skip + 1)
}

/// "建办(2019)295号".
fn names_a_paper(letters: &Letters, run: &Run, at: usize) -> bool {
    [7, 8].iter().any(|length| {
        run.span(at, *length).is_some() && letters.at(run.places[at + length - 1] + 1) == Some('号')
    })
}

/// "2024-02-13", "2023/3/2".
fn is_date(run: &Run, at: usize) -> bool {
    let is_year = run
        .span(at, 4)
        .is_some_and(|year| matches!(year[..2], [1, 9] | [2, 0]));
    let ends_soon = run.ends(at + 5) || run.ends(at + 6);
    is_year && run.groups[at] == run.groups[at + 3] && run.ends(at + 4) && ends_soon
}

fn is_birth_date(digits: &[u8]) -> bool {
    let number = |part: &[u8]| part.iter().fold(0_u32, |sum, d| sum * 10 + u32::from(*d));
    (1900..2100).contains(&number(&digits[..4]))
        && (1..=12).contains(&number(&digits[4..6]))
        && (1..=31).contains(&number(&digits[6..]))
}

/// 16 to 19 digits: UnionPay numbers (62) always, others when the check digit fits or the text speaks of a card.
///
/// Source: ISO/IEC 7812-1, Luhn check digit.
fn card(letters: &Letters, run: &Run, at: usize) -> Option<Found> {
    let length = (16..=19)
        .rev()
        .find(|length| run.span(at, *length).is_some() && run.ends(at + length))?;
    let digits = run.span(at, length)?;
    let issued = matches!(digits[0], 3..=6 | 9) && is_luhn(digits);
    let of_paper = letters.follows(run.places[at], &NO_CALL);
    let certain = digits.starts_with(&[6, 2]) || letters.follows(run.places[at], &CARD_WORDS);
    (certain || issued && !of_paper).then(|| Found::of("【银行卡号】", length))
}

fn is_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .zip([1, 2].into_iter().cycle())
        .map(|(digit, factor)| u32::from(*digit) * factor)
        .map(|product| product / 10 + product % 10)
        .sum();
    sum.is_multiple_of(10)
}

/// One mobile number, perhaps behind 86, 0086 or 0; or several written without anything between.
fn mobile(run: &Run, at: usize) -> Option<Found> {
    [&[][..], &[8, 6], &[0, 0, 8, 6], &[0]]
        .into_iter()
        .filter(|prefix| run.digits[at..].starts_with(prefix))
        .find_map(|prefix| {
            let from = at + prefix.len();
            (1..=4)
                .take_while(|count| is_mobile(run.span(from + 11 * (count - 1), 11)))
                .find(|count| run.ends(from + 11 * count))
                .map(|count| Found::of("【电话】", prefix.len() + 11 * count))
        })
}

fn is_mobile(digits: Option<&[u8]>) -> bool {
    matches!(digits, Some([1, 3..=9, ..]))
}

/// Area code and 7 or 8 digits; without area code only where the text speaks of a telephone.
fn landline(letters: &Letters, run: &Run, at: usize) -> Option<Found> {
    let called = letters.follows(run.places[at], &CALL_WORDS);
    if !called && letters.follows(run.places[at], &NO_CALL) {
        return None;
    }
    if is_date(run, at) {
        return None;
    }
    let country = match run.digits[at..] {
        [8, 6, 1..=9, ..] if run.places[at] > 0 && letters.plain[run.places[at] - 1] == '+' => 2,
        _ => 0,
    };
    let area = match run.digits[at + country..] {
        [1, 0, ..] | [2, _, ..] if country > 0 => 2,
        [3..=9, _, _, ..] if country > 0 => 3,
        [0, 1, 0, ..] | [0, 2, _, ..] => 3,
        [0, 3..=9, _, _, ..] => 4,
        _ if called && !names_a_paper(letters, run, at) => 0,
        _ => return None,
    };
    let subscriber = |length: usize| {
        let digits = run.span(at + country + area, length);
        matches!(digits, Some([2..=8, ..])) && run.ends(at + country + area + length)
    };
    [8, 7]
        .into_iter()
        .find(|length| subscriber(*length))
        .map(|length| Found::of("【电话】", country + area + length))
}
