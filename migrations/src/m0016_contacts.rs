//! Every attempt to reach a person, and the addresses nobody writes to any more.

use crate::subject::{Part, Subject, boolean, date, index, integer, references, table, text};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0016_contacts",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        Part::Table(
            table(
                "contact",
                &["id"],
                [
                    text("id"),
                    text("round_id"),
                    text("invitation_id"),
                    text("kind"),
                    text("outcome"),
                    date("on_day"),
                ],
            )
            .foreign_key(&mut references(("contact", "round_id"), ("round", "id")))
            .take(),
        ),
        index("contact", &["round_id", "outcome"]),
        index("contact", &["invitation_id"]),
        Part::Anonymous(table(
            "address_standing",
            &["address_hash"],
            [
                text("address_hash"),
                integer("hard_bounces"),
                boolean("stopped"),
                boolean("opted_out"),
            ],
        )),
    ]
}
