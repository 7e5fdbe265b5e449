//! A small round for the tests of this crate: five units, one of them with four answers, one without a window.

use crate::{BundleInput, BundleSummary, Signer, SigningKeyFile, sign, write_bundle};
use analytics::{
    EnterpriseCounts, HallCounts, HotlineCounts, Moments, PairingCounts, RatingRow, Ratio,
    ScoreInput, StratumDesign, UnitInput, rank, score_round,
};
use publication::{ChannelCounts, table_digest};
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use std::path::Path;
use survey_design::{Rules, Unit, UnitClass, UnitMode};
use vocabulary::{Channel, ClassId, Level, RaterGroup, Role, Weight};

/// A round that was never played, complete enough to be bundled.
pub(crate) struct SmallRound {
    pub(crate) rules: Rules,
    pub(crate) classes: Vec<UnitClass>,
    pub(crate) units: Vec<Unit>,
    pub(crate) ratings: Vec<RatingRow>,
    pub(crate) score_input: ScoreInput,
    pub(crate) counts: Vec<ChannelCounts>,
    pub(crate) keys: [SigningKeyFile; 2],
    pub(crate) signers: [Signer; 2],
    pub(crate) table_digest: String,
}

const UNITS: [(&str, &str, bool); 5] = [
    ("D01", "service", true),
    ("D02", "service", true),
    ("D03", "service", false),
    ("D04", "party", true),
    ("D05", "party", true),
];

impl SmallRound {
    pub(crate) fn new() -> Self {
        let rules: Rules = serde_json::from_str(include_str!(
            "../../../survey-templates/rules/yunxi-2026.json"
        ))
        .unwrap();
        let classes: Vec<UnitClass> = [("party", "党群类"), ("service", "服务管理类")]
            .map(|(id, name)| UnitClass {
                id: id.into(),
                name: name.to_owned(),
            })
            .into();
        let ratings = ratings();
        let score_input = ScoreInput {
            round: "2026Q3".into(),
            units: UNITS
                .iter()
                .zip(1..)
                .map(|((id, class, window), k)| unit_input(id, class, *window, k))
                .collect(),
            design: design(),
            moments: Moments::from_rows(&ratings),
        };
        let order: Vec<ClassId> = classes.iter().map(|class| class.id.clone()).collect();
        let table_digest =
            table_digest(&rank(&score_round(&score_input, &rules), &rules, &order).rows);
        let keys = keys();
        Self {
            units: UNITS
                .iter()
                .map(|(id, class, window)| unit(id, class, *window))
                .collect(),
            counts: vec![
                ChannelCounts::new(Channel::Hall, 9, 7, [("duplicate".to_owned(), 2)].into())
                    .unwrap(),
            ],
            signers: keys.each_ref().map(SigningKeyFile::signer),
            rules,
            classes,
            ratings,
            score_input,
            keys,
            table_digest,
        }
    }

    pub(crate) fn input(&self) -> BundleInput<'_> {
        BundleInput {
            result_id: "YX-2026Q3-R1",
            version: 1,
            seed: 20_260_930,
            code_version: "0.1.0",
            audit_head: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            table_digest: &self.table_digest,
            rules: &self.rules,
            classes: &self.classes,
            units: &self.units,
            ratings: &self.ratings,
            score_input: &self.score_input,
            counts: &self.counts,
            signers: &self.signers,
        }
    }

    /// Writes the bundle and lets both people sign.
    pub(crate) fn write(&self, dir: &Path) -> BundleSummary {
        let summary = write_bundle(dir, &self.input()).unwrap();
        for key in &self.keys {
            sign(dir, key).unwrap();
        }
        summary
    }
}

pub(crate) fn keys() -> [SigningKeyFile; 2] {
    let mut rng = ChaCha20Rng::seed_from_u64(5);
    [
        SigningKeyFile::generate("王敏", Role::OfficeLeader, &mut rng),
        SigningKeyFile::generate("赵静", Role::DisciplineCommission, &mut rng),
    ]
}

fn unit(id: &str, class: &str, window: bool) -> Unit {
    Unit {
        id: id.into(),
        name: format!("云溪市{id}局"),
        short_name: format!("{id}局"),
        class: class.into(),
        mode: UnitMode::Ranked,
        enterprise_facing: id == "D01",
        has_hall_window: window,
        has_hotline_orders: true,
        aliases: vec![],
    }
}

fn unit_input(id: &str, class: &str, window: bool, k: u64) -> UnitInput {
    let ratio = |part, whole| Ratio { part, whole };
    let pairing = PairingCounts {
        levels: [9 + k, 6, 2, 1, 0],
        dont_know: 1,
        raters: 18 + k,
        bodies: 3,
        solved: ratio(3 + k, 9),
    };
    UnitInput {
        id: id.into(),
        class: class.into(),
        ranked_mode: UnitMode::Ranked,
        enterprise_facing: id == "D01",
        has_hall_window: window,
        has_hotline_orders: true,
        hall: window.then_some(HallCounts {
            completed_cases: Some(400),
            active: [150, 30 + k, 8, 3, 1],
            default_ratings: 90,
            contacted: ratio(4, 4),
            rectified: ratio(3, 4),
            follow_up_good: ratio(0, 0),
        }),
        hotline: Some(HotlineCounts {
            orders: if id == "D02" { 12 } else { 300 },
            on_time: ratio(290, 300),
            resolved: ratio(200 + k, 260),
            satisfied: [120, 80, 30 + k, 12, 8],
            no_statement: 40,
        }),
        community: Some(pairing),
        village: (id != "D05").then_some(pairing),
        enterprise: (id == "D01").then_some(EnterpriseCounts {
            levels: [20, 15, 6, 2, 1],
            dont_know: 3,
            served: 47,
            unserved: 9,
        }),
        rectification: None,
        earlier_n: 300,
    }
}

fn design() -> Vec<StratumDesign> {
    RaterGroup::ALL
        .iter()
        .flat_map(|group| (0..2).map(move |s| stratum_of(*group, s)))
        .zip(RaterGroup::ALL.iter().flat_map(|group| [*group; 2]))
        .map(|(stratum, group)| StratumDesign {
            stratum: stratum.as_str().into(),
            group,
            psus: 40,
            population: Some(900),
        })
        .collect()
}

fn stratum_of(group: RaterGroup, s: u64) -> String {
    format!("{}-{s}", group.code())
}

/// Forty ballots per stratum about every unit but the last, which four people know.
pub(crate) fn ratings() -> Vec<RatingRow> {
    let mut rows = Vec::new();
    for (u, (unit, _, _)) in (0_u64..).zip(UNITS) {
        for (g, group) in (0_u64..).zip(RaterGroup::ALL) {
            for psu in 0..80_u64 {
                let asked = unit != "D05" || (g == 3 && psu < 4);
                let answers = ["conduct", "overall"]
                    .into_iter()
                    .zip(0_u64..)
                    .filter(|_| asked);
                rows.extend(answers.map(|(item, i)| RatingRow {
                    unit: unit.into(),
                    item: item.into(),
                    channel: Channel::Survey,
                    group,
                    stratum: stratum_of(group, psu % 2).as_str().into(),
                    psu,
                    weight: Weight::parse(if psu % 2 == 0 { "22.5" } else { "11.333333" }).unwrap(),
                    level: level(u * 7 + g * 3 + psu * 5 + i * 11, u),
                }));
            }
        }
    }
    rows
}

fn level(turn: u64, unit: u64) -> Level {
    match turn % (9 + unit) {
        0 => Level::DontKnow,
        1 | 2 => Level::VerySatisfied,
        3..=6 => Level::Satisfied,
        7 => Level::Dissatisfied,
        _ => Level::Fair,
    }
}
