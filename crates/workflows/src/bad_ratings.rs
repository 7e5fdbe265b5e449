//! Bad ratings 差评 of the hall: opened by the rows of an import, worked on by units, decided and rated again.

mod settle;
mod step;

pub(crate) use settle::{Hall, settle, settle_round};
pub use step::{BadRatingAct, SeenBadRating, step_bad_rating};

use crate::{Actor, Refusal, Verb, make_matters};
use chrono::{DateTime, NaiveDate, Utc};
use rectification::{
    BadRating, BadRatingEvent, BadRatingStep, Complexity, MatterItem, MatterState,
};
use storage::{
    Tx,
    bad_ratings::{self, BadRating as Row, BadRatingEvent as EventRow},
};
use survey_design::Rules;
use vocabulary::MatterId;

/// How the number of the matter of a bad rating begins; the rest is the number of the rating.
const MATTER: &str = "ZG-";

/// Something that happened to a bad rating, as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadRatingMark {
    /// It came in.
    Received,
    /// A step of it.
    Step(BadRatingStep),
    /// The first reviewer has decided and the second has not.
    FirstReview,
    /// The source has changed the level.
    Changed,
    /// The source has changed it into another rating, or taken it back.
    Withdrawn,
    /// The source has sent it again.
    Restored,
    /// Rated as bad again: it is a registered problem now.
    Registered,
}

impl BadRatingMark {
    const OTHERS: [Self; 6] = [
        Self::Received,
        Self::FirstReview,
        Self::Changed,
        Self::Withdrawn,
        Self::Restored,
        Self::Registered,
    ];

    /// The stored name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Received => "receive",
            Self::Step(step) => step.code(),
            Self::FirstReview => "first_review",
            Self::Changed => "change",
            Self::Withdrawn => "withdraw",
            Self::Restored => "restore",
            Self::Registered => "register",
        }
    }

    /// The mark stored under this name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let step = BadRatingStep::from_code(code).map(Self::Step);
        step.or_else(|| Self::OTHERS.into_iter().find(|mark| mark.code() == code))
    }

    /// What is said of it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Received => "收到差评",
            Self::Step(step) => step.label(),
            Self::FirstReview => "第一位复核人已有意见",
            Self::Changed => "来源更正了等次",
            Self::Withdrawn => "来源更正或者撤回，差评撤下",
            Self::Restored => "来源又报送了同一条，差评恢复",
            Self::Registered => "挂号督办",
        }
    }
}

/// A bad rating being changed, with what has happened to it since it was read.
struct Case {
    row: Row,
    rating: BadRating,
    past: Vec<(BadRatingMark, String)>,
}

/// Who changes bad ratings, under which rules and when.
struct Hand<'a> {
    actor: &'a Actor,
    rules: &'a Rules,
    now: DateTime<Utc>,
}

impl Case {
    fn read(row: Row) -> Verb<Self> {
        let rating =
            serde_json::from_str(&row.state).map_err(|_| Refusal::Missing("差评的办理状态"))?;
        Ok(Self {
            row,
            rating,
            past: Vec::new(),
        })
    }

    fn mark(&mut self, mark: BadRatingMark, said: impl Into<String>) {
        self.past.push((mark, said.into()));
    }

    fn take(
        &mut self,
        event: BadRatingEvent,
        said: impl Into<String>,
        rules: &Rules,
        today: NaiveDate,
    ) -> Verb<()> {
        let step = event.kind();
        self.rating = self
            .rating
            .step(event, &rules.deadlines, &rules.calendar, today)?;
        self.mark(BadRatingMark::Step(step), said);
        Ok(())
    }

    /// The row as it is to be stored; nobody has to do anything about one that does not count.
    fn stored(&self) -> Verb<Row> {
        let state = &self.rating.state;
        let due = state.due().filter(|_| self.row.withdrawn.is_none());
        Ok(Row {
            state: make_matters::json(&self.rating)?,
            state_code: state.stage().code().to_owned(),
            due,
            ..self.row.clone()
        })
    }

    /// A second bad rating is registered as a problem 挂号, with a matter its unit has to settle.
    async fn register(&mut self, tx: &Tx, hand: &Hand<'_>) -> Verb<()> {
        if self.row.reg_no.is_some() || !self.rating.state.stage().to_be_registered() {
            return Ok(());
        }
        let id = MatterId::new(format!("{MATTER}{}", self.row.id));
        let reg_no = make_matters::reg_no(&id);
        let item = MatterItem {
            id,
            round: self.row.round_id.as_str().into(),
            unit: self.rating.unit.clone(),
            title: "大厅差评反馈以后，追评仍不满意".to_owned(),
            problem: format!("差评 {} 反馈结果以后，群众追评仍不满意", self.row.id),
            opinions: Vec::new(),
            state: MatterState::new(),
        };
        let work = (item, Complexity::Simple);
        make_matters::register(tx, hand.actor, work, hand.rules, hand.now).await?;
        self.mark(BadRatingMark::Registered, reg_no.clone());
        self.row.reg_no = Some(reg_no);
        Ok(())
    }

    /// What has happened, after `before` events.
    fn events(&self, before: usize, hand: &Hand<'_>) -> Vec<EventRow> {
        let event = |(seq, (mark, said)): (usize, &(BadRatingMark, String))| EventRow {
            bad_rating_id: self.row.id.clone(),
            seq: i32::try_from(seq).unwrap_or(i32::MAX),
            at: hand.now,
            actor: hand.actor.name.clone(),
            role: hand.actor.role.code().to_owned(),
            step: mark.code().to_owned(),
            said: said.clone(),
        };
        (before + 1..).zip(&self.past).map(event).collect()
    }

    /// Writes a case that was there before.
    async fn write(mut self, tx: &Tx, hand: &Hand<'_>) -> Verb<()> {
        self.register(tx, hand).await?;
        bad_ratings::update_bad_rating(tx, self.stored()?).await?;
        let before = bad_ratings::list_events(tx, &self.row.id).await?.len();
        bad_ratings::insert_events(tx, self.events(before, hand)).await?;
        Ok(())
    }
}

/// Whether a matter comes from a bad rating; the index of the hall counts those, so that the account of matters does not.
#[must_use]
pub fn of_bad_rating(matter: &str) -> bool {
    matter
        .strip_prefix(MATTER)
        .is_some_and(|id| id.starts_with("CP-"))
}

/// The number of a bad rating is that of its row under a key, so that a row that comes again finds it and nobody can try cases.
fn number(round: &str, name: &[u8]) -> String {
    format!("CP-{round}-{}", &hex::encode(name)[..12])
}
