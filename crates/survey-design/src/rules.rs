//! The rules of a round. Every number of a score lives here, in data, with a version.

use crate::SampleRules;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use vocabulary::{
    CalendarDays, Channel, Level, Points, RaterGroup, Weight, WorkCalendar, WorkingDays,
};

/// All rules of a round; its digest is stored with each score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// JSON Schema reference, ignored by the program.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Short code.
    pub code: String,
    /// Whole number, raised with every change.
    pub version: u32,
    /// Title.
    pub title: String,
    /// Where the numbers come from.
    pub source: String,
    /// Points of each level.
    pub ruler: Ruler,
    /// Channel weights by kind of unit.
    pub channel_weights: ChannelWeights,
    /// Weights of the rater groups in the survey.
    pub group_weights: GroupWeights,
    /// Smallest numbers for scoring and publication.
    pub minimum_n: MinimumN,
    /// A group whose share of 不了解 is above this (0-1) is not scored.
    pub dont_know_limit: Weight,
    /// Service-centre index.
    pub hall_index: HallIndexRules,
    /// Hotline index.
    pub hotline_index: HotlineIndexRules,
    /// Pairing ratings.
    pub pairing: PairingRules,
    /// Bands, intervals and tests.
    pub bands: BandRules,
    /// Validity of ballots.
    pub judge: JudgeRules,
    /// Signs that a ballot is not one person's own opinion.
    pub quality: QualityRules,
    /// Draw and assignment.
    pub sample: SampleRules,
    /// When sealed answers are mixed.
    pub mixing: MixingRules,
    /// When opinions are proposed as one matter.
    pub merging: MergeRules,
    /// Quality of what other systems send.
    pub import_quality: ImportQualityRules,
    /// Deadlines in working days.
    pub deadlines: Deadlines,
    /// Rectification account.
    pub rectification: RectificationRules,
    /// Use in the year's assessment.
    pub annual: AnnualRules,
    /// Working-day calendar.
    pub calendar: WorkCalendar,
}

/// Points per level; 不了解 and 弃权 have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ruler {
    /// 非常满意.
    pub very_satisfied: Points,
    /// 满意.
    pub satisfied: Points,
    /// 基本满意.
    pub fair: Points,
    /// 不满意.
    pub dissatisfied: Points,
    /// 非常不满意.
    pub very_dissatisfied: Points,
}

impl Ruler {
    /// Points of the five scored levels, best first.
    #[must_use]
    pub const fn points(&self) -> [Points; 5] {
        [
            self.very_satisfied,
            self.satisfied,
            self.fair,
            self.dissatisfied,
            self.very_dissatisfied,
        ]
    }

    /// Points of a level; `None` for 不了解 and 弃权.
    #[must_use]
    pub fn of(&self, level: Level) -> Option<Points> {
        level.scored_index().map(|index| self.points()[index])
    }
}

/// Channel weights; each map sums to 100.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelWeights {
    /// Units that are not enterprise-facing.
    #[schemars(extend("propertyNames" = crate::template::channel_names()))]
    pub general: BTreeMap<Channel, Weight>,
    /// Enterprise-facing units.
    #[schemars(extend("propertyNames" = crate::template::channel_names()))]
    pub enterprise_facing: BTreeMap<Channel, Weight>,
}

/// Group weights; they sum to 100.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(extend("propertyNames" = crate::template::group_names()))]
pub struct GroupWeights(pub BTreeMap<RaterGroup, Weight>);

/// Smallest numbers; below them a figure is not scored or not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MinimumN {
    /// Valid ratings of a group before its mean enters a score.
    pub group: u32,
    /// Below this many valid ratings a unit is hidden.
    pub bracketed: u32,
    /// From this many valid ratings score, interval and band are shown; below, the score stands in brackets.
    pub shown: u32,
    /// From this many valid ratings, in the quarter or the rolling quarters, a unit is ranked.
    pub ranked: u32,
    /// How many quarters the rolling count spans, this one included.
    pub rolling_quarters: u32,
    /// Completed cases of a hall window.
    pub hall_cases: u32,
    /// Hotline orders in the round.
    pub hotline_orders: u32,
    /// Raters of a pairing.
    pub pairing_raters: u32,
    /// Communities or villages of a pairing.
    pub pairing_bodies: u32,
    /// Enterprises served.
    pub enterprises: u32,
    /// Opinions of a theme before its figures are shown to a unit.
    pub opinions: u32,
    /// Live channels a unit needs to be scored.
    pub channels: u32,
    /// Least share (0-100) of the nominal channel weight that must be covered for a rank.
    pub weight_covered: Weight,
}

/// Index of the service-centre ratings (domain E.5); the three parts sum to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HallIndexRules {
    /// Weight of the level score of active ratings.
    pub level: Weight,
    /// Weight of the active rating rate.
    pub active: Weight,
    /// Active rating rate (0-1) that earns full marks.
    pub active_target: Weight,
    /// Weight of the loop: contacted in time, rectified in time, follow-up good.
    pub closing_loop: Weight,
}

/// Index of the hotline (domain E.6); the three parts sum to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HotlineIndexRules {
    /// Weight of answering on time.
    pub on_time: Weight,
    /// Weight of resolution; "no statement" leaves the denominator.
    pub resolution: Weight,
    /// Weight of satisfaction.
    pub satisfaction: Weight,
}

/// Pairing score (domain E.7); the two parts sum to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PairingRules {
    /// Weight of the levels given.
    pub levels: Weight,
    /// Weight of matters solved over matters raised.
    pub evidence: Weight,
}

/// Uncertainty, bands and rank intervals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BandRules {
    /// Confidence of intervals, 0-1.
    pub confidence: Weight,
    /// False discovery rate of the bands, 0-1.
    pub false_discovery_rate: Weight,
    /// Least difference from the class mean, in points, that may make a band.
    pub materiality: Points,
    /// Factor on the variance of census streams, because raters repeat.
    pub stream_overdispersion: Weight,
}

/// When a ballot is void 废票.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgeRules {
    /// Seconds per question below which a ballot of one single level is void.
    pub seconds_per_question: u16,
    /// Answers a ballot needs before the single-level rule applies.
    pub single_level_from: u16,
    /// Share (0-1) of blank answers above which a ballot is void.
    pub blank_share: Weight,
}

/// From where on a ballot carries a sign, and what may follow from signs (methodology E); a sign deletes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QualityRules {
    /// Share (0-1) of the median seconds per question below which a ballot is fast (practice; Leiner 2019 on speed indices).
    pub fast_share: Weight,
    /// Scored answers from which one single level throughout is a sign.
    pub straight_line_from: u16,
    /// Answers from which ballots are compared with one another.
    pub match_from: u16,
    /// Quantile (0-1) of shuffled ballots above which the closest match is a sign (instead of the fixed 85 % of Kuriakose &
    /// Robbins 2016, which Pew 2016 found unfit for satisfaction).
    pub match_quantile: Weight,
    /// Ballots opened together of which at least so many must carry a sign that a bystander could have seen (time, network);
    /// of fewer it is kept on none, so that nobody is found by it.
    pub seen_from: u16,
    /// Characters from which the same words in two opinions are shown to the office; no ballot carries that.
    pub same_words_from: u16,
    /// Share (0-1) of the opened ballots above which exclusions need a second person.
    pub second_person_above: Weight,
}

/// When a batch of sealed answers is opened in random order; at closing whatever is left is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MixingRules {
    /// Answers a batch needs; also the fewest receipts that are published together.
    pub at_least: u32,
    /// Minutes a batch must have been collecting.
    pub after_minutes: u32,
}

/// From when on opinions are so alike that joining them 归并 is proposed; a person decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeRules {
    /// Least likeness (0-1) of an opinion to the one that leads its group.
    pub alike_from: Weight,
    /// Factor (0-1) on the likeness of two opinions that name different places; 1 leaves it to the person alone.
    pub other_place: Weight,
}

/// Points of a file another system sent (domain F.5; Lianyungang grades 10 + 10 + 5 + 5), and what costs points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportQualityRules {
    /// Full points for rows without a blank where something is required; each share of rows with one costs that share.
    pub completeness: Points,
    /// Full points for rows that are understood, once; each share of the others costs that share.
    pub content: Points,
    /// Full points for a file that comes in time.
    pub timeliness: Points,
    /// Full points for the same columns as in the file before.
    pub stability: Points,
    /// Calendar days after the end of the period within which a file is in time (T + 5; domain C.3).
    pub upload_within_days: u16,
    /// Cost of each day after that.
    pub each_day_late: Points,
    /// Cost of each total of the file that differs from its rows, taken from completeness.
    pub each_wrong_total: Points,
    /// Cost of each column that came, went or was renamed.
    pub each_changed_column: Points,
}

/// Limits in working days unless named otherwise (domain E.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deadlines {
    /// Contact a bad rating, in calendar days.
    pub contact_bad_rating: CalendarDays,
    /// Rectify a bad rating and tell who rated, in calendar days from the rating on.
    pub rectify_bad_rating: CalendarDays,
    /// Units check their data and may object; 0 where no unit has an account to check with.
    pub objection: WorkingDays,
    /// Decide an objection.
    pub objection_decision: WorkingDays,
    /// Issue the letters after the freeze.
    pub letter: WorkingDays,
    /// Sign for a matter.
    pub sign: WorkingDays,
    /// Return a matter as not one's own.
    pub return_matter: WorkingDays,
    /// Hand in a plan.
    pub plan: WorkingDays,
    /// Rectify a simple matter.
    pub rectify_simple: WorkingDays,
    /// Rectify an ordinary matter.
    pub rectify_ordinary: WorkingDays,
    /// Rectify a complex matter.
    pub rectify_complex: WorkingDays,
    /// The one extension.
    pub extension: WorkingDays,
    /// Verify a report.
    pub verify: WorkingDays,
    /// Interval between two calls.
    pub call_interval: WorkingDays,
    /// Publish after the end of the period.
    pub publication: WorkingDays,
    /// The second of two people agrees to a publication.
    #[serde(default = "five_days")]
    pub approval: WorkingDays,
}

const fn five_days() -> WorkingDays {
    WorkingDays(5)
}

/// Weights of the rectification score (domain D.10); they sum to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RectificationRules {
    /// Share of matters on time.
    pub on_time: Weight,
    /// Share closed at the first verification.
    pub closed_first_time: Weight,
    /// Satisfaction found when verifying.
    pub verified_satisfaction: Weight,
    /// Quality of the list.
    pub list_quality: Weight,
    /// Re-registrations after which the stationed group is told.
    pub escalate_after: u16,
    /// Opinions from which a matter is ordinary instead of simple (it decides how long the unit has).
    pub ordinary_from: u16,
    /// Opinions from which a matter is complex.
    pub complex_from: u16,
    /// Share of a unit's reported matters that is called back, in percent (domain C.5).
    #[serde(default = "callback_percent")]
    pub callback_percent: u8,
    /// Fewer reported matters than this are all called back.
    #[serde(default = "callback_all_below")]
    pub callback_all_below: u16,
}

/// Of rules written before callbacks were drawn.
const fn callback_percent() -> u8 {
    30
}

/// As [`callback_percent`].
const fn callback_all_below() -> u16 {
    20
}

/// How a year's result enters the assessment (domain D.11, E.12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnnualRules {
    /// Share of the social evaluation in the year's total, 0-100.
    pub social_share: Weight,
    /// α of the multiplier.
    pub multiplier_slope: Weight,
    /// Lowest multiplier.
    pub multiplier_low: Weight,
    /// Highest multiplier.
    pub multiplier_high: Weight,
}
