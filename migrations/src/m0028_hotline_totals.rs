//! What a hotline says of units and months in total, beside the single orders.

use crate::subject::{Part, Subject, big_integer, index, references, table, text};
use sea_orm_migration::schema::big_integer_null;

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0028_hotline_totals",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        Part::Table(
            table(
                "hotline_totals",
                &["round_id", "unit_id", "month"],
                [
                    text("round_id"),
                    text("unit_id"),
                    text("month"),
                    text("batch_id"),
                    big_integer("orders"),
                    big_integer_null("closed_on_time"),
                    big_integer_null("closed_late"),
                    big_integer_null("not_closed"),
                    big_integer_null("dissatisfied"),
                    big_integer_null("satisfaction_micro"),
                ],
            )
            .foreign_key(&mut references(
                ("hotline_totals", "round_id"),
                ("round", "id"),
            ))
            .take(),
        ),
        index("hotline_totals", &["batch_id"]),
    ]
}
