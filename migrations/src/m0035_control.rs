//! What the office needs to control many matters at once: units that help the one in charge.

use crate::subject::{Part, Subject, index, references, table, text};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0035_control",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        Part::Table(
            table(
                "matter_co_unit",
                &["matter_id", "unit_id"],
                [text("matter_id"), text("unit_id")],
            )
            .foreign_key(&mut references(
                ("matter_co_unit", "matter_id"),
                ("matter", "id"),
            ))
            .take(),
        ),
        index("matter_co_unit", &["unit_id"]),
    ]
}
