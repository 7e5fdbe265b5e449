//! What the office can do with a problem in each state, the form for it, and what its fields mean.

use super::Entry;
use crate::{
    answer::Posted,
    form::{ActionForm, Field, Input},
};
use rectification::{
    PROBLEM_TRANSITIONS, PeopleSay, ProblemEvent, ProblemStage, ProblemStep, Progress,
};

/// Something that can be done with a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// 叫号, with 复号 when nothing has moved.
    Call,
    /// 承诺限期解决.
    Promise,
    /// 销号.
    Close,
}

impl Act {
    const ALL: [Self; 3] = [Self::Call, Self::Promise, Self::Close];

    /// The word in the address.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Promise => "promise",
            Self::Close => "close",
        }
    }

    /// The act with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.code() == code)
    }

    /// Words on its tab and button.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Call => "叫号",
            Self::Promise => "承诺限期解决",
            Self::Close => "销号",
        }
    }

    /// What is said when it was done.
    pub const fn done(self) -> &'static str {
        match self {
            Self::Call => "叫号已登记。",
            Self::Promise => "承诺的日期和时间表已登记。",
            Self::Close => "已销号。",
        }
    }

    const fn takes(self, step: ProblemStep) -> bool {
        matches!(
            (self, step),
            (Self::Call, ProblemStep::Call | ProblemStep::ReRegister)
                | (Self::Promise, ProblemStep::Promise)
                | (Self::Close, ProblemStep::Close)
        )
    }
}

fn steps(stage: ProblemStage) -> impl Iterator<Item = ProblemStep> {
    let table = PROBLEM_TRANSITIONS.iter();
    table
        .filter(move |(from, _, _)| *from == stage)
        .map(|(_, step, _)| *step)
}

/// What the office can do in a state; a closed problem comes back with its matter only.
pub fn acts(stage: ProblemStage) -> Vec<Act> {
    let open = |act: &Act| steps(stage).any(|step| act.takes(step));
    match stage {
        ProblemStage::Closed => Vec::new(),
        _ => Act::ALL.into_iter().filter(open).collect(),
    }
}

/// The form of an act; it carries the version that was seen, so that the same click twice counts once.
pub fn form(act: Act, entry: &Entry, base: &str, refused: Option<(String, &Posted)>) -> ActionForm {
    let (problem, held) = refused.unzip();
    let mut fields = fields(act, entry.stage());
    for field in &mut fields {
        let typed = held.map(|held: &Posted| held.text(&field.name).to_owned());
        field.value = typed.unwrap_or_default();
    }
    fields.push(Field::hidden("version", entry.row.version.to_string()));
    ActionForm {
        action: format!("{base}/problems/{}/{}", entry.row.reg_no, act.code()),
        lead: lead(act, entry.stage()).to_owned(),
        fields,
        submit: act.label(),
        note: String::new(),
        problem,
    }
}

const fn lead(act: Act, stage: ProblemStage) -> &'static str {
    match (act, stage) {
        (Act::Call, ProblemStage::Registered) => {
            "首次叫号：问清责任人、进展和打算。首次叫号只登记情况，从第二次起没有进展的才复号。"
        }
        (Act::Call, ProblemStage::PlannedClose) => {
            "承诺的日期没有做到，或者不按时间表办的，在这里复号；复号达到规定次数，转派驻纪检监察组督办。"
        }
        (Act::Call, _) => {
            "登记这次叫号看到的情况。没有进展、拒办或者违规的复号；复号达到规定次数，转派驻纪检监察组督办。"
        }
        (Act::Promise, _) => "现在解决不了的，写明承诺的日期和到那天以前每一步什么时候做。",
        (Act::Close, _) => {
            "事项已经核查的才能销号；当事群众还不满意的不能销号。依据里请不要写群众的姓名和电话，也不要照抄原话。"
        }
    }
}

fn fields(act: Act, stage: ProblemStage) -> Vec<Field> {
    match act {
        Act::Call => {
            let found = [
                (ProblemStep::Call, "on_track", "有进展"),
                (
                    ProblemStep::ReRegister,
                    "late_or_refused",
                    "没有进展、拒办或者违规，复号",
                ),
            ];
            let open = found
                .into_iter()
                .filter(|(by, _, _)| steps(stage).any(|step| step == *by))
                .map(|(_, code, label)| (code, label));
            vec![
                Field::new("progress", "这次看到的", "", Input::OneOf(open.collect())),
                Field::area("note", "情况", "问了谁、看了什么、下一步什么时候做。"),
            ]
        }
        Act::Promise => vec![
            Field::new("until", "承诺哪天以前解决", "", Input::Date),
            Field::area("timetable", "时间表", "每一步做什么、哪天做完。"),
        ],
        Act::Close => vec![
            Field::new(
                "people",
                "当事群众怎么说",
                "",
                Input::OneOf(vec![("satisfied", "满意"), ("not_satisfied", "还不满意")]),
            ),
            Field::area("evidence", "销号依据", "什么能说明问题已经解决。"),
        ],
    }
}

/// What the posted fields mean; the rules check the rest.
///
/// # Errors
/// Which field is missing and what to do.
pub fn event_of(act: Act, fields: &Posted) -> Result<ProblemEvent, &'static str> {
    let text = |name| fields.text(name).to_owned();
    match act {
        Act::Call => {
            let progress = match fields.text("progress") {
                "on_track" => Progress::OnTrack,
                "late_or_refused" => Progress::LateOrRefused,
                _ => return Err("“这次看到的”没有选，请选一项"),
            };
            Ok(ProblemEvent::Call {
                progress,
                note: text("note"),
            })
        }
        Act::Promise => {
            let until = fields.text("until").trim().parse();
            Ok(ProblemEvent::Promise {
                until: until.map_err(|_| "“承诺哪天以前解决”没有填，请选一个今天以后的日期")?,
                timetable: text("timetable"),
            })
        }
        Act::Close => {
            let people = match fields.text("people") {
                "satisfied" => PeopleSay::Satisfied,
                "not_satisfied" => PeopleSay::NotSatisfied,
                _ => return Err("“当事群众怎么说”没有选，请先问过再选"),
            };
            Ok(ProblemEvent::Close {
                evidence: text("evidence"),
                people,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_state_offers_exactly_the_steps_of_the_table_and_a_closed_one_none() {
        for stage in ProblemStage::ALL {
            let offered: BTreeSet<ProblemStep> = acts(*stage)
                .into_iter()
                .flat_map(|act| {
                    let each = ProblemStep::ALL.iter().copied();
                    each.filter(move |step| act.takes(*step))
                })
                .filter(|step| steps(*stage).any(|open| open == *step))
                .collect();
            let known: BTreeSet<ProblemStep> = match stage {
                ProblemStage::Closed => BTreeSet::new(),
                _ => steps(*stage).collect(),
            };
            assert_eq!(offered, known, "{stage:?}");
        }
    }

    #[test]
    fn a_first_call_only_calls_and_a_broken_promise_only_registers_again() {
        let choices = |stage| match &fields(Act::Call, stage)[0].input {
            Input::OneOf(options) => options.iter().map(|(code, _)| *code).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };

        assert_eq!(choices(ProblemStage::Registered), ["on_track"]);
        assert_eq!(choices(ProblemStage::PlannedClose), ["late_or_refused"]);
        assert_eq!(choices(ProblemStage::Called).len(), 2);
    }

    #[test]
    fn words_in_addresses_lead_back() {
        for act in Act::ALL {
            assert_eq!(Act::from_code(act.code()), Some(act));
        }
    }

    #[test]
    fn a_form_without_its_choice_or_date_hears_which() {
        let nothing = Posted::new(Vec::new());
        for act in Act::ALL {
            assert!(event_of(act, &nothing).unwrap_err().starts_with('“'));
        }
    }
}
