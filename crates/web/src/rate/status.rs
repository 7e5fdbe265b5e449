//! Pages for codes and rounds that cannot be answered now: each says what is the case and where to go on.

use crate::frame::{CitizenFrame, Host, TextSize};
use askama::Template;

/// What is the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// The round has not opened yet.
    NotOpenYet,
    /// The round no longer takes answers.
    Closed,
    /// The code was used to hand in answers.
    AlreadyUsed,
    /// The holder of the code declined.
    Declined,
    /// No round of this name takes answers.
    NoSuchRound,
    /// The draft in this browser is gone or belongs to another round.
    NoDraft,
    /// Help by telephone.
    Help,
}

/// A page that states one fact and a way on.
#[derive(Debug, Template)]
#[template(path = "citizen/status.html")]
pub struct StatusPage {
    /// Frame.
    pub frame: CitizenFrame,
    /// The fact.
    pub heading: &'static str,
    /// What it means.
    pub paragraphs: Vec<&'static str>,
    /// Address and words of the one button.
    pub way_on: Option<(String, &'static str)>,
}

impl StatusPage {
    /// The page of a status; `round` is the round of the address, where there is one.
    #[must_use]
    pub fn new(status: &Status, host: Host, size: TextSize, round: Option<&str>) -> Self {
        let (heading, paragraphs, way_on) = text(status, round);
        let frame = CitizenFrame {
            title: heading.to_owned(),
            host,
            line: "匿名填写".to_owned(),
            size,
            here: round.map_or_else(|| "/my".to_owned(), |round| format!("/s/{round}")),
        };
        Self {
            frame,
            heading,
            paragraphs,
            way_on,
        }
    }
}

type Text = (
    &'static str,
    Vec<&'static str>,
    Option<(String, &'static str)>,
);

fn text(status: &Status, round: Option<&str>) -> Text {
    let results = Some(("/".to_owned(), "看已公布的结果"));
    let start = round.map(|round| (format!("/s/{round}"), "回到开始页"));
    match status {
        Status::NotOpenYet => (
            "这一轮还没有开始",
            vec!["您的邀请码是有效的，请保管好。开始以后，用同一个链接就能填写。"],
            results,
        ),
        Status::Closed => (
            "这一轮已经截止",
            vec![
                "已经提交的答案都计入了结果。没来得及提交的，这一轮不再收，谢谢您的关心。",
                "结果公布以后，任何人都可以在本站查看。",
            ],
            results,
        ),
        Status::AlreadyUsed => (
            "这个邀请码已经用过了",
            vec![
                "每个邀请码只能提交一次，答案已经收到。",
                "提交时给过您一个 8 位查询码，凭它可以查您的意见办得怎么样了。",
            ],
            Some(("/my".to_owned(), "用查询码查进展")),
        ),
        Status::Declined => (
            "好的，这一次不打扰您了",
            vec!["我们记下了“不参加”，没有记下您是谁。这个邀请码不能再用。"],
            results,
        ),
        Status::NoSuchRound => (
            "没有找到这一轮评价",
            vec!["请再核对一下邀请里的链接，或者直接输入邀请码。"],
            results,
        ),
        Status::NoDraft => (
            "请从邀请链接重新进来",
            vec![
                "这台设备上没有正在填写的问卷，可能是关掉浏览器后清掉了。",
                "再输入一次邀请码就行。",
            ],
            start.or(results),
        ),
        Status::Help => (
            "有困难，请人帮您填",
            vec![
                "打 12345，说“满意度测评请人帮填”，工作人员会念题给您听，您说选哪一项就行。",
                "家人可以帮您点，但请按您自己的感受选。帮填的人看不到别人的答案。",
            ],
            results,
        ),
    }
}
