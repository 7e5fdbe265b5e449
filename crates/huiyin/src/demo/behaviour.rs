//! How one simulated person behaves and answers: decided by the seed and the person's number, never by timing.

use super::{
    dice::Dice,
    form_page::{Form, FormPage},
    hardly_known::HardlyKnown,
    invented,
    truth::{Truth, UnitTruth, level_of, per_thousand},
};
use std::{sync::Arc, time::Duration};
use survey_design::CommentTone;
use vocabulary::{Level, RaterGroup, UnitId};

/// Real time an ordinary person reads one page. It is far longer than a calm server needs for a page, so that a
/// server whose clock runs fast can tell readers from straight-liners.
pub const READING_PAUSE: Duration = Duration::from_millis(100);
/// What somebody feels who is asked about no unit in particular, in tenths of a point.
const GENERAL_FEELING: i32 = 820;
/// How many written comments in a thousand ask to be called back.
const WITH_PHONE: u32 = 150;

/// What a person does with an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Habit {
    /// Never opens the link.
    Silent,
    /// Opens the link and declines.
    Declines,
    /// Answers everything 非常满意 without reading.
    StraightLiner,
    /// Reads and answers in one go.
    Ordinary,
    /// Reads, puts the questionnaire aside once, comes back and answers.
    Interrupted,
}

/// Which invitation a person holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonKind {
    /// Drawn into the sample of a group.
    Drawn(RaterGroup),
    /// An enterprise that rates the units it deals with online (X).
    EnterpriseOnline,
}

/// One person's habit, pace and opinions.
#[derive(Clone, Debug)]
pub struct Behaviour {
    habit: Habit,
    kind: PersonKind,
    number: u32,
    shift: i32,
    truth: Arc<Truth>,
    hardly_known: Arc<HardlyKnown>,
}

impl Behaviour {
    /// The behaviour of person `number`; the same for the same truth, kind and number.
    #[must_use]
    pub fn of(
        truth: &Arc<Truth>,
        hardly_known: &Arc<HardlyKnown>,
        kind: PersonKind,
        number: u32,
    ) -> Self {
        let mut dice = Dice::new(truth.seed(), "temper", number.into());
        let group = match kind {
            PersonKind::Drawn(group) => group,
            PersonKind::EnterpriseOnline => RaterGroup::Enterprises,
        };
        let habit = if hardly_known.must_answer(number) {
            Habit::Ordinary
        } else {
            habit_of(truth, kind, number)
        };
        Self {
            habit,
            kind,
            number,
            shift: truth.leniency(group) + dice.deviation(truth.spread() * 2 / 5),
            truth: Arc::clone(truth),
            hardly_known: Arc::clone(hardly_known),
        }
    }

    /// The same person with an interviewer at the door: reads and answers.
    #[must_use]
    pub fn interviewed(self) -> Self {
        Self {
            habit: Habit::Ordinary,
            ..self
        }
    }

    /// What the person does with the invitation.
    #[must_use]
    pub const fn habit(&self) -> Habit {
        self.habit
    }

    /// The person's number.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// Real time spent on reading one page; nothing for a straight-liner.
    #[must_use]
    pub const fn pause(&self) -> Duration {
        match self.habit {
            Habit::StraightLiner => Duration::ZERO,
            _ => READING_PAUSE,
        }
    }

    /// The fields the person sends for a question page, without the button pressed.
    #[must_use]
    pub fn fill_in(&self, page: &FormPage, form: &Form) -> Vec<(String, String)> {
        let unit = page.unit.as_deref().map(UnitId::from);
        let item = page.item.as_deref().unwrap_or_default();
        let mut fields = form.hidden.clone();
        if let Some((name, _)) = form.radios.first() {
            fields.push((name.clone(), self.choice(form, unit.as_ref(), item)));
        }
        if self.habit != Habit::StraightLiner && !(form.boxes.is_empty() && form.lines.is_empty()) {
            fields.extend(self.words(form, unit.as_ref(), item));
        }
        fields
    }

    fn choice(&self, form: &Form, unit: Option<&UnitId>, item: &str) -> String {
        if form.asks_for_a_level() {
            return self.level(unit, item).code().to_string();
        }
        // Whether the unit served the enterprise: the first option says yes.
        let served = per_thousand(self.truth.demo().enterprises.served);
        let mut dice = self.dice("choice", unit, item);
        let (_, value) = if dice.chance(served) {
            &form.radios[0]
        } else {
            &form.radios[form.radios.len() - 1]
        };
        value.clone()
    }

    /// What the person answers about a unit under an item.
    #[must_use]
    pub fn level(&self, unit: Option<&UnitId>, item: &str) -> Level {
        if self.habit == Habit::StraightLiner {
            return Level::VerySatisfied;
        }
        let Some(unit) = unit else {
            return level_of(GENERAL_FEELING + self.shift);
        };
        let Some(known) = self.truth.unit(unit).filter(|known| self.knows(known)) else {
            return Level::DontKnow;
        };
        let spread = self.truth.spread();
        let feeling = self
            .dice("feeling", Some(unit), "")
            .deviation(spread * 9 / 10);
        let detail = if item == "overall" {
            0
        } else {
            self.dice("detail", Some(unit), item)
                .deviation(spread * 2 / 5)
        };
        level_of(known.quality + self.shift + feeling + detail)
    }

    fn knows(&self, unit: &UnitTruth) -> bool {
        let demo = self.truth.demo();
        let dont_know = match self.kind {
            PersonKind::Drawn(group) => {
                if let Some(knows) = self.hardly_known.knows(&unit.id, self.number) {
                    return knows;
                }
                demo.pool
                    .get(&group)
                    .map_or(0, |members| per_thousand(members.dont_know))
            }
            PersonKind::EnterpriseOnline => per_thousand(demo.enterprises.dont_know),
        };
        !self.dice("knows", Some(&unit.id), "").chance(dont_know)
    }

    /// Reasons ticked and a text written, by those who write at all.
    fn words(&self, form: &Form, unit: Option<&UnitId>, item: &str) -> Vec<(String, String)> {
        let demo = self.truth.demo();
        let mut dice = self.dice("words", unit, item);
        let writes = self
            .dice("writes", None, "")
            .chance(per_thousand(demo.behaviour.comment));
        let tones = self.tones(&mut dice, unit, form);
        let Some(comment) = invented::comment(&mut dice, &demo.comments, tones) else {
            return Vec::new();
        };
        let mut fields = ticks(&mut dice, form, comment.reason.as_deref());
        let asked = form.boxes.is_empty() || dice.chance(500);
        if let Some(name) = form.lines.first().filter(|_| writes && asked) {
            let text = if dice.chance(WITH_PHONE) {
                invented::with_phone(&comment.text, &mut dice)
            } else {
                comment.text.clone()
            };
            fields.push((name.clone(), text));
        }
        fields
    }

    /// Whoever is asked for reasons is displeased; on the open question it depends.
    fn tones(&self, dice: &mut Dice, unit: Option<&UnitId>, form: &Form) -> &'static [CommentTone] {
        let displeased = &[CommentTone::Criticism, CommentTone::Complaint];
        if !form.boxes.is_empty() {
            return displeased;
        }
        match self.level(unit, "overall") {
            Level::VerySatisfied | Level::Satisfied if dice.chance(450) => &[CommentTone::Praise],
            _ if dice.chance(60) => &[CommentTone::Clue],
            _ if dice.chance(500) => displeased,
            _ => &[CommentTone::Suggestion],
        }
    }

    fn dice(&self, purpose: &str, unit: Option<&UnitId>, item: &str) -> Dice {
        let unit = unit.map_or("", UnitId::as_str);
        Dice::new(
            self.truth.seed(),
            &format!("{purpose} {unit} {item}"),
            self.number.into(),
        )
    }
}

/// The reason that goes with the comment, where it is offered, and now and then one more.
fn ticks(dice: &mut Dice, form: &Form, reason: Option<&str>) -> Vec<(String, String)> {
    let fits = |value: &str| reason == Some(value);
    let mut ticked: Vec<_> = form
        .boxes
        .iter()
        .filter(|(_, value)| fits(value))
        .cloned()
        .collect();
    if !form.boxes.is_empty() && dice.chance(300) {
        let more = dice.pick(&form.boxes);
        if !fits(&more.1) {
            ticked.push(more.clone());
        }
    }
    ticked
}

fn habit_of(truth: &Truth, kind: PersonKind, number: u32) -> Habit {
    let demo = truth.demo();
    let (answers, refuses) = match kind {
        PersonKind::Drawn(group) => demo.pool.get(&group).map_or((0, 0), |members| {
            (per_thousand(members.response), per_thousand(members.refuse))
        }),
        PersonKind::EnterpriseOnline => (per_thousand(demo.enterprises.response), 0),
    };
    let mut dice = Dice::new(truth.seed(), "habit", number.into());
    let throw = dice.below(1000);
    if throw >= answers + refuses {
        Habit::Silent
    } else if throw >= answers {
        Habit::Declines
    } else if dice.chance(per_thousand(demo.behaviour.all_very_satisfied)) {
        Habit::StraightLiner
    } else if dice.chance(per_thousand(demo.behaviour.pause)) {
        Habit::Interrupted
    } else {
        Habit::Ordinary
    }
}

#[cfg(test)]
mod tests;
