use super::{Column, Document, DocumentTable, HeadingLevel, Part, SmallPrint, docx};
use std::io::{Cursor, Read};
use zip::ZipArchive;

fn letter(parts: Vec<Part>) -> Document {
    Document {
        title: "关于反馈评价结果的函".into(),
        issuer: "云溪市评价办".into(),
        issued_on: "2026-10-20".parse().unwrap(),
        small_print: Some(SmallPrint {
            header: "供云溪市市场监管局取阅".into(),
            footer: "编号 K7QM-2XPA".into(),
        }),
        parts,
    }
}

fn entry(bytes: &[u8], name: &str) -> String {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    let mut file = archive.by_name(name).unwrap();
    file.read_to_string(&mut text).unwrap();
    text
}

/// What is read in a part of the file, paragraph by paragraph.
fn read(xml: &str) -> Vec<String> {
    xml.split("</w:p>")
        .map(|paragraph| {
            let texts = paragraph.split("<w:t ").skip(1);
            texts
                .filter_map(|text| text.split_once('>')?.1.split_once("</w:t>"))
                .map(|(text, _)| text)
                .collect()
        })
        .collect()
}

#[test]
fn every_part_stands_in_the_file_in_its_order() {
    let bytes = docx(&letter(vec![
        Part::Mark("云溪市评价办".into()),
        Part::Number("云评函〔2026〕7号".into()),
        Part::Title("关于反馈\n评价结果的函".into()),
        Part::Addressee("云溪市市场监管局：".into()),
        Part::Heading(HeadingLevel::First, "一、评价结果".into()),
        Part::Heading(HeadingLevel::Second, "（一）得分".into()),
        Part::Paragraph("得分 86.40 分。".into()),
        Part::Table(DocumentTable {
            caption: "各渠道得分".into(),
            columns: vec![Column::words("渠道", 3), Column::numbers("得分", 1)],
            rows: vec![vec!["抽样问卷".into(), "85.20".into()]],
        }),
        Part::Signature {
            from: "云溪市评价办".into(),
            date: "2026年10月20日".into(),
        },
        Part::NewPage,
        Part::Blank("签收人：".into()),
    ]))
    .unwrap();

    let mut texts = read(&entry(&bytes, "word/document.xml"));
    texts.retain(|text| !text.trim().is_empty());
    assert_eq!(
        texts,
        [
            "云溪市评价办",
            "云评函〔2026〕7号",
            "关于反馈评价结果的函",
            "云溪市市场监管局：",
            "一、评价结果",
            "（一）得分",
            "得分 86.40 分。",
            "各渠道得分",
            "渠道",
            "得分",
            "抽样问卷",
            "85.20",
            "云溪市评价办",
            "2026年10月20日",
            "签收人：\u{3000}\u{3000}\u{3000}\u{3000}\u{3000}\u{3000}\u{3000}\u{3000}\u{3000}\u{3000}\u{3000}\u{3000}",
        ]
    );
}

#[test]
fn the_page_has_the_measures_of_an_official_document() {
    let bytes = docx(&letter(vec![Part::Paragraph("正文".into())])).unwrap();
    let page = entry(&bytes, "word/document.xml");

    for measure in [
        r#"w:w="11906" w:h="16838""#,
        r#"w:top="2098" w:right="1474" w:bottom="1984" w:left="1587""#,
        r#"w:linePitch="579""#,
        r#"<w:spacing w:val="-5" />"#,
        r#"w:eastAsia="仿宋_GB2312""#,
        r#"<w:sz w:val="32" />"#,
        r#"w:firstLine="632""#,
    ] {
        assert!(page.contains(measure), "{measure}\n{page}");
    }
    let area = (16_838 - 2_098 - 1_984, 11_906 - 1_587 - 1_474);
    assert_eq!(area.0 / 579, 22, "lines");
    assert_eq!(area.1 / (16 * 20 - 5), 28, "characters");
}

#[test]
fn each_page_bears_its_number_outside_and_the_small_print_of_the_copy() {
    let bytes = docx(&letter(vec![Part::Paragraph("正文".into())])).unwrap();

    let feet: Vec<_> = ["word/footer1.xml", "word/footer2.xml"]
        .map(|name| entry(&bytes, name))
        .into();
    for foot in &feet {
        assert_eq!(read(foot)[..2], ["— 1 —", "编号 K7QM-2XPA"]);
        assert!(foot.contains("PAGE") && foot.contains(r#"<w:sz w:val="28" />"#));
    }
    let sides: Vec<_> = feet
        .iter()
        .map(|foot| foot.contains(r#"w:val="right""#))
        .collect();
    assert_eq!(sides, [true, false], "odd right, even left");
    assert!(entry(&bytes, "word/settings.xml").contains("evenAndOddHeaders"));
    for name in ["word/header1.xml", "word/header2.xml"] {
        assert_eq!(read(&entry(&bytes, name))[0], "供云溪市市场监管局取阅");
    }
}

#[test]
fn a_machine_without_a_font_is_told_what_to_take_instead() {
    let bytes = docx(&letter(vec![])).unwrap();
    let fonts = entry(&bytes, "word/fontTable.xml");
    assert!(entry(&bytes, "word/styles.xml").contains(r#"w:eastAsia="zh-CN""#));

    for font in [
        "仿宋_GB2312",
        "方正小标宋简体",
        "黑体",
        "楷体_GB2312",
        "宋体",
    ] {
        assert!(
            fonts.contains(&format!(r#"w:name="{font}"><w:altName"#)),
            "{font}"
        );
    }
}

#[test]
fn rare_characters_stay_and_what_the_format_cannot_hold_goes() {
    let said = "堃喆䶮𠮷\u{1}\u{fffe}<b>&\"一\n二\u{b}";
    let bytes = docx(&letter(vec![Part::Paragraph(said.into())])).unwrap();

    let texts = read(&entry(&bytes, "word/document.xml"));
    assert_eq!(texts[0], "堃喆䶮𠮷&lt;b&gt;&amp;&quot;一 二");
}

#[test]
fn the_same_document_gives_the_same_bytes_and_names_no_person() {
    let of = || docx(&letter(vec![Part::Title("函".into())])).unwrap();

    assert_eq!(of(), of());
    let core = entry(&of(), "docProps/core.xml");
    assert!(core.contains("<dc:creator>云溪市评价办</dc:creator>"));
    assert!(core.contains("2026-10-20T00:00:00Z"));
}
