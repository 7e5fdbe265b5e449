use crate::{
    examples::{bulletin, host},
    page::{h1, rendered},
};
use web::frame::{PortalFrame, PortalPlace};
use web::portal::{
    AccessibilityPage, CorrectionsPage, Download, DownloadsPage, ItemMeasure, ItemPoint,
    ItemSeries, KnownResult, QuarterInput, Standing, VerifyPage, View, WaitingPage, department,
    item_trend, matters, quarter,
};

fn frame(place: PortalPlace) -> PortalFrame {
    PortalFrame {
        title: "公开页面示例".into(),
        host: host(),
        place,
        round: Some("2026Q3".into()),
    }
}

fn page(class: Option<&str>, view: View) -> web::portal::QuarterPage {
    let body = bulletin();
    let input = QuarterInput {
        body: &body,
        standing: Standing::Newest,
        host: host(),
        published_at: Some("2026-10-12T01:00:00Z".parse().unwrap()),
        class,
        view,
        downloads: vec![Download {
            href: "/r/2026Q3/files/ranking.csv".into(),
            name: "机读数据 CSV".into(),
            what: "附字段说明".into(),
            size: "9 KB".into(),
        }],
        earlier: vec![],
    };
    quarter(input).unwrap()
}

#[test]
fn the_quarter_page_states_the_finding_first() {
    let html = rendered("portal-quarter", &page(None, View::Rank));

    assert_eq!(h1(&html), "五个部门明显好于平均，三个部门明显低于平均");
    assert!(html.contains("10 月 12 日发布"));
    assert!(html.contains("平均 <b>84.41 分</b>，比上季度高 0.60 分"));
    assert!(html.contains("<code>9f2c 41d8 77ab 03e6</code>"));
}

#[test]
fn each_unit_stands_in_the_group_its_figures_allow() {
    let html = rendered("portal-quarter", &page(None, View::Rank));

    assert!(html.contains("明显高于平均，5 个部门"));
    assert!(html.contains("有得分，不排名，1 个部门"));
    assert!(
        html.contains("（78.40）"),
        "a bracketed score stands in brackets"
    );
    let hidden = html.split("样本不足，不排名，1 个部门").nth(1).unwrap();
    assert!(hidden.contains("市住房城乡建设局"));
    assert!(
        !html.contains("77.20"),
        "a hidden score is nowhere on the page"
    );
}

#[test]
fn a_missing_hall_window_is_said_under_the_table() {
    let html = rendered("portal-quarter", &page(None, View::Rank));

    assert!(html.contains("<b>没有大厅窗口，权重已按比例分给其他渠道</b>：市司法局。"));
}

#[test]
fn the_books_of_every_channel_balance_in_public() {
    let html = rendered("portal-quarter", &page(None, View::Rank));

    assert!(
        html.contains("41,250") && html.contains("39,103") && html.contains("系统默认评价 2,107")
    );
}

#[test]
fn the_score_view_says_where_its_axis_starts() {
    let html = rendered("portal-quarter-score", &page(Some("service"), View::Score));

    assert!(html.contains("不从零开始"));
    assert!(html.contains(r#"class="mean""#));
    assert!(
        html.contains(
            r#"<a href="/r/2026Q3?v=score&#38;c=service" aria-current="true">看得分</a>"#
        )
    );
}

#[test]
fn a_class_without_units_is_an_empty_table_not_an_error() {
    let html = rendered("portal-quarter-empty", &page(Some("county"), View::Rank));

    assert!(html.contains("“县区”共 0 个单位"));
}

#[test]
fn a_department_page_states_band_interval_and_matters() {
    let html = rendered(
        "portal-department",
        &department(&bulletin(), &"D02".into(), host()).unwrap(),
    );

    assert_eq!(h1(&html), "市公安局明显高于同类平均");
    assert!(html.contains("办身份证排一上午队"));
    assert!(html.contains("近几个季度的得分"));
}

#[test]
fn a_hidden_department_shows_no_figure_at_all() {
    let html = rendered(
        "portal-department-hidden",
        &department(&bulletin(), &"D20".into(), host()).unwrap(),
    );

    assert_eq!(h1(&html), "市住房城乡建设局：样本不足，不显示得分");
    assert!(html.contains("少于 10"));
    assert!(!html.contains("77.20"));
}

#[test]
fn an_unknown_department_has_no_page() {
    assert!(department(&bulletin(), &"D99".into(), host()).is_none());
}

#[test]
fn the_public_list_counts_failures_too() {
    let html = rendered("portal-matters", &matters(&bulletin(), host()));

    assert!(html.contains("退回重办") && html.contains("继续督办"));
}

#[test]
fn a_pasted_code_is_answered_with_one_word() {
    let known = [KnownResult {
        result_id: "YX-2026Q3-R1".into(),
        digest: "9f2c41d877ab03e6".repeat(4),
        replaced_by: None,
    }];

    let same = rendered(
        "portal-verify",
        &VerifyPage::new("9f2c 41d8 77ab 03e6", &known, None, host()),
    );
    let other = rendered(
        "portal-verify-other",
        &VerifyPage::new(&"0".repeat(64), &known, None, host()),
    );

    assert_eq!(h1(&same), "核验：一致");
    assert_eq!(h1(&other), "核验：不一致");
}

#[test]
fn files_name_their_format_and_size() {
    let file = Download {
        href: "/r/2026Q3/files/ranking.xlsx".into(),
        name: "数据表 XLSX".into(),
        what: "得分、区间、样本量".into(),
        size: "86 KB".into(),
    };
    let page = DownloadsPage {
        frame: frame(PortalPlace::Downloads),
        round_title: "2026 年第三季度".into(),
        result_id: "YX-2026Q3-R1".into(),
        in_wechat: true,
        files: vec![file.clone()],
        bundle: vec![file],
        draw: None,
        fields: publication::FIELDS
            .iter()
            .map(|field| (field.name, field.heading, field.meaning))
            .collect(),
        published: "10 月 12 日发布。".into(),
    };

    let html = rendered("portal-downloads", &page);

    assert!(
        html.contains("在浏览器中打开")
            && html.contains("86 KB")
            && html.contains("weight_covered")
    );
}

#[test]
fn one_unit_with_many_questions_has_a_trend_of_items() {
    let rounds: Vec<String> = (2010..=2014).map(|year| format!("{year} 年")).collect();
    let point = |mean: f64| {
        Some(ItemPoint {
            n: 3_512,
            mean,
            top_two: 0.8123,
        })
    };
    let series = [
        ItemSeries {
            name: "候机区清洁".into(),
            points: vec![point(4.1), point(4.2), None, point(4.25), point(4.314)],
        },
        ItemSeries {
            name: "餐饮".into(),
            points: vec![point(3.4), point(3.5), point(3.5), point(3.6), point(3.61)],
        },
    ];

    let mean = rendered(
        "portal-trend",
        &item_trend(
            "机场",
            &rounds,
            &series,
            ItemMeasure::Mean,
            "/trend",
            host(),
        ),
    );
    let top = rendered(
        "portal-trend-top2",
        &item_trend(
            "机场",
            &rounds,
            &series,
            ItemMeasure::TopTwo,
            "/trend",
            host(),
        ),
    );

    assert_eq!(h1(&mean), "机场最近一轮，“候机区清洁”得分最高，平均 4.31");
    assert!(
        mean.contains("<td class=\"r\">—</td>"),
        "a round without the item has no figure"
    );
    assert!(top.contains("81.2%"));
}

#[test]
fn the_plain_pages_hold_their_structure() {
    let corrections = CorrectionsPage {
        frame: frame(PortalPlace::Elsewhere),
        heading: "到目前为止有一处更正".into(),
        rows: vec![(
            "YX-2026Q3-R2".into(),
            "2026 年 10 月 20 日".into(),
            "市水利局热线工单漏计 3 件。".into(),
        )],
    };
    let waiting = WaitingPage {
        frame: frame(PortalPlace::Results),
        heading: "还没有公布的结果".into(),
        words: "第一轮结果公布以后会出现在这里。".into(),
        rounds: vec![("2026 年第三季度".into(), String::new(), "正在收集".into())],
    };

    rendered("portal-corrections", &corrections);
    rendered("portal-waiting", &waiting);
    rendered(
        "portal-accessibility",
        &AccessibilityPage {
            frame: frame(PortalPlace::Elsewhere),
        },
    );
}
