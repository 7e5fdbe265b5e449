//! Signing in at a provider of identities: which identity belongs to which account, and who has left for the provider.

use crate::subject::{
    Part, Subject, boolean, references, table, text, text_null, timestamp_with_time_zone, unique,
};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0036_identities",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        Part::Table(
            table(
                "linked_identity",
                &["issuer", "subject"],
                [
                    text("issuer"),
                    text("subject"),
                    text("account_id"),
                    text("linked_by"),
                    boolean("confirmed"),
                ],
            )
            .foreign_key(&mut references(
                ("linked_identity", "account_id"),
                ("account", "id"),
            ))
            .take(),
        ),
        unique("linked_identity", &["account_id"]),
        Part::Table(table(
            "departure",
            &["state_hash"],
            [
                text("state_hash"),
                text("browser_hash"),
                text("nonce"),
                text("verifier"),
                text_null("earlier_hash"),
                timestamp_with_time_zone("expires_at"),
            ],
        )),
    ]
}
