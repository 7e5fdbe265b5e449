//! How the invitations of a round stand, and the letters on paper.

use crate::{
    Svg, asset,
    form::{Cell, Table},
    frame::ConsoleFrame,
    icon::Icon,
    wording,
};
use analytics::quality::ResponseRates;
use askama::Template;
use response_collection::ContactOutcome;
use storage::invitations::InvitationKind;
use workflows::{DeadLetter, DeliveryCounts, PaperLetter, RoundRates};

/// How the invitations of a round stand.
#[derive(Debug, Template)]
#[template(path = "console/invitations.html")]
pub struct InvitationsPage {
    /// Frame.
    pub frame: ConsoleFrame,
    /// Code of the round.
    pub round: String,
    /// Where the letters stand, as sentences.
    pub lead: Vec<String>,
    /// Why the last step was refused.
    pub problem: Option<String>,
    /// Response rates and dispositions.
    pub rates: Vec<Table>,
    /// Who is reminded and why.
    pub reminder: &'static str,
    /// Whether reminding is possible now.
    pub may_remind: bool,
    /// Letters that wait to be printed: code and name of the group, number.
    pub papers: Vec<(&'static str, &'static str, u64)>,
    /// Attempts by way and outcome.
    pub contacts: Table,
    /// Letters given up.
    pub dead: Vec<DeadRow>,
}

/// A letter that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadRow {
    /// Its handle, at least eight characters.
    pub handle: String,
    /// Which way it was to go.
    pub way: &'static str,
    /// Attempts made.
    pub attempts: i32,
    /// What it means.
    pub reason: &'static str,
    /// Code of what went wrong last.
    pub problem: String,
}

impl From<&DeadLetter> for DeadRow {
    fn from(letter: &DeadLetter) -> Self {
        Self {
            handle: letter.handle.clone(),
            way: way(letter.kind),
            attempts: letter.attempts,
            reason: reason(&letter.problem),
            problem: letter.problem.clone(),
        }
    }
}

fn way(kind: &str) -> &'static str {
    match kind {
        "mail" => "邮件",
        "sms" => "短信",
        _ => "纸信",
    }
}

/// What the code of a problem means to a person who must decide.
fn reason(problem: &str) -> &'static str {
    let mut words = problem.split(' ');
    match (words.next(), words.next()) {
        (Some("IN"), _) => "两次都在送出时断线，可能已送达",
        (Some("NO"), _) => "一直连不上邮件服务器",
        (Some("RCPT"), Some(code)) if code.starts_with('4') => "对方一直让稍后再来",
        (Some("RCPT"), _) => "对方按规则拒收",
        _ => "邮件服务器不接受这封信",
    }
}

/// Where the letters stand, as sentences.
#[must_use]
pub fn letters_lead(counts: &DeliveryCounts) -> Vec<String> {
    vec![
        format!(
            "等待送出 {} 封，已办结 {} 封，没有送出 {} 封；可能重复送达不超过 {} 封（送出时断线，重试过一次）。",
            wording::thousands(counts.waiting),
            wording::thousands(counts.done),
            counts.dead.len(),
            counts.possible_duplicates
        ),
        "谁收到哪个邀请码，送出后就从系统里抹去；这里看不到地址，也看不到谁填了。".to_owned(),
    ]
}

/// The tables of one questionnaire: six rates, and every case by disposition.
#[must_use]
pub fn rate_tables(rates: &RoundRates) -> [Table; 2] {
    let name = match rates.kind {
        InvitationKind::Overall => "总体测评",
        InvitationKind::Enterprise => "涉企评议",
    };
    let named = ResponseRates::NAMES
        .into_iter()
        .zip(ResponseRates::FORMULAS)
        .zip(rates.rates.rates);
    let rows = named.map(|((name, formula), rate)| {
        let shown = rate.map_or_else(|| "—".to_owned(), |rate| format!("{:.1}%", 100.0 * rate));
        vec![Cell::text(name), Cell::text(shown), Cell::text(formula)]
    });
    let cases = rates.dispositions.iter().map(|(disposition, cases)| {
        vec![
            Cell::text(disposition.code()),
            Cell::text(disposition.label()),
            Cell::text(wording::thousands(*cases)),
        ]
    });
    [
        Table {
            heading: format!(
                "{name}：应答率（AAPOR 标准定义，e={:.3}）",
                rates.rates.eligible_share
            ),
            head: vec![("名称", false), ("应答率", true), ("公式", false)],
            rows: rows.collect(),
            empty: "",
        },
        Table {
            heading: format!("{name}：最终处置"),
            head: vec![("代码", false), ("处置", false), ("样本数", true)],
            rows: cases.collect(),
            empty: "",
        },
    ]
}

/// Attempts by way and outcome.
#[must_use]
pub fn contact_table(counts: &DeliveryCounts) -> Table {
    let label = |code: &str| {
        let known = ContactOutcome::ALL
            .into_iter()
            .find(|outcome| outcome.code() == code);
        known.map_or("", ContactOutcome::label)
    };
    Table {
        heading: "每次联系的结果".to_owned(),
        head: vec![("方式", false), ("结果", false), ("次数", true)],
        rows: counts
            .contacts
            .iter()
            .map(|(kind, outcome, attempts)| {
                vec![
                    Cell::text(way(kind)),
                    Cell::text(label(outcome)),
                    Cell::text(wording::thousands(*attempts)),
                ]
            })
            .collect(),
        empty: "还没有联系任何人。",
    }
}

/// Letters of one group, ready for the printer.
#[derive(Debug, Template)]
#[template(path = "console/letters.html")]
pub struct LettersPage {
    /// Heading on the screen.
    pub heading: String,
    /// Code of the round.
    pub round: String,
    /// Title of the round.
    pub title: String,
    /// Name of the group.
    pub group: &'static str,
    /// Who signs.
    pub office: String,
    /// Slips without names instead of letters.
    pub slips: bool,
    /// The letters.
    pub letters: Vec<PaperPage>,
}

/// One letter on paper.
#[derive(Debug)]
pub struct PaperPage {
    /// Name of its job.
    pub handle: String,
    /// For whom.
    pub name: String,
    /// What is said.
    pub paragraphs: Vec<String>,
    /// Address of the page.
    pub page: String,
    /// The code.
    pub code: String,
    /// Address and code to be scanned.
    pub qr: Svg,
}

impl LettersPage {
    fn css() -> &'static str {
        asset::letters_css()
    }
}

impl From<PaperLetter> for PaperPage {
    fn from(letter: PaperLetter) -> Self {
        Self {
            qr: crate::qr::qr(&format!("{}#{}", letter.page, letter.code)),
            handle: letter.handle,
            name: letter.name,
            paragraphs: letter.body.split("\n\n").map(str::to_owned).collect(),
            page: letter.page,
            code: letter.code,
        }
    }
}
