//! Files from outside: batches and their issues, and the rows they became, one table per channel.

use crate::subject::{
    Part, Subject, big_integer, boolean, boolean_null, date_null, index, integer, integer_null,
    references, small_integer, small_integer_null, table, text, text_null,
    timestamp_with_time_zone, unique,
};
use sea_orm_migration::sea_query::{ColumnDef, TableCreateStatement};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0007_imports",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        batches(),
        unique("import_batch", &["round_id", "channel", "file_sha256"]),
        issues(),
        hall(),
        index("hall_rating", &["round_id", "unit_id"]),
        hall_volume(),
        hotline(),
        index("hotline_order", &["round_id", "unit_id"]),
        survey(),
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

fn batches() -> Part {
    Part::Table(of_round(
        "import_batch",
        &["id"],
        [
            text("id"),
            text("round_id"),
            text("channel"),
            text("file_name"),
            text("file_sha256"),
            text("mapping"),
            text("state"),
            big_integer("rows_total"),
            big_integer("new_rows"),
            big_integer("same_rows"),
            big_integer("changed_rows"),
            big_integer("duplicate_rows"),
            big_integer("rejected_rows"),
            timestamp_with_time_zone("created_at"),
            text("created_by"),
        ],
    ))
}

fn issues() -> Part {
    Part::Table(
        table(
            "import_issue",
            &["batch_id", "seq"],
            [
                text("batch_id"),
                integer("seq"),
                text("sheet"),
                big_integer("row_no"),
                text("col"),
                text("code"),
                text("message"),
                text("remedy"),
            ],
        )
        .foreign_key(&mut references(
            ("import_issue", "batch_id"),
            ("import_batch", "id"),
        ))
        .take(),
    )
}

fn hall() -> Part {
    Part::Table(of_round(
        "hall_rating",
        &["round_id", "row_key"],
        [
            text("round_id"),
            text("row_key"),
            text("batch_id"),
            text("unit_id"),
            small_integer_null("level"),
            text("origin"),
            text("stage"),
            integer("rating_no"),
            boolean_null("contacted_in_time"),
            boolean_null("rectified_in_time"),
            small_integer_null("follow_up_level"),
            date_null("rated_on"),
            text_null("superseded_by"),
        ],
    ))
}

fn hall_volume() -> Part {
    Part::Table(of_round(
        "hall_volume",
        &["round_id", "unit_id"],
        [
            text("round_id"),
            text("unit_id"),
            big_integer("completed_cases"),
        ],
    ))
}

fn hotline() -> Part {
    Part::Table(of_round(
        "hotline_order",
        &["round_id", "row_key"],
        [
            text("round_id"),
            text("row_key"),
            text("batch_id"),
            text("unit_id"),
            date_null("registered_on"),
            date_null("closed_on"),
            boolean_null("on_time"),
            small_integer_null("resolved"),
            small_integer_null("level"),
            boolean("counted"),
            text_null("excluded_reason"),
            integer_null("reply_days"),
        ],
    ))
}

fn survey() -> Part {
    Part::Table(of_round(
        "survey_rating",
        &["round_id", "row_key", "unit_id", "item"],
        [
            text("round_id"),
            text("row_key"),
            text("batch_id"),
            text("unit_id"),
            text("item"),
            text("rater_group"),
            text("stratum"),
            big_integer("psu"),
            big_integer("weight_micro"),
            small_integer("level"),
        ],
    ))
}
