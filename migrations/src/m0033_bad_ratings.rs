//! Bad ratings of the hall, one row for each unit and rating, and what happened to each.

use crate::subject::{
    Part, Subject, date_null, index, integer, references, table, text, text_null,
    timestamp_with_time_zone, unique,
};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0033_bad_ratings",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        Part::Table(
            table(
                "bad_rating",
                &["id"],
                [
                    text("id"),
                    text("round_id"),
                    text("row_key"),
                    text("unit_id"),
                    text("state_code"),
                    text("state"),
                    date_null("due"),
                    text_null("withdrawn"),
                    text_null("reviewer"),
                    text_null("decision"),
                    text_null("reg_no"),
                    integer("version"),
                ],
            )
            .foreign_key(&mut references(("bad_rating", "round_id"), ("round", "id")))
            .take(),
        ),
        unique("bad_rating", &["round_id", "row_key", "unit_id"]),
        index("bad_rating", &["unit_id", "due"]),
        index("bad_rating", &["due"]),
        Part::Table(
            table(
                "bad_rating_event",
                &["bad_rating_id", "seq"],
                [
                    text("bad_rating_id"),
                    integer("seq"),
                    timestamp_with_time_zone("at"),
                    text("actor"),
                    text("role"),
                    text("step"),
                    text("said"),
                ],
            )
            .foreign_key(&mut references(
                ("bad_rating_event", "bad_rating_id"),
                ("bad_rating", "id"),
            ))
            .take(),
        ),
    ]
}
