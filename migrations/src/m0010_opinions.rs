//! Opinions, redacted: random keys and no clock time at all.

use crate::subject::{
    Part, Subject, index, integer, references, small_integer_null, table, text, text_null,
};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0010_opinions",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        Part::Anonymous(
            table(
                "opinion",
                &["id"],
                [
                    text("id"),
                    text("round_id"),
                    text("channel"),
                    text_null("unit_id"),
                    text("kind"),
                    text("text_redacted"),
                    text("reasons"),
                    integer("masked"),
                    text("state"),
                    text_null("matter_id"),
                    text_null("receipt_hash"),
                    small_integer_null("level"),
                ],
            )
            .foreign_key(&mut references(("opinion", "round_id"), ("round", "id")))
            .take(),
        ),
        index("opinion", &["round_id", "unit_id"]),
        index("opinion", &["receipt_hash"]),
        index("opinion", &["matter_id"]),
    ]
}
