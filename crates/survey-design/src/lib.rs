#![doc = include_str!("../README.md")]

mod condition;
mod digest;
mod import_mapping;
mod indicator;
mod questionnaire;
mod round;
mod rules;
mod world;

pub use condition::{AnswerValue, Condition};
pub use digest::canonical_digest;
pub use import_mapping::{GroupOf, HotlineMapping, SurveyMapping, UnitOf};
pub use indicator::{Indicator, IndicatorSet, Measure};
pub use questionnaire::{AnswerKind, Item, Questionnaire, ReasonOption, Repeat};
pub use round::{Anonymity, Round, RoundState, StepRefused};
pub use rules::{
    AnnualRules, BandRules, ChannelWeights, Deadlines, GroupWeights, HallIndexRules,
    HotlineIndexRules, JudgeRules, MinimumN, PairingRules, RectificationRules, Ruler, Rules,
    SampleRules,
};
pub use world::{Body, BodyKind, Pairing, Unit, UnitClass, UnitMode, World, WorldRound};
