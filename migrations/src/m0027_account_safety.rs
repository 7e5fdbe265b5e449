//! What keeps an account one person's own: how long a session counts, whose password it is, a second factor, a confirmed role.

use crate::subject::{
    Part, Subject, boolean, index, references, sql, table, text, timestamp_with_time_zone,
};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0027_account_safety",
    parts,
};

/// Whoever is signed in while this is applied signs in again: earlier sessions do not say since when they are.
fn parts() -> Vec<Part> {
    let mut parts = columns();
    parts.extend(tables());
    parts
}

fn columns() -> Vec<Part> {
    vec![
        sql("ALTER TABLE account ADD COLUMN must_change boolean NOT NULL DEFAULT FALSE"),
        sql("ALTER TABLE account ADD COLUMN confirmed boolean NOT NULL DEFAULT TRUE"),
        sql("ALTER TABLE account ADD COLUMN totp_secret text"),
        sql(
            "ALTER TABLE account ADD COLUMN totp_step bigint CHECK (totp_step IS NULL OR totp_secret IS NOT NULL)",
        ),
        Part::Sql {
            sqlite: "ALTER TABLE account ADD COLUMN password_at timestamp_with_timezone_text",
            postgres: "ALTER TABLE account ADD COLUMN password_at timestamp with time zone",
        },
        // Passwords of before grow old from today on; those of a demonstration never do.
        Part::Sql {
            sqlite: "UPDATE account SET password_at = strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now') \
                     WHERE NOT EXISTS (SELECT 1 FROM setting WHERE key LIKE 'demo.%')",
            postgres: "UPDATE account SET password_at = now() \
                       WHERE NOT EXISTS (SELECT 1 FROM setting WHERE key LIKE 'demo.%')",
        },
        sql("DROP TABLE session"),
    ]
}

fn tables() -> Vec<Part> {
    vec![
        Part::Table(
            table(
                "session",
                &["id_hash"],
                [
                    text("id_hash"),
                    text("account_id"),
                    timestamp_with_time_zone("created_at"),
                    timestamp_with_time_zone("seen_at"),
                    timestamp_with_time_zone("proved_at"),
                    timestamp_with_time_zone("expires_at"),
                    text("device"),
                    boolean("awaits_code"),
                ],
            )
            .foreign_key(&mut references(
                ("session", "account_id"),
                ("account", "id"),
            ))
            .take(),
        ),
        index("session", &["account_id"]),
        Part::Table(
            table(
                "recovery_code",
                &["account_id", "code_hash"],
                [text("account_id"), text("code_hash")],
            )
            .foreign_key(&mut references(
                ("recovery_code", "account_id"),
                ("account", "id"),
            ))
            .take(),
        ),
    ]
}
