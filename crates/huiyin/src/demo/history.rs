//! The two quarters before Huiyin: a survey agency's microdata, and the hall and hotline files of those months.

use super::{
    agency_files::{Quarter, QuarterFiles, write_quarter},
    behaviour::{Behaviour, PersonKind},
    dice::Dice,
    hardly_known::HardlyKnown,
    sheet::write_utf8_csv,
    truth::Truth,
};
use anyhow::Result;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};
use survey_design::{GroupOf, SampleRules, SurveyMapping, UnitOf};
use vocabulary::{Level, RaterGroup};

const HEADERS: [&str; 6] = ["受访者编号", "层", "权重", "组别", "单位", "总体满意度"];
/// What an interviewer noted when somebody would not answer.
const NO_ANSWER: &str = "拒答";

/// One group of the agency's sample: its size and the people it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SurveyedGroup {
    /// The group.
    pub group: RaterGroup,
    /// Respondents.
    pub respondents: u32,
    /// People in the pool.
    pub population: u32,
}

/// The files of one earlier quarter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryFiles {
    /// The survey agency's microdata, UTF-8 CSV: one row per respondent and unit.
    pub survey: PathBuf,
    /// Its rows.
    pub survey_rows: usize,
    /// Hall, completed cases and hotline.
    pub agencies: QuarterFiles,
}

/// How the agency's columns become ratings.
#[must_use]
pub fn survey_mapping() -> SurveyMapping {
    let levels = Level::SCORED.into_iter().chain([Level::DontKnow]);
    SurveyMapping {
        schema: None,
        code: "yunxi-survey-agency".to_owned(),
        version: 1,
        file: survey_design::TextForm::default(),
        respondent: HEADERS[0].to_owned(),
        stratum: Some(HEADERS[1].to_owned()),
        weight: Some(HEADERS[2].to_owned()),
        weight_factor: 1,
        unit: UnitOf::Column(HEADERS[4].to_owned()),
        group: GroupOf::Column {
            column: HEADERS[3].to_owned(),
            groups: RaterGroup::ALL
                .map(|group| (group.label().to_owned(), group))
                .into(),
        },
        items: BTreeMap::from([(HEADERS[5].to_owned(), "overall".into())]),
        levels: levels
            .map(|level| (level.label().to_owned(), level))
            .collect(),
        not_answers: vec![String::new(), NO_ANSWER.to_owned()],
    }
}

/// Writes the files of a quarter that lies `quarters_back` quarters before the one played.
///
/// Units that few people know now were known to nobody then. The same arguments give the same bytes.
///
/// # Errors
/// When a file cannot be written.
pub fn write_history(
    truth: &Truth,
    quarters_back: u16,
    quarter: &Quarter,
    survey: &EarlierSurvey,
    folder: &Path,
) -> Result<HistoryFiles> {
    let earlier = Arc::new(truth.earlier(quarters_back));
    let agencies = write_quarter(&earlier, quarter, folder)?;
    let rows = survey_rows(&earlier, quarter, survey);
    let path = folder.join(format!("抽样调查-{}.csv", quarter.code));
    write_utf8_csv(&path, &rows)?;
    Ok(HistoryFiles {
        survey: path,
        survey_rows: rows.len() - 1,
        agencies,
    })
}

/// The agency's design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierSurvey {
    /// Groups asked.
    pub groups: Vec<SurveyedGroup>,
    /// Units each respondent was asked about.
    pub units_per_person: u16,
}

impl EarlierSurvey {
    /// The same sample as this quarter's: the quota of each group, out of the demonstration's sample library.
    #[must_use]
    pub fn like(truth: &Truth, sample: &SampleRules) -> Self {
        let groups = truth
            .demo()
            .pool
            .iter()
            .map(|(group, members)| SurveyedGroup {
                group: *group,
                respondents: sample
                    .quota
                    .get(group)
                    .copied()
                    .unwrap_or(0)
                    .min(members.size),
                population: members.size,
            });
        Self {
            groups: groups.collect(),
            units_per_person: sample.units_per_person,
        }
    }
}

fn survey_rows(truth: &Arc<Truth>, quarter: &Quarter, survey: &EarlierSurvey) -> Vec<Vec<String>> {
    let hardly_known = Arc::new(HardlyKnown::to_nobody(&truth.demo().special.few_answers));
    let mut rows = vec![HEADERS.map(str::to_owned).to_vec()];
    // Numbers far away from those of this quarter's people: other people were asked then.
    let mut number = 1_000_000 + 100_000 * quarter_number(quarter);
    for surveyed in &survey.groups {
        for _ in 0..surveyed.respondents {
            number += 1;
            let person = Behaviour::of(
                truth,
                &hardly_known,
                PersonKind::Drawn(surveyed.group),
                number,
            )
            .interviewed();
            respondent(&mut rows, truth, quarter, survey, *surveyed, &person);
        }
    }
    rows
}

fn respondent(
    rows: &mut Vec<Vec<String>>,
    truth: &Truth,
    quarter: &Quarter,
    survey: &EarlierSurvey,
    surveyed: SurveyedGroup,
    person: &Behaviour,
) {
    let mut dice = Dice::new(truth.seed(), "asked about", person.number().into());
    let mut asked: Vec<usize> = (0..truth.units().len()).collect();
    dice.shuffle(&mut asked);
    asked.truncate(survey.units_per_person.into());
    let code = format!("{}-{:05}", quarter.code, person.number() % 100_000);
    for unit in asked {
        let known = &truth.units()[unit];
        let answer = if dice.chance(12) {
            NO_ANSWER
        } else {
            person.level(Some(&known.id), "overall").label()
        };
        rows.push(vec![
            code.clone(),
            surveyed.group.label().to_owned(),
            weight(surveyed),
            surveyed.group.label().to_owned(),
            known.name.clone(),
            answer.to_owned(),
        ]);
    }
}

/// Population over respondents, rounded half up to a millionth, in whole-number arithmetic.
fn weight(surveyed: SurveyedGroup) -> String {
    let (population, respondents) = (
        u64::from(surveyed.population),
        u64::from(surveyed.respondents.max(1)),
    );
    let steps = (population * 2_000_000 + respondents) / (2 * respondents);
    format!("{}.{:06}", steps / 1_000_000, steps % 1_000_000)
}

fn quarter_number(quarter: &Quarter) -> u32 {
    use chrono::Datelike;
    quarter.from.month0() / 3
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::truth::yunxi;
    use std::collections::BTreeSet;

    fn rows() -> Vec<Vec<String>> {
        let (world, demo) = yunxi();
        let truth = Truth::new(&world, &demo, 7);
        let people = |group, respondents| SurveyedGroup {
            group,
            respondents,
            population: 1000,
        };
        let survey = EarlierSurvey {
            groups: vec![
                people(RaterGroup::Delegates, 60),
                people(RaterGroup::Citizens, 300),
            ],
            units_per_person: 8,
        };
        let quarter = Quarter::from(&world.rounds[0]);
        survey_rows(&Arc::new(truth.earlier(2)), &quarter, &survey)
    }

    #[test]
    fn every_respondent_rates_eight_different_units_with_one_weight() {
        let rows = rows();

        assert_eq!(rows.len(), 1 + 360 * 8);
        let mut units: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for row in &rows[1..] {
            units.entry(&row[0]).or_default().insert(&row[4]);
            let weight = if row[3] == "普通群众" {
                "3.333333"
            } else {
                "16.666667"
            };
            assert_eq!(row[2], weight);
        }
        assert!(units.len() == 360 && units.values().all(|rated| rated.len() == 8));
    }

    #[test]
    fn every_answer_has_a_meaning_in_the_mapping() {
        let mapping = survey_mapping();
        let rows = rows();
        let known = |answer: &String| {
            mapping.levels.contains_key(answer) || mapping.not_answers.contains(answer)
        };

        assert!(rows[1..].iter().all(|row| known(&row[5])));
        assert!(rows.iter().any(|row| row[5] == NO_ANSWER));
    }

    #[test]
    fn nobody_knew_the_hardly_known_unit_then() {
        let (world, demo) = yunxi();
        let hidden = &demo.special.few_answers[0].unit;
        let name = &world
            .units
            .iter()
            .find(|unit| unit.id == *hidden)
            .unwrap()
            .name;
        let rows = rows();
        let answers: BTreeSet<&str> = rows
            .iter()
            .filter(|row| row[4] == *name)
            .map(|row| row[5].as_str())
            .collect();

        assert!(answers.contains("不了解"));
        assert!(
            answers
                .iter()
                .all(|answer| ["不了解", NO_ANSWER].contains(answer))
        );
    }
}
