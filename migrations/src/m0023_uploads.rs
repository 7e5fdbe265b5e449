//! Files an office has sent up: checked by a program, taken by a second person. The file itself lies sealed beside the database.

use crate::subject::{
    Part, Subject, big_integer, index, references, table, text, text_null,
    timestamp_with_time_zone, timestamp_with_time_zone_null,
};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0023_uploads",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        Part::Table(
            table(
                "upload",
                &["id"],
                [
                    text("id"),
                    text("round_id"),
                    text("kind"),
                    text("mapping"),
                    text("file_name"),
                    text("file_sha256"),
                    big_integer("bytes"),
                    text("state"),
                    text_null("report"),
                    text_null("batch_id"),
                    text("uploaded_by"),
                    timestamp_with_time_zone("uploaded_at"),
                    text_null("decided_by"),
                    timestamp_with_time_zone_null("decided_at"),
                ],
            )
            .foreign_key(&mut references(("upload", "round_id"), ("round", "id")))
            .foreign_key(&mut references(
                ("upload", "batch_id"),
                ("import_batch", "id"),
            ))
            .take(),
        ),
        index("upload", &["round_id"]),
    ]
}
