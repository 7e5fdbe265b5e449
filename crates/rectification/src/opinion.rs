//! An opinion 意见建议 from arrival to the desk where it belongs.

use crate::StepRefused;
pub use crate::classify::classify;
use crate::named::named;
pub use crate::redact::{Redacted, redact};
use survey_design::ReasonOption;
use vocabulary::{Channel, Level, OpinionId, UnitId};

named! {
    /// What kind of opinion it is.
    OpinionKind {
        /// 表扬, kept apart.
        Praise = "praise", "表扬";
        /// 批评.
        Criticism = "criticism", "批评";
        /// 建议.
        Suggestion = "suggestion", "建议";
        /// 投诉.
        Complaint = "complaint", "投诉";
        /// 问题线索: of a breach of discipline; goes to discipline inspection and to nobody else.
        Clue = "clue", "问题线索";
    }
}

impl OpinionKind {
    /// Whether units may see opinions of this kind.
    #[must_use]
    pub const fn reaches_units(self) -> bool {
        !matches!(self, Self::Clue)
    }

    /// Whether something is to be rectified.
    #[must_use]
    pub const fn asks_for_action(self) -> bool {
        matches!(self, Self::Criticism | Self::Suggestion | Self::Complaint)
    }
}

/// An opinion as written, before anybody may read it.
#[derive(Clone, PartialEq, Eq)]
pub struct RawOpinion {
    /// Its id, random.
    pub id: OpinionId,
    /// Stream it came by.
    pub channel: Channel,
    /// Unit it is about; none when it names no one.
    pub unit: Option<UnitId>,
    /// Reasons ticked beside it.
    pub reasons: Vec<ReasonOption>,
    /// Level given beside it.
    pub level: Option<Level>,
    /// The words as written.
    pub text: String,
}

/// An opinion whose words may be read; made from a raw one only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opinion {
    /// Its id.
    pub id: OpinionId,
    /// Stream it came by.
    pub channel: Channel,
    /// Unit it is about; none when it names no one.
    pub unit: Option<UnitId>,
    /// Its kind.
    pub kind: OpinionKind,
    /// Reasons ticked beside it.
    pub reasons: Vec<ReasonOption>,
    /// Level given beside it.
    pub level: Option<Level>,
    /// The words without personal data.
    pub text: String,
    /// Places masked in the words.
    pub masked: u32,
}

impl Opinion {
    /// Redacts and sorts a raw opinion. The kind is found before masking, so that a mask hides no clue.
    #[must_use]
    pub fn from_raw(raw: RawOpinion) -> Self {
        // The level of an order rates how it was handled; its words are what was asked for.
        let level = raw
            .level
            .filter(|level| raw.channel != Channel::Hotline || level.is_bad());
        let kind = classify(&raw.text, level);
        let redacted = redact(&raw.text);
        Self {
            id: raw.id,
            channel: raw.channel,
            unit: raw.unit,
            kind,
            reasons: raw.reasons,
            level: raw.level,
            text: redacted.text,
            masked: redacted.masked,
        }
    }
}

/// Whether something is to be rectified: not what praises or is a clue, nor an order whose caller was content with the answer.
#[must_use]
pub fn asks_for_action(kind: OpinionKind, channel: Channel, level: Option<Level>) -> bool {
    let content = level.is_some_and(|level| level.scored_index().is_some() && !level.is_bad());
    kind.asks_for_action() && !(channel == Channel::Hotline && content)
}

impl Opinion {
    /// As [`asks_for_action`].
    #[must_use]
    pub fn asks_for_action(&self) -> bool {
        asks_for_action(self.kind, self.channel, self.level)
    }
}

named! {
    /// Where an opinion stands.
    OpinionStage {
        /// Arrived 已收到.
        Collected = "collected", "已收到";
        /// Duplicates are joined; every source stays known.
        Merged = "merged", "已归并";
        /// Kind known, words redacted.
        Sorted = "sorted", "已分类";
        /// Part of a matter of a unit.
        InMatter = "in_matter", "已转办";
        /// Praise, kept apart and passed on.
        KeptApart = "kept_apart", "表扬已转达";
        /// With discipline inspection.
        HandedOver = "handed_over", "线索已移交";
    }
}

named! {
    /// What can be done with an opinion.
    OpinionStep {
        /// Join duplicates.
        Merge = "merge", "归并";
        /// Classify and redact.
        Sort = "sort", "分类";
        /// Make it part of a matter.
        Assign = "assign", "转为事项";
        /// Keep praise apart.
        KeepApart = "keep_apart", "转达表扬";
        /// Hand a clue over.
        HandOver = "hand_over", "移交线索";
        /// Take it back among those to be sorted: it is of another kind.
        GiveBack = "give_back", "退回归集";
    }
}

named! {
    /// What a person decided about the words of an opinion before any unit reads them.
    WordsReview {
        /// Nobody has read them yet.
        Unseen = "unseen", "还没有人看过";
        /// Told in the office's words only.
        KeptBack = "kept_back", "只转大意";
        /// May be read where enough people say the same.
        Passed = "passed", "可以转原文";
        /// May be read even where few say the same: a leader has released them.
        Released = "released", "单独放行";
    }
}

impl WordsReview {
    /// Whether a unit may read the words in a matter of so many sources, where `least` are needed.
    #[must_use]
    pub const fn shown(self, sources: usize, least: usize) -> bool {
        match self {
            Self::Unseen | Self::KeptBack => false,
            Self::Passed => sources >= least,
            Self::Released => true,
        }
    }
}

/// Every step an opinion can take: from, step, to (domain C.5, first rows).
///
/// `give_back` is ours: what was taken for praise or for a clue and is neither is sorted again.
pub const OPINION_TRANSITIONS: &[(OpinionStage, OpinionStep, OpinionStage)] = {
    use OpinionStage::{Collected, HandedOver, InMatter, KeptApart, Merged, Sorted};
    use OpinionStep::{Assign, GiveBack, HandOver, KeepApart, Merge, Sort};
    &[
        (Collected, Merge, Merged),
        (Merged, Sort, Sorted),
        (Sorted, Assign, InMatter),
        (Sorted, KeepApart, KeptApart),
        (Sorted, HandOver, HandedOver),
        (KeptApart, GiveBack, Collected),
        (HandedOver, GiveBack, Collected),
    ]
};

impl OpinionStage {
    /// Where an opinion of this kind goes once a person has joined and sorted it.
    ///
    /// # Errors
    /// [`StepRefused::Opinion`] unless it was only collected so far.
    pub fn settle(self, kind: OpinionKind) -> Result<Self, StepRefused> {
        let last = match kind {
            OpinionKind::Praise => OpinionStep::KeepApart,
            OpinionKind::Clue => OpinionStep::HandOver,
            _ => OpinionStep::Assign,
        };
        let mut steps = [OpinionStep::Merge, OpinionStep::Sort, last].into_iter();
        steps.try_fold(self, |stage, step| stage.step(step, kind))
    }

    /// Takes a step with an opinion of this kind; a clue can only be handed over, praise only be kept apart.
    ///
    /// # Errors
    /// [`StepRefused::Opinion`] for every other step.
    pub fn step(self, step: OpinionStep, kind: OpinionKind) -> Result<Self, StepRefused> {
        let fits = match step {
            OpinionStep::Merge | OpinionStep::Sort | OpinionStep::GiveBack => true,
            OpinionStep::Assign => kind.asks_for_action(),
            OpinionStep::KeepApart => kind == OpinionKind::Praise,
            OpinionStep::HandOver => kind == OpinionKind::Clue,
        };
        OPINION_TRANSITIONS
            .iter()
            .find(|(from, by, _)| fits && *from == self && *by == step)
            .map(|(_, _, to)| *to)
            .ok_or(StepRefused::Opinion(self, step))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;
    use crate::picture::{drawn, written};
    use std::collections::BTreeSet;

    #[test]
    fn the_picture_shows_exactly_the_steps_of_an_opinion() {
        assert_eq!(
            drawn("opinion"),
            written(
                OPINION_TRANSITIONS
                    .iter()
                    .map(|(a, s, b)| (a.code(), s.code(), b.code()))
            )
        );
    }

    #[test]
    fn an_opinion_loses_its_numbers_and_keeps_its_kind() {
        let raw = RawOpinion {
            id: "O1".into(),
            channel: Channel::Survey,
            unit: Some("D07".into()),
            reasons: vec![],
            level: Some(Level::Dissatisfied),
            text: "等太久，请打13912345678".into(),
        };

        let opinion = Opinion::from_raw(raw);

        assert_eq!(opinion.kind, OpinionKind::Criticism);
        assert_eq!(opinion.text, "等太久，请打【电话】");
        assert_eq!(opinion.masked, 1);
    }

    #[test]
    fn an_order_answered_to_its_callers_content_leaves_nothing_to_do() {
        let kind = |level| {
            Opinion::from_raw(RawOpinion {
                id: "O1".into(),
                channel: Channel::Hotline,
                unit: Some("D07".into()),
                reasons: vec![],
                level,
                text: "路灯不亮".into(),
            })
        };

        let asks = [
            None,
            Some(Level::Dissatisfied),
            Some(Level::Satisfied),
            Some(Level::DontKnow),
        ]
        .map(|level| kind(level).asks_for_action());
        assert_eq!(asks, [true, true, false, true]);
        assert_eq!(kind(Some(Level::Satisfied)).kind, OpinionKind::Suggestion);
    }

    #[test]
    fn words_reach_a_unit_only_after_a_person_has_read_them() {
        let shown = |review: WordsReview| [1, 4, 5, 90].map(|sources| review.shown(sources, 5));

        assert_eq!(shown(WordsReview::Unseen), [false; 4]);
        assert_eq!(shown(WordsReview::KeptBack), [false; 4]);
        assert_eq!(shown(WordsReview::Passed), [false, false, true, true]);
        assert_eq!(shown(WordsReview::Released), [true; 4]);
    }

    #[test]
    fn each_kind_settles_in_its_own_place_and_once() {
        use OpinionKind::{Clue, Complaint, Criticism, Praise, Suggestion};
        for (kind, end) in [
            (Praise, OpinionStage::KeptApart),
            (Clue, OpinionStage::HandedOver),
            (Criticism, OpinionStage::InMatter),
            (Suggestion, OpinionStage::InMatter),
            (Complaint, OpinionStage::InMatter),
        ] {
            assert_eq!(OpinionStage::Collected.settle(kind), Ok(end));
            assert!(end.settle(kind).is_err());
        }
    }

    #[test]
    fn a_million_random_steps_take_every_edge_and_no_clue_becomes_a_matter() {
        let mut dice = Dice(20_260_701);
        let table: BTreeSet<_> = OPINION_TRANSITIONS.iter().copied().collect();
        let (mut stage, mut kind) = (OpinionStage::Collected, OpinionKind::Clue);
        let mut visited = BTreeSet::new();
        for _ in 0..1_000_000 {
            let by = *dice.pick(OpinionStep::ALL);
            if let Ok(next) = stage.step(by, kind) {
                assert!(table.contains(&(stage, by, next)), "{stage:?} {by:?}");
                let own_end = match next {
                    OpinionStage::InMatter => kind.asks_for_action(),
                    OpinionStage::KeptApart => kind == OpinionKind::Praise,
                    OpinionStage::HandedOver => kind == OpinionKind::Clue,
                    _ => true,
                };
                assert!(own_end, "{kind:?} came to {next:?}");
                visited.insert((stage, by, next));
                stage = next;
            }
            if dice.roll(50) == 0 {
                (stage, kind) = (OpinionStage::Collected, *dice.pick(OpinionKind::ALL));
            }
        }
        assert_eq!(visited, table, "the walk came along every edge");
    }
}
