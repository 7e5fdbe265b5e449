//! How many ballots a round or a stratum takes at most, and how many it has taken.

use crate::subject::{Part, Subject, big_integer, references, table, text};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0018_quotas",
    parts,
};

fn parts() -> Vec<Part> {
    vec![Part::Anonymous(
        table(
            "quota",
            &["round_id", "stratum"],
            [
                text("round_id"),
                text("stratum"),
                big_integer("most"),
                big_integer("taken"),
            ],
        )
        .foreign_key(&mut references(("quota", "round_id"), ("round", "id")))
        .take(),
    )]
}
