//! Systems that send rows by themselves: their keys, what they were answered, and where they are told.

use crate::subject::{
    Part, Subject, date_null, references, table, text, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null, unique,
};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0024_sources",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        Part::Table(table(
            "source",
            &["id"],
            [
                text("id"),
                text("label"),
                text("kind"),
                text("level_codes"),
                text("key_sha256"),
                text_null("callback_url"),
                text_null("callback_secret"),
                text("made_by"),
                timestamp_with_time_zone("made_at"),
                text_null("ended_by"),
                timestamp_with_time_zone_null("ended_at"),
                date_null("last_used_on"),
            ],
        )),
        unique("source", &["key_sha256"]),
        Part::Table(
            table(
                "source_request",
                &["source_id", "idempotency_key"],
                [
                    text("source_id"),
                    text("idempotency_key"),
                    text("body_sha256"),
                    text("answer"),
                    timestamp_with_time_zone("asked_at"),
                ],
            )
            .foreign_key(&mut references(
                ("source_request", "source_id"),
                ("source", "id"),
            ))
            .take(),
        ),
    ]
}
