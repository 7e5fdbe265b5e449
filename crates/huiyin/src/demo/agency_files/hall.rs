//! Ratings at the windows of the service centre 好差评, as the centre's system holds them.

use super::{
    Quarter,
    spelled_date::{Spelling, office_hour},
};
use crate::demo::{
    dice::Dice,
    invented,
    truth::{Truth, UnitTruth, level_of, per_thousand, tenths},
};
use chrono::{Days, NaiveDateTime, TimeDelta};
use survey_design::CommentTone;
use vocabulary::Level;

/// The channel of ratings the system fills in itself when nobody has rated in seven days.
const DEFAULT_CHANNEL: &str = "7";
/// Days from acceptance to the latest possible default rating.
const LONGEST_CASE: u64 = 17;

/// One rating as the centre's system holds it.
#[derive(Clone, Debug)]
pub struct HallRating {
    /// Position of the unit in the official order.
    pub unit: usize,
    /// The cells of its row in the export, without the running number.
    pub cells: [String; 17],
    accepted: NaiveDateTime,
    /// Counted among the first ratings (not a follow-up).
    pub first: bool,
}

/// All ratings of the quarter in order of acceptance.
pub fn ratings(truth: &Truth, quarter: &Quarter) -> Vec<HallRating> {
    let mut all = Vec::new();
    for (unit, known) in truth.units().iter().enumerate() {
        let mut dice = Dice::new(
            truth.seed(),
            &format!("hall {} {}", quarter.code, known.id),
            0,
        );
        let window = Window {
            truth,
            quarter,
            unit,
            known,
        };
        for number in 0..known.hall_cases {
            window.rate(&mut dice, number, &mut all);
        }
    }
    all.sort_by(|a, b| {
        (a.accepted, &a.cells[0], &a.cells[8]).cmp(&(b.accepted, &b.cells[0], &b.cells[8]))
    });
    all
}

struct Case {
    accepted: NaiveDateTime,
    done: NaiveDateTime,
    rated: NaiveDateTime,
    spelling: Spelling,
}

/// The windows of one unit in one quarter.
struct Window<'a> {
    truth: &'a Truth,
    quarter: &'a Quarter,
    unit: usize,
    known: &'a UnitTruth,
}

impl Window<'_> {
    fn rate(&self, dice: &mut Dice, number: u32, all: &mut Vec<HallRating>) {
        let hall = &self.truth.demo().hall;
        let case = self.case(dice);
        let by_default = !dice.chance(per_thousand(hall.active));
        let feeling =
            self.known.quality + tenths(hall.leniency) + dice.deviation(self.truth.spread());
        let level = if by_default {
            Level::VerySatisfied
        } else {
            level_of(feeling)
        };
        let mut cells = self.case_cells(dice, &case, number);
        self.rating_cells(dice, &mut cells, &case, level, by_default);
        let follow_up = if level.is_bad() {
            self.rectify(dice, &mut cells, &case)
        } else {
            None
        };
        let rating = HallRating {
            unit: self.unit,
            cells,
            accepted: case.accepted,
            first: true,
        };
        if let Some((level, at)) = follow_up {
            all.push(second_rating(dice, &rating, level, at, case.spelling));
        }
        all.push(rating);
    }

    fn case(&self, dice: &mut Dice) -> Case {
        let last = self.quarter.to - Days::new(LONGEST_CASE);
        let accepted = office_hour(dice, self.quarter.from, last);
        let days = if dice.chance(450) {
            0
        } else {
            dice.between(1, 9)
        };
        let done = accepted
            + TimeDelta::days(days.into())
            + TimeDelta::minutes(dice.between(8, 40).into());
        let rated = done + TimeDelta::minutes(dice.between(1, 2600).into());
        Case {
            accepted,
            done,
            rated,
            spelling: *dice.pick(&Spelling::ALL),
        }
    }

    fn case_cells(&self, dice: &mut Dice, case: &Case, number: u32) -> [String; 17] {
        let mut cells: [String; 17] = std::array::from_fn(|_| String::new());
        let day = case.accepted.format("%Y%m%d");
        cells[0] = format!("11330799MB{:04}{day}{number:06}", self.unit);
        cells[1].clone_from(dice.pick(&self.truth.demo().hall.matters));
        cells[2] = unit_spelling(dice, self.known);
        cells[3] = case.spelling.write(case.accepted);
        cells[4] = case.spelling.write(case.done);
        cells
    }

    fn rating_cells(
        &self,
        dice: &mut Dice,
        cells: &mut [String; 17],
        case: &Case,
        level: Level,
        by_default: bool,
    ) {
        let (channel, rated) = if by_default {
            (DEFAULT_CHANNEL.to_owned(), case.done + TimeDelta::days(7))
        } else {
            ((1 + dice.below(6)).to_string(), case.rated)
        };
        cells[5] = channel;
        cells[6] = if by_default && dice.chance(200) {
            "系统默认好评".to_owned()
        } else {
            spelled_level(dice, level)
        };
        cells[7] = case.spelling.write(rated);
        "1".clone_into(&mut cells[8]);
        if !by_default {
            cells[9] = tags(dice, level);
            cells[10] = self.words(dice, level);
        }
        cells[11] = if dice.chance(850) { "1" } else { "2" }.to_owned();
        cells[12] = invented::phone(dice.below(10_000));
        cells[13] = format!(
            "99999919{:06}{:04}",
            700_101 + dice.below(9),
            dice.below(10_000)
        );
    }

    fn words(&self, dice: &mut Dice, level: Level) -> String {
        if !dice.chance(if level.is_bad() { 700 } else { 60 }) {
            return String::new();
        }
        let tones: &[CommentTone] = match level {
            Level::VerySatisfied => &[CommentTone::Praise],
            Level::Satisfied | Level::Fair => &[CommentTone::Suggestion],
            _ => &[CommentTone::Criticism, CommentTone::Complaint],
        };
        let comment = invented::comment(dice, &self.truth.demo().comments, tones);
        let text = comment.map_or("", |comment| comment.text.as_str());
        if !text.is_empty() && dice.chance(200) {
            return invented::with_phone(text, dice);
        }
        text.to_owned()
    }

    /// Contact and rectification of a bad rating as far as the quarter shows them; the follow-up sent apart, if any.
    fn rectify(
        &self,
        dice: &mut Dice,
        cells: &mut [String; 17],
        case: &Case,
    ) -> Option<(Level, NaiveDateTime)> {
        let hall = &self.truth.demo().hall;
        let in_time = dice.chance(per_thousand(hall.contacted));
        let hours = if in_time {
            dice.between(1, 20)
        } else {
            dice.between(50, 110)
        };
        let contacted = case.rated + TimeDelta::hours(hours.into());
        cells[14] = case.spelling.write(self.seen(contacted)?);
        let in_time = dice.chance(per_thousand(hall.rectified));
        let days = if in_time {
            dice.between(4, 14)
        } else {
            dice.between(17, 25)
        };
        let rectified = case.rated + TimeDelta::days(days.into());
        cells[15] = case.spelling.write(self.seen(rectified)?);
        let again = self.seen(rectified + TimeDelta::days(1))?;
        if dice.chance(300) {
            return None;
        }
        let good = dice.chance(per_thousand(hall.follow_up_good));
        let level = level_of(if good {
            dice.between(600, 950)
        } else {
            dice.between(300, 560)
        });
        // Half the systems put the follow-up beside the first rating, half send it as a rating of its own.
        if dice.chance(500) {
            cells[16] = spelled_level(dice, level);
            return None;
        }
        Some((level, again))
    }

    /// The instant, unless it lies after the export.
    fn seen(&self, instant: NaiveDateTime) -> Option<NaiveDateTime> {
        (instant.date() <= self.quarter.to).then_some(instant)
    }
}

/// Full name, short name, or one of the other spellings: the old name, the sub-division.
pub fn unit_spelling(dice: &mut Dice, unit: &UnitTruth) -> String {
    if let Some(old_name) = unit.old_name.as_ref().filter(|_| dice.chance(400)) {
        return old_name.clone();
    }
    if !unit.aliases.is_empty() && dice.chance(60) {
        return dice.pick(&unit.aliases).clone();
    }
    if dice.chance(300) {
        unit.short_name.clone()
    } else {
        unit.name.clone()
    }
}

/// Half the systems send the words, half the digits.
fn spelled_level(dice: &mut Dice, level: Level) -> String {
    if dice.chance(500) {
        level.label().to_owned()
    } else {
        level.code().to_string()
    }
}

fn tags(dice: &mut Dice, level: Level) -> String {
    let good = ["服务态度好", "办事效率高", "一次告知", "流程清楚"];
    let bad = ["排队时间长", "多次跑", "态度生硬", "材料反复"];
    if dice.chance(600) {
        return String::new();
    }
    let list = if level.is_bad() { bad } else { good };
    format!("{},{}", dice.pick(&list), dice.pick(&list))
}

/// The same case rated once more after the rectification.
fn second_rating(
    dice: &mut Dice,
    first: &HallRating,
    level: Level,
    at: NaiveDateTime,
    spelling: Spelling,
) -> HallRating {
    let mut again = first.clone();
    again.first = false;
    again.cells[6] = spelled_level(dice, level);
    again.cells[7] = spelling.write(at);
    "2".clone_into(&mut again.cells[8]);
    for cell in [9, 10, 14, 15, 16] {
        again.cells[cell].clear();
    }
    again
}
