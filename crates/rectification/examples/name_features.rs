//! Prints what speaks for each candidate of a name, for fitting the weights: reads marked comments as `tests/masking` writes
//! them, one a line; prints 1 for a name, 0 for none or ? for what has a part of one, then the features.

use rectification::redact::candidates;
use std::io::{BufRead, stdin};

fn main() {
    for line in stdin().lock().lines().map_while(Result::ok) {
        let (text, names) = unmarked(&line);
        for candidate in candidates(&text) {
            let (start, end) = (candidate.start, candidate.end);
            let label = match () {
                () if names.contains(&(start, end)) => "1",
                () if names.iter().any(|(from, to)| start < *to && *from < end) => "?",
                () => "0",
            };
            let features = candidate.features.map(|value| format!("{value:.3}"));
            println!("{label} {}", features.join(" "));
        }
    }
}

/// The text without marks, and where its names stand.
fn unmarked(line: &str) -> (String, Vec<(usize, usize)>) {
    let (mut text, mut names) = (String::new(), Vec::new());
    for part in line.split('\u{e002}') {
        let (before, secret) = part.split_once('\u{e000}').unwrap_or((part, ""));
        text.push_str(before);
        if let Some((kind, secret)) = secret.split_once('\u{e001}') {
            let start = text.chars().count();
            text.push_str(secret);
            if kind == "name" {
                names.push((start, text.chars().count()));
            }
        }
    }
    (text, names)
}
