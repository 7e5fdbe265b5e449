//! Jobs that commit together with the change that caused them.

use crate::subject::{
    Part, Subject, index, integer, table, text, timestamp_with_time_zone_null, unique,
};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0014_outbox",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        Part::Table(table(
            "outbox",
            &["id"],
            [
                text("id"),
                text("job_key"),
                text("kind"),
                text("payload"),
                text("state"),
                integer("attempts"),
                timestamp_with_time_zone_null("locked_until"),
            ],
        )),
        unique("outbox", &["job_key"]),
        index("outbox", &["state", "locked_until"]),
    ]
}
