//! What a file loses, and what it was for.

use super::*;
use crate::TotalsCheck;
use proptest::prelude::*;

fn rules() -> ImportQualityRules {
    ImportQualityRules {
        completeness: points("10"),
        content: points("10"),
        timeliness: points("5"),
        stability: points("5"),
        upload_within_days: 5,
        each_day_late: points("1"),
        each_wrong_total: points("1"),
        each_changed_column: points("1"),
    }
}

fn points(text: &str) -> Points {
    Points::parse(text).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn issue(row: u32, code: &str) -> ImportIssue {
    ImportIssue {
        sheet: "工单".into(),
        row,
        column: String::new(),
        code: code.into(),
        message: String::new(),
        remedy: String::new(),
    }
}

fn header(columns: &[(&str, &str)]) -> HeaderFound {
    HeaderFound {
        sheet: "工单".into(),
        first_row: 1,
        rows: 1,
        blocks: 1,
        columns: columns
            .iter()
            .map(|(field, header)| ((*field).into(), (*header).into()))
            .collect(),
    }
}

fn summary(rows_total: u64) -> Summary {
    Summary {
        rows_total,
        headers: vec![header(&[("order_no", "工单编号"), ("unit", "承办单位")])],
        ..Summary::default()
    }
}

/// A file in time with the columns of the one before.
fn scored(summary: &Summary, issues: &[ImportIssue]) -> QualityScore {
    let facts = FileFacts {
        summary,
        issues,
        uploaded_on: day("2026-10-05"),
        period_ends: Some(day("2026-09-30")),
        headers_before: Some(&summary.headers),
    };
    quality_score(&facts, &rules())
}

fn scores(score: &QualityScore) -> [Option<String>; 4] {
    score
        .parts
        .each_ref()
        .map(|part| part.score.map(|points| points.to_string()))
}

fn known(scores: [&str; 4]) -> [Option<String>; 4] {
    scores.map(|score| Some(score.to_owned()))
}

#[test]
fn a_good_file_has_thirty_points() {
    let score = scored(&summary(1000), &[]);

    assert_eq!(scores(&score), known(["10", "10", "5", "5"]));
    assert_eq!(score.total(), Some(points("30")));
}

#[test]
fn each_row_loses_its_share_once_in_a_part_and_is_named() {
    let issues = [
        issue(7, "RI-111"),
        issue(7, "RI-208"),
        issue(3, "RI-201"),
        issue(3, "RI-109"),
        issue(4, "RI-109"),
        issue(9, "RI-101"),
        issue(9, "RI-203"),
    ];

    let score = scored(&summary(30), &issues);

    assert_eq!(scores(&score), known(["9.6667", "9.0001", "5", "5"]));
    let rows: Vec<(DeductionReason, u64, Vec<u32>)> = score
        .parts
        .iter()
        .flat_map(|part| &part.deductions)
        .map(|lost| {
            (
                lost.reason,
                lost.count,
                lost.rows.iter().map(|(_, row)| *row).collect(),
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            (DeductionReason::Blank, 1, vec![7]),
            (DeductionReason::UnknownName, 1, vec![3]),
            (DeductionReason::UnknownLevel, 1, vec![4]),
            (DeductionReason::Unreadable, 1, vec![9]),
        ]
    );
}

#[test]
fn a_duplicate_costs_its_share_and_a_contradicting_one_only_once() {
    let again = Summary {
        duplicates: 3,
        ..summary(30)
    };

    let score = scored(&again, &[issue(5, "RI-205")]);

    let lost: Vec<(DeductionReason, u64)> = score.parts[1]
        .deductions
        .iter()
        .map(|lost| (lost.reason, lost.count))
        .collect();
    assert_eq!(
        lost,
        [
            (DeductionReason::Contradiction, 1),
            (DeductionReason::Duplicate, 2)
        ]
    );
    assert_eq!(scores(&score)[1], Some("9".to_owned()));
}

#[test]
fn a_wrong_total_costs_points_and_names_its_column() {
    let check = TotalsCheck {
        sheet: "工单".into(),
        row: 31,
        column: "办结量".into(),
        stated: "30".into(),
        computed: "29".into(),
        agrees: false,
    };
    let right = TotalsCheck {
        agrees: true,
        ..check.clone()
    };
    let totals = Summary {
        totals_check: vec![check, right],
        ..summary(30)
    };

    let score = scored(&totals, &[issue(31, "RI-301")]);

    let lost = &score.parts[0].deductions[0];
    assert_eq!((lost.reason, lost.count), (DeductionReason::WrongTotal, 1));
    assert_eq!(
        (&lost.columns, &lost.rows),
        (&vec!["办结量".to_owned()], &vec![("工单".to_owned(), 31)])
    );
    assert_eq!(scores(&score)[0], Some("9".to_owned()));
}

#[test]
fn days_after_t_plus_5_cost_a_point_each_down_to_none() {
    let summary = summary(10);
    let left = |uploaded_on: &str| {
        let facts = FileFacts {
            summary: &summary,
            issues: &[],
            uploaded_on: day(uploaded_on),
            period_ends: Some(day("2026-07-31")),
            headers_before: None,
        };
        scores(&quality_score(&facts, &rules()))[2].clone().unwrap()
    };

    for (uploaded_on, expected) in [
        ("2026-07-30", "5"),
        ("2026-08-05", "5"),
        ("2026-08-06", "4"),
        ("2026-08-09", "1"),
        ("2026-08-10", "0"),
        ("2027-08-14", "0"),
    ] {
        assert_eq!(left(uploaded_on), expected, "{uploaded_on}");
    }
}

#[test]
fn changed_columns_are_counted_and_named() {
    let before = [header(&[
        ("order_no", "工单号"),
        ("unit", "承办单位"),
        ("due_at", "办理时限"),
    ])];
    let summary = summary(10);
    let facts = FileFacts {
        summary: &summary,
        issues: &[],
        uploaded_on: day("2026-07-31"),
        period_ends: Some(day("2026-07-31")),
        headers_before: Some(&before),
    };

    let score = quality_score(&facts, &rules());

    assert_eq!(
        score.parts[3].deductions[0].columns,
        ["办理时限", "工单编号"]
    );
    assert_eq!(scores(&score)[3], Some("3".to_owned()));
}

#[test]
fn what_is_not_known_stays_unknown() {
    let facts = FileFacts {
        summary: &summary(0),
        issues: &[],
        uploaded_on: day("2026-07-31"),
        period_ends: None,
        headers_before: None,
    };

    let score = quality_score(&facts, &rules());

    assert_eq!(scores(&score), [None, None, None, None]);
    assert_eq!(score.total(), None);
}

proptest! {
    #[test]
    fn what_is_left_and_what_was_lost_make_the_full_points(
        rows in 1_u64..50,
        duplicates in 0_u64..60,
        found in proptest::collection::vec((1_u32..60, 0_usize..6), 0..80),
    ) {
        let codes = ["RI-111", "RI-109", "RI-201", "RI-101", "RI-205", "RI-301"];
        let issues: Vec<ImportIssue> = found.iter().map(|(row, code)| issue(*row, codes[*code])).collect();
        let score = scored(&Summary { duplicates, ..summary(rows) }, &issues);
        for part in &score.parts {
            let lost: i64 = part.deductions.iter().map(|lost| lost.points.steps()).sum();
            let left = part.score.unwrap().steps();
            prop_assert!(left >= 0 && part.deductions.iter().all(|lost| lost.points.steps() >= 0));
            prop_assert_eq!(left + lost, part.full.steps());
        }
    }
}
