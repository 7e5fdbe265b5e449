use super::*;
use crate::{FileRefused, Imported, Limits, gathered};

fn mapping() -> SurveyMapping {
    let levels = [("5", 5), ("4", 4), ("3", 3), ("2", 2), ("1", 1)]
        .map(|(text, code)| (text.to_owned(), Level::from_code(code).unwrap()));
    SurveyMapping {
        schema: None,
        code: "test".into(),
        version: 1,
        file: Default::default(),
        respondent: "RESPNUM".into(),
        stratum: Some("STRATA".into()),
        weight: Some("WEIGHT".into()),
        weight_factor: 1,
        unit: UnitOf::Fixed("SFO".into()),
        group: GroupOf::Fixed(RaterGroup::Citizens),
        items: [
            ("Q6N".to_owned(), ItemId::new("overall")),
            ("Q6A".to_owned(), ItemId::new("art")),
        ]
        .into(),
        levels: levels.into(),
        not_answers: vec![String::new(), "0".into(), "6".into()],
    }
}

fn import_by(mapping: &SurveyMapping, text: &str) -> Result<Imported<SurveyRow>, FileRefused> {
    let mut file = SheetFile::of_bytes(text.as_bytes(), "2010.csv", &Limits::default()).unwrap();
    let units = [("机场".to_owned(), UnitId::new("SFO"))];
    let units = units.into_iter().collect();
    gathered(|hand_on| parse_survey(&mut file, mapping, &units, hand_on))
}

fn import(rows: &str) -> Imported<SurveyRow> {
    let text = format!("RESPNUM,STRATA,Q6A,Q6N,WEIGHT\n{rows}");
    let imported = import_by(&mapping(), &text).unwrap();
    assert_eq!(
        imported.summary.rows_total,
        imported.summary.rows_taken
            + imported.summary.rows_unrated
            + imported.summary.rows_elsewhere
            + imported.summary.duplicates
            + imported.summary.rejected
    );
    imported
}

fn codes(imported: &Imported<SurveyRow>) -> Vec<&str> {
    imported.issues.iter().map(|i| i.code.as_str()).collect()
}

#[test]
fn each_answer_becomes_a_rating_and_sentinels_are_counted_apart() {
    let imported = import("1,2,5,4,1.013018\n2,2,0,6,0.5\n3,1,,3,1\n");

    assert_eq!(imported.issues, []);
    let keys: Vec<&str> = imported.rows.iter().map(|r| r.row_key.as_str()).collect();
    assert_eq!(keys, ["1#SFO#art", "1#SFO#overall", "3#SFO#overall"]);
    assert_eq!(imported.rows[0].weight.steps(), 1_013_018);
    assert_eq!(imported.rows[0].psu, 1);
    assert_eq!(imported.rows[0].stratum, StratumId::new("2"));
    assert_eq!(
        imported.summary.not_answers,
        [("art".to_owned(), 2), ("overall".to_owned(), 1)].into()
    );
    assert_eq!(
        (imported.summary.rows_taken, imported.summary.rows_unrated),
        (2, 1)
    );
}

#[test]
fn an_unknown_code_loses_that_answer_only_and_is_named() {
    let imported = import("1,2,9,4,1\n");

    assert_eq!(codes(&imported), ["RI-110"]);
    assert_eq!(
        (imported.issues[0].row, imported.issues[0].column.as_str()),
        (2, "Q6A")
    );
    assert_eq!((imported.rows.len(), imported.summary.rejected), (1, 0));
}

#[test]
fn a_row_without_a_usable_weight_or_stratum_is_rejected() {
    for (row, code) in [
        ("1,2,5,4,", "RI-111"),
        ("1,2,5,4,-0.5", "RI-114"),
        ("1,2,5,4,0", "RI-114"),
        ("1,2,5,4,0.8694341151", "RI-113"),
        ("1,2,5,4,abc", "RI-113"),
        ("1,,5,4,1", "RI-111"),
        (",2,5,4,1", "RI-111"),
    ] {
        let imported = import(&format!("{row}\n"));
        assert_eq!(codes(&imported), [code], "{row}");
        assert_eq!(
            (imported.rows.len(), imported.summary.rejected),
            (0, 1),
            "{row}"
        );
    }
}

#[test]
fn a_factor_keeps_all_decimals_of_a_weight() {
    let mapping = SurveyMapping {
        weight_factor: 10_000,
        ..mapping()
    };

    let imported = import_by(
        &mapping,
        "RESPNUM,STRATA,Q6A,Q6N,WEIGHT\n1,3,5,5,0.8694341151\n",
    )
    .unwrap();

    assert_eq!(imported.rows[0].weight.steps(), 8_694_341_151);
}

#[test]
fn a_respondent_stands_once_and_in_one_stratum() {
    let imported = import("1,2,5,4,1\n1,2,5,4,1\n1,3,5,4,1\n");

    assert_eq!(
        (imported.summary.duplicates, imported.summary.rejected),
        (1, 1)
    );
    assert_eq!(codes(&imported), ["RI-207"]);
}

#[test]
fn units_and_groups_may_stand_in_columns() {
    let mapping = SurveyMapping {
        unit: UnitOf::Column("单位".into()),
        group: GroupOf::Column {
            column: "层面".into(),
            groups: [("群众".to_owned(), RaterGroup::Citizens)].into(),
        },
        stratum: Some("层面".into()),
        weight: None,
        ..mapping()
    };

    let imported = import_by(
        &mapping,
        "RESPNUM,单位,层面,Q6A,Q6N\n1,机场,群众,5,5\n2,车站,群众,5,5\n3,机场,代表,5,5\n",
    )
    .unwrap();

    assert_eq!(imported.rows.len(), 2);
    assert_eq!(imported.rows[0].stratum, StratumId::new("群众"));
    assert_eq!(imported.rows[0].weight, Weight::whole(1));
    assert_eq!(codes(&imported), ["RI-201", "RI-110"]);
}

#[test]
fn a_mapping_that_does_not_fit_is_refused_whole() {
    let refused = import_by(&mapping(), "RESPNUM,STRATA,Q6A,WEIGHT\n1,2,3,1\n").unwrap_err();
    let twice = SurveyMapping {
        items: [("Q6N", "overall"), ("Q6A", "overall")]
            .map(|(column, item)| (column.to_owned(), ItemId::new(item)))
            .into(),
        ..mapping()
    };

    let nowhere = SurveyMapping {
        unit: UnitOf::Fixed("LAX".into()),
        ..mapping()
    };

    assert_eq!(
        import_by(&nowhere, "RESPNUM\n1\n").unwrap_err().code,
        "RI-046"
    );
    assert_eq!(refused.code, "RI-042");
    assert!(refused.message.contains("Q6N"));
    assert_eq!(
        import_by(&twice, "RESPNUM\n1\n").unwrap_err().code,
        "RI-043"
    );
}

#[test]
fn respondents_whose_numbers_are_not_plain_stay_apart() {
    assert_eq!(psu("7"), 7);
    assert_ne!(psu("007"), 7);
    assert_ne!(psu("a"), psu("b"));
    assert_eq!(psu("a"), psu("a"));
}
