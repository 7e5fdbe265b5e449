//! A rectification goal 整改目标 that can be checked: measure, standard, date and person.

use crate::named::named;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A goal as handed in; anything may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoalDraft {
    /// What will be done.
    pub measure: String,
    /// How anybody can see that it was done.
    pub standard: String,
    /// By when.
    pub due: Option<NaiveDate>,
    /// Who answers for it, by name or post.
    pub person: String,
}

/// A goal with nothing missing; made from a draft only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goal {
    measure: String,
    standard: String,
    due: NaiveDate,
    person: String,
}

named! {
    /// What a vague goal lacks.
    GoalProblem {
        /// No concrete measure.
        NoMeasure = "no_measure", "具体措施";
        /// No standard anybody could check.
        NoStandard = "no_standard", "可核查的标准";
        /// No date, or one that is not to come.
        NoDate = "no_date", "完成日期";
        /// Nobody answers for it, or everybody.
        NoPerson = "no_person", "责任人";
    }
}

/// Words that fill a line without saying what will be done.
const SLOGANS: [&str; 26] = [
    "进一步",
    "加强",
    "强化",
    "努力",
    "不断",
    "尽快",
    "尽早",
    "切实",
    "高度重视",
    "提高认识",
    "提高思想认识",
    "提高",
    "提升",
    "大力",
    "积极",
    "认真",
    "持续",
    "优化",
    "改进",
    "改善",
    "服务",
    "作风",
    "工作",
    "管理",
    "学习",
    "落实",
];
const EVERYBODY: [&str; 11] = [
    "全体",
    "有关人员",
    "相关人员",
    "相关科室",
    "有关科室",
    "各科室",
    "各部门",
    "大家",
    "所有人",
    "班子成员",
    "待定",
];
/// Characters that must remain once the slogans are gone.
const SUBSTANCE: usize = 4;

impl Goal {
    /// Takes a draft when it names measure, standard, date and person.
    ///
    /// Lines made of slogans alone (“进一步加强服务”) count as missing; so does a date not after `today` and a person
    /// who is everybody.
    ///
    /// # Errors
    /// Every [`GoalProblem`] at once, in the order of the form.
    ///
    /// Source: domain C.5, "vague goal refused: needs measure, standard, date, person".
    pub fn parse(draft: GoalDraft, today: NaiveDate) -> Result<Self, Vec<GoalProblem>> {
        let due = draft.due.filter(|due| *due > today);
        let mut missing = Vec::new();
        if !has_substance(&draft.measure) {
            missing.push(GoalProblem::NoMeasure);
        }
        if !has_substance(&draft.standard) {
            missing.push(GoalProblem::NoStandard);
        }
        if due.is_none() {
            missing.push(GoalProblem::NoDate);
        }
        if !names_somebody(&draft.person) {
            missing.push(GoalProblem::NoPerson);
        }
        match (due, missing.is_empty()) {
            (Some(due), true) => Ok(Self {
                measure: draft.measure,
                standard: draft.standard,
                due,
                person: draft.person,
            }),
            _ => Err(missing),
        }
    }

    /// What will be done.
    #[must_use]
    pub fn measure(&self) -> &str {
        &self.measure
    }

    /// How anybody can see that it was done.
    #[must_use]
    pub fn standard(&self) -> &str {
        &self.standard
    }

    /// By when.
    #[must_use]
    pub const fn due(&self) -> NaiveDate {
        self.due
    }

    /// Who answers for it.
    #[must_use]
    pub fn person(&self) -> &str {
        &self.person
    }
}

fn has_substance(line: &str) -> bool {
    let rest = SLOGANS
        .iter()
        .fold(line.to_owned(), |line, slogan| line.replace(slogan, ""));
    rest.chars().filter(|c| c.is_alphanumeric()).count() >= SUBSTANCE
}

fn names_somebody(person: &str) -> bool {
    let letters = person.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 2 && !EVERYBODY.iter().any(|word| person.contains(word))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    pub fn draft(due: NaiveDate) -> GoalDraft {
        GoalDraft {
            measure: "增设两个综合窗口，午间不停办".into(),
            standard: "平均等候不超过 15 分钟，按叫号系统月报核对".into(),
            due: Some(due),
            person: "周敏（政务服务科科长）".into(),
        }
    }

    #[test]
    fn a_goal_with_measure_standard_date_and_person_is_taken() {
        let goal = Goal::parse(draft(day("2026-10-20")), day("2026-09-30")).unwrap();

        assert_eq!(goal.due(), day("2026-10-20"));
        assert_eq!(goal.person(), "周敏（政务服务科科长）");
    }

    #[test]
    fn a_vague_goal_hears_everything_that_is_missing_at_once() {
        let vague = GoalDraft {
            measure: "进一步加强学习，切实提高服务。".into(),
            standard: "  ".into(),
            due: None,
            person: "相关科室".into(),
        };

        assert_eq!(
            Goal::parse(vague, day("2026-09-30")),
            Err(GoalProblem::ALL.to_vec())
        );
    }

    #[test]
    fn each_missing_part_is_named_alone() {
        let today = day("2026-09-30");
        let good = draft(day("2026-10-20"));
        let problem = |draft: GoalDraft| Goal::parse(draft, today).unwrap_err();

        let measure = "高度重视，持续改进工作作风".into();
        assert_eq!(
            problem(GoalDraft {
                measure,
                ..good.clone()
            }),
            [GoalProblem::NoMeasure]
        );
        let standard = "进一步提升".into();
        assert_eq!(
            problem(GoalDraft {
                standard,
                ..good.clone()
            }),
            [GoalProblem::NoStandard]
        );
        let due = Some(today);
        assert_eq!(
            problem(GoalDraft {
                due,
                ..good.clone()
            }),
            [GoalProblem::NoDate]
        );
        let person = "全体干部".into();
        assert_eq!(
            problem(GoalDraft { person, ..good }),
            [GoalProblem::NoPerson]
        );
    }
}
