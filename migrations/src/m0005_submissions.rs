//! Drafts, submission ids, sealed ballots and receipts: random keys, no clock time, no order.

use crate::subject::{Part, Subject, blob, index, table, text};

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
        Part::Anonymous(table(
            "sealed_ballot",
            &["id"],
            [text("id"), text("round_id"), text("batch"), blob("blob")],
        )),
        index("sealed_ballot", &["round_id", "batch"]),
        Part::Anonymous(table(
            "receipt",
            &["receipt_hash"],
            [text("receipt_hash"), text("round_id")],
        )),
    ]
}
