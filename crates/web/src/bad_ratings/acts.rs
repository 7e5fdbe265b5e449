//! What can be done with a bad rating in each state and by whom, the form for it, and what its fields mean.

use super::Entry;
use crate::{
    answer::Posted,
    form::{ActionForm, Field, Input},
};
use rectification::{BadRatingStage, ObjectionGround};
use vocabulary::Level;
use workflows::{Action, Actor, BadRatingAct, allow};

/// Something that can be done with a bad rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// 联系评价人.
    Contact,
    /// 认领整改.
    Admit,
    /// 提出申诉.
    Object,
    /// 复核申诉.
    Review,
    /// 反馈结果.
    FeedBack,
    /// 登记追评.
    FollowUp,
}

impl Act {
    const ALL: [Self; 6] = [
        Self::Contact,
        Self::Admit,
        Self::Object,
        Self::Review,
        Self::FeedBack,
        Self::FollowUp,
    ];

    /// The word in the address.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Admit => "admit",
            Self::Object => "object",
            Self::Review => "review",
            Self::FeedBack => "feed-back",
            Self::FollowUp => "follow-up",
        }
    }

    /// The act with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.code() == code)
    }

    /// Words on its tab and button.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Contact => "已经联系评价人",
            Self::Admit => "认领整改",
            Self::Object => "提出申诉",
            Self::Review => "提交复核意见",
            Self::FeedBack => "整改完成，已经反馈",
            Self::FollowUp => "登记追评",
        }
    }

    /// What is said when it was done.
    pub const fn done(self) -> &'static str {
        match self {
            Self::Contact => "已登记联系，请在期限内认领整改或者提出申诉。",
            Self::Admit => "已认领，请在期限内整改并反馈。",
            Self::Object => "申诉已提交，由两位没有参与过的人分别复核。",
            Self::Review => "复核意见已登记。",
            Self::FeedBack => "反馈情况已登记，等评价人追评。",
            Self::FollowUp => "追评已登记。",
        }
    }

    const fn action(self) -> Action {
        match self {
            Self::Contact | Self::Admit | Self::Object | Self::FeedBack => Action::Answer,
            Self::Review => Action::DecideObjection,
            Self::FollowUp => Action::Verify,
        }
    }

    const fn at(self) -> BadRatingStage {
        match self {
            Self::Contact => BadRatingStage::Received,
            Self::Admit | Self::Object => BadRatingStage::Contacted,
            Self::Review => BadRatingStage::Appealed,
            Self::FeedBack => BadRatingStage::Rectifying,
            Self::FollowUp => BadRatingStage::FedBack,
        }
    }
}

/// What this official can do with it now.
pub fn acts(entry: &Entry, actor: &Actor) -> Vec<Act> {
    let open = |act: &Act| {
        entry.row.withdrawn.is_none()
            && act.at() == entry.stage()
            && allow(actor, act.action()).is_ok()
    };
    Act::ALL.into_iter().filter(open).collect()
}

/// Labels and words of what was typed.
pub fn typed(act: Act, posted: &Posted) -> Vec<(String, String)> {
    let typed = fields(act).into_iter().map(|field| {
        let words = posted.text(&field.name).trim().to_owned();
        (field.label.into_owned(), words)
    });
    typed.filter(|(_, words)| !words.is_empty()).collect()
}

/// The form of an act; it carries the version that was seen.
pub fn form(act: Act, entry: &Entry, base: &str, refused: Option<(String, &Posted)>) -> ActionForm {
    let (problem, held) = refused.unzip();
    let mut fields = fields(act);
    for field in &mut fields {
        let typed = held.map(|held: &Posted| held.text(&field.name).to_owned());
        field.value = typed.unwrap_or_default();
    }
    fields.push(Field::hidden("version", entry.row.version.to_string()));
    ActionForm {
        action: format!("{base}/bad-ratings/{}/{}", entry.row.id, act.code()),
        lead: lead(act).to_owned(),
        fields,
        submit: act.label(),
        note: String::new(),
        problem,
    }
}

const fn lead(act: Act) -> &'static str {
    match act {
        Act::Contact => {
            "凭办件编号在政务服务系统里找到办件，和评价人说上话以后再登记。这里不登记评价人的姓名和电话，也不登记谈话内容。"
        }
        Act::Admit => "是本单位的问题，认领以后整改，整改完成告诉评价人。",
        Act::Object => {
            "误评、恶意评价或者不是本单位的办件，可以申诉。复核由两位没有参与过的人作出；复核期间整改期限停走，不成立的按停走的天数顺延。"
        }
        Act::Review => "两位复核人意见一致，决定才生效；申诉成立的剔除，不成立的由单位整改。",
        Act::FeedBack => "写明做了什么、什么时候告诉评价人的。请不要写评价人的姓名、电话和证件号。",
        Act::FollowUp => "评价人只能追评一次。仍不满意的，随即挂号督办，并立一件整改事项。",
    }
}

fn fields(act: Act) -> Vec<Field> {
    match act {
        Act::Contact | Act::Admit => Vec::new(),
        Act::Object => {
            let grounds = ObjectionGround::ALL.iter();
            let grounds = grounds
                .map(|ground| (ground.code(), ground.label()))
                .collect();
            vec![
                Field::new("ground", "申诉理由", "", Input::OneOf(grounds)),
                Field::area("text", "事实和依据", "请不要写评价人的姓名、电话和证件号。"),
            ]
        }
        Act::Review => {
            let ways = vec![
                ("uphold", "申诉成立，剔除"),
                ("refuse", "申诉不成立，由单位整改"),
            ];
            vec![
                Field::new("ruling", "复核意见", "", Input::OneOf(ways)),
                Field::area("reasons", "理由", ""),
            ]
        }
        Act::FeedBack => vec![Field::area("result", "整改和反馈情况", "")],
        Act::FollowUp => {
            let levels = Level::SCORED.map(|level| (LEVELS[place(level)], level.label()));
            vec![Field::new(
                "level",
                "评价人追评",
                "",
                Input::OneOf(levels.into()),
            )]
        }
    }
}

/// The five levels as forms send them, best first.
const LEVELS: [&str; 5] = ["5", "4", "3", "2", "1"];

fn place(level: Level) -> usize {
    level.scored_index().unwrap_or_default()
}

/// What the posted fields mean; the rules check the rest.
///
/// # Errors
/// Which choice is missing and what to do.
pub fn meant(act: Act, fields: &Posted) -> Result<BadRatingAct, &'static str> {
    let text = |name| fields.text(name).to_owned();
    Ok(match act {
        Act::Contact => BadRatingAct::Contact,
        Act::Admit => BadRatingAct::Admit,
        Act::Object => BadRatingAct::Object {
            ground: ObjectionGround::from_code(fields.text("ground"))
                .ok_or("“申诉理由”没有选，请选一项")?,
            text: text("text"),
        },
        Act::Review => BadRatingAct::Review {
            upheld: match fields.text("ruling") {
                "uphold" => true,
                "refuse" => false,
                _ => return Err("“复核意见”没有选，请选一项"),
            },
            reasons: text("reasons"),
        },
        Act::FeedBack => BadRatingAct::FeedBack {
            result: text("result"),
        },
        Act::FollowUp => {
            let chosen = Level::SCORED
                .into_iter()
                .find(|level| LEVELS[place(*level)] == fields.text("level"));
            BadRatingAct::FollowUp {
                level: chosen.ok_or("“评价人追评”没有选，请先问过再选")?,
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rectification::{BAD_RATING_TRANSITIONS, BadRatingStep};
    use std::collections::BTreeSet;

    const fn steps(act: Act) -> &'static [BadRatingStep] {
        match act {
            Act::Contact => &[BadRatingStep::Contact],
            Act::Admit => &[BadRatingStep::Admit],
            Act::Object => &[BadRatingStep::Object],
            Act::Review => &[BadRatingStep::Uphold, BadRatingStep::Refuse],
            Act::FeedBack => &[BadRatingStep::FeedBack],
            Act::FollowUp => &[BadRatingStep::FollowUp],
        }
    }

    #[test]
    fn each_state_offers_exactly_the_steps_of_the_table() {
        let offered: BTreeSet<_> = Act::ALL
            .into_iter()
            .flat_map(|act| steps(act).iter().map(move |step| (act.at(), *step)))
            .collect();
        let known: BTreeSet<_> = BAD_RATING_TRANSITIONS
            .iter()
            .map(|(from, step, _)| (*from, *step))
            .collect();
        assert_eq!(offered, known);
    }

    #[test]
    fn words_in_addresses_lead_back_and_a_missing_choice_is_named() {
        let nothing = Posted::new(Vec::new());
        for act in Act::ALL {
            assert_eq!(Act::from_code(act.code()), Some(act));
            let chooses = matches!(act, Act::Object | Act::Review | Act::FollowUp);
            assert_eq!(meant(act, &nothing).is_err(), chooses, "{act:?}");
        }
    }
}
