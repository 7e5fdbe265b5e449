use super::*;
use crate::{FileRefused, Imported, Limits, gathered};

const HEADER: &str = "工单编号,承办单位,登记时间,办理时限,办结时间,是否解决,处理结果满意度,话务员满意度,是否纳入考核,来电人,来电号码,标题,诉求内容";

fn units() -> UnitIndex {
    [("市教育局", "D02"), ("市水务局", "D03")]
        .into_iter()
        .map(|(name, id)| (name.to_owned(), UnitId::new(id)))
        .collect()
}

fn import_text(
    text: &str,
    mapping: Option<&HotlineMapping>,
) -> Result<Imported<HotlineRow>, FileRefused> {
    let mut file = SheetFile::of_bytes(text.as_bytes(), "热线.csv", &Limits::default()).unwrap();
    gathered(|hand_on| parse_hotline(&mut file, &units(), mapping, hand_on))
}

fn import(rows: &str) -> Imported<HotlineRow> {
    import_text(&format!("{HEADER}\n{rows}"), None).unwrap()
}

fn codes(imported: &Imported<HotlineRow>) -> Vec<&str> {
    imported.issues.iter().map(|i| i.code.as_str()).collect()
}

#[test]
fn an_order_is_on_time_when_closed_no_later_than_due() {
    let imported = import(
        "A1,市教育局,2026-07-01 08:00:00,2026-07-04,2026-07-04 17:00:00,1,满意,非常不满意,1,张某,13812345678,校车,请解决\n\
         A2,市水务局,2026-07-01 08:00:00,2026-07-04,2026-07-05,0,不满意,满意,1,,,,\n\
         A3,市水务局,2026-07-01 08:00:00,2026-07-04,,,,,1,,,,\n",
    );

    assert_eq!(imported.issues, []);
    let on_time: Vec<Option<bool>> = imported.rows.iter().map(|row| row.on_time).collect();
    assert_eq!(on_time, [Some(true), Some(false), None]);
    assert_eq!(imported.rows[0].reply_days, Some(3));
    assert_eq!(imported.rows[0].level, Some(Level::Satisfied));
    assert_eq!(imported.rows[2].level, None);
    let written = format!("{imported:?}");
    assert!(!written.contains("张某") && !written.contains("1381234"));
}

#[test]
fn resolution_has_three_answers_and_blank() {
    let rows: String = ["1", "0", "2", "是", "未表态", "已解决", ""]
        .iter()
        .enumerate()
        .map(|(n, resolved)| format!("A{n},市教育局,,,,{resolved},,,1,,,,\n"))
        .collect();

    let resolved: Vec<Option<Resolved>> = import(&rows).rows.iter().map(|r| r.resolved).collect();

    assert_eq!(
        resolved,
        [
            Some(Resolved::Yes),
            Some(Resolved::No),
            Some(Resolved::NoStatement),
            Some(Resolved::Yes),
            Some(Resolved::NoStatement),
            Some(Resolved::Yes),
            None
        ]
    );
}

#[test]
fn a_flag_written_one_or_left_blank_excludes_the_blank() {
    let imported = import("A1,市教育局,,,,,,,1,,,,\nA2,市教育局,,,,,,,,,,,\n");

    assert!(imported.rows[0].counted);
    assert!(!imported.rows[1].counted);
    assert_eq!(
        imported.rows[1].excluded_reason.as_deref(),
        Some("未纳入考核")
    );
}

#[test]
fn orders_count_where_the_file_has_no_such_column() {
    let imported = import_text(
        "工单编号,承办单位,是否重复,是否保密,诉求内容\nA1,市教育局,,,甲\nA2,市教育局,是,,乙\nA3,市教育局,,是,丙\n",
        None,
    )
    .unwrap();

    let counted: Vec<bool> = imported.rows.iter().map(|row| row.counted).collect();
    assert_eq!(counted, [true, false, true]);
    assert_eq!(
        imported.rows[1].excluded_reason.as_deref(),
        Some("重复工单")
    );
    assert_eq!(imported.rows[2].content, None);
}

#[test]
fn wrong_rows_are_rejected_and_named() {
    let imported = import(
        "A1,市教育局,2026-07-05,,2026-07-01,,,,1,,,,\nA2,市体育局,,,,,,,1,,,,\nA3,市教育局,,,,9,,,1,,,,\nA4,市教育局,,,,,好极了,,1,,,,\n",
    );

    assert_eq!(codes(&imported), ["RI-204", "RI-201", "RI-108", "RI-109"]);
    assert_eq!(imported.summary.rejected, 4);
}

fn mailbox() -> HotlineMapping {
    let columns = [
        ("order_no", "留言编号"),
        ("title", "留言主题"),
        ("registered_at", "留言时间"),
        ("content", "留言详情"),
        ("reply", "答复意见"),
        ("closed_at", "答复时间"),
    ];
    HotlineMapping {
        code: "mailbox".into(),
        version: 1,
        columns: columns
            .map(|(key, header)| (key.to_owned(), header.to_owned()))
            .into(),
        unit: Some("D02".into()),
        ..HotlineMapping::default()
    }
}

#[test]
fn mailbox_messages_work_with_a_mapping_and_one_unit() {
    let text = "留言编号,留言用户,留言主题,留言时间,留言详情,答复意见,答复时间\n2549,A0004,物业,2019/4/25 9:32:09,\"\n\t\u{3000}某小区\n\",收悉,2019/5/10 14:56:53\n";

    let imported = import_text(text, Some(&mailbox())).unwrap();

    let row = &imported.rows[0];
    assert_eq!(row.unit, UnitId::new("D02"));
    assert_eq!(row.reply_days, Some(15));
    assert_eq!(row.content.as_deref(), Some("某小区"));
    assert!(!format!("{imported:?}").contains("A0004"));
}

#[test]
fn a_mapping_that_does_not_fit_is_refused() {
    let without_number = HotlineMapping {
        columns: [("title".to_owned(), "留言主题".to_owned())].into(),
        ..mailbox()
    };
    let mut unknown = mailbox();
    unknown.columns.insert("phone".into(), "留言用户".into());

    for (mapping, code) in [
        (without_number, "RI-044"),
        (unknown, "RI-044"),
        (mailbox(), "RI-042"),
    ] {
        let refused = import_text("留言编号,留言主题\n1,x\n", Some(&mapping)).unwrap_err();
        assert_eq!(refused.code, code);
    }
}
