//! Drafts, submission ids, batches of sealed ballots, and receipts: random keys, no clock time, no order.

use crate::subject::{
    Part, Subject, blob, index, references, sql, table, text, text_null, timestamp_with_time_zone,
    unique,
};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0005_submissions",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        Part::Anonymous(table(
            "draft",
            &["id_hash"],
            [text("id_hash"), text("round_id"), blob("sealed")],
        )),
        Part::Anonymous(table(
            "submission",
            &["submission_hmac"],
            [text("submission_hmac"), text("round_id"), text("digest")],
        )),
        Part::Table(
            table(
                "mix_batch",
                &["id"],
                [
                    text("id"),
                    text("round_id"),
                    text_null("open_id"),
                    timestamp_with_time_zone("opened_at"),
                ],
            )
            .foreign_key(&mut references(("mix_batch", "round_id"), ("round", "id")))
            .take(),
        ),
        unique("mix_batch", &["open_id"]),
        sql(
            "CREATE UNIQUE INDEX mix_batch_one_open ON mix_batch (round_id) WHERE open_id IS NOT NULL",
        ),
        // A batch is closed by taking its `open_id` away: the database refuses that while a sealed ballot is left in
        // it, and refuses every sealed ballot after it.
        Part::Anonymous(
            table(
                "sealed_ballot",
                &["id"],
                [text("id"), text("round_id"), text("batch"), blob("blob")],
            )
            .foreign_key(&mut references(
                ("sealed_ballot", "batch"),
                ("mix_batch", "open_id"),
            ))
            .take(),
        ),
        index("sealed_ballot", &["round_id", "batch"]),
        Part::Anonymous(table(
            "receipt",
            &["receipt_hash"],
            [
                text("receipt_hash"),
                text("round_id"),
                text("ballot_digest"),
                text("leaf"),
            ],
        )),
        index("receipt", &["round_id", "leaf"]),
    ]
}
