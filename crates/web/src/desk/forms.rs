//! The form of each act, and what its fields mean.

use super::{Act, Entry};
use crate::{
    answer::Posted,
    form::{ActionForm, Field, Input},
};
use chrono::NaiveDate;
use rectification::{CheckResult, Closing, Finding, GoalDraft, MatterEvent};
use std::collections::BTreeMap;

/// The fields of an act as they are kept for its draft.
pub fn drafted(act: Act, posted: &Posted) -> BTreeMap<String, String> {
    let fields = fields(act).into_iter().map(|field| {
        let words = posted.text(&field.name).to_owned();
        (field.name.into_owned(), words)
    });
    fields.filter(|(_, words)| !words.is_empty()).collect()
}

/// Field that says which version of a matter was looked at.
pub const SEEN: &str = "seen";

/// What was typed for an act that cannot be done any more: labels and words.
pub fn typed(act: Act, posted: &Posted) -> Vec<(String, String)> {
    let typed = fields(act).into_iter().map(|field| {
        let words = posted.text(&field.name).trim().to_owned();
        (field.label.into_owned(), words)
    });
    typed.filter(|(_, words)| !words.is_empty()).collect()
}

/// The form of an act; `base` is the address of the workplace.
pub fn form(
    act: Act,
    entry: &Entry,
    base: &str,
    refused: Option<(String, &Posted)>,
    kept: Option<&BTreeMap<String, String>>,
) -> ActionForm {
    let (problem, held) = refused.unzip();
    let fields = fields(act).into_iter().map(|field| {
        let kept = kept.and_then(|kept| kept.get(&*field.name));
        let kept = kept.map_or("", String::as_str);
        let value = held
            .map_or(kept, |held: &Posted| held.text(&field.name))
            .to_owned();
        match value.is_empty() {
            true => field,
            false => field.holding(value),
        }
    });
    let seen = Field::hidden(SEEN, entry.matter.version.to_string());
    let fields: Vec<Field> = std::iter::once(seen).chain(fields).collect();
    ActionForm {
        action: format!("{base}/matters/{}/{}", entry.matter.id, act.code()),
        lead: lead(act).to_owned(),
        fields,
        submit: act.label(),
        note: String::new(),
        problem,
    }
}

const fn lead(act: Act) -> &'static str {
    match act {
        Act::Sign => "签收后开始计算报方案的期限。",
        Act::Return => "只能退回一次，要写明不属于本单位职责的依据。",
        Act::Plan => {
            "目标要看得见、能核对：做什么、做到什么程度、哪天完成、谁负责。“进一步加强”这样的话不算措施。"
        }
        Act::Report => "写清做了什么、什么时候做完、怎么防止再发生。复核通过后会向社会公开。",
        Act::Extend => "到期以前可以申请一次，写明新日期和原因；原来的日期仍会显示。",
        Act::AcceptReturn => "同意后，这件事回到评价办重新交办。",
        Act::RefuseReturn => "单位要重新签收，期限从今天重新计算。",
        Act::Approve => "批准后按方案里的日期计算期限。",
        Act::SendBack => "写明方案缺什么。",
        Act::Grant => "同意后按申请的日期计算期限。",
        Act::RefuseExtension => "单位仍按原期限办理。",
        Act::Verify => {
            "登记看了什么、回访了几位群众、其中几位满意。群众的追评供参考，不计入回访人数。"
        }
        Act::Close => {
            "解决了的销号（A 类）；列入计划的写日期（B 类）；暂时办不了的写原因（C 类）。"
        }
        Act::Fail => "退回后单位重新报方案，次数计入整改账。",
        Act::Carry => "计划中的事项重新开始办理。",
        Act::Reopen => {
            "销号以后发现没有解决的，写明理由，单位重新报方案；挂号恢复，次数计入整改账。理由单位和公众都看得到，请不要照抄群众的追评。"
        }
    }
}

fn fields(act: Act) -> Vec<Field> {
    let reason = |label| Field::area("text", label, "");
    match act {
        Act::Return => vec![reason("退回理由")],
        Act::Plan => vec![
            Field::area("measure", "措施", "具体做什么。"),
            Field::area("standard", "标准", "做到什么程度，别人怎么看得出来。"),
            Field::new("due", "完成日期", "", Input::Date),
            Field::new("person", "负责人", "写到具体的人或岗位。", Input::Line),
        ],
        Act::Report => vec![Field::area(
            "text",
            "整改情况",
            "请不要写群众的姓名、电话和证件号。",
        )],
        Act::Extend => vec![
            Field::new("due", "申请延到哪天", "", Input::Date),
            reason("延期原因"),
        ],
        Act::SendBack => vec![reason("哪里要改")],
        Act::Fail => vec![reason("为什么没有解决")],
        Act::Reopen => vec![reason("为什么重新办理")],
        Act::Verify => vec![
            Field::new(
                "check",
                "核查结果",
                "",
                Input::OneOf(vec![("solved", "已解决"), ("not_solved", "未解决")]),
            ),
            Field::new("called", "回访了几位", "", Input::Number),
            Field::new("satisfied", "其中几位满意", "", Input::Number),
            reason("核查情况"),
        ],
        Act::Close => vec![
            Field::new(
                "closing",
                "怎么办结",
                "",
                Input::OneOf(vec![
                    ("a", "A 已解决，销号"),
                    ("b", "B 列入计划"),
                    ("c", "C 暂不具备条件"),
                ]),
            ),
            Field::new("due", "列入计划的日期", "B 类要填。", Input::Date).optional(),
            reason("暂不具备条件的原因").optional(),
        ],
        Act::Sign
        | Act::AcceptReturn
        | Act::RefuseReturn
        | Act::Approve
        | Act::Grant
        | Act::RefuseExtension
        | Act::Carry => Vec::new(),
    }
}

/// What the posted fields mean; the rules check the rest.
///
/// # Errors
/// What is missing, in words.
pub fn event_of(act: Act, fields: &Posted) -> Result<MatterEvent, &'static str> {
    let text = || fields.text("text").trim().to_owned();
    Ok(match act {
        Act::Sign => MatterEvent::Sign,
        Act::Return => MatterEvent::Return { reason: text() },
        Act::Plan => MatterEvent::Plan {
            goal: GoalDraft {
                measure: fields.text("measure").trim().to_owned(),
                standard: fields.text("standard").trim().to_owned(),
                due: date(fields).ok(),
                person: fields.text("person").trim().to_owned(),
            },
        },
        Act::Report => MatterEvent::Report { result: text() },
        Act::Extend => MatterEvent::AskExtension {
            until: date(fields)?,
            reason: text(),
        },
        Act::AcceptReturn => MatterEvent::AcceptReturn,
        Act::RefuseReturn => MatterEvent::RefuseReturn,
        Act::Approve => MatterEvent::Approve,
        Act::SendBack => MatterEvent::SendBack { reason: text() },
        Act::Grant => MatterEvent::GrantExtension,
        Act::RefuseExtension => MatterEvent::RefuseExtension,
        Act::Verify => MatterEvent::Verify {
            finding: finding(fields)?,
        },
        Act::Close => MatterEvent::Close {
            closing: closing(fields)?,
        },
        Act::Fail => MatterEvent::Fail { reason: text() },
        Act::Carry => MatterEvent::Carry,
        Act::Reopen => MatterEvent::Reopen { reason: text() },
    })
}

fn date(fields: &Posted) -> Result<NaiveDate, &'static str> {
    fields
        .text("due")
        .trim()
        .parse()
        .map_err(|_| "请填一个日期，例如 2026-10-20")
}

fn finding(fields: &Posted) -> Result<Finding, &'static str> {
    let number = |name| fields.number::<u32>(name).map_err(|_| "人数请填 0 或整数");
    Ok(Finding {
        check: CheckResult::from_code(fields.text("check")).ok_or("请选核查结果")?,
        called: number("called")?,
        satisfied: number("satisfied")?,
        note: fields.text("text").trim().to_owned(),
    })
}

fn closing(fields: &Posted) -> Result<Closing, &'static str> {
    match fields.text("closing") {
        "a" => Ok(Closing::Solved),
        "b" => Ok(Closing::Planned {
            until: date(fields)?,
        }),
        "c" => Ok(Closing::Deferred {
            reason: fields.text("text").trim().to_owned(),
        }),
        _ => Err("请选怎么办结"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posted(fields: &[(&str, &str)]) -> Posted {
        Posted::new(
            fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        )
    }

    #[test]
    fn a_plan_without_a_date_goes_to_the_rules_which_name_everything_missing() {
        let event = event_of(Act::Plan, &posted(&[("measure", "退回时逐项写明原因")])).unwrap();

        assert!(matches!(
            event,
            MatterEvent::Plan {
                goal: GoalDraft { due: None, .. }
            }
        ));
    }

    #[test]
    fn class_b_needs_its_date() {
        assert!(event_of(Act::Close, &posted(&[("closing", "b")])).is_err());
        assert!(
            event_of(
                Act::Close,
                &posted(&[("closing", "b"), ("due", "2026-12-31")])
            )
            .is_ok()
        );
        assert!(event_of(Act::Close, &posted(&[])).is_err());
    }

    #[test]
    fn people_are_counted_in_whole_numbers() {
        let fields = [("check", "solved"), ("called", "一些"), ("satisfied", "1")];

        assert_eq!(
            event_of(Act::Verify, &posted(&fields)),
            Err("人数请填 0 或整数")
        );
    }
}
