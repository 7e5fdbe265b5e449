//! The kinds of template, their published schemas, and how bytes become a checked template.

use crate::{
    DemoWorld, HotlineMapping, IndicatorSet, Questionnaire, Rules, SurveyMapping, TemplateProblem,
    World, check,
};
use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Value, json};
use vocabulary::{Channel, RaterGroup};

/// The kinds of file an official may edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TemplateKind {
    /// The rules of a round.
    Rules,
    /// A questionnaire.
    Questionnaire,
    /// An indicator tree.
    Indicators,
    /// A city with its units.
    World,
    /// A demonstration of a world.
    Demo,
    /// Meaning of a survey agency's columns.
    SurveyMapping,
    /// Meaning of a hotline's or mailbox's columns.
    HotlineMapping,
}

impl TemplateKind {
    /// All kinds.
    pub const ALL: [Self; 7] = [
        Self::Rules,
        Self::Questionnaire,
        Self::Indicators,
        Self::World,
        Self::Demo,
        Self::SurveyMapping,
        Self::HotlineMapping,
    ];

    /// File name of the published JSON Schema; a template names it in `$schema`.
    #[must_use]
    pub const fn schema_file(self) -> &'static str {
        match self {
            Self::Rules => "rules.schema.json",
            Self::Questionnaire => "questionnaire.schema.json",
            Self::Indicators => "indicators.schema.json",
            Self::World => "world.schema.json",
            Self::Demo => "demo.schema.json",
            Self::SurveyMapping => "survey-mapping.schema.json",
            Self::HotlineMapping => "hotline-mapping.schema.json",
        }
    }

    /// The folder where templates of this kind are looked up by name.
    #[must_use]
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::Questionnaire => "questionnaires",
            Self::Indicators => "indicators",
            Self::World | Self::Demo => "worlds",
            Self::SurveyMapping | Self::HotlineMapping => "mappings",
        }
    }

    /// The kind of a file: by its `$schema`, else by the folder it lies in; `None` when neither tells.
    #[must_use]
    pub fn of(path: &str, content: &Value) -> Option<Self> {
        if let Some(schema) = content.get("$schema").and_then(Value::as_str) {
            let name = schema.rsplit('/').next()?;
            return Self::ALL
                .into_iter()
                .find(|kind| kind.schema_file() == name);
        }
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
        match folders.rsplit('/').next()? {
            "rules" => Some(Self::Rules),
            "questionnaires" => Some(Self::Questionnaire),
            "indicators" => Some(Self::Indicators),
            "worlds" if name.ends_with("-demo.json") => Some(Self::Demo),
            "worlds" => Some(Self::World),
            _ => None,
        }
    }

    /// The published JSON Schema, generated from the type.
    #[must_use]
    pub fn schema(self) -> Value {
        match self {
            Self::Rules => generated::<Rules>(),
            Self::Questionnaire => generated::<Questionnaire>(),
            Self::Indicators => generated::<IndicatorSet>(),
            Self::World => generated::<World>(),
            Self::Demo => generated::<DemoWorld>(),
            Self::SurveyMapping => generated::<SurveyMapping>(),
            Self::HotlineMapping => generated::<HotlineMapping>(),
        }
    }
}

fn generated<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
}

/// Every published schema as (file name, content), in a fixed order.
#[must_use]
pub fn schemas() -> Vec<(String, Value)> {
    TemplateKind::ALL
        .into_iter()
        .map(|kind| (kind.schema_file().to_owned(), kind.schema()))
        .collect()
}

/// Paths where the file named `reference` in the template `file` may lie, nearest first.
///
/// Beside the naming file, then in the folder of its kind there, then the same in each folder above.
#[must_use]
pub fn reference_candidates(file: &str, kind: TemplateKind, reference: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = file;
    while let Some((folder, _)) = rest.rsplit_once('/') {
        found.push(format!("{folder}/{reference}"));
        found.push(format!("{folder}/{}/{reference}", kind.folder()));
        rest = folder;
    }
    found.push(reference.to_owned());
    found.push(format!("{}/{reference}", kind.folder()));
    found
}

/// Names of the channels, for maps that have one entry per channel.
pub(crate) fn channel_names() -> Value {
    json!({ "enum": Channel::ALL.map(Channel::code) })
}

/// Names of the rater groups, for maps that have one entry per group.
pub(crate) fn group_names() -> Value {
    json!({ "enum": RaterGroup::ALL.map(RaterGroup::code) })
}

macro_rules! parsers {
    ($($(#[$doc:meta])* $name:ident -> $type:ty;)*) => {$(
        $(#[$doc])*
        ///
        /// References to other files are not followed; [`crate::check_folder`] does that.
        ///
        /// # Errors
        /// Every problem of the file at once, with an empty file name (see [`TemplateProblem::in_file`]).
        pub fn $name(bytes: &[u8]) -> Result<$type, Vec<TemplateProblem>> {
            check::read(bytes).map_err(|findings| check::problems("", findings))
        }
    )*};
}

parsers! {
    /// Reads and checks the rules of a round.
    parse_rules -> Rules;
    /// Reads and checks a questionnaire.
    parse_questionnaire -> Questionnaire;
    /// Reads and checks an indicator tree.
    parse_indicators -> IndicatorSet;
    /// Reads and checks a world.
    parse_world -> World;
    /// Reads and checks a demonstration.
    parse_demo -> DemoWorld;
    /// Reads and checks the mapping of a survey agency's file.
    parse_survey_mapping -> SurveyMapping;
    /// Reads and checks the mapping of a hotline or mailbox file.
    parse_hotline_mapping -> HotlineMapping;
}
