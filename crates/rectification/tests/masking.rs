//! Masking against comments that programs of their own invent: `tests/masking/{letters,calls,orders,mailbox}.py`.
//!
//! They stand outside the crate and know nothing of it. What must not be read afterwards is marked; everything else must stay.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use rectification::redact;
use std::{collections::BTreeMap, path::Path, process::Command};

/// Comments of each generator, and their seed unless `MASKING_SEED` names another.
const COMMENTS: &str = "4000";
const SEED: &str = "7";
/// Least share of marked places that are masked, and largest share of ordinary comments that are changed: the promise.
const PROMISED: (f64, f64) = (0.995, 0.01);

/// Mistakes shown when there are too many.
const MISTAKES_SHOWN: usize = 60;

/// A stretch of a comment: what kind of secret it is, or none, and its text.
type Piece = (Option<String>, String);

fn comments(generator: &str) -> Option<Vec<Vec<Piece>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/masking");
    let seed = std::env::var("MASKING_SEED").unwrap_or_else(|_| SEED.to_owned());
    let made = Command::new("python3")
        .arg(folder.join(generator))
        .args([COMMENTS, &seed])
        .output();
    let Ok(made) = made else {
        assert!(std::env::var_os("CI").is_none(), "python3 is needed in CI");
        println!("skipped: python3 is not installed");
        return None;
    };
    assert!(made.status.success(), "{generator} ended badly");
    let text = String::from_utf8(made.stdout).unwrap();
    Some(text.lines().map(pieces).collect())
}

fn pieces(line: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    for part in line.split('\u{e002}') {
        let (before, secret) = part.split_once('\u{e000}').unwrap_or((part, ""));
        found.push((None, before.to_owned()));
        if let Some((kind, text)) = secret.split_once('\u{e001}') {
            found.push((Some(kind.to_owned()), text.to_owned()));
        }
    }
    found
}

/// Letters and digits only: a number must not be readable with other signs between either.
fn bare(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A name is leaked as a whole; of a number, three fifths in a row are too many.
fn leaked(kind: &str, secret: &str, redacted: &str) -> bool {
    if kind == "name" {
        return redacted.contains(secret);
    }
    let (secret, left) = (bare(secret), bare(redacted));
    let many = (secret.len() * 3).div_ceil(5);
    secret
        .windows(many)
        .any(|run| left.windows(many).any(|found| found == run))
}

#[derive(Default)]
struct Measured {
    /// Masked and all, by kind of secret.
    by_kind: BTreeMap<String, (u32, u32)>,
    /// Comments without anything personal that were changed, and all of them.
    touched: u32,
    ordinary: u32,
    /// Both kinds of mistakes, to read.
    mistakes: Vec<String>,
}

impl Measured {
    fn take(&mut self, pieces: &[Piece]) {
        let text: String = pieces.iter().map(|piece| piece.1.as_str()).collect();
        let redacted = redact(&text).text;
        let secrets: Vec<_> = pieces
            .iter()
            .filter_map(|(kind, text)| Some((kind.as_deref()?, text)))
            .collect();
        for (kind, secret) in &secrets {
            let count = self.by_kind.entry((*kind).to_owned()).or_default();
            count.1 += 1;
            // What the ordinary part of the comment says as well tells nothing of the secret.
            let said = pieces
                .iter()
                .any(|(kind, text)| kind.is_none() && leaked("", secret, text));
            if !said && leaked(kind, secret, &redacted) {
                self.mistakes.push(format!("{kind} {secret}: {text}"));
            } else {
                count.0 += 1;
            }
        }
        if secrets.is_empty() {
            self.ordinary += 1;
            if redacted != text {
                self.touched += 1;
                self.mistakes.push(format!("ordinary: {redacted}"));
            }
        }
    }
}

fn check(generator: &str, (least, most): (f64, f64)) {
    let Some(comments) = comments(generator) else {
        return;
    };

    let mut measured = Measured::default();
    comments.iter().for_each(|pieces| measured.take(pieces));

    let counts = measured.by_kind.values();
    let (masked, all) = counts.fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    let recall = f64::from(masked) / f64::from(all);
    let touched = f64::from(measured.touched) / f64::from(measured.ordinary);
    println!(
        "{generator}: {} comments, recall {recall:.4} of {all}, false positives {touched:.4} of {}, {:?}",
        comments.len(),
        measured.ordinary,
        measured.by_kind
    );
    measured.mistakes.truncate(MISTAKES_SHOWN);
    assert!(
        recall >= least && touched <= most,
        "{}",
        measured.mistakes.join("\n")
    );
}

#[test]
fn invented_letters_lose_their_people_and_nothing_else() {
    check("letters.py", PROMISED);
}

#[test]
fn invented_notes_of_operators_lose_their_people_and_nothing_else() {
    check("calls.py", PROMISED);
}

#[test]
fn invented_work_orders_lose_their_people_and_nothing_else() {
    check("orders.py", PROMISED);
}

#[test]
fn invented_mail_to_the_mayor_loses_its_people_and_nothing_else() {
    check("mailbox.py", PROMISED);
}
