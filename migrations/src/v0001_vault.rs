//! The identity vault, a database of its own: sealed rows, and who read them.

use crate::subject::{Part, Subject, blob, integer, table, text, timestamp_with_time_zone};

pub(crate) const SUBJECT: Subject = Subject {
    name: "v0001_vault",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        Part::Anonymous(table(
            "person",
            &["pseudonym"],
            [text("pseudonym"), blob("sealed")],
        )),
        Part::Anonymous(table("raw_text", &["id"], [text("id"), blob("sealed")])),
        Part::Table(table("key_check", &["id"], [integer("id"), blob("sealed")])),
        Part::Table(table(
            "vault_read",
            &["id"],
            [
                text("id"),
                timestamp_with_time_zone("at"),
                text("reader"),
                text("purpose"),
                text("kind"),
                text("subjects"),
            ],
        )),
        Part::Sql {
            sqlite: "CREATE TRIGGER vault_read_no_update BEFORE UPDATE ON vault_read \
                     BEGIN SELECT RAISE(ABORT, 'vault_read is append-only'); END",
            postgres: "CREATE FUNCTION vault_read_append_only() RETURNS trigger LANGUAGE plpgsql AS \
                       $$ BEGIN RAISE EXCEPTION 'vault_read is append-only'; END $$",
        },
        Part::Sql {
            sqlite: "CREATE TRIGGER vault_read_no_delete BEFORE DELETE ON vault_read \
                     BEGIN SELECT RAISE(ABORT, 'vault_read is append-only'); END",
            postgres: "CREATE TRIGGER vault_read_append_only \
                       BEFORE UPDATE OR DELETE OR TRUNCATE ON vault_read \
                       FOR EACH STATEMENT EXECUTE FUNCTION vault_read_append_only()",
        },
    ]
}
