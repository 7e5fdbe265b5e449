//! How far a publication has come, and what was corrected, as tables.

use crate::{
    PageError, WebState,
    form::{Cell, Section, Table},
    known, wording,
};
use publication::{BulletinState, Official, SentBack};
use std::collections::BTreeMap;
use storage::{
    appeals,
    corrections::{self, CorrectionState, PUBLISHED},
    rounds::RoundRecord,
    scores,
};
use survey_design::RoundState;
use workflows::CorrectionShown;

/// Names of accounts.
pub(super) type People = BTreeMap<String, String>;

/// Whoever took a step of the road or asked for a correction.
pub(super) async fn people(
    state: &WebState,
    stage: Option<&BulletinState>,
    all: &[CorrectionShown],
) -> Result<People, PageError> {
    let mut accounts: Vec<&str> = match stage {
        Some(BulletinState::Draft {
            sent_back: Some(SentBack { by, .. }),
        })
        | Some(BulletinState::Reviewed { by } | BulletinState::Proposed { by, .. }) => {
            vec![by.account.as_str()]
        }
        Some(
            BulletinState::Internal {
                proposed_by,
                approved_by,
            }
            | BulletinState::Published {
                proposed_by,
                approved_by,
            },
        ) => vec![proposed_by.account.as_str(), approved_by.account.as_str()],
        _ => Vec::new(),
    };
    accounts.extend(all.iter().map(|shown| shown.correction.asked_by.as_str()));
    let mut people = People::new();
    for account in accounts {
        people.insert(
            account.to_owned(),
            known::account_name(&state.app, account).await?,
        );
    }
    Ok(people)
}

/// Every station with what is known of it.
pub(super) async fn road(
    state: &WebState,
    record: &RoundRecord,
    (row, stage): (Option<&scores::Bulletin>, Option<&BulletinState>),
    people: &People,
) -> Result<Section, PageError> {
    let (store, id) = (state.app.store(), &record.round.id);
    let check = corrections::find_unit_check(store, id).await?;
    let appeals = appeals::list_appeals(store, id).await?;
    let decided = appeals.iter().filter(|it| it.decided_at.is_some()).count();
    let checked = check.map_or_else(
        || "还没有开始".to_owned(),
        |check| {
            format!(
                "{} 交各部门，到 {}为止；数据摘要 {}",
                wording::moment(check.opened_at),
                wording::day(check.until),
                wording::short_digest(&check.input_digest)
            )
        },
    );
    let frozen = record
        .frozen_at
        .map_or_else(|| "还没有固化".to_owned(), wording::moment);
    let mut rows = vec![
        ("数据冻结，部门核对", checked),
        (
            "申诉办结",
            format!("{} 件，已办结 {decided} 件", appeals.len()),
        ),
        ("得分固化", frozen),
    ];
    rows.extend(agreed(row, stage, people));
    let version = row.map_or(1, |row| row.version);
    let link = match record.round.state >= RoundState::Frozen {
        true => Cell::link("看要公布的内容", format!("/bulletins/{id}")),
        false => Cell::text("固化以后可以看"),
    };
    let mut rows: Vec<_> = rows
        .into_iter()
        .map(|(what, how)| vec![Cell::text(what), Cell::text(how)])
        .collect();
    rows.push(vec![Cell::text("内容"), link]);
    Ok(Section {
        table: Some(Table {
            heading: format!("走到哪一步（第 {version} 版）"),
            head: vec![("步骤", false), ("情况", false)],
            rows,
            empty: "",
        }),
        ..Section::default()
    })
}

/// The stations from the check on.
fn agreed(
    row: Option<&scores::Bulletin>,
    stage: Option<&BulletinState>,
    people: &People,
) -> Vec<(&'static str, String)> {
    let who = |official: &Official| {
        let name = people.get(official.account.as_str());
        format!(
            "{}（{}）",
            name.map_or("", String::as_str),
            official.role.label()
        )
    };
    let not_yet = || "还没有".to_owned();
    let when = |at: Option<chrono::DateTime<chrono::Utc>>| at.map(wording::moment);
    let proposed_at = when(row.and_then(|row| row.proposed_at)).unwrap_or_default();
    let (reviewed, proposed, approved) = match stage {
        None | Some(BulletinState::Draft { .. }) => (not_yet(), not_yet(), not_yet()),
        Some(BulletinState::Reviewed { by }) => (who(by), not_yet(), not_yet()),
        Some(BulletinState::Proposed { by, until }) => (
            "已审查".to_owned(),
            format!(
                "{}，{proposed_at}，有效到 {}",
                who(by),
                wording::day(*until)
            ),
            not_yet(),
        ),
        Some(
            BulletinState::Internal {
                proposed_by,
                approved_by,
            }
            | BulletinState::Published {
                proposed_by,
                approved_by,
            },
        ) => (
            "已审查".to_owned(),
            format!("{}，{proposed_at}", who(proposed_by)),
            format!("{}，内部发布", who(approved_by)),
        ),
        Some(BulletinState::Superseded { by_version }) => {
            let replaced = format!("已由第 {by_version} 版替代");
            (replaced.clone(), replaced.clone(), replaced)
        }
    };
    let public = when(row.and_then(|row| row.published_at)).unwrap_or_else(not_yet);
    vec![
        ("保密和隐私审查", reviewed),
        ("报请公布", proposed),
        ("批准", approved),
        ("公开", public),
    ]
}

/// All corrections, each with what it changed.
pub(super) fn corrected(all: &[CorrectionShown], names: &BTreeMap<String, String>) -> Table {
    let name = |unit: &str| names.get(unit).cloned().unwrap_or_default();
    let row = |shown: &CorrectionShown| {
        let it = &shown.correction;
        let changes: Vec<String> = shown
            .changes
            .iter()
            .map(|change| format!("{}：{}", name(change.unit.as_str()), change.words))
            .collect();
        let outcome = match it.state {
            CorrectionState::Asked => "等另一个人决定".to_owned(),
            CorrectionState::Refused => "不予更正".to_owned(),
            CorrectionState::Done if changes.is_empty() => "公布的数字没有变化".to_owned(),
            CorrectionState::Done => changes.join("；"),
        };
        vec![
            match it.cause.as_str() {
                PUBLISHED => Cell::text("公布后更正"),
                appeal => Cell::link("申诉", format!("/office/appeals/{appeal}")),
            },
            Cell::text(format!(
                "{}：工单 {} 不再计入",
                name(&it.unit_id),
                it.order_key
            )),
            Cell::text(it.reason.clone()),
            Cell::text(outcome),
        ]
    };
    Table {
        heading: "更正记录".to_owned(),
        head: vec![
            ("来由", false),
            ("更正什么", false),
            ("原因", false),
            ("变化", false),
        ],
        rows: all.iter().map(row).collect(),
        empty: "",
    }
}
