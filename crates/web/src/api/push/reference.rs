//! The interface as a page, in both languages.

use super::{DOCUMENT, ORDERS, RATINGS, problem::Problem};
use crate::frame::{Host, PortalFrame, PortalPlace};
use askama::Template;
use rating_import::FileKind;

/// The page about the interface.
#[derive(Debug, Template)]
#[template(path = "portal/push.html")]
pub struct ReferencePage {
    /// Frame.
    pub frame: PortalFrame,
    /// Public address of the site.
    pub base_url: String,
    /// Address and columns of each operation.
    pub operations: Vec<(&'static str, &'static str, Vec<ColumnLine>)>,
    /// What can go wrong.
    pub problems: Vec<ProblemLine>,
}

/// A column that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnLine {
    /// The usual name.
    pub name: String,
    /// Other names.
    pub aliases: String,
    /// Whether it must be there.
    pub required: bool,
}

/// Something that can go wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemLine {
    /// Status of the answer.
    pub status: u16,
    /// Code of the rule.
    pub code: &'static str,
    /// What is the case and what to do, in Chinese.
    pub chinese: [&'static str; 2],
    /// The same in English.
    pub english: [&'static str; 2],
}

impl ReferencePage {
    /// The page of a site with this address.
    #[must_use]
    pub fn new(host: Host, base_url: &str) -> Self {
        let problem = |problem: Problem| {
            let said = problem.said();
            ProblemLine {
                status: said.status,
                code: said.code,
                chinese: [said.title[0], said.detail[0]],
                english: [said.title[1], said.detail[1]],
            }
        };
        Self {
            frame: PortalFrame {
                title: "数据推送接口".to_owned(),
                host,
                place: PortalPlace::Elsewhere,
                round: None,
            },
            base_url: base_url.to_owned(),
            operations: vec![
                (RATINGS, "办事大厅好差评", columns(FileKind::HallRatings)),
                (ORDERS, "热线工单", columns(FileKind::HotlineOrders)),
            ],
            problems: Problem::all().into_iter().map(problem).collect(),
        }
    }

    pub(crate) const fn document(&self) -> &'static str {
        DOCUMENT
    }
}

fn columns(kind: FileKind) -> Vec<ColumnLine> {
    let line = |column: rating_import::KnownColumn| ColumnLine {
        aliases: column
            .aliases
            .iter()
            .filter(|alias| **alias != column.name)
            .cloned()
            .collect::<Vec<_>>()
            .join("、"),
        name: column.name,
        required: column.required,
    };
    kind.columns().into_iter().map(line).collect()
}
