//! A class of three units for the tests of this crate.

use crate::{
    BulletinBody, ChannelCounts, ClassTable, MattersSummary, OverallFigures, Period, PlaceChange,
    TableRow, Trend, headline, result_id, table_digest,
};
use analytics::{Band, Flag, RankingRow, Status};
use vocabulary::Channel;

pub(crate) fn rows() -> Vec<RankingRow> {
    let ranked = RankingRow {
        unit: "D02".into(),
        class: "service".into(),
        n: Some(152),
        score: Some(92.1),
        ci_low: Some(90.0),
        ci_high: Some(94.0),
        band: Some(Band::Above),
        rank_low: Some(1),
        rank_high: Some(2),
        place: Some(1),
        status: Status::Ranked,
        weight_covered: 80.0,
        flags: vec![
            Flag::WeightReallocated(Channel::Hall),
            Flag::NotApplicable(Channel::Hall),
        ],
    };
    let second = RankingRow {
        unit: "D01".into(),
        n: Some(140),
        score: Some(88.95),
        ci_low: Some(86.5),
        ci_high: Some(91.32),
        band: Some(Band::Same),
        rank_high: Some(3),
        place: Some(2),
        weight_covered: 100.0,
        flags: vec![],
        ..ranked.clone()
    };
    let hidden = RankingRow {
        unit: "D03".into(),
        n: None,
        score: None,
        ci_low: None,
        ci_high: None,
        band: None,
        rank_low: None,
        rank_high: None,
        place: None,
        status: Status::Hidden,
        flags: vec![Flag::TooFewRatings],
        ..second.clone()
    };
    vec![ranked, second, hidden]
}

pub(crate) fn table() -> ClassTable {
    let names = ["市医保局", "市人社局", "市档案馆"];
    let changes = [
        PlaceChange::Up(2),
        PlaceChange::Unchanged,
        PlaceChange::NotComparable,
    ];
    ClassTable {
        id: "service".into(),
        name: "服务管理类".to_owned(),
        mean: Some(90.53),
        mean_change: Some(-0.4),
        rows: rows()
            .into_iter()
            .zip(names)
            .zip(changes)
            .map(|((row, name), change)| TableRow {
                unit_name: name.to_owned(),
                change,
                row,
            })
            .collect(),
    }
}

pub(crate) fn body() -> BulletinBody {
    let excluded = [("default_rating".to_owned(), 20)];
    BulletinBody {
        result_id: result_id("YX", &"2026Q3".into(), 1),
        round: "2026Q3".into(),
        version: 1,
        round_title: "2026 年第三季度".to_owned(),
        period: Period {
            start: "2026-07-01".parse().unwrap(),
            end: "2026-09-30".parse().unwrap(),
        },
        headline: headline(1, 0),
        overall: OverallFigures {
            issued: 2_000,
            received: 1_400,
            valid: 1_380,
            response_rate: Some(70.0),
            dont_know_share: Some(28.4),
            channels: vec![ChannelCounts::new(Channel::Hall, 120, 100, excluded.into()).unwrap()],
        },
        classes: vec![table()],
        trend: Trend::default(),
        matters: MattersSummary {
            registered: 3,
            closed: 1,
            reopened: 1,
            escalated: 1,
        },
        public_matters: vec![],
        method_note: vec!["得分来自各渠道加权合成。".to_owned()],
        corrections: vec![],
        rules_digest: "0".repeat(64),
        table_digest: table_digest(&rows()),
        seed: 7,
        hidden_below: 10,
        items: vec![],
    }
}
