//! What names in files mean, as the office has said: for which days, by whom, and until somebody ended it.
//!
//! A file that is read with names or headers told since brings more rows, in a batch of its own.

use crate::subject::{
    Part, Subject, date_null, index, sql, table, text, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null,
};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0025_unit_spellings",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        Part::Table(
            table(
                "unit_spelling",
                &["id"],
                [
                    text("id"),
                    text("spelling"),
                    text_null("unit_id"),
                    text("reason"),
                    date_null("valid_from"),
                    date_null("valid_to"),
                    text("added_by"),
                    timestamp_with_time_zone("added_at"),
                    text_null("ended_by"),
                    timestamp_with_time_zone_null("ended_at"),
                ],
            )
            .take(),
        ),
        index("unit_spelling", &["spelling"]),
        sql("DROP INDEX import_batch_file"),
        index("import_batch", &["round_id", "channel", "file_sha256"]),
    ]
}
