//! Files that no one here wrote. Their place comes from the environment; they are not in the repository.

use rating_import::{
    DropReason, Limits, SheetFile, UnitIndex, gathered, parse_hotline, parse_survey, unit_index,
};
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use survey_design::{HotlineMapping, SurveyMapping, World};
use vocabulary::Level;

fn real_data() -> Option<PathBuf> {
    match std::env::var_os("HUIYIN_REAL_DATA") {
        Some(folder) => Some(PathBuf::from(folder)),
        None => {
            let in_ci = std::env::var("CI").is_ok_and(|value| value == "true");
            assert!(!in_ci, "HUIYIN_REAL_DATA must be set in CI");
            println!("skipped: HUIYIN_REAL_DATA not set");
            None
        }
    }
}

fn read(path: &Path) -> SheetFile {
    let bytes = std::fs::read(path).expect("the real file is in the folder");
    let name = path
        .file_name()
        .expect("a file has a name")
        .to_string_lossy();
    SheetFile::of_bytes(&bytes, &name, &Limits::default()).expect("the real file is usable")
}

struct Year {
    file: &'static str,
    factor: Option<u32>,
    rows: u64,
    not_answers: u64,
}

/// Rows, and blank or not applicable answers to the overall question, as counted by a CSV reader that is not ours.
const YEARS: [Year; 5] = [
    year("2010", Some(1), 3234, 112 + 29),
    year("2011", None, 3872, 132 + 46),
    year("2012", None, 3521, 140 + 33),
    year("2013", Some(1), 3535, 131 + 70),
    year("2014", Some(10_000), 2818, 111 + 30),
];

const fn year(file: &'static str, factor: Option<u32>, rows: u64, not_answers: u64) -> Year {
    Year {
        file,
        factor,
        rows,
        not_answers,
    }
}

/// A template that ships with the product.
fn template<T: DeserializeOwned>(path: &str) -> T {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../survey-templates/examples");
    let text = std::fs::read_to_string(examples.join(path)).expect("the template ships");
    serde_json::from_str(&text).expect("the template parses")
}

fn airport(year: &Year) -> (SurveyMapping, UnitIndex) {
    let world: World = template("airport/world.json");
    let mapping = template(&format!("airport/mapping-{}.json", year.file));
    (mapping, unit_index(&world.units))
}

fn airport_file(folder: &Path, year: &Year) -> SheetFile {
    read(&folder.join(format!("airport-survey/{}.csv", year.file)))
}

#[test]
fn five_years_of_airport_interviews_lose_no_row_and_score_no_sentinel() {
    let Some(folder) = real_data() else { return };
    for year in &YEARS {
        let (mapping, units) = airport(year);

        let imported = gathered(|hand_on| {
            parse_survey(&mut airport_file(&folder, year), &mapping, &units, hand_on)
        })
        .unwrap();

        let overall = imported
            .rows
            .iter()
            .filter(|row| row.item.as_str() == "overall");
        let strata: BTreeSet<&str> = imported.rows.iter().map(|r| r.stratum.as_str()).collect();
        assert_eq!(imported.issues, [], "{}", year.file);
        assert_eq!(imported.summary.rows_total, year.rows, "{}", year.file);
        assert_eq!(imported.summary.not_answers["overall"], year.not_answers);
        assert_eq!(overall.count() as u64, year.rows - year.not_answers);
        assert_eq!(
            (imported.summary.rejected, imported.summary.duplicates),
            (0, 0)
        );
        assert_eq!(strata.into_iter().collect::<String>(), "123");
    }
}

#[test]
fn airport_weights_sum_to_the_number_of_respondents() {
    let Some(folder) = real_data() else { return };
    for year in &YEARS {
        let Some(factor) = year.factor else { continue };
        let (mapping, units) = airport(year);
        let everyone = SurveyMapping {
            levels: (0..=6)
                .map(|code| (code.to_string(), Level::DontKnow))
                .collect(),
            not_answers: Vec::new(),
            ..mapping
        };

        let imported = gathered(|hand_on| {
            parse_survey(&mut airport_file(&folder, year), &everyone, &units, hand_on)
        })
        .unwrap();

        let overall = imported
            .rows
            .iter()
            .filter(|row| row.item.as_str() == "overall");
        let sum: f64 = overall.map(|row| row.weight.as_f64()).sum();
        let n = f64::from(u32::try_from(year.rows).unwrap());
        let weighted = sum / f64::from(factor);
        assert!((weighted - n).abs() < 0.5, "{}: {weighted}", year.file);
    }
}

#[test]
fn a_mailbox_with_replies_gives_reply_lags_and_no_user() {
    let Some(folder) = real_data() else { return };
    let world: World = template("mailbox/world.json");
    let mapping: HotlineMapping = template("mailbox/mapping.json");
    let mut file = read(&folder.join("chinese-messages/messages_with_replies_small.xlsx"));

    let units = unit_index(&world.units);
    let imported =
        gathered(|hand_on| parse_hotline(&mut file, &units, Some(&mapping), hand_on)).unwrap();

    assert_eq!(imported.issues, []);
    assert_eq!(imported.rows.len(), 120);
    assert_eq!(imported.rows[0].row_key, "2549");
    assert_eq!(imported.rows[0].reply_days, Some(15));
    assert!(
        imported
            .rows
            .iter()
            .all(|row| row.reply_days.is_some_and(|days| days >= 0))
    );
    let blanks_around = imported.rows.iter().filter(|row| {
        let text = row.content.as_deref().unwrap_or_default();
        text.starts_with(['\n', '\t', '\u{3000}', '\u{a0}'])
    });
    assert_eq!(blanks_around.count(), 0);
    assert!(
        imported
            .summary
            .dropped_columns
            .iter()
            .any(|dropped| dropped.column == "留言用户" && dropped.why == DropReason::Personal)
    );
}

/// Mapping, rows, and distinct numbers among them, as counted by an XML reader that is not ours.
const MESSAGES: [(&str, &str, u64, usize); 3] = [
    ("labelled_messages.xlsx", "mapping-messages", 495, 494),
    ("messages_small.xlsx", "mapping-messages", 30, 30),
    ("messages_with_replies_small.xlsx", "mapping", 120, 120),
];

/// The first claims 65,203 rows; in the second the times are serials, in the others text.
#[test]
fn every_file_of_messages_gives_the_messages_it_has() {
    let Some(folder) = real_data() else { return };
    let world: World = template("mailbox/world.json");
    let units = unit_index(&world.units);
    let messages = folder.join("chinese-messages");
    for (name, mapping, rows, numbers) in MESSAGES {
        let mapping: HotlineMapping = template(&format!("mailbox/{mapping}.json"));
        let mut file = read(&messages.join(name));

        let imported =
            gathered(|hand_on| parse_hotline(&mut file, &units, Some(&mapping), hand_on)).unwrap();

        assert_eq!(imported.issues, [], "{name}");
        assert_eq!(imported.summary.rows_total, rows, "{name}");
        assert_eq!(imported.summary.duplicates, rows - numbers as u64, "{name}");
        assert_eq!(imported.rows.len(), numbers, "{name}");
        let days = imported.rows.iter().filter_map(|row| row.registered_on);
        assert_eq!(days.count(), numbers, "{name}");
    }
    let others = std::fs::read_dir(messages).unwrap().filter_map(|entry| {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let is_known = MESSAGES.iter().any(|message| message.0 == name);
        (!is_known).then_some(name)
    });
    let others: Vec<String> = others.collect();
    assert_eq!(others, ["categories.xlsx"], "a file nobody tried");
}
