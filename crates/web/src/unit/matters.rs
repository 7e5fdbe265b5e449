//! The list of matters and one matter beside it: for the unit that works, the office that verifies, and those who watch.

use crate::{
    Svg,
    chart::{Urgency, ring},
    form::{ActionForm, Input},
    frame::ConsoleFrame,
    icon::Icon,
    wording,
};
use askama::Template;
use chrono::NaiveDate;
use vocabulary::{WorkCalendar, WorkingDays};

/// The list and, where one was chosen, the matter.
#[derive(Debug, Template)]
#[template(path = "console/matters.html")]
pub struct MattersPage {
    /// Frame.
    pub frame: ConsoleFrame,
    /// Numbers on top.
    pub stats: Vec<Stat>,
    /// Score and place of the unit.
    pub place: Option<PlaceStat>,
    /// Filters.
    pub tabs: Vec<Tab>,
    /// Matters by due date; empty groups are left out.
    pub groups: Vec<ListGroup>,
    /// Said when there is nothing.
    pub empty: &'static str,
    /// The matter chosen.
    pub detail: Option<Detail>,
    /// Address of the list as a file.
    pub export: Option<String>,
}

/// A number on top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stat {
    /// Name.
    pub name: &'static str,
    /// Number.
    pub value: String,
    /// What it is made of.
    pub small: String,
    /// `red`, `amb` or empty.
    pub class: &'static str,
}

/// Score and place of the unit.
#[derive(Clone, Debug)]
pub struct PlaceStat {
    /// Score, or 样本不足.
    pub score: String,
    /// Half width of its interval.
    pub margin: String,
    /// How many units are ranked in the class.
    pub of: u32,
    /// The rank interval in words.
    pub words: String,
    /// The rank interval drawn.
    pub strip: Option<Svg>,
}

/// A filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    /// Address.
    pub href: String,
    /// Words.
    pub label: &'static str,
    /// How many.
    pub count: usize,
    /// Whether it is chosen.
    pub current: bool,
}

/// Matters due in the same span of time.
#[derive(Clone, Debug)]
pub struct ListGroup {
    /// The span.
    pub heading: &'static str,
    /// The matters, nearest first.
    pub items: Vec<ListItem>,
}

/// One matter in the list.
#[derive(Clone, Debug)]
pub struct ListItem {
    /// Address.
    pub href: String,
    /// Number.
    pub number: String,
    /// Title.
    pub title: String,
    /// Where it came from.
    pub source: String,
    /// Due date as a drawing.
    pub ring: Svg,
    /// Due date in words.
    pub due: String,
    /// How near it is.
    pub urgency: Urgency,
    /// Working days left; none without a limit.
    pub days_left: Option<i32>,
    /// State in words.
    pub state: String,
    /// The step it is in, 1-6.
    pub step: usize,
    /// Whether nobody has signed for it.
    pub unread: bool,
    /// Whether it is the one shown.
    pub current: bool,
}

impl ListItem {
    fn segments(&self) -> [&'static str; 6] {
        std::array::from_fn(|index| match (index + 1).cmp(&self.step) {
            std::cmp::Ordering::Less => "d",
            std::cmp::Ordering::Equal => "n",
            std::cmp::Ordering::Greater => "",
        })
    }
}

/// A due date said and drawn.
#[derive(Clone, Debug)]
pub struct Deadline {
    /// Working days left; negative when passed.
    pub days_left: i32,
    /// In words.
    pub words: String,
    /// How near.
    pub urgency: Urgency,
    /// Drawn.
    pub ring: Svg,
}

/// Says and draws a due date; `limit` is how long there was from the start.
#[must_use]
pub fn deadline_of(
    due: NaiveDate,
    limit: WorkingDays,
    today: NaiveDate,
    calendar: &WorkCalendar,
) -> Deadline {
    let days_left = calendar.between(today, due);
    let whole = limit.0.max(1);
    let urgency = Urgency::of(days_left);
    let words = match days_left {
        ..0 => format!("超期 {} 个工作日", -days_left),
        0 => "今天到期".to_owned(),
        1..=3 => format!("剩 {days_left} 个工作日"),
        _ => wording::day(due),
    };
    let passed = 1.0 - f64::from(days_left) / f64::from(whole);
    Deadline {
        days_left,
        words,
        urgency,
        ring: ring(passed, urgency),
    }
}

/// Puts the matters into spans of time, nearest first.
#[must_use]
pub fn grouped(items: Vec<ListItem>) -> Vec<ListGroup> {
    let span = |item: &ListItem| match item.days_left {
        Some(..0) => 0,
        Some(0) => 1,
        Some(1..=3) => 2,
        Some(_) => 3,
        None => 4,
    };
    let mut items = items;
    items.sort_by_key(|item| (span(item), item.days_left, item.number.clone()));
    ["已超期", "今天到期", "3 个工作日内", "以后", "没有期限"]
        .into_iter()
        .enumerate()
        .map(|(index, heading)| ListGroup {
            heading,
            items: items
                .iter()
                .filter(|item| span(item) == index)
                .cloned()
                .collect(),
        })
        .filter(|group| !group.items.is_empty())
        .collect()
}

/// One matter with everything that belongs to it.
#[derive(Clone, Debug)]
pub struct Detail {
    /// Address of the list.
    pub back: String,
    /// Number.
    pub number: String,
    /// State in words.
    pub state: String,
    /// Style of the state.
    pub pill: &'static str,
    /// Remarks such as 退回重办.
    pub remarks: Vec<String>,
    /// Title.
    pub title: String,
    /// The limit that runs now, as a sentence.
    pub deadline: String,
    /// Style of the limit: `time--r` when it is due or passed, `time--c` while it is far, empty between.
    pub deadline_class: &'static str,
    /// What else the limit means.
    pub deadline_note: String,
    /// The six steps.
    pub steps: Vec<Step>,
    /// Names and values.
    pub props: Vec<(&'static str, String)>,
    /// How many people said it.
    pub said_by: String,
    /// Reason, bar, count.
    pub bars: Vec<(String, Svg, u64)>,
    /// Redacted words, and about whom nothing more is known.
    pub quotes: Vec<(String, String)>,
    /// What was masked and what is not shown.
    pub privacy: String,
    /// Where the office reads the words one by one; none for everybody else.
    pub words_href: Option<String>,
    /// Where the office splits it; none for everybody else, and once a unit has signed.
    pub split_href: Option<String>,
    /// Its registered problem: address, number and state; empty where the reader has no page for it.
    pub problems: Vec<(String, String, &'static str)>,
    /// What those who wrote say of the answer; only the office is told.
    pub follow_up: Option<SaidAfterwards>,
    /// What the office asks.
    pub requirements: Vec<String>,
    /// Plan and reports: heading and text.
    pub answers: Vec<(String, String)>,
    /// What happened: what, and who and when; newest first.
    pub log: Vec<(String, String)>,
    /// What the reader can do now.
    pub work: Option<Work>,
    /// Files that show what was done; none for those who only watch.
    pub files: Option<EvidenceList>,
    /// What was posted too late; nothing of it is lost.
    pub overtaken: Option<Overtaken>,
    /// Who is to act when the reader cannot.
    pub waiting: String,
}

/// The files of a matter 证明材料.
#[derive(Clone, Debug)]
pub struct EvidenceList {
    /// Where another one is sent; empty when none is taken now.
    pub action: String,
    /// Why the last one was not taken.
    pub problem: Option<String>,
    /// Those there are, and those that were.
    pub items: Vec<EvidenceItem>,
}

/// One file of a matter.
#[derive(Clone, Debug)]
pub struct EvidenceItem {
    /// Its name.
    pub name: String,
    /// Where it is opened; empty when it was taken back.
    pub href: String,
    /// Kind, size, who and when.
    pub remark: String,
    /// Where it is taken back; empty when the reader may not.
    pub withdraw: String,
}

/// What was posted for a step somebody else had taken first.
#[derive(Clone, Debug)]
pub struct Overtaken {
    /// Why it was not taken: who did what, and when.
    pub problem: String,
    /// Labels and words of what was typed.
    pub typed: Vec<(String, String)>,
}

/// How those who wrote rate what was done 追评.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaidAfterwards {
    /// How many.
    pub people: usize,
    /// How many chose each level, in words.
    pub levels: String,
    /// What some added, redacted, and the level each chose.
    pub quotes: Vec<(String, &'static str)>,
}

/// What the reader can do now.
#[derive(Clone, Debug)]
pub struct Work {
    /// The ways to act.
    pub tabs: Vec<Tab>,
    /// The form of the way chosen.
    pub form: ActionForm,
    /// When what is typed was kept, empty before that; none where nothing is typed.
    pub draft: Option<String>,
}

/// One of the six steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// `d` done, `n` now, empty to come.
    pub mark: &'static str,
    /// Name.
    pub name: &'static str,
    /// Date, or the limit.
    pub when: String,
}

/// The six steps of a matter with their dates; `now` is the step it is in, 1-6, or 7 when all are done.
#[must_use]
pub fn six_steps(now: usize, dates: [String; 6]) -> Vec<Step> {
    const NAMES: [&str; 6] = [
        "下达",
        "签收",
        "报方案",
        "整改",
        "评价办复核",
        "群众回访后销号",
    ];
    NAMES
        .into_iter()
        .zip(dates)
        .enumerate()
        .map(|(index, (name, when))| Step {
            mark: match (index + 1).cmp(&now) {
                std::cmp::Ordering::Less => "d",
                std::cmp::Ordering::Equal => "n",
                std::cmp::Ordering::Greater => "",
            },
            name,
            when,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn limits_are_counted_in_working_days_and_said_in_words() {
        let calendar = WorkCalendar::default();
        let said =
            |due: &str| deadline_of(day(due), WorkingDays(15), day("2026-09-28"), &calendar).words;

        assert_eq!(said("2026-09-25"), "超期 1 个工作日");
        assert_eq!(said("2026-09-28"), "今天到期");
        assert_eq!(said("2026-09-30"), "剩 2 个工作日");
        assert_eq!(said("2026-10-12"), "10 月 12 日");
    }

    #[test]
    fn the_nearest_group_comes_first_and_empty_groups_do_not_come() {
        let item = |number: &str, days_left| ListItem {
            href: String::new(),
            number: number.to_owned(),
            title: String::new(),
            source: String::new(),
            ring: ring(0.0, Urgency::Calm),
            due: String::new(),
            urgency: Urgency::Calm,
            days_left,
            state: String::new(),
            step: 1,
            unread: false,
            current: false,
        };

        let groups = grouped(vec![
            item("3", Some(9)),
            item("1", Some(0)),
            item("2", Some(5)),
            item("4", None),
        ]);

        let said: Vec<_> = groups
            .iter()
            .map(|group| (group.heading, group.items.len()))
            .collect();
        assert_eq!(said, [("今天到期", 1), ("以后", 2), ("没有期限", 1)]);
        assert_eq!(groups[1].items[0].number, "2");
    }

    #[test]
    fn six_steps_show_where_a_matter_stands() {
        let steps = six_steps(4, std::array::from_fn(|_| String::new()));

        let marks: Vec<_> = steps.iter().map(|step| step.mark).collect();
        assert_eq!(marks, ["d", "d", "d", "n", "", ""]);
    }
}
