//! Files that no one here wrote. Their place comes from the environment; they are not in the repository.

use rating_import::{
    Imported, Limits, SheetFile, SurveyRow, parse_hotline, parse_survey, read_rows, unit_index,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use survey_design::{GroupOf, HotlineMapping, SurveyMapping, UnitOf};
use vocabulary::{ItemId, Level, RaterGroup};

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
    let bytes = std::fs::read(path).unwrap();
    let name = path.file_name().unwrap().to_string_lossy();
    read_rows(&bytes, &name, &Limits::default()).unwrap()
}

struct Year {
    file: &'static str,
    overall: &'static str,
    weight: Option<u32>,
    rows: u64,
    not_answers: u64,
}

/// Rows and sentinels as counted by a CSV reader that is not ours.
const YEARS: [Year; 5] = [
    Year {
        file: "2010.csv",
        overall: "Q6N",
        weight: Some(1),
        rows: 3234,
        not_answers: 112 + 29,
    },
    Year {
        file: "2011.csv",
        overall: "Q8N",
        weight: None,
        rows: 3872,
        not_answers: 132 + 46,
    },
    Year {
        file: "2012.csv",
        overall: "Q8N_WHOLE",
        weight: None,
        rows: 3521,
        not_answers: 140 + 33,
    },
    Year {
        file: "2013.csv",
        overall: "Q7O_WHOLE",
        weight: Some(1),
        rows: 3535,
        not_answers: 131 + 70,
    },
    Year {
        file: "2014.csv",
        overall: "Q7ALL",
        weight: Some(10_000),
        rows: 2818,
        not_answers: 111 + 30,
    },
];

fn mapping(year: &Year) -> SurveyMapping {
    SurveyMapping {
        schema: None,
        code: "airport".into(),
        version: 1,
        respondent: "RESPNUM".into(),
        stratum: Some("STRATA".into()),
        weight: year.weight.map(|_| "WEIGHT".to_owned()),
        weight_factor: year.weight.unwrap_or(1),
        unit: UnitOf::Fixed("SFO".into()),
        group: GroupOf::Fixed(RaterGroup::Citizens),
        items: [(year.overall.to_owned(), ItemId::new("overall"))].into(),
        levels: (1..=5)
            .map(|code| (code.to_string(), Level::from_code(code).unwrap()))
            .collect(),
        not_answers: vec![String::new(), "0".into(), "6".into()],
    }
}

fn import(folder: &Path, year: &Year) -> Imported<SurveyRow> {
    let file = read(&folder.join("airport-survey").join(year.file));
    parse_survey(&file, &mapping(year), &unit_index(&[])).unwrap()
}

#[test]
fn five_years_of_airport_interviews_lose_no_row_and_score_no_sentinel() {
    let Some(folder) = real_data() else { return };
    for year in &YEARS {
        let imported = import(&folder, year);

        assert_eq!(imported.issues, [], "{}", year.file);
        assert_eq!(imported.rows_total, year.rows, "{}", year.file);
        assert_eq!(imported.not_answers["overall"], year.not_answers);
        assert_eq!(imported.rows.len() as u64, year.rows - year.not_answers);
        assert_eq!((imported.rejected, imported.duplicates), (0, 0));
        let strata: BTreeMap<&str, u32> =
            imported
                .rows
                .iter()
                .fold(BTreeMap::new(), |mut counts, row| {
                    *counts.entry(row.stratum.as_str()).or_default() += 1;
                    counts
                });
        assert_eq!(strata.len(), 3, "{strata:?}");
    }
}

#[test]
fn airport_weights_sum_to_the_number_of_respondents() {
    let Some(folder) = real_data() else { return };
    for year in YEARS.iter().filter(|year| year.weight.is_some()) {
        let everyone = SurveyMapping {
            levels: (0..=6)
                .map(|code| (code.to_string(), Level::DontKnow))
                .collect(),
            not_answers: Vec::new(),
            ..mapping(year)
        };
        let file = read(&folder.join("airport-survey").join(year.file));
        let imported = parse_survey(&file, &everyone, &unit_index(&[])).unwrap();

        let sum: f64 = imported.rows.iter().map(|row| row.weight.as_f64()).sum();
        let factor = f64::from(year.weight.unwrap());
        let n = f64::from(u32::try_from(year.rows).unwrap());

        assert!(
            (sum / factor - n).abs() < 0.5,
            "{}: {}",
            year.file,
            sum / factor
        );
    }
}

#[test]
fn a_mailbox_with_replies_gives_reply_lags_and_no_user() {
    let Some(folder) = real_data() else { return };
    let columns = [
        ("order_no", "留言编号"),
        ("title", "留言主题"),
        ("registered_at", "留言时间"),
        ("content", "留言详情"),
        ("reply", "答复意见"),
        ("closed_at", "答复时间"),
    ];
    let mapping = HotlineMapping {
        code: "mailbox".into(),
        version: 1,
        columns: columns
            .map(|(key, header)| (key.to_owned(), header.to_owned()))
            .into(),
        unit: Some("mayor".into()),
        ..HotlineMapping::default()
    };
    let file = read(&folder.join("chinese-messages/messages_with_replies_small.xlsx"));

    let imported = parse_hotline(&file, &unit_index(&[]), Some(&mapping)).unwrap();

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
    let users = imported.rows.iter().filter(|row| {
        row.content
            .as_deref()
            .is_some_and(|text| text.starts_with(['\n', '\t', '\u{3000}', '\u{a0}']))
    });
    assert_eq!(users.count(), 0);
}

#[test]
fn a_sheet_that_claims_65203_rows_has_the_rows_it_has() {
    let Some(folder) = real_data() else { return };

    let file = read(&folder.join("chinese-messages/labelled_messages.xlsx"));

    assert_eq!(file.sheets[0].rows.len(), 1 + 495);
}
