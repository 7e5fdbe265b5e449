use crate::{
    examples::{citizen, english},
    page::{h1, rendered},
};
use web::frame::TextSize;
use web::rate::{
    CheckLine, CheckPage, Field, FollowUpPage, FollowUpStep, LandingPage, LevelOption, ListOption,
    LookupPage, PausedPage, PrivacyPage, Problem, QuestionPage, Rated, RatingPage, ReceiptPage,
    ReceiptStep, Status, StatusPage, Story, SumPage, square_code,
};

fn levels(chosen: Option<i16>) -> Field {
    let labels = [
        (5, "非常满意"),
        (4, "满意"),
        (3, "基本满意"),
        (2, "不满意"),
        (1, "非常不满意"),
    ];
    Field::Level {
        options: labels
            .map(|(code, label)| LevelOption {
                code,
                label,
                chosen: chosen == Some(code),
            })
            .into(),
        dont_know: ListOption {
            code: "0".into(),
            label: "没有办过事，不了解".into(),
            chosen: chosen == Some(0),
        },
    }
}

fn question(field: Field, problem: Option<Problem>, size: TextSize) -> QuestionPage {
    QuestionPage {
        frame: citizen("第 3 题，共 8 题", size),
        mark: "0123456789abcdef".into(),
        item: "overall".into(),
        unit_id: "D12".into(),
        number: 3,
        total: 8,
        time_left: "大约还要 2 分钟".into(),
        resumed: false,
        changing: false,
        script: None,
        first: false,
        problem,
        unit: Some("市医疗保障局".into()),
        question: "过去三个月，您或家人到市医疗保障局办事，总体满意吗？".into(),
        hint: "按真实感受选一项，没有对错。".into(),
        why: Some(
            "您的感受会计入它的季度得分；大家集中反映的问题，会列成清单限期整改，并向社会公开。"
                .into(),
        ),
        field,
        hidden_below: 10,
    }
}

#[test]
fn the_first_page_says_who_asks_why_and_how_long() {
    let page = LandingPage {
        frame: citizen("开始填写", TextSize::Normal),
        round: "2026Q3".into(),
        title: "您对这些部门满意吗？".into(),
        intro: vec!["市社情民意调查中心受市委托，请您评一评打过交道的部门。".into()],
        minutes: 3,
        questions: 9,
        period: "7 月 1 日—9 月 30 日".into(),
        anonymity: survey_design::Anonymity::Decoupled,
        resubmission: survey_design::Resubmission::Once,
        code: String::new(),
        problem: None,
        work: None,
        unfinished: Some("/s/2026Q3/q/4?resumed=1".into()),
    };

    let html = rendered("citizen-landing", &page);

    assert!(html.contains("约 3 分钟"));
    assert!(html.contains("最多 9 题"));
    assert!(html.contains(r#"<a href="/en/s/2026Q3/q/3" lang="en""#));
    assert!(html.contains(r#"action="/s/2026Q3/enter""#));
    assert!(html.contains(r#"name="code""#));
    assert!(html.contains("看不到：是谁填的"));
    assert!(
        !html.contains(r#"name="work""#),
        "whoever has a code works for nothing"
    );
}

#[test]
fn a_sum_names_its_numbers_and_what_to_type() {
    let page = SumPage {
        frame: citizen("先算一道加法", TextSize::Normal),
        round: "2026Q3".into(),
        numbers: [4, 5],
        task: "1.2.3".into(),
        assisted: true,
        wrong: true,
    };

    let html = rendered("citizen-sum", &page);

    assert!(html.contains(r#"<label for="answer">4 加 5 等于几？</label>"#));
    assert!(html.contains(r#"name="sum" value="1.2.3""#));
    assert!(html.contains(r#"name="assisted" value="1""#));
    assert!(html.contains(r#"role="alert""#));
}

#[test]
fn a_question_offers_five_levels_and_dont_know_and_preselects_none() {
    let html = rendered(
        "citizen-question-blank",
        &question(levels(None), None, TextSize::Normal),
    );

    assert_eq!(
        h1(&html),
        "过去三个月，您或家人到市医疗保障局办事，总体满意吗？"
    );
    for code in ["5", "4", "3", "2", "1", "0"] {
        assert!(
            html.contains(&format!(
                r#"<input type="radio" name="a" id="a-{code}" value="{code}">"#
            )),
            "{code}"
        );
    }
    assert!(!html.contains(" checked"));
    assert!(html.contains(r#"data-unit="D12" data-item="overall""#));
    assert!(html.contains("被评的部门看不到是谁填的"));
    assert_eq!(html.matches(r#"<li class="d"></li>"#).count(), 2);
}

#[test]
fn an_earlier_answer_is_kept_and_large_text_is_a_class() {
    let html = rendered(
        "citizen-question-xl",
        &question(levels(Some(4)), None, TextSize::ExtraLarge),
    );

    assert!(html.contains(r#"value="4" checked>"#));
    assert!(html.contains(r#"<html lang="zh-CN" class="fs-2">"#));
    assert!(html.contains(r#"value="2" aria-pressed="true">特大"#));
}

#[test]
fn an_error_names_the_remedy_twice_and_links_to_the_first_option() {
    let problem = Problem {
        heading: "这一题还没有选".into(),
        remedy: "请选一项；没去办过事的，请选“没有办过事”".into(),
    };

    let html = rendered(
        "citizen-question-error",
        &question(levels(None), Some(problem), TextSize::Normal),
    );

    assert!(html.contains(r##"<a href="#a-5">请选一项"##));
    assert!(html.contains(r#"aria-describedby="hint msg""#));
}

#[test]
fn reasons_are_boxes_with_a_text_that_warns_against_names() {
    let option = |code: &str, label: &str| ListOption {
        code: code.into(),
        label: label.into(),
        chosen: code == "slow",
    };
    let field = Field::Reasons {
        options: vec![option("slow", "办得慢"), option("rude", "态度不好")],
        text: "等了<三>小时".into(),
        max_chars: 500,
    };

    let html = rendered("citizen-reasons", &question(field, None, TextSize::Normal));

    assert!(html.contains(r#"<input type="checkbox" name="r" id="r-slow" value="slow" checked>"#));
    assert!(html.contains("请别写姓名、电话和身份证号"));
    assert!(html.contains("等了&#60;三&#62;小时"), "text is escaped");
}

#[test]
fn a_choice_and_a_text_have_their_own_fields() {
    let option = |code: &str| ListOption {
        code: code.into(),
        label: format!("选项 {code}"),
        chosen: false,
    };
    let choice = rendered(
        "citizen-choice",
        &question(
            Field::Choice {
                options: vec![option("a"), option("b")],
                apart: Some(option("dont_know")),
            },
            None,
            TextSize::Normal,
        ),
    );
    let text = rendered(
        "citizen-text",
        &question(
            Field::Text {
                text: String::new(),
                max_chars: 300,
            },
            None,
            TextSize::Large,
        ),
    );

    assert!(choice.contains(r#"id="a-b" value="b""#));
    assert!(
        choice
            .contains(r#"<div class="opt opt--dk"><input type="radio" name="a" id="a-dont_know""#)
    );
    assert!(text.contains(r#"<textarea class="ta" id="t" name="t" data-max="300""#));
}

#[test]
fn several_options_a_number_and_a_page_to_read_have_their_own_fields() {
    let option = |code: &str, chosen| ListOption {
        code: code.into(),
        label: format!("选项 {code}"),
        chosen,
    };
    let several = Field::Several {
        options: vec![option("a", true), option("b", false)],
        none: Some(option("none", false)),
    };
    let number = Field::Number {
        text: "12".into(),
        measure: Some("次".into()),
        range: "0 到 99 之间。".into(),
    };
    let note = Field::Note {
        paragraphs: vec!["下面两题和部门无关。".into()],
    };
    let render = |name: &str, field| rendered(name, &question(field, None, TextSize::Normal));

    let several = render("citizen-several", several);
    let number = render("citizen-number", number);
    let note = render("citizen-note", note);

    assert!(several.contains(r#"name="r" id="r-a" value="a" checked>"#));
    assert!(several.contains(r#"name="r" data-none id="r-none" value="none">"#));
    assert!(number.contains(r#"inputmode="numeric" autocomplete="off" value="12""#));
    assert!(note.contains("下面两题和部门无关") && !note.contains("<fieldset"));
    assert!(note.contains(">继续</button>"));
}

#[test]
fn who_fills_in_for_somebody_reads_a_script_aloud() {
    let page = QuestionPage {
        script: Some("总体满意吗？您可以说：满意、不满意。".into()),
        ..question(levels(None), None, TextSize::Normal)
    };

    let html = rendered("citizen-assisted", &page);

    assert!(html.contains("不解释、不评论、不替他选"));
    assert!(html.contains("请念：总体满意吗？您可以说：满意、不满意。"));
}

#[test]
fn an_english_page_is_english_and_marks_what_is_not() {
    let page = QuestionPage {
        frame: english("Question 3 of 8"),
        question: "How satisfied are you with 市医疗保障局?".into(),
        unit: Some("市医疗保障局".into()),
        hint: "Choose one.".into(),
        why: None,
        time_left: "About 2 min left".into(),
        ..question(
            Field::Number {
                text: String::new(),
                measure: Some("次".into()),
                range: "From 0 to 9.".into(),
            },
            None,
            TextSize::Normal,
        )
    };

    let html = rendered("citizen-english", &page);

    assert!(html.contains(r#"with <span lang="zh-CN">市医疗保障局</span>?"#));
    assert!(html.contains(">Save and continue</button>"));
    assert!(html.contains(r#"<a href="/zh/s/2026Q3/q/3" lang="zh-CN""#));
    assert!(html.contains("Yunxi satisfaction survey"));
}

#[test]
fn the_check_page_says_it_is_not_handed_in_and_shows_what_is_blank() {
    let line = |question: &str, answer: &str, n: u8| CheckLine {
        question: question.into(),
        answer: answer.into(),
        href: format!("/s/2026Q3/q/{n}?check=1"),
    };
    let page = CheckPage {
        frame: citizen("核对答案", TextSize::Normal),
        round: "2026Q3".into(),
        lines: vec![
            line("市医疗保障局：总体满意吗？", "满意", 1),
            line("还有什么想说的？", "", 2),
        ],
        last: "/s/2026Q3/q/2".into(),
        submission_id: "0".repeat(32),
        problem: None,
    };

    let html = rendered("citizen-check", &page);

    assert!(h1(&html).contains("还没有提交"));
    assert!(html.contains("没有填"));
    assert!(html.contains(&format!(
        r#"name="submission_id" value="{}""#,
        "0".repeat(32)
    )));
}

#[test]
fn the_receipt_shows_the_code_and_what_comes_next() {
    let page = ReceiptPage {
        frame: citizen("收到了", TextSize::Normal),
        code: "01AR-Z3ND-EKTS-V4RR-FFQ6-9G5F-AV".into(),
        qr: square_code("https://city.invalid/my#2026Q3.01AR", "回执的方块码"),
        kept: "答案已经封好",
        day: "2026 年 9 月 20 日".into(),
        steps: vec![ReceiptStep {
            what: "汇总",
            when: "9 月 30 日以后".into(),
        }],
    };

    let html = rendered("citizen-receipt", &page);

    assert!(
        html.contains("<b>01AR-Z3ND-EKTS-V4RR-FFQ6-9G5F-AV</b>")
            && html.contains("<svg class=\"qr\""),
        "a program reads the code where a person does"
    );
    assert!(html.contains("汇总"));
    assert!(html.contains(r#"<a href="/my#01AR-Z3ND-EKTS-V4RR-FFQ6-9G5F-AV">"#));
    assert!(html.contains("2026 年 9 月 20 日：已收到"));
}

#[test]
fn feedback_is_looked_up_by_code_alone() {
    let ask = LookupPage {
        frame: citizen("我的反馈", TextSize::Normal),
        code: "K7RM".into(),
        problem: Some("没有这个查询码，请再核对一下".into()),
    };
    let step = |mark, what: &str| FollowUpStep {
        mark,
        what: what.into(),
        when: "9 月 20 日".into(),
    };
    let found = FollowUpPage {
        frame: citizen("我的反馈：正在办", TextSize::Normal),
        heading: "您的意见正在办".into(),
        line: "回执码 01AR-Z3ND-EKTS-V4RR-FFQ6-9G5F-AV，2026 年第三季度".into(),
        done: None,
        receipt: "2026Q3.01AR".into(),
        stories: vec![Story {
            title: "市医疗保障局".into(),
            words: "退回来就两个字“不符”。".into(),
            same: Some("和您反映相同问题的还有 18 位。".into()),
            steps: vec![step("d", "已收到"), step("n", "正在办")],
            reply: "9 月 24 日起退回时逐项写明原因。".into(),
            decision: String::new(),
            rating: Rated::Open("ZG-2026Q3-0001".into()),
        }],
        steps: vec![],
    };

    let ask = rendered("citizen-lookup", &ask);
    let found = rendered("citizen-follow-up", &found);

    assert!(ask.contains("没有这个查询码"));
    assert!(found.contains("相同问题的还有 18 位"));
    assert!(found.contains(r#"action="/my/rate""#) && found.contains(r#"value="ZG-2026Q3-0001""#));
}

fn rating(chosen: Option<i16>, problem: Option<Problem>) -> RatingPage {
    RatingPage {
        frame: citizen("评一评部门的答复", TextSize::Normal),
        receipt: "01AR-Z3ND".into(),
        matter: "ZG-2026Q3-0001".into(),
        unit: "市医疗保障局".into(),
        words: "退回来就两个字“不符”。".into(),
        reply: "9 月 24 日起退回时逐项写明原因。".into(),
        options: [(5, "非常满意"), (1, "非常不满意")]
            .map(|(code, label)| LevelOption {
                code,
                label,
                chosen: chosen == Some(code),
            })
            .into(),
        text: String::new(),
        max_chars: 500,
        problem,
    }
}

#[test]
fn an_answer_is_rated_without_a_choice_made_beforehand_and_what_is_missing_is_named() {
    let mend = |remedy: &str| {
        Some(Problem {
            heading: "要改一处".into(),
            remedy: remedy.into(),
        })
    };

    let blank = rendered("citizen-rating", &rating(None, None));
    let none = rendered("citizen-rating-none", &rating(None, mend("请选一项")));
    let long = rendered("citizen-rating-long", &rating(Some(1), mend("请删短一些")));
    let in_english = RatingPage {
        frame: english("Rate the department's answer"),
        options: vec![],
        ..rating(None, None)
    };
    rendered("citizen-rating-english", &in_english);

    assert!(!blank.contains(" checked") && !blank.contains(r#"class="err""#));
    assert!(blank.contains("只能评一次") && blank.contains("请别写姓名、电话和身份证号"));
    assert!(blank.contains("部门看不到您这一评") && blank.contains("最多 500 字"));
    assert!(none.contains(r##"<a href="#a-5">请选一项"##));
    assert!(long.contains(r##"<a href="#t">请删短一些"##) && long.contains(" checked"));
}

#[test]
fn pausing_explains_how_to_come_back() {
    let page = PausedPage {
        frame: citizen("已经存好", TextSize::Normal),
        number: 3,
        total: 8,
        code: "8K3M-X7PQ".into(),
        resume: "/s/2026Q3/q/5?resumed=1".into(),
    };

    let html = rendered("citizen-paused", &page);

    assert!(html.contains("/s/2026Q3/q/5"));
    assert!(html.contains("<b>8K3M-X7PQ</b>"));
    assert!(html.contains("您答到第 3 题，共 8 题"));
}

#[test]
fn each_status_has_its_own_page_with_a_way_on() {
    let all = [
        Status::NotOpenYet,
        Status::Closed,
        Status::AlreadyUsed,
        Status::Expired,
        Status::Full,
        Status::Declined,
        Status::NoSuchRound,
        Status::NoDraft,
        Status::Help,
    ];
    for status in all {
        for frame in [citizen("", TextSize::Normal), english("")] {
            let name = format!("citizen-status-{status:?}-{}", frame.language.code());
            let html = rendered(&name, &StatusPage::new(&status, frame, Some("2026Q3")));
            assert!(html.contains(r#"<a class="btn" href="/"#), "{name}");
        }
    }
}

#[test]
fn the_privacy_page_says_what_is_not_seen() {
    let html = rendered(
        "citizen-privacy",
        &PrivacyPage {
            frame: citizen("隐私说明", TextSize::Normal),
            hidden_below: 10,
            batch: 20,
            minutes: 60,
            seen_from: 5,
        },
    );

    assert!(html.contains("看不到"));
    assert!(!html.contains("完全匿名"));
}
