//! The road to publication: what the units were given to check, and what was corrected afterwards.

use crate::subject::{
    Part, Subject, date, integer, integer_null, references, sql, table, text, text_null,
    timestamp_with_time_zone, timestamp_with_time_zone_null,
};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0037_publication_road",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        Part::Table(
            table(
                "unit_check",
                &["round_id"],
                [
                    text("round_id"),
                    integer("run_version"),
                    text("input_digest"),
                    timestamp_with_time_zone("opened_at"),
                    date("until"),
                ],
            )
            .foreign_key(&mut references(("unit_check", "round_id"), ("round", "id")))
            .take(),
        ),
        Part::Table(
            table(
                "correction",
                &["id"],
                [
                    text("id"),
                    text("round_id"),
                    text("cause"),
                    text("unit_id"),
                    text("order_key"),
                    text("reason"),
                    text("state"),
                    text("asked_by"),
                    text("asked_role"),
                    timestamp_with_time_zone("asked_at"),
                    text_null("decided_by"),
                    timestamp_with_time_zone_null("decided_at"),
                    integer("run_before"),
                    integer_null("bulletin_version"),
                ],
            )
            .foreign_key(&mut references(("correction", "round_id"), ("round", "id")))
            .take(),
        ),
        sql("CREATE INDEX correction_of_round ON correction (round_id, asked_at)"),
    ]
}
