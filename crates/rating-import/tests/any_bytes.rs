//! Any bytes give rows, issues or a refusal; never a panic.

use proptest::prelude::*;
use rating_import::{
    Cell, EnterpriseSheet, FileRefused, HallReading, Imported, LevelCodes, Limits, Row, Sheet,
    SheetFile, gathered, parse_count, parse_decimal, parse_enterprise, parse_flag, parse_hall,
    parse_hotline, parse_id, parse_level, parse_moment, parse_pairing, parse_percent, parse_pool,
    parse_text, parse_volumes, unit_index,
};
use std::collections::BTreeMap;
use vocabulary::{CalendarDays, ItemId};

fn accounted<T>(imported: Result<Imported<T>, FileRefused>) {
    let Ok(Imported {
        summary, issues, ..
    }) = imported
    else {
        return;
    };
    assert_eq!(
        summary.rows_total,
        summary.rows_taken
            + summary.rows_unrated
            + summary.rows_elsewhere
            + summary.duplicates
            + summary.rejected
    );
    assert_eq!(summary.issues, issues.len() as u64);
    for issue in issues {
        assert!(issue.row > 0 && issue.code.starts_with("RI-") && !issue.remedy.is_empty());
    }
}

/// Every importer on one file.
fn import_all(file: &mut SheetFile) {
    let units = [("市教育局".to_owned(), "D02".into())]
        .into_iter()
        .collect();
    let bodies = [("溪口社区".to_owned(), "C01".into())]
        .into_iter()
        .collect();
    let items: BTreeMap<String, ItemId> = [("总体评价".to_owned(), "overall".into())].into();
    let sheet = EnterpriseSheet {
        salt: b"salt",
        items: &items,
    };
    for codes in [
        LevelCodes::Standard,
        LevelCodes::Reversed,
        LevelCodes::Kiosk,
    ] {
        let (contact, rectify) = (CalendarDays(1), CalendarDays(15));
        let reading = HallReading {
            codes,
            contact,
            rectify,
        };
        accounted(gathered(|out| parse_hall(file, &units, reading, out)));
    }
    accounted(gathered(|out| parse_volumes(file, &units, out)));
    accounted(gathered(|out| parse_hotline(file, &units, None, out)));
    accounted(gathered(|out| parse_pool(file, out)));
    accounted(gathered(|out| parse_pairing(file, &units, &bodies, out)));
    accounted(gathered(|out| parse_enterprise(file, &units, &sheet, out)));
}

fn cell() -> impl Strategy<Value = Cell> {
    prop_oneof![
        Just(Cell::Blank),
        any::<f64>().prop_map(Cell::Number),
        any::<f64>().prop_map(Cell::Serial),
        any::<bool>().prop_map(Cell::Truth),
        Just(Cell::Fault("#N/A".into())),
        "[0-9年月日时分秒/:. +ZTE％%★☆-]{0,24}".prop_map(Cell::Text),
        any::<String>().prop_map(Cell::Text),
        prop::sample::select(vec![
            "市教育局",
            "溪口社区",
            "满意",
            "默认",
            "7",
            "是",
            "合计",
            "注：",
            "001",
            "2026-07-01",
            "13812345678",
        ])
        .prop_map(|text| Cell::Text(text.to_owned())),
    ]
}

const HEADERS: [&[&str]; 6] = [
    &[
        "办件编号",
        "受理部门",
        "整体满意度",
        "受理时间",
        "办结时间",
        "评价渠道",
        "差评联系时间",
        "评价时间",
    ],
    &[
        "工单编号",
        "承办单位",
        "登记时间",
        "办结时间",
        "办理时限",
        "是否解决",
        "满意度",
        "是否纳入考核",
    ],
    &[
        "姓名",
        "身份类别",
        "单位职务",
        "手机号",
        "区县",
        "电子邮箱",
        "x",
        "y",
    ],
    &[
        "单位",
        "社区（村）",
        "评议人序号",
        "等级",
        "反映事项数",
        "解决事项数",
        "x",
        "y",
    ],
    &[
        "企业名称",
        "统一社会信用代码",
        "单位",
        "近12个月是否办事",
        "总体评价",
        "x",
        "y",
        "z",
    ],
    &["单位", "办结件数", "单位", "办结件数", "", "", "", ""],
];

fn table() -> impl Strategy<Value = Sheet> {
    let rows = prop::collection::vec(prop::collection::vec(cell(), 0..9), 0..12);
    (0..HEADERS.len(), rows).prop_map(|(header, rows)| {
        let header = HEADERS[header]
            .iter()
            .map(|text| Cell::Text((*text).to_owned()))
            .collect();
        let rows = std::iter::once(header)
            .chain(rows)
            .zip(1..)
            .map(|(cells, number)| Row { number, cells })
            .collect();
        Sheet {
            name: "表".into(),
            rows,
            ..Sheet::default()
        }
    })
}

fn workbook() -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, header) in (0..).zip(HEADERS[0]) {
        sheet.write(0, column, *header).expect("a short text fits");
        sheet.write(1, column, "满意").expect("a short text fits");
    }
    workbook.save_to_buffer().expect("a small workbook saves")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        if let Ok(mut file) = SheetFile::of_bytes(&bytes, "a.csv", &Limits::default()) {
            import_all(&mut file);
        }
    }

    #[test]
    fn any_page_is_read_or_refused(
        page in "<table>(<(tr|td|th|/td|/tr|table|/table|br)( (rowspan|colspan)=[0-9\"-]{0,9})?>|&[a-z#0-9;]{0,6}|[办件编号受理部门满意度0-9]){0,80}",
    ) {
        if let Ok(mut file) = SheetFile::of_bytes(page.as_bytes(), "a.xls", &Limits::default()) {
            import_all(&mut file);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "([\\PC\r\n\t\",;]|办件编号|受理部门|满意度){0,200}") {
        if let Ok(mut file) = SheetFile::of_bytes(text.as_bytes(), "a.csv", &Limits::default()) {
            import_all(&mut file);
        }
    }

    #[test]
    fn a_workbook_with_damaged_bytes_is_read_or_refused(
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = workbook();
        for (at, value) in damage {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if cut.index(4) == 0 {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(mut file) = SheetFile::of_bytes(&bytes, "a.xlsx", &Limits::default()) {
            import_all(&mut file);
        }
    }

    #[test]
    fn every_row_of_any_table_is_accounted_for(sheet in table()) {
        import_all(&mut SheetFile::of_sheets(vec![sheet]));
    }

    #[test]
    fn any_cell_is_a_value_or_a_problem(cell in cell()) {
        let _ = (parse_moment(&cell), parse_flag(&cell), parse_count(&cell), parse_percent(&cell));
        let _ = (parse_id(&cell), parse_text(&cell), parse_decimal(&cell).map(|d| d.map(|d| d.scaled(u32::MAX))));
        let _ = parse_level(&cell, LevelCodes::Kiosk);
    }
}

#[test]
fn an_index_of_no_units_refuses_nothing_by_itself() {
    let text = "单位,办结件数\n市教育局,3\n";
    let mut file = SheetFile::of_bytes(text.as_bytes(), "a.csv", &Limits::default()).unwrap();

    let imported = gathered(|out| parse_volumes(&mut file, &unit_index(&[]), out)).unwrap();

    assert_eq!((imported.rows.len(), imported.summary.rejected), (0, 1));
}
