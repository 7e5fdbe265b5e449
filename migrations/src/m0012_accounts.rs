//! Accounts of officials and their sessions.

use crate::subject::{
    Part, Subject, boolean, index, references, table, text, text_null, timestamp_with_time_zone,
};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0012_accounts",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        Part::Table(table(
            "account",
            &["id"],
            [
                text("id"),
                text("name"),
                text("role"),
                text_null("unit_id"),
                text_null("body_id"),
                text("password_hash"),
                boolean("active"),
            ],
        )),
        Part::Table(
            table(
                "session",
                &["id_hash"],
                [
                    text("id_hash"),
                    text("account_id"),
                    timestamp_with_time_zone("expires_at"),
                ],
            )
            .foreign_key(&mut references(
                ("session", "account_id"),
                ("account", "id"),
            ))
            .take(),
        ),
        index("session", &["account_id"]),
        index("session", &["expires_at"]),
    ]
}
