//! The callback sample: which reported matters were in the frame, their numbers, which were drawn, and the calls made.

use crate::subject::{
    Part, Subject, boolean, index, integer, references, table, text, text_null,
    timestamp_with_time_zone_null,
};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0034_callbacks",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        Part::Table(
            table(
                "callback",
                &["matter_id"],
                [
                    text("matter_id"),
                    text("round_id"),
                    text("unit_id"),
                    text("seed"),
                    text("number"),
                    boolean("drawn"),
                    integer("called"),
                    integer("satisfied"),
                    text_null("note"),
                    text_null("called_by"),
                    timestamp_with_time_zone_null("called_at"),
                    integer("version"),
                ],
            )
            .foreign_key(&mut references(("callback", "matter_id"), ("matter", "id")))
            .take(),
        ),
        index("callback", &["round_id"]),
    ]
}
