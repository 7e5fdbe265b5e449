//! Ratings by paired communities and villages.

use crate::subject::{
    Part, Subject, integer, references, small_integer, table, text, text_null, unique,
};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0008_pairing_ratings",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        Part::Table(
            table(
                "pairing_rating",
                &["id"],
                [
                    text("id"),
                    text("round_id"),
                    text("unit_id"),
                    text("body_id"),
                    text("account_id"),
                    small_integer("level"),
                    integer("matters_raised"),
                    integer("matters_solved"),
                    text_null("text"),
                ],
            )
            .foreign_key(&mut references(
                ("pairing_rating", "round_id"),
                ("round", "id"),
            ))
            .take(),
        ),
        unique("pairing_rating", &["round_id", "unit_id", "account_id"]),
    ]
}
