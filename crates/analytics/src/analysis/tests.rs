use super::*;
use crate::{estimation::LonelyPsu, weighting::Margin};

/// Two strata of two villages of two people.
fn table() -> Table {
    let mut table = Table::new(8);
    let labels = |cells: [&'static str; 8]| cells.into_iter().collect::<Labels>();
    table.insert_labels("stratum", labels(["A", "A", "A", "A", "B", "B", "B", "B"]));
    table.insert_labels("village", labels(["1", "1", "2", "2", "3", "3", "4", "4"]));
    table.insert_labels("dept", labels(["x", "x", "x", "y", "y", "y", "y", "z"]));
    table.insert_labels("sex", labels(["F", "M", "F", "M", "F", "M", "M", "M"]));
    numbers(&mut table, "q1", [1.0, 2.0, 3.0, 4.0, 5.0, 4.0, 3.0, 2.0]);
    numbers(&mut table, "w", [1.0; 8]);
    table
}

fn numbers(table: &mut Table, column: &str, cells: [f64; 8]) {
    let cells = cells.map(|cell| Some(cell).filter(|cell| !cell.is_nan()));
    table.insert_numbers(column, cells.to_vec());
}

fn request(statistics: &[Statistic]) -> Request {
    Request {
        design: DesignColumns {
            weight: Some("w".into()),
            strata: Some("stratum".into()),
            psu: Some("village".into()),
            ..DesignColumns::default()
        },
        by: Vec::new(),
        statistics: statistics.to_vec(),
        ruler: Ruler::default(),
        confidence: 0.95,
        lonely: LonelyPsu::Adjust,
        ranks: None,
        margins: Vec::new(),
    }
}

fn mean() -> Statistic {
    Statistic::Mean("q1".into())
}

fn near(found: Option<f64>, expected: f64) {
    let found = found.expect("the number is there");
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

fn by_dept(table: &Table, statistic: Statistic) -> Vec<ResultRow> {
    let request = Request {
        by: vec!["dept".into()],
        ..request(&[statistic])
    };
    analyze(&request, table).unwrap().results
}

#[test]
fn a_mean_by_hand() {
    let found = analyze(&request(&[mean()]), &table()).unwrap();

    // Village totals of z: −3∕8, 1∕8 | 3∕8, −1∕8: V = 2·(2·(2∕8)²)·2 = 1∕2; t with 2 degrees 4.302652730.
    let [row] = found.results.as_slice() else {
        panic!("one row")
    };
    near(row.estimate, 3.0);
    near(row.se, 0.5_f64.sqrt());
    near(row.df, 2.0);
    near(row.ci_low, 3.0 - 4.302_652_729_749_46 * 0.5_f64.sqrt());
    near(row.n_eff, 8.0);
    // S² = 12∕7, so S²∕n = 3∕14 and deff = 7∕3.
    near(row.deff, 7.0 / 3.0);
    assert_eq!((row.n, row.status, &row.domain), (8, Status::Ok, &None));
    assert_eq!(found.notes, []);
}

#[test]
fn a_second_stage_counts_what_varies_inside_the_villages() {
    // Both villages of each stratum were drawn, and two of the four people of each.
    let mut table = table();
    numbers(&mut table, "villages", [2.0; 8]);
    numbers(&mut table, "people", [4.0; 8]);
    let mut request = request(&[mean()]);
    request.design.fpc = Some("villages".into());
    request.design.second_fpc = Some("people".into());

    let found = analyze(&request, &table).unwrap();

    // In each village z lies 1∕16 on either side of its mean: 4·(1 − 2∕4)·2·2·(1∕16)² = 1∕32.
    near(found.results[0].se, (1.0_f64 / 32.0).sqrt());
}

#[test]
fn every_absent_number_has_its_reason() {
    let nan = f64::NAN;
    let mut table = table();
    let status = |table: &Table, statistic: Statistic| -> Vec<Status> {
        let rows = by_dept(table, statistic);
        rows.iter().map(|row| row.status).collect()
    };
    // z lives in one village.
    assert_eq!(
        status(&table, mean()),
        [Status::Ok, Status::Ok, Status::SinglePsu]
    );
    // x answers in villages 1 and 2, y in 2 and 3 only, which are two strata.
    numbers(&mut table, "q1", [1.0, 2.0, 3.0, 4.0, 5.0, 4.0, nan, nan]);
    assert_eq!(
        status(&table, mean()),
        [Status::Ok, Status::NoDegreesOfFreedom, Status::NoAnswers]
    );
    numbers(&mut table, "q1", [0.1, 0.1, 0.1, 4.0, 5.0, 4.0, 3.0, 2.0]);
    numbers(&mut table, "w", [0.1, 0.1, 0.1, 1.0, 1.0, 1.0, 1.0, 0.0]);
    assert_eq!(
        status(&table, mean()),
        [Status::NoVariation, Status::Ok, Status::EmptyDomain]
    );
    let unvaried = &by_dept(&table, mean())[0];
    assert_eq!((unvaried.estimate, unvaried.se), (Some(0.1), Some(0.0)));
    assert_eq!((unvaried.ci_low, unvaried.deff), (None, None));
    numbers(&mut table, "zero", [0.0; 8]);
    let ratio = Statistic::Ratio {
        numerator: "q1".into(),
        denominator: "zero".into(),
    };
    assert_eq!(status(&table, ratio)[0], Status::ZeroDenominator);
    let quantile = Statistic::Quantile {
        column: "q1".into(),
        share: 0.9,
    };
    assert_eq!(status(&table, quantile)[1], Status::TooFewAnswers);
}

#[test]
fn a_unanimous_share_keeps_an_interval() {
    let at_least = |least| {
        Statistic::Proportion(Condition {
            column: "q1".into(),
            test: Test::AtLeast(least),
        })
    };

    let found = analyze(&request(&[at_least(1.0)]), &table()).unwrap();

    // 0.025^(1∕8).
    let row = &found.results[0];
    near(row.estimate, 1.0);
    near(row.ci_low, 0.025_f64.powf(0.125));
    assert_eq!(row.status, Status::NoVariation);
}

#[test]
fn the_shares_of_all_values_sum_to_one() {
    let mut request = request(&[Statistic::Shares("q1".into())]);
    request.ruler.scale = Some((1, 5));
    request.ruler.missing = vec![3.0];

    let found = analyze(&request, &table()).unwrap().results;

    let variables: Vec<_> = found.iter().map(|row| row.variable.as_str()).collect();
    assert_eq!(variables, ["q1=1", "q1=2", "q1=3", "q1=4", "q1=5"]);
    near(Some(found.iter().filter_map(|row| row.estimate).sum()), 1.0);
    assert!(found.iter().all(|row| row.n == 6));
}

#[test]
fn labels_have_shares_too() {
    let found = analyze(&request(&[Statistic::Shares("sex".into())]), &table()).unwrap();

    near(found.results[0].estimate, 3.0 / 8.0);
    assert_eq!(found.results[1].variable, "sex=M");
}

#[test]
fn dont_know_never_moves_a_mean() {
    let mut with = table();
    numbers(&mut with, "q1", [1.0, 2.0, 9.0, 4.0, 5.0, 4.0, 3.0, 2.0]);
    let mut blank = table();
    numbers(
        &mut blank,
        "q1",
        [1.0, 2.0, f64::NAN, 4.0, 5.0, 4.0, 3.0, 2.0],
    );
    let mut request = request(&[mean()]);
    request.ruler.missing = vec![9.0];

    assert_eq!(analyze(&request, &with), analyze(&request, &blank));
}

#[test]
fn domains_get_places_and_those_without_an_error_do_not() {
    let ranked = |set| {
        let request = Request {
            by: vec!["dept".into()],
            ranks: Some(set),
            ..request(&[mean()])
        };
        let found = analyze(&request, &table()).unwrap().results;
        assert_eq!(found.len(), 6);
        found[3..].to_vec()
    };

    for set in [RankSet::Joint, RankSet::Simultaneous, RankSet::Marginal] {
        let places = ranked(set);
        near(places[0].estimate, 2.0);
        near(places[1].estimate, 1.0);
        assert!(places[1].ci_low <= places[1].estimate && places[1].estimate <= places[1].ci_high);
        assert_eq!(places[2].status, Status::NotRanked);
        assert_eq!(places[0].statistic, "rank");
    }
}

#[test]
fn a_share_that_is_raked_to_is_known_without_error() {
    let mut request = request(&[Statistic::Shares("sex".into()), mean()]);
    let margin = |female| Margin {
        name: "sex".into(),
        levels: vec![("F".into(), female), ("M".into(), 40.0)],
    };
    request.margins = vec![margin(60.0)];

    let found = analyze(&request, &table()).unwrap();

    near(found.results[0].estimate, 0.6);
    near(found.results[0].se, 0.0);
    // F: 1, 3, 5 with 20 each; M: 2, 4, 4, 3, 2 with 8 each.
    near(found.results[2].estimate, 3.0);
    assert!(matches!(found.notes.as_slice(), [Note::ThinLevels(levels)] if levels.len() == 2));

    request.margins.push(Margin {
        name: "dept".into(),
        ..margin(10.0)
    });
    assert!(matches!(
        analyze(&request, &table()),
        Err(AnalysisRefused::Margins(_))
    ));
}

#[test]
fn a_design_that_cannot_be_is_refused_by_name() {
    let refused = |change: &dyn Fn(&mut Request, &mut Table)| {
        let (mut request, mut table) = (request(&[mean()]), table());
        change(&mut request, &mut table);
        analyze(&request, &table).unwrap_err()
    };
    let weights = |weights: [f64; 8]| refused(&|_, table| numbers(table, "w", weights));

    assert_eq!(
        weights([1.0, -1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]),
        AnalysisRefused::NegativeWeight {
            row: 2,
            weight: -1.0
        }
    );
    assert_eq!(
        weights([1.0, 1.0, f64::NAN, 1.0, 1.0, 1.0, 1.0, 1.0]),
        AnalysisRefused::BlankCell {
            column: "w".into(),
            row: 3
        }
    );
    assert_eq!(weights([0.0; 8]), AnalysisRefused::NoWeight);
    assert_eq!(
        refused(&|request, _| request.design.psu = Some("sex".into())),
        AnalysisRefused::PsuInTwoStrata("F".into())
    );
    assert_eq!(
        refused(&|request, _| {
            request.lonely = LonelyPsu::Fail;
            request.design.psu = Some("stratum".into());
        }),
        AnalysisRefused::LonelyPsu("层“A”".into())
    );
    assert_eq!(
        refused(&|request, table| {
            numbers(table, "villages", [1.0; 8]);
            request.design.fpc = Some("villages".into());
        }),
        AnalysisRefused::PopulationTooSmall {
            stratum: "层“A”".into(),
            sampled: 2,
            population: 1.0
        }
    );
    assert_eq!(
        refused(&|request, _| {
            request.design.psu = None;
            request.design.second_stage = Some("village".into());
        }),
        AnalysisRefused::SecondWithoutFirst
    );
    assert_eq!(
        analyze(&request(&[mean()]), &Table::new(0)),
        Err(AnalysisRefused::NoRows)
    );
}

#[test]
fn repeated_labels_of_psus_are_told_apart_only_when_asked() {
    let mut table = table();
    table.insert_labels(
        "number",
        ["1", "1", "2", "2", "1", "1", "2", "2"]
            .into_iter()
            .collect(),
    );
    let mut request = request(&[mean()]);
    request.design.psu = Some("number".into());
    assert!(analyze(&request, &table).is_err());

    request.design.nested = true;

    near(
        analyze(&request, &table).unwrap().results[0].se,
        0.5_f64.sqrt(),
    );
}

#[test]
fn what_is_worth_knowing_is_said() {
    let mut table = table();
    numbers(&mut table, "w", [1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
    let mut request = request(&[mean()]);
    request.design.psu = Some("stratum".into());

    let notes = analyze(&request, &table).unwrap().notes;

    assert_eq!(
        notes,
        [
            Note::ZeroWeights { rows: 2, first: 2 },
            Note::LonelyStrata(vec!["层“A”".into(), "层“B”".into()])
        ]
    );
}
