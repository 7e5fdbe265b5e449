//! Classes, evaluated units and their other spellings, communities and villages, pairings.

use crate::subject::{
    Part, Subject, boolean, date, date_null, index, integer, references, table, text,
};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0002_units",
    parts,
};

fn parts() -> Vec<Part> {
    let mut parts = units();
    parts.extend(bodies());
    parts
}

fn units() -> Vec<Part> {
    vec![
        Part::Table(table(
            "unit_class",
            &["id"],
            [text("id"), text("name"), integer("sort")],
        )),
        Part::Table(
            table(
                "unit",
                &["id"],
                [
                    text("id"),
                    text("name"),
                    text("short_name"),
                    text("class_id"),
                    integer("sort"),
                    text("mode"),
                    boolean("enterprise_facing"),
                    boolean("has_hall_window"),
                    boolean("has_hotline_orders"),
                ],
            )
            .foreign_key(&mut references(("unit", "class_id"), ("unit_class", "id")))
            .take(),
        ),
        Part::Table(
            table("unit_alias", &["alias"], [text("alias"), text("unit_id")])
                .foreign_key(&mut references(("unit_alias", "unit_id"), ("unit", "id")))
                .take(),
        ),
        index("unit_alias", &["unit_id"]),
    ]
}

fn bodies() -> Vec<Part> {
    vec![
        Part::Table(table(
            "body",
            &["id"],
            [text("id"), text("name"), text("kind"), integer("sort")],
        )),
        Part::Table(
            table(
                "pairing",
                &["unit_id", "body_id", "valid_from"],
                [
                    text("unit_id"),
                    text("body_id"),
                    date("valid_from"),
                    date_null("valid_to"),
                ],
            )
            .foreign_key(&mut references(("pairing", "unit_id"), ("unit", "id")))
            .foreign_key(&mut references(("pairing", "body_id"), ("body", "id")))
            .take(),
        ),
        index("pairing", &["body_id"]),
    ]
}
