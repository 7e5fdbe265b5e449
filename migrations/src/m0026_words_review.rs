//! What a person decided about the words of an opinion before any unit reads them, and who it was.

use crate::subject::{Part, Subject, index, sql};

pub(crate) const SUBJECT: Subject = Subject {
    name: "m0026_words_review",
    parts,
};

fn parts() -> Vec<Part> {
    vec![
        sql("ALTER TABLE opinion ADD COLUMN words_review text NOT NULL DEFAULT 'unseen'"),
        sql("ALTER TABLE opinion ADD COLUMN reviewed_by text \
             CHECK ((words_review = 'unseen') = (reviewed_by IS NULL))"),
        index("opinion", &["round_id", "state"]),
    ]
}
