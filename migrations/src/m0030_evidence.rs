//! What belongs to the work on a matter: files that show what was done, sealed beside the database, and words not sent yet.

use crate::subject::{
    Part, Subject, big_integer, references, sql, table, text, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null,
};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0030_evidence",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        Part::Table(
            table(
                "evidence",
                &["id"],
                [
                    text("id"),
                    text("matter_id"),
                    text("name"),
                    text("kind"),
                    big_integer("bytes"),
                    text("sha256"),
                    text("added_by"),
                    text("added_role"),
                    timestamp_with_time_zone("added_at"),
                    text_null("withdrawn_by"),
                    timestamp_with_time_zone_null("withdrawn_at"),
                ],
            )
            .foreign_key(&mut references(("evidence", "matter_id"), ("matter", "id")))
            .take(),
        ),
        Part::Table(
            table(
                "matter_draft",
                &["matter_id", "account_id", "act"],
                [
                    text("matter_id"),
                    text("account_id"),
                    text("act"),
                    text("fields"),
                    timestamp_with_time_zone("saved_at"),
                ],
            )
            .foreign_key(&mut references(
                ("matter_draft", "matter_id"),
                ("matter", "id"),
            ))
            .take(),
        ),
        sql(
            "CREATE UNIQUE INDEX evidence_of_matter ON evidence (matter_id, sha256) \
             WHERE withdrawn_at IS NULL",
        ),
    ]
}
