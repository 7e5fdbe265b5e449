//! The anonymity of a round, fixed when it opens; what only a confidential round may keep; the public log of receipts.
//!
//! A link between a person and an answer can exist in the two `linked_` tables only. Each of their rows repeats the mode
//! of its round, must say `confidential`, and must agree with the round: so no program can link in another mode.

use crate::subject::{
    Part, Subject, big_integer, boolean, date, index, references, sql, table, text, unique,
};
use sea_orm_migration::sea_query::{Expr, ExprTrait, ForeignKey, TableCreateStatement};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0017_anonymity",
    parts,
};

fn parts() -> Vec<Part> {
    let mut parts = fixed_at_opening();
    parts.extend(links());
    parts.extend(log());
    parts
}

/// Triggers that refuse a change of the mode, and every way around that: taking back the opening, or the round itself.
fn fixed_at_opening() -> Vec<Part> {
    vec![
        sql("ALTER TABLE round ADD COLUMN resubmission text NOT NULL DEFAULT 'once'"),
        unique("round", &["id", "anonymity"]),
        Part::Sql {
            sqlite: "CREATE TRIGGER round_mode_is_fixed BEFORE UPDATE ON round \
                     WHEN OLD.opened_at IS NOT NULL AND (NEW.id <> OLD.id OR NEW.anonymity <> OLD.anonymity \
                     OR NEW.resubmission <> OLD.resubmission OR NEW.opened_at IS NOT OLD.opened_at \
                     OR NEW.state IN ('draft', 'sampling')) \
                     BEGIN SELECT RAISE(ABORT, 'the anonymity of an open round is fixed'); END; \
                     CREATE TRIGGER round_stays BEFORE DELETE ON round WHEN OLD.opened_at IS NOT NULL \
                     BEGIN SELECT RAISE(ABORT, 'an opened round stays'); END; \
                     CREATE TRIGGER round_opens_once BEFORE INSERT ON round \
                     WHEN EXISTS (SELECT 1 FROM round WHERE id = NEW.id AND opened_at IS NOT NULL) \
                     BEGIN SELECT RAISE(ABORT, 'an opened round stays'); END; \
                     CREATE TRIGGER token_of_invited BEFORE INSERT ON token \
                     WHEN (SELECT anonymity FROM round WHERE id = NEW.round_id) = 'open' \
                     BEGIN SELECT RAISE(ABORT, 'an open round has no tokens'); END;",
            postgres: "CREATE FUNCTION round_mode_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                       RAISE EXCEPTION 'the anonymity of an open round is fixed' USING ERRCODE = '23514'; END $$; \
                       CREATE TRIGGER round_mode_is_fixed BEFORE UPDATE ON round FOR EACH ROW \
                       WHEN (OLD.opened_at IS NOT NULL AND (NEW.id <> OLD.id OR NEW.anonymity <> OLD.anonymity \
                       OR NEW.resubmission <> OLD.resubmission OR NEW.opened_at IS DISTINCT FROM OLD.opened_at \
                       OR NEW.state IN ('draft', 'sampling'))) EXECUTE FUNCTION round_mode_is_fixed(); \
                       CREATE TRIGGER round_stays BEFORE DELETE ON round FOR EACH ROW \
                       WHEN (OLD.opened_at IS NOT NULL) EXECUTE FUNCTION round_mode_is_fixed(); \
                       CREATE FUNCTION token_of_invited() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                       IF (SELECT anonymity FROM round WHERE id = NEW.round_id) = 'open' THEN \
                       RAISE EXCEPTION 'an open round has no tokens' USING ERRCODE = '23514'; END IF; \
                       RETURN NEW; END $$; \
                       CREATE TRIGGER token_of_invited BEFORE INSERT ON token FOR EACH ROW \
                       EXECUTE FUNCTION token_of_invited();",
        },
    ]
}

fn links() -> Vec<Part> {
    vec![
        Part::Table(
            linked("linked_ballot", "ballot_id")
                .foreign_key(&mut references(
                    ("linked_ballot", "ballot_id"),
                    ("ballot", "id"),
                ))
                .take(),
        ),
        Part::Table(
            linked("linked_invitation", "invitation_id")
                .foreign_key(&mut references(
                    ("linked_invitation", "invitation_id"),
                    ("invitation", "id"),
                ))
                .take(),
        ),
        index("linked_invitation", &["round_id"]),
    ]
}

/// A table that joins something to a token, in confidential rounds only.
fn linked(name: &'static str, key: &'static str) -> TableCreateStatement {
    let columns = [
        text(key),
        text("token_hash"),
        text("round_id"),
        text("anonymity"),
    ];
    table(name, &[key], columns)
        .check(Expr::col("anonymity").eq("confidential"))
        .foreign_key(
            ForeignKey::create()
                .name(format!("{name}_mode_fk"))
                .from(name, ("round_id", "anonymity"))
                .to("round", ("id", "anonymity")),
        )
        .foreign_key(&mut references(
            (name, "token_hash"),
            ("token", "token_hash"),
        ))
        .take()
}

/// Hashes of the tree by place, and the signed roots.
fn log() -> Vec<Part> {
    vec![
        Part::Anonymous(
            table(
                "log_hash",
                &["round_id", "place"],
                [text("round_id"), big_integer("place"), text("hash")],
            )
            .foreign_key(&mut references(("log_hash", "round_id"), ("round", "id")))
            .take(),
        ),
        index("log_hash", &["hash"]),
        Part::Table(
            table(
                "log_root",
                &["round_id", "size"],
                [
                    text("round_id"),
                    big_integer("size"),
                    text("root"),
                    date("day"),
                    boolean("closing"),
                    text("checkpoint"),
                ],
            )
            .foreign_key(&mut references(("log_root", "round_id"), ("round", "id")))
            .take(),
        ),
    ]
}
