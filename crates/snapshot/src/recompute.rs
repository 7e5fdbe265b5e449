//! Computing the result of a bundle again: ratings → sums → scores → ranking → table.

use crate::{
    BundleFault, Fault,
    canonical_json::read_canonical,
    manifest::{Manifest, file},
    ratings_file::read_ratings,
    sums::{ChannelsFile, CountsFile, MomentsFile, UnitsFile},
    verify::{Files, digest, refuse},
};
use analytics::{Moments, rank, score_round};
use publication::canonical_table;
use serde::{Serialize, de::DeserializeOwned};
use std::path::Path;
use survey_design::{Rules, canonical_digest};
use vocabulary::{ClassId, UnitId};

/// How much was computed again.
pub(crate) struct Recomputed {
    pub(crate) ratings: u64,
    pub(crate) ranking_rows: u64,
}

/// The documents of a bundle, read and known to be canonical.
struct Documents {
    rules: Rules,
    units: UnitsFile,
    counts: CountsFile,
    moments: MomentsFile,
    channels: ChannelsFile,
}

/// Recomputes everything and compares it with what the bundle says.
pub(crate) fn recompute(
    dir: &Path,
    manifest: &Manifest,
    files: &Files,
) -> Result<Recomputed, Vec<BundleFault>> {
    let documents = Documents::read(files)?;
    refuse(documents.faults(manifest))?;
    let ratings = recompute_sums(dir, &documents.moments).map_err(|fault| vec![fault])?;
    let rows = documents.channels.units.len() as u64;
    let table = documents.recompute_table();
    refuse(table_faults(&table, manifest, &files[file::RANKING]))?;
    refuse(row_faults(manifest, ratings, rows))?;
    Ok(Recomputed {
        ratings,
        ranking_rows: rows,
    })
}

impl Documents {
    fn read(files: &Files) -> Result<Self, Vec<BundleFault>> {
        let mut faults = Vec::new();
        let rules = document(file::RULES, files, &mut faults);
        let units = document(file::UNITS, files, &mut faults);
        let counts = document(file::COUNTS, files, &mut faults);
        let moments = document(file::MOMENTS, files, &mut faults);
        let channels = document(file::CHANNELS, files, &mut faults);
        match (rules, units, counts, moments, channels) {
            (Some(rules), Some(units), Some(counts), Some(moments), Some(channels)) => Ok(Self {
                rules,
                units,
                counts,
                moments,
                channels,
            }),
            _ => Err(faults),
        }
    }

    /// Rounds, units and rules must be the same in all files.
    fn faults(&self, manifest: &Manifest) -> Vec<BundleFault> {
        let mut faults = Vec::new();
        let rules = canonical_digest(&self.rules);
        if rules != manifest.rules_digest {
            faults.push(BundleFault::new(
                file::RULES,
                Fault::WrongRules,
                &manifest.rules_digest,
                rules,
            ));
        }
        let rounds = [
            (file::MOMENTS, &self.moments.round),
            (file::CHANNELS, &self.channels.round),
            (file::COUNTS, &self.counts.round),
        ];
        for (name, round) in rounds
            .into_iter()
            .filter(|(_, round)| **round != manifest.round)
        {
            faults.push(BundleFault::new(
                name,
                Fault::FilesDisagree,
                manifest.round.as_str(),
                round.as_str(),
            ));
        }
        let named: Vec<&UnitId> = self.units.units.iter().map(|unit| &unit.id).collect();
        let scored: Vec<&UnitId> = self.channels.units.iter().map(|unit| &unit.id).collect();
        if named != scored {
            let (expected, found) = (
                format!("{} 个单位，次序与渠道数据相同", scored.len()),
                format!("{} 个单位", named.len()),
            );
            faults.push(BundleFault::new(
                file::UNITS,
                Fault::FilesDisagree,
                expected,
                found,
            ));
        }
        faults
    }

    fn recompute_table(self) -> Vec<u8> {
        let order: Vec<ClassId> = self
            .units
            .classes
            .into_iter()
            .map(|class| class.id)
            .collect();
        let scores = score_round(&self.moments.with(self.channels), &self.rules);
        canonical_table(&rank(&scores, &self.rules, &order).rows)
    }
}

fn document<T: Serialize + DeserializeOwned>(
    name: &str,
    files: &Files,
    faults: &mut Vec<BundleFault>,
) -> Option<T> {
    match read_canonical(name, &files[name]) {
        Ok(value) => Some(value),
        Err(fault) => {
            faults.push(fault);
            None
        }
    }
}

/// Sums the ratings again; returns how many there are.
fn recompute_sums(dir: &Path, written: &MomentsFile) -> Result<u64, BundleFault> {
    let rows = read_ratings(&dir.join(file::RATINGS)).map_err(|error| {
        BundleFault::new(
            file::RATINGS,
            Fault::NotReadable,
            "可识别的评价记录",
            error.to_string(),
        )
    })?;
    if Moments::from_rows(&rows) == written.moments {
        Ok(rows.len() as u64)
    } else {
        let found = format!("由 {} 条评价记录得到的另一组汇总数", rows.len());
        Err(BundleFault::new(
            file::MOMENTS,
            Fault::SumsDiffer,
            "与评价记录一致的汇总数",
            found,
        ))
    }
}

fn table_faults(computed: &[u8], manifest: &Manifest, written: &[u8]) -> Vec<BundleFault> {
    let mut faults = Vec::new();
    if computed != written {
        let (expected, found) = first_difference(computed, written);
        faults.push(BundleFault::new(
            file::RANKING,
            Fault::RankingDiffers,
            expected,
            found,
        ));
    }
    let found = digest(written);
    if found != manifest.table_digest {
        faults.push(BundleFault::new(
            file::RANKING,
            Fault::TableDigestDiffers,
            &manifest.table_digest,
            found,
        ));
    }
    faults
}

/// The first line that differs, as computed and as written.
fn first_difference(computed: &[u8], written: &[u8]) -> (String, String) {
    let (computed, written) = (
        String::from_utf8_lossy(computed),
        String::from_utf8_lossy(written),
    );
    let (mut computed, mut written) = (computed.split('\n'), written.split('\n'));
    loop {
        match (computed.next(), written.next()) {
            (None, None) => return ("相同的表".to_owned(), "相同的表".to_owned()),
            (one, other) if one == other => {}
            (one, other) => {
                return (
                    one.unwrap_or("没有此行").to_owned(),
                    other.unwrap_or("没有此行").to_owned(),
                );
            }
        }
    }
}

fn row_faults(manifest: &Manifest, ratings: u64, ranking_rows: u64) -> Vec<BundleFault> {
    let counted = [(file::RATINGS, ratings), (file::RANKING, ranking_rows)];
    let rows_of = |name: &str| {
        manifest
            .files
            .iter()
            .find(|entry| entry.name == name)
            .and_then(|entry| entry.rows)
    };
    counted
        .into_iter()
        .filter(|(name, rows)| rows_of(name) != Some(*rows))
        .map(|(name, rows)| {
            let expected =
                rows_of(name).map_or_else(|| "写明的行数".to_owned(), |rows| format!("{rows} 行"));
            BundleFault::new(name, Fault::FilesDisagree, expected, format!("{rows} 行"))
        })
        .collect()
}
