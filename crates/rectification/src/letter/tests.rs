use super::*;
use crate::picture::{drawn, written};
use vocabulary::WorkCalendar;

fn theme(unit: &str, title: &str, count: usize) -> Theme {
    Theme {
        unit: unit.into(),
        theme: title.into(),
        title: title.into(),
        opinions: vec![],
        count,
    }
}

fn figures() -> LetterFigures {
    LetterFigures {
        number: "云评函〔2026〕7 号".into(),
        round: "2026Q3".into(),
        round_title: "2026 年第三季度".into(),
        office: "云溪市评价办".into(),
        unit: "D07".into(),
        unit_name: "云溪市市场监管局".into(),
        ratings: Some(143),
        score: OwnScore::Full("86.40".into(), "84.10".into(), "88.70".into()),
        place: Some("本类第 3 名（第 1—6 名）".into()),
        compared: vec![ComparedScore {
            label: "本类单位平均".into(),
            score: Told::Figure("85.00".into()),
            interval: None,
        }],
        channels: vec![ChannelFigure {
            label: "抽样问卷".into(),
            score: Some("85.20".into()),
            ratings: 143,
        }],
        answers: [("非常满意", 100), ("不满意", 43), ("不了解", 7)]
            .map(|(label, count)| AnswerCount {
                label: label.into(),
                count,
            })
            .into(),
        reasons: [("窗口少", 6), ("跑多趟", 4), ("要证明", 1)]
            .map(|(title, count)| ThemeFigure {
                title: title.into(),
                count,
            })
            .into(),
        words: vec![ReleasedWords {
            theme: "服务态度".into(),
            text: "窗口爱理不理。".into(),
        }],
        limits: LetterLimits {
            sign_matter: WorkingDays(2),
            return_matter: WorkingDays(3),
            plan: WorkingDays(5),
        },
        themes: vec![
            theme("D07", "办理慢、等候久", 9),
            theme("D07", "服务态度", 12),
            theme("D07", "收费", 2),
            theme("D07", "环境设施", 1),
            theme("D08", "隔壁单位的意见", 30),
        ],
        least_opinions: 5,
        issued_on: "2026-10-20".parse().unwrap(),
        due_on: "2026-10-22".parse().unwrap(),
    }
}

#[test]
fn a_letter_holds_the_units_own_figures_and_nobody_elses() {
    let letter = write_letter(figures());

    let text = serde_json::to_string(&letter).unwrap();
    assert!(text.contains("86.40") && text.contains("84.10—88.70"));
    assert!(!text.contains("隔壁") && !text.contains("D08") && !text.contains("30 条"));
    assert_eq!(
        letter.paragraphs[2],
        "二、群众意见。经归并，需要你单位整改的意见共 24 条：服务态度（12 条）、办理慢、等候久（9 条）、其他零星意见（3 条）。"
    );
}

#[test]
fn the_letter_and_its_slip_name_the_due_date() {
    let letter = write_letter(figures());

    assert!(letter.paragraphs[3].starts_with("三、有关要求。请于2026 年 10 月 22 日前签收"));
    assert_eq!(letter.slip.due_on, letter.due_on);
    assert_eq!(letter.slip.lines.len(), 4);
}

#[test]
fn too_few_answers_are_said_instead_of_a_score() {
    let letter = write_letter(LetterFigures {
        ratings: None,
        score: OwnScore::Hidden,
        place: None,
        themes: vec![],
        ..figures()
    });

    assert!(letter.paragraphs[1].contains("样本不足"));
    assert!(letter.channels.is_empty() && letter.answers.is_empty());
    let text = format!("{:?}", letter.blocks());
    assert!(text.contains("样本不足，不予公布"));
    for figure in ["85.20", "143", "86.40", "100"] {
        assert!(!text.contains(figure), "{figure} in {text}");
    }
    assert!(letter.paragraphs[2].contains("没有需要"));
}

#[test]
fn a_letter_survives_its_file() {
    let letter = write_letter(figures());

    let text = serde_json::to_string(&letter).unwrap();
    assert_eq!(
        serde_json::from_str::<FeedbackLetter>(&text).unwrap(),
        letter
    );
}

#[test]
fn a_letter_says_from_top_to_bottom_what_it_knows() {
    let blocks = write_letter(figures()).blocks();

    let shown: Vec<String> = blocks
        .iter()
        .map(|block| match block {
            Block::Heading(text) | Block::Words(text) => text.clone(),
            Block::Paragraph(text) => text.chars().take(6).collect(),
            Block::Table(table) => format!("{} {}", table.caption, table.rows.len()),
        })
        .collect();
    assert_eq!(
        shown,
        [
            "现将2026",
            "一、评价结果",
            "本轮收到你单",
            "得分和比较 2",
            "各渠道得分 1",
            "问卷回答分布 3",
            "二、群众意见",
            "经归并，需要",
            "群众反映集中的问题 3",
            "勾选较多的原因 2",
            "下面是评价办",
            "服务态度：“窗口爱理不理。”",
            "三、有关要求",
            "请于2026",
            "要做的事和期限 5",
        ]
    );
}

fn rows(letter: &FeedbackLetter, caption: &str) -> Vec<Vec<String>> {
    let found = letter.blocks().into_iter().find_map(|block| match block {
        Block::Table(table) if table.caption == caption => Some(table.rows),
        _ => None,
    });
    found.unwrap()
}

#[test]
fn shares_are_rounded_once_and_small_reasons_stand_together() {
    let letter = write_letter(figures());

    let answers = rows(&letter, "问卷回答分布");
    let shares: Vec<_> = answers.iter().map(|row| row[2].as_str()).collect();
    assert_eq!(shares, ["66.7%", "28.7%", "4.7%"]);
    let reasons = rows(&letter, "勾选较多的原因");
    assert_eq!(reasons, [["窗口少", "6"], ["其他零星意见", "5"]]);
}

#[test]
fn a_score_of_few_answers_stands_without_interval_and_says_so() {
    let letter = write_letter(LetterFigures {
        score: OwnScore::ForReference("70.00".into()),
        ..figures()
    });

    let scores = rows(&letter, "得分和比较");
    assert_eq!(scores[0][1..], ["70.00（样本偏少，仅供参考）", "—"]);
    assert!(letter.paragraphs[1].contains("不和其他单位比较"));
}

#[test]
fn a_letter_of_before_is_read_with_what_it_held() {
    let old = r#"{"number":"FK-2026Q2-001","round":"2026Q2","unit":"D07","title":"函","salutation":"市市场监管局：",
        "paragraphs":["现将结果反馈如下。","一、评价结果。得分 80.00 分。"],"channels":[],"themes":[],"signature":"评价办",
        "issued_on":"2026-07-20","due_on":"2026-07-22","slip":{"title":"回执","text":"已收到。","lines":[],"due_on":"2026-07-22"}}"#;

    let letter: FeedbackLetter = serde_json::from_str(old).unwrap();

    assert_eq!(letter.blocks().len(), 3);
}

#[test]
fn the_picture_shows_exactly_the_steps_of_a_letter() {
    let table = LETTER_TRANSITIONS.iter();
    let table = table.map(|(from, step, to)| (from.code(), step.code(), to.code()));
    assert_eq!(drawn("letter"), written(table));
}

#[test]
fn a_letter_is_signed_for_once_and_has_no_light_then() {
    let at = |text: &str| Some(text.parse().unwrap());
    let read = LetterStage::at(at("2026-10-20T01:00:00Z"), None);
    let signed = LetterStage::at(None, at("2026-10-21T01:00:00Z"));

    assert_eq!(read.step(LetterStep::Sign), Some(LetterStage::Signed));
    assert_eq!(signed.step(LetterStep::Sign), None);
    assert_eq!(signed.step(LetterStep::Open), None);
    assert_eq!(read.step(LetterStep::Open), None);
    let light = |stage: LetterStage, today: &str| {
        let due = "2026-10-22".parse().unwrap();
        stage.light(today.parse().unwrap(), due, &WorkCalendar::default())
    };
    assert_eq!(light(read, "2026-10-22"), Some(crate::Light::Yellow));
    assert_eq!(light(read, "2026-10-23"), Some(crate::Light::Red));
    assert_eq!(light(signed, "2026-10-23"), None);
}
