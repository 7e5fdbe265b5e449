//! The list of matters with filters and numbers.

use super::{Side, acts};
use crate::{
    PageError,
    chart::Urgency,
    unit::{Deadline, ListItem, Stat, Tab, deadline_of},
    wording,
};
use chrono::NaiveDate;
use rectification::{MatterStage, MatterState};
use std::collections::BTreeSet;
use storage::{co_units, matters::Matter};
use survey_design::Rules;
use vocabulary::WorkingDays;
use workflows::App;

/// A matter with its state read.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The stored row.
    pub matter: Matter,
    /// Where it stands.
    pub state: MatterState,
    /// How many who wrote rate what was done as bad; always 0 where the reader is not told.
    pub unhappy: u64,
    /// Units that help, by code.
    pub co_units: BTreeSet<String>,
    /// Whether the reader's unit only helps.
    pub assists: bool,
}

/// The matters whose state this version can read.
pub fn entries(rows: Vec<Matter>) -> Vec<Entry> {
    rows.into_iter()
        .filter_map(|matter| {
            serde_json::from_str(&matter.state).ok().map(|state| Entry {
                matter,
                state,
                unhappy: 0,
                co_units: BTreeSet::new(),
                assists: false,
            })
        })
        .collect()
}

/// The same matters with the units that help.
///
/// # Errors
/// When the database fails.
pub async fn with_co_units(app: &App, mut all: Vec<Entry>) -> Result<Vec<Entry>, PageError> {
    let ids: Vec<&str> = all.iter().map(|entry| entry.matter.id.as_str()).collect();
    let mut found = co_units::list_co_units(app.store(), &ids).await?;
    for entry in &mut all {
        entry.co_units = found.remove(&entry.matter.id).unwrap_or_default();
    }
    Ok(all)
}

/// Which matters are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Those the reader can do something with.
    Mine,
    /// Those somebody else works on.
    Others,
    /// Those that people who wrote rate as bad.
    Unhappy,
    /// Those the reader's unit only helps with.
    Helping,
    /// Those that are over.
    Over,
    /// All.
    All,
}

impl Filter {
    const EACH: [Self; 6] = [
        Self::Mine,
        Self::Others,
        Self::Unhappy,
        Self::Helping,
        Self::Over,
        Self::All,
    ];

    /// From the address.
    pub fn from_code(code: Option<&str>) -> Self {
        Self::EACH
            .into_iter()
            .find(|filter| Some(filter.code()) == code)
            .unwrap_or(Self::Mine)
    }

    /// The word in the address.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Others => "others",
            Self::Unhappy => "unhappy",
            Self::Helping => "helping",
            Self::Over => "over",
            Self::All => "all",
        }
    }

    /// Words on its tab.
    pub const fn label(self, side: Side) -> &'static str {
        match (self, side) {
            (Self::Mine, Side::Watcher) => "进行中",
            (Self::Mine, _) => "待我处理",
            (Self::Others, Side::Unit) => "待复核",
            (Self::Others, _) => "单位办理中",
            (Self::Unhappy, _) => "追评不满意",
            (Self::Helping, _) => "协办",
            (Self::Over, _) => "已办结",
            (Self::All, _) => "全部",
        }
    }

    /// Whether a matter belongs to it.
    pub fn takes(self, entry: &Entry, side: Side) -> bool {
        let over = matches!(
            entry.state.stage(),
            MatterStage::Closed | MatterStage::Deferred | MatterStage::Merged
        );
        let mine = match side {
            Side::Watcher => !over,
            Side::Unit if entry.assists => false,
            _ => !over && !acts(entry.state.stage(), side).is_empty(),
        };
        match self {
            Self::Mine => mine,
            Self::Others => !mine && !over && !entry.assists,
            Self::Helping => entry.assists,
            Self::Unhappy => entry.unhappy > 0,
            Self::Over => over,
            Self::All => true,
        }
    }
}

/// How many matters wait for this side.
pub fn waiting(all: &[Entry], side: Side) -> usize {
    all.iter()
        .filter(|entry| Filter::Mine.takes(entry, side))
        .count()
}

/// The filters with their numbers.
pub fn tabs(all: &[Entry], chosen: Filter, side: Side, base: &str) -> Vec<Tab> {
    Filter::EACH
        .into_iter()
        .filter(|filter| match filter {
            Filter::Others => side != Side::Watcher,
            Filter::Unhappy => side == Side::Office,
            Filter::Helping => all.iter().any(|entry| entry.assists),
            Filter::Mine | Filter::Over | Filter::All => true,
        })
        .map(|filter| Tab {
            href: format!("{base}?t={}", filter.code()),
            label: filter.label(side),
            count: all.iter().filter(|entry| filter.takes(entry, side)).count(),
            current: filter == chosen,
        })
        .collect()
}

/// The items of the list; `unit_name` is said where matters of several units stand together.
pub fn items(
    entries: &[&Entry],
    rules: &Rules,
    today: NaiveDate,
    (base, current): (&str, Option<&str>),
    unit_name: &impl Fn(&str) -> String,
) -> Vec<ListItem> {
    let least = rules.minimum_n.opinions as usize;
    entries
        .iter()
        .map(|entry| {
            let deadline = deadline(entry, rules, today);
            let opinions: Vec<String> =
                serde_json::from_str(&entry.matter.requirement).unwrap_or_default();
            let unit = unit_name(&entry.matter.unit_id);
            let separator = if unit.is_empty() { "" } else { " · " };
            let unhappy = match entry.unhappy {
                0 => String::new(),
                people => format!(" · 追评不满意 {people} 位"),
            };
            ListItem {
                href: format!("{base}/matters/{}", entry.matter.id),
                number: entry.matter.id.clone(),
                title: entry.matter.title.clone(),
                source: format!(
                    "{unit}{separator}群众意见{}{unhappy}",
                    voices(opinions.len(), least)
                ),
                due: deadline
                    .as_ref()
                    .map_or_else(|| "没有期限".to_owned(), |deadline| deadline.words.clone()),
                urgency: deadline
                    .as_ref()
                    .map_or(Urgency::Calm, |deadline| deadline.urgency),
                days_left: deadline.as_ref().map(|deadline| deadline.days_left),
                ring: deadline.map_or_else(
                    || crate::chart::ring(0.0, Urgency::Calm),
                    |deadline| deadline.ring,
                ),
                state: entry.state.stage().label().to_owned(),
                step: step_now(entry.state.stage()).min(6),
                unread: entry.state.stage() == MatterStage::Assigned,
                current: current == Some(entry.matter.id.as_str()),
            }
        })
        .collect()
}

/// The limit that runs now; none where none runs.
pub fn deadline(entry: &Entry, rules: &Rules, today: NaiveDate) -> Option<Deadline> {
    let due = entry.state.due()?;
    Some(deadline_of(
        due,
        limit(&entry.state, rules),
        today,
        &rules.calendar,
    ))
}

fn limit(state: &MatterState, rules: &Rules) -> WorkingDays {
    let limits = &rules.deadlines;
    match state.stage() {
        MatterStage::Assigned | MatterStage::Returned | MatterStage::Sorted => limits.sign,
        MatterStage::Signed | MatterStage::Planned | MatterStage::Reopened => limits.plan,
        MatterStage::Reported | MatterStage::Verified => limits.verify,
        _ => state.record().complexity.limit(limits),
    }
}

/// The step of six a matter is in; 7 when all are done.
pub const fn step_now(stage: MatterStage) -> usize {
    match stage {
        MatterStage::Sorted | MatterStage::Merged => 1,
        MatterStage::Assigned | MatterStage::Returned => 2,
        MatterStage::Signed | MatterStage::Planned | MatterStage::Reopened => 3,
        MatterStage::Rectifying | MatterStage::ExtensionReview | MatterStage::InPlan => 4,
        MatterStage::Reported => 5,
        MatterStage::Verified => 6,
        MatterStage::Closed | MatterStage::Deferred => 7,
    }
}

/// The numbers over the list.
pub fn stats(all: &[Entry], rules: &Rules, today: NaiveDate, side: Side) -> Vec<Stat> {
    let left: Vec<i32> = all
        .iter()
        .filter(|entry| Filter::Mine.takes(entry, side))
        .filter_map(|entry| deadline(entry, rules, today))
        .map(|deadline| deadline.days_left)
        .collect();
    let number = |test: &dyn Fn(i32) -> bool| left.iter().filter(|days| test(**days)).count();
    let (due, soon, late) = (
        number(&|days| days == 0),
        number(&|days| (1..=3).contains(&days)),
        number(&|days| days < 0),
    );
    let class = |number, class| if number > 0 { class } else { "" };
    let stat = |name, number: usize, class| Stat {
        name,
        value: number.to_string(),
        small: String::new(),
        class,
    };
    let reports: u64 = all
        .iter()
        .map(|entry| u64::from(entry.state.record().reports))
        .sum();
    let late_reports: u64 = all
        .iter()
        .map(|entry| u64::from(entry.state.record().late_reports))
        .sum();
    vec![
        stat("今天到期", due, class(due, "red")),
        stat("3 个工作日内", soon, class(soon, "amb")),
        stat("已超期", late, class(late, "red")),
        Stat {
            name: "按期报结果",
            value: wording::share_of(reports - late_reports.min(reports), reports),
            small: format!("{reports} 次中 {} 次", reports - late_reports.min(reports)),
            class: "",
        },
    ]
}

/// How many said it, and not exactly how many where they are few.
pub(super) fn voices(said: usize, least: usize) -> String {
    match said < least {
        true => format!("不足 {least} 条"),
        false => format!(" {said} 条"),
    }
}
