//! Reads the state pictures of the README, so that no picture shows a step the code does not have.

use std::collections::BTreeSet;

type Edges = BTreeSet<(String, String, String)>;

/// The edges of the README's picture that begins with `%% name`, without the two dots.
pub fn drawn(name: &str) -> Edges {
    let readme = include_str!("../README.md");
    let picture = readme
        .split("```")
        .find(|block| block.starts_with("mermaid") && block.contains(&format!("%% {name}\n")))
        .unwrap_or_else(|| panic!("no picture of {name}"));
    picture.lines().filter_map(edge).collect()
}

fn edge(line: &str) -> Option<(String, String, String)> {
    let (from, rest) = line.split_once("-->")?;
    let (to, step) = rest.split_once(':').unwrap_or((rest, ""));
    let edge = [from, step, to].map(|part| part.trim().to_owned());
    let [from, step, to] = edge;
    (from != "[*]" && to != "[*]").then_some((from, step, to))
}

/// The edges of a transition table.
pub fn written<'a>(table: impl Iterator<Item = (&'a str, &'a str, &'a str)>) -> Edges {
    table
        .map(|(from, step, to)| (from.to_owned(), step.to_owned(), to.to_owned()))
        .collect()
}
