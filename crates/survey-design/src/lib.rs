#![doc = include_str!("../README.md")]

mod branch;
mod check;
mod condition;
mod demo;
mod digest;
mod import_mapping;
mod indicator;
mod questionnaire;
mod round;
mod rules;
mod sample_rules;
mod template;
mod world;

pub use branch::{BranchChange, BranchGround, BranchProblem, Share, branch_changes, next_code};
pub use check::{TemplateProblem, check_folder, rule_texts};
pub use condition::{AnswerValue, Condition};
pub use demo::{
    CommentTone, ConsumerKind, DemoAccount, DemoComment, DemoConsumer, DemoWorld,
    EnterpriseVolumes, FewAnswers, FewOrders, HallVolumes, HotlineTopic, HotlineVolumes,
    InventedNames, OldName, PairingVolumes, PoolGroup, RaterBehaviour, Span, SpecialUnits,
    UnitQuality,
};
pub use digest::canonical_digest;
pub use import_mapping::{
    GroupOf, HotlineMapping, SurveyMapping, TextEncoding, TextForm, TextRepair, UnitOf,
};
pub use indicator::{Indicator, IndicatorSet, Measure};
pub use questionnaire::{
    AnswerKind, DONT_KNOW, HeadEnglish, Item, ItemEnglish, Questionnaire, ReasonOption, Repeat,
    YES_NO,
};
pub use round::{Anonymity, Resubmission, Round, RoundState, StepRefused};
pub use rules::{
    AnnualRules, BandRules, ChannelWeights, Deadlines, GroupWeights, HallIndexRules,
    HotlineIndexRules, ImportQualityRules, JudgeRules, MergeRules, MinimumN, MixingRules,
    PairingRules, QualityRules, RectificationRules, Ruler, Rules,
};
pub use sample_rules::{AllocationRule, DrawMethod, GroupDesign, SampleRules, Spread};
pub use template::{
    TemplateKind, parse_demo, parse_hotline_mapping, parse_indicators, parse_questionnaire,
    parse_rules, parse_survey_mapping, parse_world, reference_candidates, schemas,
};
pub use world::{
    Body, BodyKind, Pairing, Unit, UnitClass, UnitMode, World, WorldEnglish, WorldRound,
};
