//! Jobs that commit together with the change that caused them.

use crate::subject::{
    Part, Subject, index, integer, table, text, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null, unique,
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
                text("handle"),
                text_null("round_id"),
                text_null("invitation_id"),
                text_null("address_hash"),
                text("state"),
                integer("attempts"),
                integer("in_doubt"),
                timestamp_with_time_zone("due_at"),
                timestamp_with_time_zone_null("give_up_at"),
                text_null("lease"),
                timestamp_with_time_zone_null("leased_until"),
                text_null("problem"),
            ],
        )),
        unique("outbox", &["job_key"]),
        unique("outbox", &["handle"]),
        index("outbox", &["state", "kind", "due_at"]),
        index("outbox", &["invitation_id"]),
    ]
}
