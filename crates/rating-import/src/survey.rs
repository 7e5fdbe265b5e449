//! A survey agency's microdata (domain F.3): one row per respondent, or per respondent and unit.

pub(crate) mod columns;

use crate::cell::{label, parse_decimal, parse_id, parse_text, squeezed};
use crate::collect::{Keyed, Outcome, Resolver, collect, digest};
use crate::header::RowView;
use crate::issue::Problem;
use crate::names::UnitIndex;
use crate::refused::Refusal;
use crate::sheet::{Cell, SheetFile};
use crate::{HandOn, ImportIssue, Stopped, Summary};
use columns::{GROUP, RESPONDENT, STRATUM, UNIT, WEIGHT, fields};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use survey_design::{GroupOf, SurveyMapping, UnitOf};
use vocabulary::{ItemId, Level, RaterGroup, StratumId, UnitId, Weight};

/// The stratum of files without one.
const ONLY_STRATUM: &str = "all";

/// One rating of one unit by one respondent under one item.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SurveyRow {
    /// `respondent#unit#item`.
    pub row_key: String,
    /// The unit rated.
    pub unit: UnitId,
    /// The item.
    pub item: ItemId,
    /// The respondent's group.
    pub group: RaterGroup,
    /// The respondent's stratum.
    pub stratum: StratumId,
    /// The respondent: primary sampling unit inside the stratum.
    pub psu: u64,
    /// The weight times the mapping's factor, exact.
    pub weight: Weight,
    /// The level; 不了解 where the mapping says so.
    pub level: Level,
}

impl Keyed for SurveyRow {
    fn key(&self) -> &str {
        &self.row_key
    }
}

/// Reads the ratings of a file by its mapping.
///
/// Blank, not applicable and whatever else the mapping lists as no answer are never scored; they are counted
/// in [`Summary::not_answers`]. An unknown code loses that one rating, with an issue; a missing, negative or
/// inexact weight, an unknown unit, group or stratum, or a respondent in two strata loses the row.
///
/// # Errors
/// [`Stopped::Refused`] when a mapped column is missing, two columns claim one item, or the fixed unit is unknown.
pub fn parse_survey(
    file: &mut SheetFile,
    mapping: &SurveyMapping,
    units: &UnitIndex,
    hand_on: &mut HandOn<'_, SurveyRow>,
) -> Result<Summary, Stopped> {
    refuse_repeated_items(mapping)?;
    if let UnitOf::Fixed(unit) = &mapping.unit {
        units.refuse_unknown(unit)?;
    }
    let fields = fields(mapping);
    let mut reader = Reader::new(mapping, units);
    let mut summary = collect(
        file,
        &fields,
        |view, issues| reader.read_row(view, issues),
        hand_on,
    )?;
    summary.unknown_names = reader.names.into_unknown();
    summary.not_answers = reader.not_answers;
    Ok(summary)
}

fn refuse_repeated_items(mapping: &SurveyMapping) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    match mapping.items.values().find(|item| !seen.insert(*item)) {
        Some(item) => Err(Refusal::MappingRepeats {
            item: item.to_string(),
        }),
        None => Ok(()),
    }
}

struct Reader<'m> {
    mapping: &'m SurveyMapping,
    names: Resolver<'m, UnitId>,
    levels: BTreeMap<String, Level>,
    not_an_answer: BTreeSet<String>,
    groups: BTreeMap<String, RaterGroup>,
    /// Digest of the stratum by digest of the respondent.
    strata: HashMap<[u8; 16], [u8; 16]>,
    /// Digests of respondent and unit.
    seen: HashSet<[u8; 16]>,
    not_answers: BTreeMap<String, u64>,
}

/// Everything a row says before its answers.
struct Respondent {
    number: String,
    unit: UnitId,
    group: RaterGroup,
    stratum: StratumId,
    weight: Weight,
}

/// What an answer cell says.
enum Answer {
    Given(Level),
    NotAnAnswer,
}

impl<'m> Reader<'m> {
    fn new(mapping: &'m SurveyMapping, units: &'m UnitIndex) -> Self {
        let groups = match &mapping.group {
            GroupOf::Fixed(_) => BTreeMap::new(),
            GroupOf::Column { groups, .. } => by_code(groups),
        };
        Self {
            mapping,
            names: Resolver::new(units),
            levels: by_code(&mapping.levels),
            not_an_answer: mapping.not_answers.iter().map(|c| code(c)).collect(),
            groups,
            strata: HashMap::new(),
            seen: HashSet::new(),
            not_answers: BTreeMap::new(),
        }
    }

    fn read_row(
        &mut self,
        view: &RowView<'_>,
        issues: &mut Vec<ImportIssue>,
    ) -> Outcome<SurveyRow> {
        let Some(respondent) = self.respondent(view, issues) else {
            return Outcome::Rejected;
        };
        let key = format!("{}#{}", respondent.number, respondent.unit);
        if !self.seen.insert(digest(&key)) {
            return Outcome::Duplicate;
        }
        let before = issues.len();
        let rows = self.ratings(view, &respondent, issues);
        match (rows.is_empty(), issues.len() > before) {
            (true, true) => Outcome::Rejected,
            (true, false) => Outcome::Unrated,
            (false, _) => Outcome::Taken(rows),
        }
    }

    fn ratings(
        &mut self,
        view: &RowView<'_>,
        respondent: &Respondent,
        issues: &mut Vec<ImportIssue>,
    ) -> Vec<SurveyRow> {
        let mut rows = Vec::new();
        for (column, item) in &self.mapping.items {
            match self.answer(view.cell(&columns::item(column))) {
                Ok(Answer::Given(level)) => rows.push(respondent.rating(item, level)),
                Ok(Answer::NotAnAnswer) => {
                    *self.not_answers.entry(item.to_string()).or_default() += 1;
                }
                Err(problem) => issues.push(view.issue(&columns::item(column), &problem)),
            }
        }
        rows
    }

    /// Codes are compared as text; a blank cell is no answer whatever the mapping says.
    fn answer(&self, cell: &Cell) -> Result<Answer, Problem> {
        let code = code(&crate::cell::plain_text(cell));
        if code.is_empty() || self.not_an_answer.contains(&code) {
            return Ok(Answer::NotAnAnswer);
        }
        let level = self.levels.get(&code).copied();
        level.map(Answer::Given).ok_or(Problem::UnknownCode)
    }

    fn respondent(
        &mut self,
        view: &RowView<'_>,
        issues: &mut Vec<ImportIssue>,
    ) -> Option<Respondent> {
        let number = view.require(RESPONDENT, parse_id, issues);
        let unit = match &self.mapping.unit {
            UnitOf::Fixed(unit) => Some(unit.clone()),
            UnitOf::Column(_) => self.names.resolve(view, UNIT, issues),
        };
        let group = self.group(view, issues);
        let weight = self.weight(view, issues);
        let stratum = match &self.mapping.stratum {
            None => Some(ONLY_STRATUM.to_owned()),
            Some(_) => view.require(STRATUM, parse_id, issues),
        };
        let number = number?;
        let stratum = StratumId::new(stratum?);
        let of = digest(stratum.as_str());
        if *self.strata.entry(digest(&number)).or_insert(of) != of {
            issues.push(view.issue(STRATUM, &Problem::TwoStrata));
            return None;
        }
        Some(Respondent {
            number,
            unit: unit?,
            group: group?,
            stratum,
            weight: weight?,
        })
    }

    fn group(&self, view: &RowView<'_>, issues: &mut Vec<ImportIssue>) -> Option<RaterGroup> {
        match &self.mapping.group {
            GroupOf::Fixed(group) => Some(*group),
            GroupOf::Column { .. } => view.require(
                GROUP,
                |cell| match parse_text(cell) {
                    None => Ok(None),
                    Some(text) => {
                        let group = self.groups.get(&code(&text)).copied();
                        group.map(Some).ok_or(Problem::UnknownCode)
                    }
                },
                issues,
            ),
        }
    }

    /// Weights are exact or the row is refused: a rounded weight would move every published digit.
    fn weight(&self, view: &RowView<'_>, issues: &mut Vec<ImportIssue>) -> Option<Weight> {
        if self.mapping.weight.is_none() {
            return Some(Weight::whole(1));
        }
        let factor = self.mapping.weight_factor;
        view.require(
            WEIGHT,
            |cell| {
                let Some(decimal) = parse_decimal(cell)? else {
                    return Ok(None);
                };
                let weight = decimal.scaled(factor).ok_or(Problem::NotExact)?;
                match weight.steps() {
                    ..=0 => Err(Problem::WeightNotPositive),
                    _ => Ok(Some(weight)),
                }
            },
            issues,
        )
    }
}

impl Respondent {
    fn rating(&self, item: &ItemId, level: Level) -> SurveyRow {
        SurveyRow {
            row_key: format!("{}#{}#{item}", self.number, self.unit),
            unit: self.unit.clone(),
            item: item.clone(),
            group: self.group,
            stratum: self.stratum.clone(),
            psu: psu(&self.number),
            weight: self.weight,
            level,
        }
    }
}

/// The form in which codes are compared: `４`, `4.0` and `4` are the same.
fn code(text: &str) -> String {
    let text = squeezed(text);
    match text.strip_suffix(".0") {
        Some(whole) if whole.parse::<u64>().is_ok() => whole.to_owned(),
        _ => label(&text),
    }
}

fn by_code<T: Copy>(named: &BTreeMap<String, T>) -> BTreeMap<String, T> {
    named
        .iter()
        .map(|(text, value)| (code(text), *value))
        .collect()
}

/// A plain number stands for itself; any other text for the first eight bytes of its SHA-256.
fn psu(number: &str) -> u64 {
    if let Ok(value) = number.parse::<u64>()
        && value.to_string() == number
    {
        return value;
    }
    let digest = Sha256::digest(number.as_bytes());
    digest
        .iter()
        .take(8)
        .fold(0, |value, byte| value << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests;
