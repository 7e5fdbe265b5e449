//! Evaluation rounds.

use crate::subject::{
    Part, Subject, big_integer, date, index, integer, table, text, text_null,
    timestamp_with_time_zone_null,
};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0003_rounds",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        Part::Table(table(
            "round",
            &["id"],
            [
                text("id"),
                text("title"),
                integer("year"),
                integer("quarter"),
                date("period_start"),
                date("period_end"),
                text("state"),
                text("anonymity"),
                text("rules_digest"),
                big_integer("seed"),
                integer("version"),
                text_null("overall"),
                text_null("enterprise"),
                timestamp_with_time_zone_null("opened_at"),
                timestamp_with_time_zone_null("closed_at"),
                timestamp_with_time_zone_null("frozen_at"),
                timestamp_with_time_zone_null("published_at"),
            ],
        )),
        index("round", &["year", "quarter"]),
    ]
}
