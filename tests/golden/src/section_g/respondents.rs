//! Who answered in the last quarter, and the margins of the frame.

use crate::designs::dense;
use crate::figure::Figure;
use crate::fixture::{Fixture, Margin as FrameMargin, distinct, points};
use analytics::estimation::{LonelyPsu, SampleDesign, Stage};
use analytics::weighting::{
    CalibrationError, Cells, Constraints, Margin, ResponseClass, adjust_for_nonresponse,
    response_classes,
};
use anyhow::Result;
use nalgebra::DMatrix;
use std::collections::BTreeMap;

/// The margins that golden.R rakes to.
const RAKED: [&str; 4] = ["age", "sex", "grp", "district"];

/// Columns of the respondents, with their weights after nonresponse (`R` in golden.R).
pub struct Respondents {
    pub base: Vec<f64>,
    pub y: Vec<Option<f64>>,
    pub visits: Vec<Option<f64>>,
    pub district: Vec<String>,
    pub grp: Vec<String>,
    pub design: SampleDesign,
    /// Level ids by the margins that are raked.
    pub columns: Vec<Vec<u32>>,
    pub margins: Vec<Margin>,
    pub cells: Cells,
    pub age_sex: Vec<String>,
    pub cells_of_age_sex: Margin,
    classes: Vec<(String, ResponseClass)>,
    /// Weighting classes where nobody answered, with the number sampled.
    silent: Vec<(String, usize)>,
}

impl Respondents {
    pub fn of_last_quarter(fixture: &Fixture) -> Result<Self> {
        let persons = &fixture.persons;
        let Response {
            rows,
            base,
            classes,
            silent,
        } = response(fixture)?;
        let text = |column: &[String]| pick(column, &rows);
        let (psu, stratum) = (dense(&text(&persons.psu)), dense(&text(&persons.stratum_c)));
        let stage = Stage {
            strata: Some(&stratum),
            clusters: Some(&psu),
            population: None,
        };
        let design = SampleDesign::new(&base, &[stage], LonelyPsu::Adjust)?;
        let (age, sex) = (text(&persons.age), text(&persons.sex));
        let (grp, district) = (text(&persons.grp), text(&persons.district));
        let margins = RAKED.map(|name| margin(&fixture.margins, name)).to_vec();
        let columns: Vec<Vec<u32>> = [&age, &sex, &grp, &district]
            .into_iter()
            .zip(&margins)
            .map(|(column, margin)| margin.level_ids(column.iter().map(String::as_str)))
            .collect::<Result<_, _>>()?;
        let cells = Cells::assign(&columns.iter().map(Vec::as_slice).collect::<Vec<_>>())?;
        let age_sex = age
            .iter()
            .zip(&sex)
            .map(|(age, sex)| format!("{age}|{sex}"))
            .collect();
        let cells_of_age_sex = margin(&fixture.margins, "age:sex");
        Ok(Self {
            y: rows
                .iter()
                .map(|row| points(persons.overall[*row]))
                .collect(),
            visits: rows.iter().map(|row| Some(persons.visits[*row])).collect(),
            age_sex,
            base,
            district,
            grp,
            design,
            columns,
            margins,
            cells,
            cells_of_age_sex,
            classes,
            silent,
        })
    }

    /// `nradj/*`: the factor of every weighting class.
    pub fn response_figures(&self) -> Vec<Figure> {
        let adjusted = self.classes.iter().map(|(name, class)| {
            Figure::new(format!("nradj/{name}"))
                .number("estimate", class.factor)
                .number("n_obs", class.sampled as f64)
                .number("n_resp", class.respondents as f64)
        });
        let silent = self.silent.iter().map(|(name, sampled)| {
            Figure::refused(format!("nradj/{name}"), "nobody answered")
                .number("n_obs", *sampled as f64)
                .number("n_resp", 0.0)
        });
        adjusted.chain(silent).collect()
    }

    /// One constraint per level of every margin.
    pub fn constraints(&self) -> Result<Constraints, CalibrationError> {
        Constraints::from_margins(&self.cells, &self.cells.sum(&self.base)?, &self.margins)
    }

    /// The same as R's model matrix: everyone, and all levels of a margin but the first.
    pub fn contrasts(&self) -> Result<Constraints, CalibrationError> {
        let mut totals = vec![(
            "everyone".to_owned(),
            self.margins[1].levels.iter().map(|(_, total)| total).sum(),
        )];
        let mut values = vec![1.0; self.base.len()];
        for (margin, column) in self.margins.iter().zip(&self.columns) {
            for (level, (name, total)) in (0..).zip(&margin.levels).skip(1) {
                totals.push((format!("{} {name}", margin.name), *total));
                values.extend(column.iter().map(|own| f64::from(u8::from(*own == level))));
            }
        }
        Constraints::from_rows(
            DMatrix::from_vec(self.base.len(), totals.len(), values),
            totals,
        )
    }

    /// The groups that answered.
    pub fn groups(&self) -> Vec<&str> {
        distinct(&self.grp)
    }
}

struct Response {
    /// Rows that answered.
    rows: Vec<usize>,
    /// Their weights after nonresponse.
    base: Vec<f64>,
    classes: Vec<(String, ResponseClass)>,
    silent: Vec<(String, usize)>,
}

/// As golden.R, leaves out classes where nobody answered.
fn response(fixture: &Fixture) -> Result<Response> {
    let persons = &fixture.persons;
    let last = fixture.quarters().last().copied().unwrap_or_default();
    let in_last = |row: &usize| persons.quarter[*row] == last;
    let mut people: BTreeMap<&str, (Vec<usize>, usize)> = BTreeMap::new();
    for row in (0..persons.pid.len()).filter(in_last) {
        let (rows, answers) = people.entry(&persons.nrclass[row]).or_default();
        rows.push(row);
        *answers += usize::from(persons.resp[row]);
    }
    let (mut sampled, mut ids, mut names, mut silent) = (vec![], vec![], vec![], vec![]);
    for (name, (rows, answers)) in people {
        if answers == 0 {
            silent.push((name.to_owned(), rows.len()));
            continue;
        }
        ids.resize(ids.len() + rows.len(), u32::try_from(names.len())?);
        names.push(name.to_owned());
        sampled.extend(rows);
    }
    let base = pick(&persons.w_base, &sampled);
    let responded = pick(&persons.resp, &sampled);
    let classes = response_classes(&base, &ids, &responded)?;
    let adjusted = adjust_for_nonresponse(&base, &ids, &responded)?;
    let mut answered: Vec<(usize, f64)> = (sampled.into_iter().zip(adjusted))
        .filter(|(row, _)| persons.resp[*row])
        .collect();
    answered.sort_by_key(|(row, _)| *row);
    let (rows, base) = answered.into_iter().unzip();
    Ok(Response {
        rows,
        base,
        classes: names.into_iter().zip(classes).collect(),
        silent,
    })
}

fn pick<T: Clone>(column: &[T], rows: &[usize]) -> Vec<T> {
    rows.iter().map(|row| column[*row].clone()).collect()
}

fn margin(frame: &[FrameMargin], name: &str) -> Margin {
    Margin {
        name: name.to_owned(),
        levels: frame
            .iter()
            .filter(|it| it.margin == name)
            .map(|it| (it.level.clone(), it.count))
            .collect(),
    }
}
