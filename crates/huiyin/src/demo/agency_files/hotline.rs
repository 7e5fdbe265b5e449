//! Orders of the 12345 hotline, exported as XLSX with merged headers, mixed dates and a totals row.

use super::{
    Quarter, Written,
    hall::unit_spelling,
    spelled_date::{Spelling, office_hour},
};
use crate::demo::{
    dice::Dice,
    invented,
    sheet::{Cell, Merged, Sheet, write_xlsx},
    truth::{Truth, UnitTruth, level_of, per_thousand},
};
use anyhow::Result;
use chrono::{NaiveDateTime, TimeDelta};
use std::path::Path;

/// Title, groups of columns and columns, as merged in the original: rows, columns, text.
const MERGED: [(u32, u32, u16, u16, &str); 25] = [
    (0, 0, 0, 18, "云溪市 12345 政务服务便民热线工单明细表"),
    (1, 2, 0, 0, "序号"),
    (1, 2, 1, 1, "工单编号"),
    (1, 1, 2, 3, "诉求人信息"),
    (2, 2, 2, 2, "来电人"),
    (2, 2, 3, 3, "联系电话"),
    (1, 1, 4, 8, "诉求信息"),
    (2, 2, 4, 4, "登记时间"),
    (2, 2, 5, 5, "受理渠道"),
    (2, 2, 6, 6, "工单类型"),
    (2, 2, 7, 7, "标题"),
    (2, 2, 8, 8, "诉求内容"),
    (1, 1, 9, 12, "办理信息"),
    (2, 2, 9, 9, "承办单位"),
    (2, 2, 10, 10, "派单时间"),
    (2, 2, 11, 11, "办理时限"),
    (2, 2, 12, 12, "办结时间"),
    (1, 1, 13, 16, "回访信息"),
    (2, 2, 13, 13, "是否解决"),
    (2, 2, 14, 14, "处理结果满意度"),
    (2, 2, 15, 15, "承办单位满意度"),
    (2, 2, 16, 16, "话务员满意度"),
    (1, 1, 17, 18, "考核信息"),
    (2, 2, 17, 17, "是否重复"),
    (2, 2, 18, 18, "是否纳入考核"),
];
const WAYS_IN: [&str; 5] = ["电话", "微信", "网站", "电子邮件", "110 转办"];
/// Kinds of orders; the topic decides nothing, as in many real exports.
const KINDS: [&str; 6] = ["咨询", "求助", "投诉", "举报", "建议", "感谢"];
/// Callers are harsher than survey respondents: they had a problem to begin with. In tenths of a point.
const CALLER_SHIFT: i32 = -30;
/// The quality, in tenths of a point, at which the shares of the demonstration hold.
const USUAL_QUALITY: i32 = 830;

/// One order without its running number.
type Order = (NaiveDateTime, Vec<Cell>);

/// Writes the orders of the quarter.
pub fn write(truth: &Truth, quarter: &Quarter, folder: &Path) -> Result<Written> {
    let mut orders = orders(truth, quarter);
    let mut dice = Dice::new(
        truth.seed(),
        &format!("hotline repeats {}", quarter.code),
        0,
    );
    let twice = per_thousand(truth.demo().hotline.duplicates);
    let repeated: Vec<Order> = orders
        .iter()
        .filter(|_| dice.chance(twice))
        .cloned()
        .collect();
    let faulty = faulty_orders(&orders);
    let (repeats, faults) = (repeated.len(), faulty.len());
    orders.extend(repeated);
    for (at, order) in (2..).zip(faulty) {
        orders.insert(orders.len() * at / 10, order);
    }
    let path = folder.join(format!("12345热线工单-{}.xlsx", quarter.code));
    write_xlsx(&path, &sheet(&orders)?)?;
    Ok(Written {
        path,
        rows: orders.len(),
        repeated: repeats,
        faulty: faults,
    })
}

fn sheet(orders: &[Order]) -> Result<Sheet<'static>> {
    let mut rows = Vec::with_capacity(orders.len() + 1);
    for (number, (_, cells)) in (1_u32..).zip(orders) {
        let mut row = vec![Cell::Number(number)];
        row.extend(cells.iter().cloned());
        rows.push(row);
    }
    let mut totals = vec![
        Cell::text("合计"),
        Cell::Number(u32::try_from(orders.len())?),
    ];
    totals.resize(19, Cell::Empty);
    rows.push(totals);
    let merged = MERGED
        .iter()
        .map(|&(top, bottom, left, right, text)| Merged {
            rows: (top, bottom),
            columns: (left, right),
            text,
        });
    Ok(Sheet {
        name: "工单明细",
        merged: merged.collect(),
        first_row: 3,
        rows,
    })
}

fn orders(truth: &Truth, quarter: &Quarter) -> Vec<Order> {
    let mut all = Vec::new();
    for (unit, known) in truth.units().iter().enumerate() {
        let mut dice = Dice::new(
            truth.seed(),
            &format!("hotline {} {}", quarter.code, known.id),
            0,
        );
        for number in 0..known.hotline_orders {
            let registered = office_hour(&mut dice, quarter.from, quarter.to);
            let order_no = format!("YX{}{unit:03}{number:05}", registered.format("%Y%m%d"));
            all.push((
                registered,
                order(&mut dice, (truth, quarter), known, registered, order_no),
            ));
        }
    }
    all.sort_by_key(|(registered, _)| *registered);
    all
}

fn order(
    dice: &mut Dice,
    (truth, quarter): (&Truth, &Quarter),
    known: &UnitTruth,
    registered: NaiveDateTime,
    order_no: String,
) -> Vec<Cell> {
    let date = DateStyle::of(dice);
    let dispatched = registered + TimeDelta::minutes(dice.between(5, 300).into());
    let limit = *dice.pick(&[3, 5, 7, 13]);
    let due = dispatched + TimeDelta::days(limit.into());
    let closed = closed_at(dice, truth, known, dispatched, limit);
    let still_open = closed.date() > quarter.to;
    let mut cells = vec![Cell::Text(order_no)];
    cells.extend(caller(dice, truth));
    cells.push(date.cell(registered));
    cells.extend(demand(dice, truth));
    cells.push(Cell::Text(unit_spelling(dice, known)));
    cells.extend([date.cell(dispatched), date.cell(due)]);
    let answers = callback(dice, truth, known);
    if still_open {
        cells.extend([
            Cell::Empty,
            Cell::Number(2),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
        ]);
    } else {
        cells.push(date.cell(closed));
        cells.extend(answers);
    }
    cells.push(if dice.chance(35) {
        Cell::text("是")
    } else {
        Cell::Empty
    });
    cells.push(if dice.chance(930) {
        Cell::Number(1)
    } else {
        Cell::Empty
    });
    cells
}

fn closed_at(
    dice: &mut Dice,
    truth: &Truth,
    known: &UnitTruth,
    dispatched: NaiveDateTime,
    limit: i32,
) -> NaiveDateTime {
    let on_time = dice.chance(share_of(known, per_thousand(truth.demo().hotline.on_time)));
    let days = if on_time {
        dice.between(0, limit - 1)
    } else {
        limit + dice.between(1, 6)
    };
    dispatched + TimeDelta::days(days.into()) + TimeDelta::minutes(dice.between(10, 200).into())
}

/// The usual share in a thousand, a little higher for better units.
fn share_of(known: &UnitTruth, usual: u32) -> u32 {
    let better = (known.quality - USUAL_QUALITY) / 4;
    usual.saturating_add_signed(better).min(1000)
}

fn caller(dice: &mut Dice, truth: &Truth) -> [Cell; 2] {
    [
        Cell::Text(invented::name(dice, &truth.demo().names)),
        Cell::Text(invented::phone(dice.below(10_000))),
    ]
}

/// Way in, kind, title and content.
fn demand(dice: &mut Dice, truth: &Truth) -> [Cell; 4] {
    let hotline = &truth.demo().hotline;
    let topic = dice.pick(&hotline.topics);
    let content = if dice.chance(per_thousand(hotline.with_phone)) {
        invented::with_phone(&topic.content, dice)
    } else {
        topic.content.clone()
    };
    [
        Cell::text(*dice.pick(&WAYS_IN)),
        Cell::text(*dice.pick(&KINDS)),
        Cell::text(topic.title.as_str()),
        Cell::Text(content),
    ]
}

/// Resolved (0 no, 1 yes, 2 no statement) and the three satisfactions.
fn callback(dice: &mut Dice, truth: &Truth, known: &UnitTruth) -> [Cell; 4] {
    let hotline = &truth.demo().hotline;
    let operator = Cell::text(if dice.chance(900) {
        "非常满意"
    } else {
        "满意"
    });
    if dice.chance(per_thousand(hotline.no_statement)) {
        return [Cell::Number(2), Cell::Empty, Cell::Empty, operator];
    }
    let resolved = dice.chance(share_of(known, per_thousand(hotline.resolved)));
    let feeling = known.quality + CALLER_SHIFT + if resolved { 20 } else { -110 };
    let with_result = level_of(feeling + dice.deviation(truth.spread()));
    let with_unit = level_of(feeling + 20 + dice.deviation(truth.spread()));
    [
        Cell::Number(u32::from(resolved)),
        Cell::text(with_result.label()),
        Cell::text(with_unit.label()),
        operator,
    ]
}

/// How the dates of one order arrive.
enum DateStyle {
    BareNumber,
    Formatted,
    Spelled(Spelling),
}

impl DateStyle {
    fn of(dice: &mut Dice) -> Self {
        match dice.below(10) {
            0..4 => Self::BareNumber,
            4..6 => Self::Formatted,
            _ => Self::Spelled(*dice.pick(&Spelling::ALL)),
        }
    }

    fn cell(&self, instant: NaiveDateTime) -> Cell {
        match self {
            Self::BareNumber => Cell::Serial(instant),
            Self::Formatted => Cell::Date(instant),
            Self::Spelled(spelling) => Cell::Text(spelling.write(instant)),
        }
    }
}

/// Orders nobody can take: closed before registered, an unknown unit, an unknown level.
fn faulty_orders(orders: &[Order]) -> Vec<Order> {
    let spoil = |number: usize, column: usize, text: &str| {
        let mut order = orders.get(number * 53 % orders.len().max(1))?.clone();
        order.1[0] = Cell::Text(format!("YX99999999{number:04}"));
        order.1[column] = Cell::text(text);
        Some(order)
    };
    [
        spoil(1, 11, "2025-01-02 08:00:00"),
        spoil(2, 8, "云溪市时间旅行管理局"),
        spoil(3, 13, "还行吧"),
        spoil(4, 11, "2025年1月3日"),
    ]
    .into_iter()
    .flatten()
    .collect()
}
