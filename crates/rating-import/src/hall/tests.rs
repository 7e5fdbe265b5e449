use super::*;
use crate::batch::DropReason;
use crate::{FileRefused, Imported, Limits, gathered};

const HEADER: &str = "办件编号,受理部门,受理时间,办结时间,评价时间,评价渠道,整体满意度,文字评价,评价次数,联系电话,经办人,差评联系时间,整改完成时间";

fn units() -> UnitIndex {
    [
        ("云溪市教育局", "D02"),
        ("市教育局", "D02"),
        ("市工商局", "D01"),
        ("市市场监管局", "D01"),
    ]
    .into_iter()
    .map(|(name, id)| (name.to_owned(), UnitId::new(id)))
    .collect()
}

const fn reading(codes: LevelCodes) -> HallReading {
    HallReading {
        codes,
        contact: CalendarDays(1),
        rectify: CalendarDays(15),
    }
}

fn try_import(text: &str, codes: LevelCodes) -> Result<Imported<HallRow>, FileRefused> {
    let mut file = SheetFile::of_bytes(text.as_bytes(), "好差评.csv", &Limits::default()).unwrap();
    gathered(|hand_on| parse_hall(&mut file, &units(), reading(codes), hand_on))
}

fn import(rows: &str) -> Imported<HallRow> {
    let imported = try_import(&format!("{HEADER}\n{rows}"), LevelCodes::Standard).unwrap();
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

fn codes<T>(imported: &Imported<T>) -> Vec<&str> {
    imported.issues.iter().map(|i| i.code.as_str()).collect()
}

#[test]
fn a_rating_keeps_what_the_index_needs_and_drops_who_it_was() {
    let imported = import(
        "0012,市教育局,2026-07-01 09:00:00,2026/7/2,20260702100000,4,非常满意,很好,1,13812345678,王某,,\n",
    );

    let row = &imported.rows[0];
    assert_eq!(imported.issues, []);
    assert_eq!(row.row_key, "0012#1");
    assert_eq!(row.level, Some(Level::VerySatisfied));
    assert_eq!(row.origin, RatingOrigin::Active);
    assert_eq!(row.channel_code, Some(4));
    assert_eq!(row.rated_on, "2026-07-02".parse().ok());
    assert_eq!((row.contacted_in_time, row.rectified_in_time), (None, None));
    let written = format!("{imported:?}");
    assert!(!written.contains("1381234") && !written.contains("王某"));
    let dropped: Vec<(&str, DropReason)> = imported
        .summary
        .dropped_columns
        .iter()
        .map(|d| (d.column.as_str(), d.why))
        .collect();
    assert_eq!(
        dropped,
        [
            ("联系电话", DropReason::Personal),
            ("经办人", DropReason::Personal)
        ]
    );
}

#[test]
fn default_ratings_are_marked_whatever_level_they_claim() {
    let imported = import(
        "1,市教育局,,,,7,非常满意,,,,,,\n2,市教育局,,,,4,系统默认,,,,,,\n3,市教育局,,,,系统默认好评,5,,,,,,\n4,市教育局,,,,7,,,,,,,\n",
    );

    assert_eq!(imported.rows.len(), 4);
    assert!(
        imported
            .rows
            .iter()
            .all(|row| row.origin == RatingOrigin::SystemDefault)
    );
}

#[test]
fn first_and_follow_up_rating_are_both_kept() {
    let imported =
        import("1,市教育局,,,2026-07-02,4,不满意,,1,,,,\n1,市教育局,,,2026-07-20,4,满意,,2,,,,\n");

    let keys: Vec<&str> = imported.rows.iter().map(|r| r.row_key.as_str()).collect();
    assert_eq!(keys, ["1#1", "1#2"]);
    assert_eq!(imported.summary.duplicates, 0);
}

#[test]
fn a_follow_up_in_columns_of_its_own_becomes_a_row() {
    let imported = try_import(
        "办件编号,单位,评价等级,追评等级,追评时间\n1,市教育局,不满意,满意,2026-07-20\n2,市教育局,满意,,\n",
        LevelCodes::Standard,
    )
    .unwrap();

    assert_eq!(imported.rows.len(), 3);
    assert_eq!(imported.rows[1].row_key, "1#2");
    assert_eq!(imported.rows[1].level, Some(Level::Satisfied));
    assert_eq!(imported.rows[1].rated_on, "2026-07-20".parse().ok());
    assert_eq!(imported.summary.rows_taken, 2);
}

#[test]
fn the_same_rating_twice_is_a_duplicate_and_a_different_one_a_contradiction() {
    let imported = import(
        "1,市教育局,,,,4,满意,,1,,,,\n1,市教育局,,,,4,满意,,1,,,,\n1,市教育局,,,,4,不满意,,,,,,\n",
    );

    assert_eq!((imported.rows.len(), imported.summary.duplicates), (1, 2));
    assert_eq!(codes(&imported), ["RI-205"]);
}

#[test]
fn what_is_in_time_is_what_the_rules_of_the_round_allow() {
    let row = "1,市教育局,,,2026-07-02,4,2,,,,,2026-07-05,2026-07-07\n";
    let text = format!("{HEADER}\n{row}");
    let timed = |contact, rectify| {
        let mut file =
            SheetFile::of_bytes(text.as_bytes(), "好差评.csv", &Limits::default()).unwrap();
        let reading = HallReading {
            codes: LevelCodes::Standard,
            contact: CalendarDays(contact),
            rectify: CalendarDays(rectify),
        };
        let imported = gathered(|out| parse_hall(&mut file, &units(), reading, out)).unwrap();
        let row = &imported.rows[0];
        (row.contacted_in_time, row.rectified_in_time)
    };

    assert_eq!(timed(3, 5), (Some(true), Some(true)));
    assert_eq!(timed(2, 4), (Some(false), Some(false)));
}

#[test]
fn a_bad_rating_is_timed_from_the_rating() {
    let imported = import(
        "1,市教育局,,,2026-07-02,4,2,,,,,2026-07-03 23:00,2026-07-17\n\
         2,市教育局,,,2026-07-02,4,2,,,,,2026-07-04,2026-07-18\n\
         3,市教育局,,,2026-07-02,4,1,,,,,,\n\
         4,市教育局,,,2026-07-02,4,1,,,,,2026-07-01,\n\
         5,市教育局,,,2026-07-02,4,3,,,,,2026-07-03,\n",
    );

    let loops: Vec<(Option<bool>, Option<bool>)> = imported
        .rows
        .iter()
        .map(|row| (row.contacted_in_time, row.rectified_in_time))
        .collect();
    assert_eq!(
        loops,
        [
            (Some(true), Some(true)),
            (Some(false), Some(false)),
            (Some(false), Some(false)),
            (None, None)
        ]
    );
    assert_eq!(codes(&imported), ["RI-204"]);
}

#[test]
fn rows_with_a_wrong_fact_are_rejected_and_named() {
    for (row, expected) in [
        ("1,市教育局,2026-07-05,2026-07-01,,4,满意,,,,,,", "RI-203"),
        ("1,市教育局,2026-07-05,,2026-07-01,4,满意,,,,,,", "RI-204"),
        ("1,市教育局,,,,4,还行,,,,,,", "RI-109"),
        ("1,市教育局,,,,4,,,,,,,", "RI-111"),
        ("1,市体育局,,,,4,满意,,,,,,", "RI-201"),
        (",市教育局,,,,4,满意,,,,,,", "RI-111"),
        ("3.30702E+19,市教育局,,,,4,满意,,,,,,", "RI-104"),
        ("1,市教育局,3/5/2026,,,4,满意,,,,,,", "RI-102"),
        ("1,市教育局,#N/A,,,4,满意,,,,,,", "RI-112"),
    ] {
        let imported = import(&format!("{row}\n"));
        assert_eq!(codes(&imported), [expected], "{row}");
        assert_eq!(
            (imported.rows.len(), imported.summary.rejected),
            (0, 1),
            "{row}"
        );
        assert_eq!(imported.issues[0].row, 2);
    }
}

#[test]
fn an_unknown_unit_is_listed_once_with_the_nearest_names() {
    let imported = import(
        "1,市教育居,,,,4,满意,,,,,,\n2,市教育居,,,,4,满意,,,,,,\n3,市工商局,,,,4,满意,,,,,,\n",
    );

    assert_eq!(imported.summary.unknown_names.len(), 1);
    assert_eq!(imported.summary.unknown_names[0].rows, 2);
    assert_eq!(imported.summary.unknown_names[0].suggestions[0], "市教育局");
    assert_eq!(imported.rows[0].unit, UnitId::new("D01"));
}

#[test]
fn codes_of_a_window_terminal_are_refused_until_declared() {
    let text = "办件编号,单位,评价等级\n1,市教育局,0\n2,市教育局,1\n3,市教育局,4\n";

    let refused = try_import(text, LevelCodes::Standard).unwrap_err();
    let imported = try_import(text, LevelCodes::Kiosk).unwrap();

    assert_eq!(refused.code, "RI-045");
    assert_eq!(imported.rows[0].origin, RatingOrigin::SystemDefault);
    assert_eq!(imported.rows[1].level, Some(Level::Dissatisfied));
    assert_eq!(imported.rows[2].level, Some(Level::VerySatisfied));
}

#[test]
fn a_gbk_file_with_title_two_header_rows_and_totals_loses_no_row() {
    let text = "云溪市政务服务好差评明细,,,,\n办件信息,,,评价信息,\n办件编号,受理部门,受理时间,评价时间,整体满意度\n001,市教育局,2026年7月1日,2026-07-02 10:00:00,5\n002,市工商局,20260703101112,2026/7/4,★★\n合计：2件,,,,\n注：默认好评未列入,,,,\n";
    let bytes = encoding_rs::GB18030.encode(text).0.into_owned();
    let mut file = SheetFile::of_bytes(&bytes, "好差评.csv", &Limits::default()).unwrap();

    let imported =
        gathered(|hand_on| parse_hall(&mut file, &units(), reading(LevelCodes::Standard), hand_on))
            .unwrap();

    assert_eq!(imported.summary.form.encoding, "GB18030");
    assert_eq!(imported.issues, []);
    assert_eq!(imported.rows.len(), 2);
    assert_eq!(imported.summary.headers[0].rows, 2);
    assert_eq!(
        imported.summary.headers[0].columns["level"],
        "评价信息/整体满意度"
    );
    assert!(imported.summary.totals_check[0].agrees);
}

#[test]
fn a_summary_table_is_refused_with_the_missing_headers() {
    let refused =
        try_import("单位,办结率,满意率\n市教育局,1,1\n", LevelCodes::Standard).unwrap_err();

    assert_eq!(refused.code, "RI-040");
    assert!(refused.message.contains("办件编号"), "{}", refused.message);
}

#[test]
fn volumes_are_read_from_their_own_sheet_side_by_side_too() {
    let text = "单位,办结件数,单位,办结件数\n市教育局,\"1,200\",市工商局,300\n市市场监管局,50,,\n合计,1250,,300\n";
    let mut file = SheetFile::of_bytes(text.as_bytes(), "办件量.csv", &Limits::default()).unwrap();

    let imported = gathered(|hand_on| parse_volumes(&mut file, &units(), hand_on)).unwrap();

    let found: Vec<(&str, u64)> = imported
        .rows
        .iter()
        .map(|row| (row.unit.as_str(), row.completed_cases))
        .collect();
    assert_eq!(found, [("D02", 1200), ("D01", 300), ("D01", 50)]);
    assert_eq!(imported.issues, []);
}

#[test]
fn digits_that_contradict_the_words_beside_them_are_refused() {
    let text = "办件编号,受理部门,整体满意度\n1,市教育局,1-非常满意\n2,市教育局,5\n";

    let refused = try_import(text, LevelCodes::Standard).unwrap_err();

    assert_eq!(refused.code, "RI-048");
    let declared = try_import(text, LevelCodes::Reversed).unwrap();
    let levels: Vec<_> = declared.rows.iter().map(|row| row.level).collect();
    assert_eq!(
        levels,
        [Some(Level::VerySatisfied), Some(Level::VeryDissatisfied)]
    );
}
