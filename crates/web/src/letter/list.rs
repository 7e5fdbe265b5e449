//! Who has opened and signed for the letters of a round.

use crate::{frame::ConsoleFrame, icon::Icon, unit::Tab, wording};
use askama::Template;
use rectification::{LetterStage, Light};
use std::collections::BTreeMap;
use storage::letters::Letter;

/// The letters of a round.
#[derive(Debug, Template)]
#[template(path = "console/feedback_letters.html")]
pub struct FeedbackLettersPage {
    /// Frame.
    pub frame: ConsoleFrame,
    /// How many stand where.
    pub lead: String,
    /// Filters.
    pub tabs: Vec<Tab>,
    /// Letters.
    pub rows: Vec<LetterRow>,
    /// Said when there is no row.
    pub empty: &'static str,
}

/// One letter in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterRow {
    /// Number.
    pub number: String,
    /// Address; empty where the reader may not open it.
    pub href: String,
    /// Unit.
    pub unit: String,
    /// Style of the light.
    pub pill: &'static str,
    /// The light, or that it is signed for.
    pub state: &'static str,
    /// Where it stands.
    pub stage: LetterStage,
    /// Last day to sign for it.
    pub due: String,
    /// Who opened it first and when.
    pub read: String,
    /// Who signed and when, with the remark.
    pub signed: String,
    /// What else is to be known.
    pub note: &'static str,
}

/// Which letters are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Every one.
    All,
    /// Those nobody has signed for.
    Unsigned,
    /// Those whose limit has passed as well.
    Overdue,
}

impl Filter {
    const ALL: [Self; 3] = [Self::All, Self::Unsigned, Self::Overdue];

    /// The filter with this code; every letter for any other.
    #[must_use]
    pub fn from_code(code: Option<&str>) -> Self {
        let mut all = Self::ALL.into_iter();
        all.find(|filter| Some(filter.code()) == code)
            .unwrap_or(Self::All)
    }

    const fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Unsigned => "unsigned",
            Self::Overdue => "overdue",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::All => "全部",
            Self::Unsigned => "未签收",
            Self::Overdue => "逾期",
        }
    }

    fn takes(self, light: Option<Light>) -> bool {
        match self {
            Self::All => true,
            Self::Unsigned => light.is_some(),
            Self::Overdue => light == Some(Light::Red),
        }
    }
}

/// The letters of a filter, each with its light; none once it is signed for.
#[must_use]
pub fn filtered(all: &[(Letter, Option<Light>)], filter: Filter) -> Vec<&(Letter, Option<Light>)> {
    all.iter()
        .filter(|(_, light)| filter.takes(*light))
        .collect()
}

/// The filters with how many letters each holds.
#[must_use]
pub fn tabs(here: &str, round: &str, all: &[(Letter, Option<Light>)], now: Filter) -> Vec<Tab> {
    let tab = |filter: Filter| Tab {
        href: format!("{here}?r={round}&f={}", filter.code()),
        label: filter.label(),
        count: filtered(all, filter).len(),
        current: filter == now,
    };
    Filter::ALL.map(tab).into()
}

/// How many letters stand where, as one sentence.
#[must_use]
pub fn lead(all: &[(Letter, Option<Light>)]) -> String {
    let [issued, unsigned, overdue] = Filter::ALL.map(|filter| filtered(all, filter).len());
    match (unsigned, overdue) {
        (0, _) => format!("发出 {issued} 份，全部签收。"),
        (_, 0) => format!("发出 {issued} 份，还有 {unsigned} 份没有签收，都在期限内。"),
        _ => format!(
            "发出 {issued} 份，还有 {unsigned} 份没有签收，其中 {overdue} 份已经逾期。逾期的每个工作日自动发一封邮件提醒。"
        ),
    }
}

/// A letter in the list.
#[must_use]
pub fn row(
    (letter, light): &(Letter, Option<Light>),
    units: &BTreeMap<String, String>,
    names: &BTreeMap<String, String>,
) -> LetterRow {
    let (pill, state) = match light {
        None => ("st--g", LetterStage::Signed.label()),
        Some(Light::Green) => ("st--q", Light::Green.label()),
        Some(Light::Yellow) => ("st--a", Light::Yellow.label()),
        Some(Light::Red) => ("st--r", Light::Red.label()),
    };
    let by = |account: &Option<String>| {
        let account = account.as_deref().unwrap_or_default();
        names
            .get(account)
            .map_or(account, String::as_str)
            .to_owned()
    };
    let act = |account: &Option<String>, at| match at {
        Some(at) => format!("{}，{}", by(account), wording::moment(at)),
        None => "—".to_owned(),
    };
    let mut signed = act(&letter.signed_by, letter.signed_at);
    if let Some(remark) = &letter.remark {
        signed = format!("{signed}（{remark}）");
    }
    LetterRow {
        number: letter.id.clone(),
        href: String::new(),
        unit: units.get(&letter.unit_id).cloned().unwrap_or_default(),
        pill,
        state,
        stage: LetterStage::at(letter.read_at, letter.signed_at),
        due: wording::day(letter.due_on),
        read: act(&letter.read_by, letter.read_at),
        signed,
        note: "",
    }
}
