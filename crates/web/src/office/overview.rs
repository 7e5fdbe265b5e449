//! One round at a glance.

use crate::{Svg, chart::bullet, frame::ConsoleFrame, icon::Icon, portal::ChannelLine, wording};
use askama::Template;
use survey_design::RoundState;

/// One round at a glance.
#[derive(Debug, Template)]
#[template(path = "console/overview.html")]
pub struct OverviewPage {
    /// Frame.
    pub frame: ConsoleFrame,
    /// Where the round stands, in words.
    pub state_words: String,
    /// Mark and name of each state.
    pub steps: Vec<(&'static str, &'static str)>,
    /// Who does what next.
    pub tasks: Vec<Task>,
    /// Answers by group.
    pub progress: Vec<ProgressRow>,
    /// Books of the channels; empty while collecting.
    pub channels: Vec<ChannelLine>,
    /// Import batches, newest first.
    pub imports: Vec<ImportRow>,
    /// Address, state, count.
    pub matters: Vec<(String, &'static str, u64)>,
    /// What waits for a second person: what, and who and when.
    pub approvals: Vec<(String, String)>,
    /// Newest audit events: what, and who and when.
    pub audit: Vec<(String, String)>,
}

/// One thing somebody does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Who.
    pub who: String,
    /// What.
    pub what: String,
    /// Where, if the reader may.
    pub href: Option<String>,
    /// Whether it can be done now.
    pub now: bool,
}

/// Answers of one group.
#[derive(Clone, Debug)]
pub struct ProgressRow {
    /// The group.
    pub name: String,
    /// Drawn.
    pub bar: Svg,
    /// Answers.
    pub received: String,
    /// Invitations.
    pub issued: String,
    /// Answers per invitation.
    pub rate: String,
    /// Declined.
    pub declined: String,
}

impl ProgressRow {
    /// The row of one group.
    #[must_use]
    pub fn new(name: impl Into<String>, received: u64, issued: u64, declined: u64) -> Self {
        Self {
            name: name.into(),
            bar: bullet(received, issued),
            received: wording::thousands(received),
            issued: wording::thousands(issued),
            rate: wording::share_of(received, issued),
            declined: wording::thousands(declined),
        }
    }
}

/// One import batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRow {
    /// Address of its issues.
    pub href: String,
    /// File name.
    pub file: String,
    /// Channel.
    pub channel: String,
    /// 全部成功, 部分成功 or 全部失败.
    pub result: &'static str,
    /// Total, new, same, changed, duplicate, rejected.
    pub numbers: [u64; 6],
}

/// Where the round stands, as a sentence.
#[must_use]
pub fn state_words(title: &str, state: RoundState) -> String {
    let words = match state {
        RoundState::Draft => "还在准备：题目、规则和名录可以改，开始收集后就不能改了。",
        RoundState::Sampling => "样本已经抽好，种子已公布，可以发邀请、开始收集。",
        RoundState::Collecting => "正在收集。答案封着，谁也打不开，所以现在没有任何得分。",
        RoundState::Closed => "已经截止，答案打乱后打开，有效和无效已经判定，等待算分。",
        RoundState::Scored => "已经算分，固化以前可以按同样的数据重算。",
        RoundState::UnderObjection => "各部门正在核对自己的数据，可以申诉一次。",
        RoundState::Frozen => "已经固化，分数不会再变。下一步发反馈函、报批公布。",
        RoundState::FeedbackIssued => "反馈函已发，意见已归并成整改事项，公布还要两个人批准。",
        RoundState::Published => "已经公布。以后只能更正，不能修改。",
    };
    format!("{title}：{words}")
}

/// The states as steps.
#[must_use]
pub fn steps(state: RoundState) -> Vec<(&'static str, &'static str)> {
    RoundState::ALL
        .into_iter()
        .map(|step| {
            let mark = match step.cmp(&state) {
                std::cmp::Ordering::Less => "d",
                std::cmp::Ordering::Equal => "n",
                std::cmp::Ordering::Greater => "",
            };
            (mark, step.label())
        })
        .collect()
}

/// Who, what, and whether it can be done now; `{round}` stands for the code of the round.
type Step = (&'static str, &'static str, bool);

const CLERK: &str = "评价办经办人";
const LIAISON: &str = "部门联络员";

const fn next_steps(state: RoundState) -> &'static [Step] {
    match state {
        RoundState::Draft => &[
            (CLERK, "抽样：huiyin sample draw --round {round}", true),
            (CLERK, "抽好以后开始收集", false),
        ],
        RoundState::Sampling => &[(CLERK, "开始收集：huiyin round open {round}", true)],
        RoundState::Collecting => &[
            (CLERK, "导入大厅、热线文件，每个文件先看有问题的行", true),
            ("社区（村）评议员", "登录评议结对部门", true),
            (CLERK, "到期截止：huiyin round close {round}", false),
        ],
        RoundState::Closed => &[(CLERK, "算分：huiyin round score {round}", true)],
        RoundState::Scored => &[(CLERK, "通知各部门核对数据", true)],
        RoundState::UnderObjection => &[
            (LIAISON, "核对本部门结果，有异议的申诉", true),
            ("评价办负责人、纪委监委", "两个人分别复核申诉", true),
            (
                "评价办负责人",
                "申诉办完后固化：huiyin round freeze {round}",
                false,
            ),
        ],
        RoundState::Frozen => &[
            (CLERK, "发反馈函，把意见归并成整改事项", true),
            (CLERK, "报请公布", false),
        ],
        RoundState::FeedbackIssued => &[
            (LIAISON, "签收反馈函和整改事项，报方案", true),
            (CLERK, "报请公布，由另一个人、另一个角色批准", true),
        ],
        RoundState::Published => &[
            (LIAISON, "按期整改、报告", true),
            (CLERK, "复核报告，回访后销号或退回重办", true),
        ],
    }
}

/// Who may do what next in this state.
#[must_use]
pub fn tasks(round: &str, state: RoundState) -> Vec<Task> {
    next_steps(state)
        .iter()
        .map(|(who, what, now)| Task {
            who: (*who).to_owned(),
            what: what.replace("{round}", round),
            href: None,
            now: *now,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_score_is_promised_while_answers_come_in() {
        assert!(state_words("2026 年第三季度", RoundState::Collecting).contains("没有任何得分"));
    }

    #[test]
    fn every_state_says_who_acts_next() {
        for state in RoundState::ALL {
            assert!(
                tasks("2026Q3", state).iter().any(|task| task.now),
                "{state:?}"
            );
        }
    }
}
