//! Whether an interviewer read the questions aloud and ticked for the person.

use crate::subject::{Part, Subject};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0020_assisted_ballots",
    parts,
};

fn parts() -> Vec<Part> {
    let column = "ALTER TABLE ballot ADD COLUMN assisted BOOLEAN NOT NULL DEFAULT FALSE";
    vec![Part::Sql {
        sqlite: column,
        postgres: column,
    }]
}
