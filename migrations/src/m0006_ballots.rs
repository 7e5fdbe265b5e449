//! Opened ballots and their answers: random keys, no clock time, no order.

use crate::subject::{
    Part, Subject, big_integer, index, references, small_integer, table, text, text_null,
};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0006_ballots",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        Part::Anonymous(
            table(
                "ballot",
                &["id"],
                [
                    text("id"),
                    text("round_id"),
                    text("kind"),
                    text("rater_group"),
                    text("stratum"),
                    big_integer("weight_micro"),
                    text("verdict"),
                    text_null("void_reason"),
                ],
            )
            .foreign_key(&mut references(("ballot", "round_id"), ("round", "id")))
            .take(),
        ),
        index("ballot", &["round_id", "verdict"]),
        Part::Anonymous(
            table(
                "answer",
                &["ballot_id", "unit_id", "item"],
                [
                    text("ballot_id"),
                    text("unit_id"),
                    text("item"),
                    small_integer("level"),
                    text("reasons"),
                ],
            )
            .foreign_key(&mut references(("answer", "ballot_id"), ("ballot", "id")))
            .take(),
        ),
    ]
}
