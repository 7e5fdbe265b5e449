//! PW-101 length, PW-102 length, PW-103 kinds, PW-104 common.

use super::*;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

fn codes(password: &str, rule: PasswordRule, factor: SecondFactor) -> Vec<&'static str> {
    password_problems(password, &["fangxiaotang", "方晓棠"], rule, factor)
        .into_iter()
        .map(PasswordProblem::code)
        .collect()
}

fn gb(password: &str) -> Vec<&'static str> {
    codes(password, PasswordRule::Gb, SecondFactor::None)
}

fn asvs(password: &str) -> Vec<&'static str> {
    codes(password, PasswordRule::Asvs, SecondFactor::None)
}

#[test]
fn each_rule_book_asks_for_its_own_length_and_kinds() {
    assert_eq!(gb("vT8kuzgm4qBx"), [] as [&str; 0]);
    assert_eq!(gb("vT8kuzgm4qB"), ["PW-101"]);
    assert_eq!(gb("vtckuzgmfqbx"), ["PW-103"]);
    assert_eq!(gb("竹篮打水三月雨Ab7k9"), [] as [&str; 0]);
    assert_eq!(asvs("vtckuzgmfqbx"), ["PW-101"]);
    assert_eq!(asvs("vtckuzgmfqbxjwp"), [] as [&str; 0]);
    assert_eq!(
        codes("vtckuzgmfqbx", PasswordRule::Asvs, SecondFactor::InUse),
        [] as [&str; 0]
    );
    assert_eq!(asvs(&"竹篮打水".repeat(33)), ["PW-102"]);
}

#[test]
fn what_everybody_tries_first_is_refused_however_it_is_dressed_up() {
    let dressed = [
        "Password@2026",
        "P@ssw0rd123456",
        "Admin@123456789",
        "Yunxi@20260930",
        "Huiyin#2026#Yunxi",
        "Qwertyuiop123!",
        "Woaini5201314!",
        "Zhengfu@12345678",
        "Manyidu2026!!!",
        "Fangxiaotang@2026",
        "方晓棠Ab@123456",
        "AAAAaaaa1111!!!!",
        "Abcdefgh12345!",
        "Zhangwei@19870605",
    ];
    for password in dressed {
        assert!(gb(password).contains(&"PW-104"), "{password}");
    }
    assert!(asvs(crate::DEMO_PASSWORD).contains(&"PW-104"));
}

/// A word as people write it: as it is, with a capital, with signs for letters.
fn written(word: &str) -> [String; 3] {
    let capital = word.char_indices().map(|(at, sign)| {
        if at == 0 {
            sign.to_ascii_uppercase()
        } else {
            sign
        }
    });
    let masked = word.replace('a', "@").replace('o', "0").replace('e', "3");
    [word.to_owned(), capital.collect(), masked]
}

#[test]
fn every_listed_word_with_a_usual_ending_is_refused() {
    let endings = [
        "@2026", "123456", "!@#", "2025!", "@123", "888888", "20260101", "abc123",
    ];
    let mut tried = 0;
    for word in WORDS.iter() {
        for form in written(word) {
            for ending in endings {
                let password = format!("{form}{ending}");
                assert!(is_common(&password, &[]), "{password}");
                tried += 1;
            }
        }
    }
    assert!(tried >= 10_000, "{tried}");
}

#[test]
fn first_passwords_and_other_random_ones_are_hardly_ever_taken_for_common() {
    let mut rng = ChaCha20Rng::seed_from_u64(2);
    let common = (0..2_000)
        .filter(|_| is_common(&first_password(&mut rng), &[]))
        .count();

    assert_eq!(common, 0);
}

#[test]
fn a_password_grows_old_on_the_ninetieth_day_where_the_rule_says_so() {
    let since: DateTime<Utc> = "2026-06-01T00:00:00Z".parse().unwrap();
    let just_before = since + TimeDelta::days(90) - TimeDelta::microseconds(1);

    assert!(!PasswordRule::Gb.is_old(since, just_before));
    assert!(PasswordRule::Gb.is_old(since, since + TimeDelta::days(90)));
    assert!(!PasswordRule::Asvs.is_old(since, since + TimeDelta::days(9_000)));
}
