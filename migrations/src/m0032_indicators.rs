//! Versions of the indicator tree: who proposed what for which branch, who decided it, and which version a round takes.

use crate::subject::{
    Part, Subject, index, integer, sql, table, text, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null,
};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0032_indicators",
    parts,
};

fn parts() -> Vec<Part> {
    let mut parts = vec![
        sql("ALTER TABLE account ADD COLUMN branch text"),
        sql("ALTER TABLE round ADD COLUMN indicators text"),
        sql(
            "INSERT INTO setting (key, value) SELECT 'indicators', digest FROM document \
             WHERE kind = 'indicators' ORDER BY version DESC, digest LIMIT 1",
        ),
        Part::Table(table(
            "indicator_change",
            &["number"],
            [
                integer("number"),
                text("owner"),
                text("base"),
                text("branch"),
                text("note"),
                text("state"),
                text("proposed_by"),
                timestamp_with_time_zone("proposed_at"),
                text_null("decided_by"),
                timestamp_with_time_zone_null("decided_at"),
                text_null("answer"),
                text_null("result"),
            ],
        )),
        index("indicator_change", &["owner", "state"]),
    ];
    parts.extend(append_only());
    parts
}

/// A version stays as it is, and what was decided on a change stays decided.
fn append_only() -> Vec<Part> {
    vec![
        Part::Sql {
            sqlite: "CREATE TRIGGER indicator_version_no_update BEFORE UPDATE ON document WHEN OLD.kind = 'indicators' \
                     BEGIN SELECT RAISE(ABORT, 'versions of the indicator tree are append-only'); END",
            postgres: "CREATE FUNCTION indicators_append_only() RETURNS trigger LANGUAGE plpgsql AS \
                       $$ BEGIN RAISE EXCEPTION 'versions of the indicator tree are append-only'; END $$",
        },
        Part::Sql {
            sqlite: "CREATE TRIGGER indicator_version_no_delete BEFORE DELETE ON document WHEN OLD.kind = 'indicators' \
                     BEGIN SELECT RAISE(ABORT, 'versions of the indicator tree are append-only'); END",
            postgres: "CREATE TRIGGER indicator_version_stays BEFORE UPDATE OR DELETE ON document FOR EACH ROW \
                       WHEN (OLD.kind = 'indicators') EXECUTE FUNCTION indicators_append_only()",
        },
        Part::Sql {
            sqlite: "CREATE TRIGGER indicator_change_decided_once BEFORE UPDATE ON indicator_change \
                     WHEN OLD.state <> 'waiting' OR OLD.branch <> NEW.branch OR OLD.proposed_by <> NEW.proposed_by \
                     BEGIN SELECT RAISE(ABORT, 'decisions on the indicator tree are append-only'); END",
            postgres: "CREATE TRIGGER indicator_change_decided_once BEFORE UPDATE ON indicator_change FOR EACH ROW \
                       WHEN (OLD.state <> 'waiting' OR OLD.branch <> NEW.branch OR OLD.proposed_by <> NEW.proposed_by) \
                       EXECUTE FUNCTION indicators_append_only()",
        },
        Part::Sql {
            sqlite: "CREATE TRIGGER indicator_change_stays BEFORE DELETE ON indicator_change \
                     BEGIN SELECT RAISE(ABORT, 'changes of the indicator tree are append-only'); END",
            postgres: "CREATE TRIGGER indicator_change_stays BEFORE DELETE ON indicator_change FOR EACH ROW \
                       EXECUTE FUNCTION indicators_append_only()",
        },
    ]
}
