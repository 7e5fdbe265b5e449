//! Score runs, bulletins, appeals, and results pushed to their consumers.

use crate::subject::{
    Part, Subject, index, integer, references, table, text, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null, unique,
};
use sea_orm_migration::sea_query::{ColumnDef, TableCreateStatement};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0009_scores",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        score_runs(),
        unique("score_run", &["round_id", "version"]),
        bulletins(),
        appeals(),
        index("appeal", &["round_id", "unit_id"]),
        pushes(),
        index("result_push", &["round_id", "consumer", "scope"]),
    ]
}

fn of_round<const N: usize>(
    name: &'static str,
    key: &[&'static str],
    columns: [ColumnDef; N],
) -> TableCreateStatement {
    table(name, key, columns)
        .foreign_key(&mut references((name, "round_id"), ("round", "id")))
        .take()
}

fn score_runs() -> Part {
    Part::Table(of_round(
        "score_run",
        &["id"],
        [
            text("id"),
            text("round_id"),
            integer("version"),
            text("rules_digest"),
            text("input_digest"),
            text("body"),
            timestamp_with_time_zone("created_at"),
        ],
    ))
}

fn bulletins() -> Part {
    Part::Table(of_round(
        "bulletin",
        &["round_id", "version"],
        [
            text("round_id"),
            integer("version"),
            text("state"),
            text("body"),
            text_null("table_digest"),
            text_null("bundle_path"),
            text_null("proposed_by"),
            timestamp_with_time_zone_null("proposed_at"),
            text_null("approved_by"),
            timestamp_with_time_zone_null("published_at"),
        ],
    ))
}

fn appeals() -> Part {
    Part::Table(of_round(
        "appeal",
        &["id"],
        [
            text("id"),
            text("round_id"),
            text("unit_id"),
            text("ground"),
            text("text"),
            text("state"),
            text_null("decision"),
            text_null("reasons"),
            text("filed_by"),
            text_null("reviewer1"),
            text_null("reviewer2"),
            timestamp_with_time_zone("filed_at"),
            timestamp_with_time_zone_null("decided_at"),
        ],
    ))
}

fn pushes() -> Part {
    Part::Table(of_round(
        "result_push",
        &["id"],
        [
            text("id"),
            text("round_id"),
            text("consumer"),
            text("scope"),
            text("payload"),
            text("state"),
            timestamp_with_time_zone_null("delivered_at"),
            text_null("receipt"),
        ],
    ))
}
