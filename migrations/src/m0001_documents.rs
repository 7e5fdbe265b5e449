//! Templates by digest, and the settings of one installation.

use crate::subject::{Part, Subject, index, integer, table, text};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0001_documents",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        Part::Table(table(
            "document",
            &["digest"],
            [
                text("digest"),
                text("kind"),
                text("code"),
                integer("version"),
                text("body"),
            ],
        )),
        index("document", &["kind", "code", "version"]),
        Part::Table(table("setting", &["key"], [text("key"), text("value")])),
    ]
}
