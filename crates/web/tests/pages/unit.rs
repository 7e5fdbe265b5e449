use crate::{
    examples::{console, row},
    page::{h1, rendered},
};
use analytics::{Band, Status};
use chrono::NaiveDate;
use vocabulary::{WorkCalendar, WorkingDays};
use web::chart::{RankInterval, bullet, place_strip};
use web::form::{ActionForm, Cell, Field, FormPage, Input, Table};
use web::unit::{
    Detail, ListItem, MattersPage, PlaceStat, SaidAfterwards, Stat, Tab, Work, deadline_of,
    grouped, six_steps,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn item(number: &str, title: &str, due: &str, step: usize, current: bool) -> ListItem {
    let deadline = deadline_of(
        day(due),
        WorkingDays(15),
        day("2026-09-28"),
        &WorkCalendar::default(),
    );
    ListItem {
        href: format!("/unit/matters/{number}"),
        number: number.into(),
        title: title.into(),
        source: "问卷意见 18 条".into(),
        ring: deadline.ring,
        due: deadline.words,
        urgency: deadline.urgency,
        days_left: Some(deadline.days_left),
        state: "整改中".into(),
        step,
        unread: step == 2,
        current,
    }
}

fn form() -> ActionForm {
    ActionForm {
        action: "/unit/matters/ZG-0152/report".into(),
        lead: "写清做了什么、什么时候做完、怎么防止再发生。复核通过后会向社会公开。".into(),
        fields: vec![
            Field::area("text", "整改情况", "请不要写群众的姓名和电话。")
                .holding("一、9 月 24 日起逐项列出不符合的材料。"),
            Field::new("date", "完成日期", "", Input::Date).holding("2026-09-28"),
            Field::new(
                "outcome",
                "结果",
                "",
                Input::OneOf(vec![("A", "已经解决"), ("B", "列入计划")]),
            )
            .holding("A"),
            Field::hidden("version", "3"),
        ],
        submit: "提交复核",
        note: String::new(),
        problem: None,
    }
}

fn detail() -> Detail {
    Detail {
        back: "/unit".into(),
        number: "ZG-2026Q3-0152".into(),
        state: "整改中".into(),
        pill: "st--q",
        remarks: vec!["多人反映".into()],
        title: "异地就医备案退回时不说明原因".into(),
        deadline: "还剩 2 个工作日，9 月 30 日前提交".into(),
        deadline_class: "",
        deadline_note: "如需延期，请在到期以前申请，只能申请一次".into(),
        steps: six_steps(
            4,
            [
                "9 月 8 日",
                "9 月 9 日",
                "9 月 15 日",
                "期限 9 月 30 日",
                "",
                "",
            ]
            .map(str::to_owned),
        ),
        props: vec![
            ("责任单位", "市医疗保障局".into()),
            ("来源", "第三季度问卷".into()),
        ],
        said_by: "18 条同类意见".into(),
        bars: vec![("没写退回原因".into(), bullet(11, 18), 11)],
        quotes: vec![("退回来就两个字“不符”。".into(), String::new())],
        privacy: "原文已去掉姓名、电话和地址；少于 5 条的主题不显示原文。".into(),
        split_href: None,
        words_href: None,
        problems: vec![],
        follow_up: None,
        requirements: vec!["退回时逐项写明不符合的材料和补正办法".into()],
        answers: vec![("整改目标".into(), "9 月底前退回件全部写明原因。".into())],
        log: vec![("签收".into(), "周敏，9 月 9 日 09:14".into())],
        work: Some(Work {
            tabs: vec![
                Tab {
                    href: "?do=report".into(),
                    label: "报整改结果",
                    count: 0,
                    current: true,
                },
                Tab {
                    href: "?do=extend".into(),
                    label: "申请延期",
                    count: 0,
                    current: false,
                },
            ],
            draft: Some("草稿存于 10 月 8 日 09:00".to_owned()),
            form: form(),
        }),
        waiting: String::new(),
        files: None,
        overtaken: None,
    }
}

fn stat(name: &'static str, value: &str, class: &'static str) -> Stat {
    Stat {
        name,
        value: value.into(),
        small: String::new(),
        class,
    }
}

fn place() -> PlaceStat {
    let interval = RankInterval {
        low: 10,
        high: 16,
        place: 12,
    };
    PlaceStat {
        score: "83.60".into(),
        margin: "±1.4".into(),
        of: 20,
        words: "第 10—16 名".into(),
        strip: Some(place_strip(20, interval)),
    }
}

fn page(detail: Option<Detail>) -> MattersPage {
    let waiting = [
        (
            "ZG-0147",
            "窗口排队时间长，老年人没有座位等候",
            "2026-09-28",
            4,
        ),
        ("ZG-0152", "异地就医备案退回时不说明原因", "2026-09-30", 4),
        (
            "ZG-0155",
            "慢特病认定要交的材料前后说法不一样",
            "2026-10-12",
            2,
        ),
    ];
    MattersPage {
        frame: console("整改清单"),
        stats: vec![
            stat("今天到期", "1", "red"),
            stat("3 个工作日内", "1", "amb"),
            stat("已超期", "0", ""),
            stat("按期报结果", "96%", ""),
        ],
        place: Some(place()),
        tabs: vec![Tab {
            href: "/unit".into(),
            label: "待我处理",
            count: 3,
            current: true,
        }],
        groups: grouped(
            waiting
                .map(|(number, title, due, step)| {
                    item(number, title, due, step, number == "ZG-0152")
                })
                .into(),
        ),
        empty: "没有待办事项。",
        detail,
        export: Some("/unit/matters.xlsx?t=mine".into()),
    }
}

#[test]
fn the_inbox_groups_by_due_date_and_says_it_in_words() {
    let html = rendered("unit-inbox-list", &page(None));

    for words in [
        "今天到期",
        "3 个工作日内",
        "以后",
        "剩 2 个工作日",
        "10 月 12 日",
        "进度：第 4 步，共 6 步",
    ] {
        assert!(html.contains(words), "{words}");
    }
}

#[test]
fn one_matter_shows_requirement_words_steps_and_what_can_be_done() {
    let html = rendered("unit-inbox", &page(Some(detail())));

    assert_eq!(h1(&html), "整改清单");
    assert!(html.contains(r#"<li class="n">整改<small>期限 9 月 30 日</small></li>"#));
    assert!(html.contains(r#"action="/unit/matters/ZG-0152/report""#));
    assert!(html.contains(r#"name="version" value="3""#));
    assert!(html.contains("只能申请一次"));
}

#[test]
fn only_where_the_office_looks_is_it_said_how_people_rate_the_answer() {
    let quotes = vec![("还是要跑两趟".into(), "不满意")];
    let said = SaidAfterwards {
        people: 3,
        levels: "满意 2 位，不满意 1 位。".into(),
        quotes,
    };
    let told = Detail {
        follow_up: Some(said),
        ..detail()
    };

    let unit = rendered("unit-matter-untold", &page(Some(detail())));
    let office = rendered("office-matter-rated", &page(Some(told)));

    assert!(!unit.contains("追评"));
    assert!(office.contains("3 位看过答复以后评的") && office.contains("满意 2 位，不满意 1 位。"));
    assert!(office.contains("还是要跑两趟<footer>不满意</footer>"));
}

#[test]
fn who_cannot_act_is_told_who_can() {
    let mut detail = detail();
    detail.work = None;
    detail.waiting = "等评价办复核，期限 10 月 14 日。".into();

    let html = rendered("unit-waiting", &page(Some(detail)));

    assert!(html.contains("等评价办复核") && !html.contains(r#"id="work""#));
}

#[test]
fn a_refused_form_keeps_its_text_and_says_why() {
    let mut form = form();
    form.problem = Some("目标写得太笼统：要有措施、标准、日期和负责人（RE-101）".into());
    let page = FormPage {
        frame: console("报方案"),
        lead: vec![],
        form: Some(form),
        tables: vec![],
    };

    let html = rendered("unit-form-refused", &page);

    assert!(
        html.contains(r#"role="alert""#)
            && html.contains("RE-101")
            && html.contains("逐项列出不符合的材料")
    );
}

#[test]
fn tables_lead_to_their_things() {
    let table = Table {
        heading: "已提交的申诉".into(),
        head: vec![("编号", false), ("件数", true)],
        rows: vec![vec![Cell::link("SS-1", "/unit/appeal"), Cell::text("3")]],
        empty: "还没有申诉。",
    };
    let page = FormPage {
        frame: console("申诉与说明"),
        lead: vec!["收到结果后 3 个工作日内可以申诉一次。".into()],
        form: None,
        tables: vec![table],
    };

    let html = rendered("unit-appeal", &page);

    assert!(html.contains(r#"<td class="r">3</td>"#));
}

#[test]
fn hidden_rows_stay_hidden_for_the_unit_itself() {
    assert!(row(20, Band::Same, Status::Hidden).score.is_none());
}
