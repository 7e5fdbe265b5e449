//! When a feedback letter was opened, what was written beside the signature, and where units want to be reminded.

use crate::subject::{Part, Subject, index, sql, table, text, timestamp_with_time_zone};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0029_letters",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        sql("ALTER TABLE letter ADD COLUMN read_by text"),
        Part::Sql {
            sqlite: "ALTER TABLE letter ADD COLUMN read_at timestamp_with_timezone_text",
            postgres: "ALTER TABLE letter ADD COLUMN read_at timestamp with time zone",
        },
        sql("ALTER TABLE letter ADD COLUMN remark text"),
        index("letter", &["unit_id", "issued_on"]),
        index("letter", &["due_on", "signed_at"]),
        Part::Table(table(
            "unit_mailbox",
            &["unit_id"],
            [
                text("unit_id"),
                text("address"),
                text("changed_by"),
                timestamp_with_time_zone("changed_at"),
            ],
        )),
    ]
}
