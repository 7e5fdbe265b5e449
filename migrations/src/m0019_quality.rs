//! Signs on opened ballots, the decisions to exclude ballots for them, and what the office may see while answers come in.
//!
//! How fast people answered is counted by round, when their ballots are opened: beside a submission or a draft it would
//! tell which of the opened ballots is theirs. A draft says which question it has reached; what puts a draft aside says nothing.

use crate::subject::{
    Part, Subject, big_integer, index, integer, references, small_integer, sql, table, text,
    text_null, timestamp_with_time_zone, timestamp_with_time_zone_null,
};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0019_quality",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        Part::Anonymous(
            table(
                "ballot_sign",
                &["ballot_id", "sign"],
                [text("ballot_id"), text("sign"), text("round_id")],
            )
            .foreign_key(&mut references(
                ("ballot_sign", "ballot_id"),
                ("ballot", "id"),
            ))
            .take(),
        ),
        index("ballot_sign", &["round_id"]),
        Part::Table(
            table(
                "exclusion",
                &["id"],
                [
                    text("id"),
                    text("round_id"),
                    text("signs"),
                    text("reason"),
                    integer("ballots"),
                    text("proposed_by"),
                    timestamp_with_time_zone("proposed_at"),
                    text("state"),
                    text_null("decided_by"),
                    timestamp_with_time_zone_null("decided_at"),
                ],
            )
            .foreign_key(&mut references(("exclusion", "round_id"), ("round", "id")))
            .take(),
        ),
        index("exclusion", &["round_id"]),
        Part::Table(
            table(
                "pace_count",
                &["round_id", "pace"],
                [
                    text("round_id"),
                    small_integer("pace"),
                    big_integer("ballots"),
                ],
            )
            .foreign_key(&mut references(("pace_count", "round_id"), ("round", "id")))
            .take(),
        ),
        sql("ALTER TABLE draft ADD COLUMN reached smallint"),
    ]
}
