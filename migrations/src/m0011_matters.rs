//! Feedback letters, matters with their events, and registered problems.

use crate::subject::{
    Part, Subject, boolean, date, date_null, index, integer, references, table, text, text_null,
    timestamp_with_time_zone, timestamp_with_time_zone_null, unique,
};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0011_matters",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        letters(),
        unique("letter", &["round_id", "unit_id"]),
        matters(),
        index("matter", &["round_id", "unit_id"]),
        index("matter", &["unit_id", "state_code"]),
        events(),
        problems(),
        index("problem", &["matter_id"]),
    ]
}

fn letters() -> Part {
    Part::Table(
        table(
            "letter",
            &["id"],
            [
                text("id"),
                text("round_id"),
                text("unit_id"),
                text("body"),
                date("issued_on"),
                date("due_on"),
                text_null("signed_by"),
                timestamp_with_time_zone_null("signed_at"),
            ],
        )
        .foreign_key(&mut references(("letter", "round_id"), ("round", "id")))
        .take(),
    )
}

fn matters() -> Part {
    Part::Table(
        table(
            "matter",
            &["id"],
            [
                text("id"),
                text("round_id"),
                text("unit_id"),
                text("title"),
                text("problem"),
                text("requirement"),
                text("state"),
                text("state_code"),
                date_null("due"),
                boolean("public"),
                integer("version"),
            ],
        )
        .foreign_key(&mut references(("matter", "round_id"), ("round", "id")))
        .take(),
    )
}

fn events() -> Part {
    Part::Table(
        table(
            "matter_event",
            &["matter_id", "seq"],
            [
                text("matter_id"),
                integer("seq"),
                timestamp_with_time_zone("at"),
                text("actor"),
                text("role"),
                text("event"),
            ],
        )
        .foreign_key(&mut references(
            ("matter_event", "matter_id"),
            ("matter", "id"),
        ))
        .take(),
    )
}

fn problems() -> Part {
    Part::Table(
        table(
            "problem",
            &["reg_no"],
            [
                text("reg_no"),
                text("round_id"),
                text("unit_id"),
                text("matter_id"),
                text("state_code"),
                text("state"),
                date("registered_on"),
                date_null("due"),
                integer("re_registrations"),
                integer("version"),
            ],
        )
        .foreign_key(&mut references(("problem", "matter_id"), ("matter", "id")))
        .take(),
    )
}
