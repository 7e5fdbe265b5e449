//! How the people who wrote rate what was done about it: once for each receipt and matter, and joined to nothing else.

use crate::subject::{Part, Subject, index, integer, references, small_integer, table, text};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0021_follow_up_ratings",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        Part::Anonymous(
            table(
                "follow_up_rating",
                &["once_hash"],
                [
                    text("once_hash"),
                    text("matter_id"),
                    small_integer("level"),
                    text("text_redacted"),
                    integer("masked"),
                ],
            )
            .foreign_key(&mut references(
                ("follow_up_rating", "matter_id"),
                ("matter", "id"),
            ))
            .take(),
        ),
        index("follow_up_rating", &["matter_id"]),
    ]
}
