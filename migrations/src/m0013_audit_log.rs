//! The audit log: a chain of hashes that the database itself refuses to change.

use crate::subject::{
    Part, Subject, big_integer, table, text, text_null, timestamp_with_time_zone,
};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0013_audit_log",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        Part::Table(table(
            "audit_event",
            &["seq"],
            [
                big_integer("seq"),
                timestamp_with_time_zone("at"),
                text("actor"),
                text("role"),
                text("action"),
                text("object"),
                text("outcome"),
                text_null("before_digest"),
                text_null("after_digest"),
                text("prev_hash"),
                text("hash"),
            ],
        )),
        Part::Sql {
            sqlite: "CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event \
                     BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END",
            postgres: "CREATE FUNCTION audit_event_append_only() RETURNS trigger LANGUAGE plpgsql AS \
                       $$ BEGIN RAISE EXCEPTION 'audit_event is append-only'; END $$",
        },
        Part::Sql {
            sqlite: "CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event \
                     BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END",
            postgres: "CREATE TRIGGER audit_event_append_only \
                       BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event \
                       FOR EACH STATEMENT EXECUTE FUNCTION audit_event_append_only()",
        },
    ]
}
