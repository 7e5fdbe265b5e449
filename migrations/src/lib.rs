#![doc = include_str!("../README.md")]

mod m0001_documents;
mod m0002_units;
mod m0003_rounds;
mod m0004_sampling;
mod m0005_submissions;
mod m0006_ballots;
mod m0007_imports;
mod m0008_pairing_ratings;
mod m0009_scores;
mod m0010_opinions;
mod m0011_matters;
mod m0012_accounts;
mod m0013_audit_log;
mod m0014_outbox;
mod subject;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

/// The schema history in the order it is applied.
#[derive(Clone, Copy, Debug)]
pub struct SchemaHistory;

impl MigratorTrait for SchemaHistory {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        [
            m0001_documents::SUBJECT,
            m0002_units::SUBJECT,
            m0003_rounds::SUBJECT,
            m0004_sampling::SUBJECT,
            m0005_submissions::SUBJECT,
            m0006_ballots::SUBJECT,
            m0007_imports::SUBJECT,
            m0008_pairing_ratings::SUBJECT,
            m0009_scores::SUBJECT,
            m0010_opinions::SUBJECT,
            m0011_matters::SUBJECT,
            m0012_accounts::SUBJECT,
            m0013_audit_log::SUBJECT,
            m0014_outbox::SUBJECT,
        ]
        .into_iter()
        .map(|subject| Box::new(subject) as Box<dyn MigrationTrait>)
        .collect()
    }
}
