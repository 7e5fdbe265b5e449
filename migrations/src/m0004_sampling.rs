//! The sample library by pseudonym, draws, invitations, and tokens that know no invitation.

use crate::subject::{
    Part, Subject, big_integer, boolean, date, date_null, index, references, small_integer, table,
    text, text_null, timestamp_with_time_zone, unique,
};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0004_sampling",
    parts,
};

fn parts() -> Vec<Part> {
    let mut parts = pool();
    parts.extend(draws());
    parts.extend(invitations());
    parts
}

fn pool() -> Vec<Part> {
    vec![
        Part::Table(table(
            "pool_member",
            &["pseudonym"],
            [
                text("pseudonym"),
                text("rater_group"),
                text("stratum"),
                text("community"),
                big_integer("size"),
                text("county"),
                text("served_units"),
                date_null("rest_until"),
                boolean("consent"),
            ],
        )),
        index("pool_member", &["rater_group", "stratum"]),
    ]
}

fn draws() -> Vec<Part> {
    vec![
        Part::Table(
            table(
                "sample_draw",
                &["id"],
                [
                    text("id"),
                    text("round_id"),
                    big_integer("seed"),
                    text("certificate"),
                    small_integer("released"),
                    text("drawn_by"),
                    timestamp_with_time_zone("drawn_at"),
                ],
            )
            .foreign_key(&mut references(
                ("sample_draw", "round_id"),
                ("round", "id"),
            ))
            .take(),
        ),
        unique("sample_draw", &["round_id"]),
        Part::Table(
            table(
                "drawn_member",
                &["round_id", "pseudonym"],
                [
                    text("round_id"),
                    text("pseudonym"),
                    text("rater_group"),
                    text("stratum"),
                    text("community"),
                    big_integer("population"),
                    small_integer("replicate"),
                    text("chances"),
                ],
            )
            .foreign_key(&mut references(
                ("drawn_member", "round_id"),
                ("round", "id"),
            ))
            .take(),
        ),
        Part::Table(
            table(
                "frame_part",
                &["round_id", "part"],
                [text("round_id"), big_integer("part"), text("lines")],
            )
            .foreign_key(&mut references(("frame_part", "round_id"), ("round", "id")))
            .take(),
        ),
    ]
}

fn invitations() -> Vec<Part> {
    vec![
        Part::Table(
            table(
                "invitation",
                &["id"],
                [
                    text("id"),
                    text("round_id"),
                    text("kind"),
                    text("pseudonym"),
                    text("state"),
                    date("created_on"),
                ],
            )
            .foreign_key(&mut references(("invitation", "round_id"), ("round", "id")))
            .take(),
        ),
        unique("invitation", &["round_id", "kind", "pseudonym"]),
        Part::Anonymous(
            table(
                "token",
                &["token_hash"],
                [
                    text("token_hash"),
                    text("round_id"),
                    text("kind"),
                    text("rater_group"),
                    text("stratum"),
                    big_integer("weight_micro"),
                    text_null("enterprise_key"),
                    text("state"),
                ],
            )
            .foreign_key(&mut references(("token", "round_id"), ("round", "id")))
            .take(),
        ),
        index("token", &["round_id", "rater_group", "state"]),
    ]
}
