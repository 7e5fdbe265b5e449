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
mod m0016_contacts;
mod m0017_anonymity;
mod m0018_quotas;
mod m0019_quality;
mod m0020_assisted_ballots;
mod m0021_follow_up_ratings;
mod m0022_import_history;
mod m0023_uploads;
mod m0024_sources;
mod m0025_unit_spellings;
mod m0026_words_review;
mod m0027_account_safety;
mod m0028_hotline_totals;
mod m0029_letters;
mod m0030_evidence;
mod m0032_indicators;
mod m0033_bad_ratings;
mod m0034_callbacks;
mod m0035_control;
mod m0036_identities;
mod m0037_publication_road;
mod subject;
mod v0001_vault;

use sea_orm_migration::{
    MigrationTrait, MigratorTrait, SchemaManager,
    sea_orm::{DatabaseConnection, DbErr},
};

/// Brings a database to the newest schema, one subject after the other, each in one transaction.
///
/// # Errors
/// [`DbErr`] when a step fails; the steps before it stay applied.
pub async fn apply(database: &DatabaseConnection) -> Result<(), DbErr> {
    SchemaHistory::up(database, None).await
}

/// The names of all steps in the order they are applied, as the table `seaql_migrations` holds them.
#[must_use]
pub fn step_names() -> Vec<String> {
    SchemaHistory::migrations()
        .iter()
        .map(|step| step.name().to_owned())
        .collect()
}

/// Brings the identity vault, a database of its own, to its newest schema.
///
/// # Errors
/// [`DbErr`] when a step fails.
pub async fn apply_to_vault(database: &DatabaseConnection) -> Result<(), DbErr> {
    VaultHistory::up(database, None).await
}

/// Whether a vault was made in this database.
///
/// # Errors
/// [`DbErr`] when the database does not answer.
pub async fn is_vault(database: &DatabaseConnection) -> Result<bool, DbErr> {
    SchemaManager::new(database).has_table("key_check").await
}

struct VaultHistory;

impl MigratorTrait for VaultHistory {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(v0001_vault::SUBJECT)]
    }
}

struct SchemaHistory;

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
            m0016_contacts::SUBJECT,
            m0017_anonymity::SUBJECT,
            m0018_quotas::SUBJECT,
            m0019_quality::SUBJECT,
            m0020_assisted_ballots::SUBJECT,
            m0021_follow_up_ratings::SUBJECT,
            m0022_import_history::SUBJECT,
            m0023_uploads::SUBJECT,
            m0024_sources::SUBJECT,
            m0025_unit_spellings::SUBJECT,
            m0026_words_review::SUBJECT,
            m0027_account_safety::SUBJECT,
            m0028_hotline_totals::SUBJECT,
            m0029_letters::SUBJECT,
            m0030_evidence::SUBJECT,
            m0032_indicators::SUBJECT,
            m0033_bad_ratings::SUBJECT,
            m0034_callbacks::SUBJECT,
            m0035_control::SUBJECT,
            m0036_identities::SUBJECT,
            m0037_publication_road::SUBJECT,
        ]
        .into_iter()
        .map(|subject| Box::new(subject) as Box<dyn MigrationTrait>)
        .collect()
    }
}
