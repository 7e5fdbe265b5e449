//! What an import replaced, so that old values are kept and a batch can be undone; which batch brought what.
//!
//! An opinion of somebody who answered here names no file: who holds a receipt came with no batch.

use crate::subject::{Part, Subject, index, references, sql, table, text};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0022_import_history",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        Part::Table(
            table(
                "superseded_row",
                &["batch_id", "of_table", "row_key"],
                [
                    text("batch_id"),
                    text("of_table"),
                    text("row_key"),
                    text("replaced_batch_id"),
                    text("content"),
                ],
            )
            .foreign_key(&mut references(
                ("superseded_row", "batch_id"),
                ("import_batch", "id"),
            ))
            .take(),
        ),
        index("superseded_row", &["replaced_batch_id"]),
        sql("ALTER TABLE hall_volume ADD COLUMN batch_id text NOT NULL DEFAULT ''"),
        sql("ALTER TABLE pairing_rating ADD COLUMN batch_id text"),
        sql("ALTER TABLE opinion ADD COLUMN import_batch_id text \
             CHECK (import_batch_id IS NULL OR receipt_hash IS NULL)"),
        index("hall_rating", &["batch_id"]),
        index("hotline_order", &["batch_id"]),
        index("survey_rating", &["batch_id"]),
        index("opinion", &["import_batch_id"]),
        sql("DROP INDEX import_batch_round_id_channel_file_sha256"),
        sql(
            "CREATE UNIQUE INDEX import_batch_file ON import_batch (round_id, channel, file_sha256) \
             WHERE state NOT IN ('undone', 'undo')",
        ),
    ]
}
