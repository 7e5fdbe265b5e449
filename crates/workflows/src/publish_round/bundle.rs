//! The bundle both people sign: everything needed to compute the published table again.

use crate::{
    App, Refusal, Verb, VerbError, documents::rules, ratings::survey_ratings,
    score_round::latest_run,
};
use publication::{BulletinBody, Official};
use rand::CryptoRng;
use snapshot::{BundleInput, SigningKeyFile};
use std::{
    fs, io,
    path::{Path, PathBuf},
};
use storage::{audit_log, rounds::RoundRecord, units};

/// The signing key of an official, in a file of its own; made at the first signature.
fn signing_key(app: &App, official: &Official, rng: &mut impl CryptoRng) -> Verb<SigningKeyFile> {
    let account = &official.account;
    let folder = app.folder().join("keys");
    fs::create_dir_all(&folder)?;
    let path = folder.join(format!("sign-{account}.json"));
    let broken =
        |error: snapshot::SnapshotError| VerbError::Io(io::Error::other(error.to_string()));
    if path.exists() {
        return SigningKeyFile::load(&path).map_err(broken);
    }
    app.keys.refuse_new(&format!("sign-{account}.json"))?;
    let key = SigningKeyFile::generate(account.as_str(), official.role, rng);
    key.save(&path).map_err(broken)?;
    Ok(key)
}

/// A signed bundle that lies beside its place until the publication is stored.
pub(super) struct Written {
    beside: PathBuf,
    place: PathBuf,
}

impl Written {
    /// Where it will lie.
    pub(super) fn place(&self) -> &Path {
        &self.place
    }

    /// Puts it in its place; one that nobody published goes.
    pub(super) fn put(&self) -> io::Result<()> {
        if self.place.exists() {
            fs::remove_dir_all(&self.place)?;
        }
        fs::rename(&self.beside, &self.place)
    }
}

/// Writes the bundle of a bulletin and signs it for both people.
pub(super) async fn write_signed(
    app: &App,
    record: &RoundRecord,
    body: &BulletinBody,
    signers: &[Official; 2],
    rng: &mut impl CryptoRng,
) -> Verb<Written> {
    let id = &record.round.id;
    let keys = [
        signing_key(app, &signers[0], rng)?,
        signing_key(app, &signers[1], rng)?,
    ];
    let run = latest_run(app, id).await?.ok_or(Refusal::NothingToScore)?;
    let ratings = survey_ratings(app, id).await?;
    let rules = rules(app, &record.round.rules_digest).await?;
    let (classes, units) = (
        units::list_classes(app.store()).await?,
        units::list_units(app.store()).await?,
    );
    let audit_head = audit_log::head(app.store()).await?.hash;
    let input = BundleInput {
        result_id: &body.result_id,
        version: body.version,
        seed: body.seed,
        code_version: env!("CARGO_PKG_VERSION"),
        audit_head: &audit_head,
        table_digest: &body.table_digest,
        rules: &rules,
        classes: &classes,
        units: &units,
        ratings: &ratings.rows,
        score_input: &run.input,
        counts: &body.overall.channels,
        signers: &[keys[0].signer(), keys[1].signer()],
    };
    let bundles = app.folder().join("bundles");
    let written = Written {
        beside: bundles.join(format!(".{}", body.result_id)),
        place: bundles.join(&body.result_id),
    };
    if written.beside.exists() {
        fs::remove_dir_all(&written.beside)?;
    }
    let refuse =
        |error: snapshot::SnapshotError| VerbError::from(Refusal::Bundle(error.to_string()));
    snapshot::write_bundle(&written.beside, &input).map_err(refuse)?;
    for key in &keys {
        snapshot::sign(&written.beside, key).map_err(refuse)?;
    }
    Ok(written)
}
