//! A small invented city, used by all page tests.

use analytics::{Band, Flag, RankingRow, Status};
use publication::{
    BulletinBody, ChannelCounts, ClassTable, Correction, MatterCard, MattersSummary,
    OverallFigures, Period, PlaceChange, TableRow, Trend, TrendPoint, TrendRound, UnitTrend,
};
use vocabulary::{Channel, WorkingDays};
use web::frame::{CitizenFrame, ConsoleFrame, Host, NavLink, TextSize};
use web::icon::Icon;
use web::language::Language;

pub fn host() -> Host {
    Host {
        city: "云溪市".into(),
        office: "云溪市社情民意调查中心".into(),
        demonstration: true,
    }
}

pub fn citizen(title: &str, size: TextSize) -> CitizenFrame {
    CitizenFrame {
        title: title.into(),
        host: host(),
        line: "2026 年第三季度".into(),
        size,
        language: Language::Chinese,
        here: "/s/2026Q3/q/3".into(),
    }
}

/// The same frame on an English page.
pub fn english(title: &str) -> CitizenFrame {
    CitizenFrame {
        host: Host {
            city: "Yunxi".into(),
            office: "Yunxi Public Evaluation Office".into(),
            demonstration: true,
        },
        line: "Third quarter of 2026".into(),
        language: Language::English,
        ..citizen(title, TextSize::Normal)
    }
}

pub fn console(heading: &str) -> ConsoleFrame {
    ConsoleFrame {
        title: heading.into(),
        heading: heading.into(),
        workplace: "部门工作台",
        owner: "市医疗保障局".into(),
        nav: vec![
            NavLink {
                href: "/unit".into(),
                label: "整改清单",
                icon: Icon::Inbox,
                count: Some(6),
                current: true,
            },
            NavLink {
                href: "/unit/results".into(),
                label: "本部门结果",
                icon: Icon::Chart,
                count: None,
                current: false,
            },
        ],
        name: "周敏".into(),
        role: "部门联络员",
        round: "2026 年第三季度".into(),
        done: None,
        demonstration: true,
    }
}

const NAMES: [&str; 20] = [
    "市税务局",
    "市公安局",
    "市数据局",
    "市住房公积金中心",
    "市民政局",
    "市退役军人局",
    "市司法局",
    "市文化和旅游局",
    "市市场监管局",
    "市教育局",
    "市卫生健康委",
    "市医疗保障局",
    "市人力资源社会保障局",
    "市农业农村局",
    "市水利局",
    "市应急管理局",
    "市交通运输局",
    "市生态环境局",
    "市自然资源局",
    "市住房城乡建设局",
];
const SCORES: [f64; 20] = [
    90.31, 89.14, 88.82, 88.2, 87.6, 86.2, 86.0, 85.7, 85.3, 84.9, 84.2, 83.6, 83.5, 83.0, 82.8,
    82.1, 81.0, 79.9, 78.4, 77.2,
];

pub fn row(place: u32, band: Band, status: Status) -> RankingRow {
    let score = SCORES[place as usize - 1];
    let shown = matches!(status, Status::Ranked | Status::Shown);
    let ranked = status == Status::Ranked;
    RankingRow {
        unit: format!("D{place:02}").as_str().into(),
        class: "service".into(),
        n: (status != Status::Hidden).then_some(412),
        score: (status != Status::Hidden).then_some(score),
        ci_low: shown.then_some(score - 1.4),
        ci_high: shown.then_some(score + 1.4),
        band: shown.then_some(band),
        rank_low: ranked.then_some(place.saturating_sub(3).max(1)),
        rank_high: ranked.then_some((place + 3).min(17)),
        place: ranked.then_some(place),
        status,
        weight_covered: if place == 7 { 80.0 } else { 100.0 },
        flags: if place == 7 {
            vec![
                Flag::WeightReallocated(Channel::Hall),
                Flag::NotApplicable(Channel::Hall),
            ]
        } else {
            vec![]
        },
    }
}

fn table() -> ClassTable {
    let rows = (1..=20_u32)
        .map(|place| {
            let band = match place {
                1..=5 => Band::Above,
                6..=14 => Band::Same,
                _ => Band::Below,
            };
            let status = match place {
                18 => Status::Shown,
                19 => Status::Bracketed,
                20 => Status::Hidden,
                _ => Status::Ranked,
            };
            let change = match place % 4 {
                0 => PlaceChange::Unchanged,
                1 => PlaceChange::Up(2),
                2 => PlaceChange::Down(1),
                _ => PlaceChange::NotComparable,
            };
            TableRow {
                unit_name: NAMES[place as usize - 1].into(),
                change,
                row: row(place, band, status),
            }
        })
        .collect();
    ClassTable {
        id: "service".into(),
        name: "办事部门".into(),
        mean: Some(84.41),
        mean_change: Some(0.6),
        rows,
    }
}

fn trend() -> Trend {
    let rounds = [
        ("2025Q3", "2025 年第三季度"),
        ("2025Q4", "2025 年第四季度"),
        ("2026Q1", "2026 年第一季度"),
        ("2026Q2", "2026 年第二季度"),
        ("2026Q3", "2026 年第三季度"),
    ];
    let units = (1..=17_u32)
        .map(|place| UnitTrend {
            unit: format!("D{place:02}").as_str().into(),
            class: "service".into(),
            points: (0..5_u32)
                .map(|round| {
                    let other = (place * 7 + round * 5) % 17 + 1;
                    let place = if round == 4 { place } else { other };
                    Some(TrendPoint {
                        place: Some(place),
                        score: Some(80.0 + f64::from(round) + f64::from(20 - place) / 3.0),
                    })
                })
                .collect(),
        })
        .collect();
    Trend {
        rounds: rounds
            .map(|(id, title)| TrendRound {
                id: id.into(),
                title: title.into(),
            })
            .into(),
        units,
    }
}

fn channels() -> Vec<ChannelCounts> {
    let survey = [
        ("too_fast_single_level".to_owned(), 31),
        ("mostly_blank".to_owned(), 12),
    ];
    let hall = [
        ("default_rating".to_owned(), 2_107),
        ("duplicate".to_owned(), 40),
    ];
    vec![
        ChannelCounts::new(Channel::Survey, 1_380, 1_337, survey.into()).unwrap(),
        ChannelCounts::new(Channel::Hall, 41_250, 39_103, hall.into()).unwrap(),
        ChannelCounts::new(Channel::Village, 96, 96, [].into()).unwrap(),
    ]
}

fn cards() -> Vec<MatterCard> {
    let card = |id: &str,
                unit: &str,
                name: &str,
                problem: &str,
                outcome: &str,
                state: &str,
                took: Option<u16>| MatterCard {
        id: id.into(),
        unit: unit.into(),
        unit_name: name.into(),
        problem: problem.into(),
        outcome: outcome.into(),
        state: state.into(),
        took: took.map(WorkingDays),
    };
    vec![
        card(
            "ZG-0101",
            "D02",
            "市公安局",
            "办身份证排一上午队，也没人说要多久。",
            "各窗口加装等候时间屏，周六上午对外办理。",
            "已销号",
            Some(12),
        ),
        card(
            "ZG-0102",
            "D10",
            "市教育局",
            "学区划分说改就改，网上查不到依据。",
            "公布划分依据和历年变化。",
            "已销号",
            Some(15),
        ),
        card(
            "ZG-0103",
            "D20",
            "市住房城乡建设局",
            "电梯加装批了半年还没动静。",
            "排出 112 处加装计划和每处联系人。",
            "继续督办",
            None,
        ),
    ]
}

pub fn bulletin() -> BulletinBody {
    BulletinBody {
        result_id: "YX-2026Q3-R1".into(),
        round: "2026Q3".into(),
        version: 1,
        round_title: "2026 年第三季度".into(),
        period: Period {
            start: "2026-07-01".parse().unwrap(),
            end: "2026-09-30".parse().unwrap(),
        },
        headline: "五个部门明显好于平均，三个部门明显低于平均".into(),
        overall: OverallFigures {
            issued: 2_000,
            received: 1_380,
            valid: 1_337,
            response_rate: Some(69.0),
            dont_know_share: Some(12.3),
            channels: channels(),
        },
        classes: vec![
            table(),
            ClassTable {
                id: "county".into(),
                name: "县区".into(),
                mean: None,
                mean_change: None,
                rows: vec![],
            },
        ],
        trend: trend(),
        matters: MattersSummary {
            registered: 46,
            closed: 31,
            reopened: 3,
            escalated: 1,
        },
        public_matters: cards(),
        method_note: vec!["本期规则与上期相同。".into()],
        corrections: vec![Correction {
            version: 2,
            date: "2026-10-20".parse().unwrap(),
            what: "市水利局热线工单漏计 3 件，得分由 82.80 改为 82.84。".into(),
        }],
        rules_digest: "ab".repeat(32),
        table_digest: "9f2c41d877ab03e6".repeat(4),
        seed: 20_260_703,
        hidden_below: 10,
        items: Vec::new(),
    }
}
