//! The same results from sums per PSU and level, without the rows.

use super::{
    Analysis, AnalysisRefused, Labels, Request, ResultRow, Statistic, Test,
    estimate::{Answers, conclude},
    measure::{Form, share},
    run::with_places,
    sample::{Names, Units},
};
use crate::estimation::{Kish, Stage};
use std::collections::HashMap;

/// Levels of the scale that sums are kept for.
pub const LEVELS: usize = 5;

/// The sample that sums per PSU and level were taken of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LevelSample {
    /// Stratum and label of every PSU of the sample, those without answers included.
    pub psus: Vec<(Option<String>, String)>,
    /// The columns of the items.
    pub items: Vec<String>,
}

/// What a domain answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DomainCells {
    /// The domain; without a name it is the whole sample.
    pub name: Option<String>,
    /// Numbers of its PSUs.
    pub psus: Vec<u32>,
    /// One entry per item of the sample.
    pub items: Vec<ItemCounts>,
    /// For each item Σw by level, the lowest level first, of each PSU; weights are people represented.
    pub cells: Vec<Vec<[f64; LEVELS]>>,
}

/// What a domain answered on one item.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ItemCounts {
    /// Valid answers with weight.
    pub answers: usize,
    /// Blank cells and missing codes with weight.
    pub silent: usize,
    /// Σw² of the valid answers.
    pub squares: f64,
}

impl Request {
    /// The items, when sums per PSU and level are enough to answer: means and shares of a scale of five, weighted, by PSU, without
    /// raking and populations, and missing codes that are whole numbers.
    #[must_use]
    pub fn items_of_levels(&self) -> Option<Vec<&str>> {
        let design = &self.design;
        let simple = design.fpc.is_none()
            && design.second_stage.is_none()
            && design.second_fpc.is_none()
            && self.margins.is_empty();
        let complete = design.weight.is_some() && design.psu.is_some();
        let whole = |code: &f64| code.fract().total_cmp(&0.0).is_eq();
        if !simple
            || !complete
            || self.ruler.levels().len() != LEVELS
            || !self.ruler.missing.iter().all(whole)
        {
            return None;
        }
        let mut items = Vec::new();
        for statistic in &self.statistics {
            let column = match statistic {
                Statistic::Mean(column) | Statistic::Shares(column) => column,
                Statistic::Proportion(condition) => &condition.column,
                _ => return None,
            };
            if !items.contains(&column.as_str()) {
                items.push(column.as_str());
            }
        }
        Some(items)
    }
}

/// As [`analyze`](super::analyze), from sums; the request is one that [`Request::items_of_levels`] allows. The domains come one
/// after the other, in the order of output, so that nobody need hold all of them.
///
/// # Errors
/// As [`analyze`](super::analyze).
///
/// Source: methodology C2.
pub fn analyze_cells(
    request: &Request,
    sample: &LevelSample,
    domains: impl IntoIterator<Item = DomainCells>,
) -> Result<Analysis, AnalysisRefused> {
    let units = units(request, sample)?;
    let measures = measures_of(request, sample)?;
    let mut estimated: Vec<_> = measures.iter().map(|_| Vec::new()).collect();
    for domain in domains {
        for (measure, rows) in measures.iter().zip(&mut estimated) {
            let name = domain.name.clone();
            let row = ResultRow::empty(measure.statistic, &measure.variable, name);
            let answers = answers(&domain, measure.item, &measure.values);
            let totals = |z: &[f64]| Ok(units.totals(&answers.units, z));
            let confidence = request.confidence;
            rows.push(conclude(
                row,
                &answers,
                measure.form,
                &units,
                confidence,
                totals,
            )?);
        }
    }
    let mut results = Vec::new();
    for rows in estimated {
        results.extend(with_places(rows, &units, request)?);
    }
    Ok(Analysis {
        results,
        notes: units.lonely_strata().into_iter().collect(),
    })
}

fn measures_of(
    request: &Request,
    sample: &LevelSample,
) -> Result<Vec<LevelMeasure>, AnalysisRefused> {
    let mut all = Vec::new();
    for statistic in &request.statistics {
        all.extend(measures(statistic, request, sample)?);
    }
    Ok(all)
}

/// A value for each level.
struct LevelMeasure {
    /// Place of the item in the sample.
    item: usize,
    statistic: &'static str,
    variable: String,
    form: Form,
    values: Vec<f64>,
}

fn measures(
    statistic: &Statistic,
    request: &Request,
    sample: &LevelSample,
) -> Result<Vec<LevelMeasure>, AnalysisRefused> {
    let levels = request.ruler.levels();
    let measure = |column: &String, variable, form, values| {
        let item = sample.items.iter().position(|item| item == column);
        Ok(LevelMeasure {
            item: item.ok_or_else(|| AnalysisRefused::NoColumn(column.clone()))?,
            statistic: statistic.word(),
            variable,
            form,
            values,
        })
    };
    let shares = |column, variable, met: &dyn Fn(f64) -> bool| {
        let values = levels.iter().map(|level| share(met(*level))).collect();
        measure(column, variable, Form::Proportion, values)
    };
    match statistic {
        Statistic::Mean(column) => {
            let points = request.ruler.points_of_levels()?;
            Ok(vec![measure(
                column,
                statistic.to_string(),
                Form::Mean,
                points,
            )?])
        }
        Statistic::Shares(column) => levels
            .iter()
            .map(|value| {
                let is = |level: f64| level.total_cmp(value).is_eq();
                shares(column, format!("{column}={value}"), &is)
            })
            .collect(),
        Statistic::Proportion(condition) => {
            let met = |level: f64| match &condition.test {
                Test::AtLeast(least) => level >= *least,
                Test::AtMost(most) => level <= *most,
                Test::Is(value) => value
                    .parse()
                    .is_ok_and(|value: f64| level.total_cmp(&value).is_eq()),
            };
            Ok(vec![shares(
                &condition.column,
                statistic.to_string(),
                &met,
            )?])
        }
        Statistic::Total(column) | Statistic::Quantile { column, .. } => {
            Err(AnalysisRefused::NoColumn(column.clone()))
        }
        Statistic::Ratio { numerator, .. } => Err(AnalysisRefused::NoColumn(numerator.clone())),
    }
}

fn units(request: &Request, sample: &LevelSample) -> Result<Units, AnalysisRefused> {
    let strata: Labels = sample
        .psus
        .iter()
        .map(|(stratum, _)| stratum.as_deref().unwrap_or("1"))
        .collect();
    if !request.design.nested {
        let mut seen: HashMap<&str, &Option<String>> = HashMap::new();
        for (stratum, psu) in &sample.psus {
            if *seen.entry(psu).or_insert(stratum) != stratum {
                return Err(AnalysisRefused::PsuInTwoStrata(psu.clone()));
            }
        }
    }
    let ids: Vec<u32> = strata.ids().iter().flatten().copied().collect();
    let stage = Stage {
        strata: Some(&ids),
        ..Stage::default()
    };
    let names = Names {
        strata: request.design.strata.is_some().then(|| strata.clone()),
        psus: None,
        nested: true,
    };
    Units::new(sample.psus.len(), &[stage], request.lonely, names)
}

fn answers(domain: &DomainCells, item: usize, values: &[f64]) -> Answers {
    let psus = domain.psus.len();
    let counts = domain.items[item];
    let mut answers = Answers {
        units: Vec::with_capacity(psus),
        weights: Vec::with_capacity(psus),
        y: Vec::with_capacity(psus),
        x: Vec::new(),
        pooled: Vec::new(),
        kish: None,
        inhabited: counts.answers + counts.silent > 0,
    };
    let mut of_levels = [0.0; LEVELS];
    for (psu, weights) in domain.psus.iter().zip(&domain.cells[item]) {
        let weight: f64 = weights.iter().sum();
        if weight > 0.0 {
            let points = weights.iter().zip(values).map(|(w, value)| w * value);
            answers.units.push(*psu);
            answers.weights.push(weight);
            answers.y.push(Some(points.sum::<f64>() / weight));
            for (sum, weight) in of_levels.iter_mut().zip(weights) {
                *sum += weight;
            }
        }
    }
    let pooled = of_levels.into_iter().zip(values.iter().copied());
    answers.pooled = pooled.filter(|(weight, _)| *weight > 0.0).collect();
    let whole: f64 = of_levels.iter().sum();
    let effective_n = whole * whole / counts.squares;
    let design_effect = counts.answers as f64 / effective_n;
    answers.kish = (counts.answers > 0).then_some(Kish {
        n: counts.answers,
        design_effect,
        effective_n,
        cv: (design_effect - 1.0).max(0.0).sqrt(),
    });
    answers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{DesignColumns, RankSet, Ruler, Table, analyze};
    use crate::estimation::LonelyPsu;

    /// Answers of 60 people in 3 strata of 4 PSUs, by a rule that repeats nothing.
    fn table() -> Table {
        let mut table = Table::new(60);
        let labels = |label: &dyn Fn(usize) -> String| {
            let cells: Vec<String> = (0..60).map(label).collect();
            cells.iter().map(String::as_str).collect::<Labels>()
        };
        table.insert_labels("s", labels(&|row| format!("{}", row % 3)));
        table.insert_labels("p", labels(&|row| format!("{}-{}", row % 3, row / 3 % 4)));
        table.insert_labels("d", labels(&|row| format!("{}", row * row % 7 % 3)));
        let numbers =
            |number: &dyn Fn(usize) -> f64| (0..60).map(|row| Some(number(row))).collect();
        table.insert_numbers("w", numbers(&|row| 1.0 + (row * 13 % 5) as f64));
        let answer = |row: usize| {
            if row.is_multiple_of(11) {
                9.0
            } else {
                1.0 + (row * row % 17 % 5) as f64
            }
        };
        table.insert_numbers("q", numbers(&answer));
        table
    }

    fn request() -> Request {
        let share = |text: &str| Statistic::proportion(text, &["q".to_owned()]).unwrap();
        Request {
            design: DesignColumns {
                weight: Some("w".into()),
                strata: Some("s".into()),
                psu: Some("p".into()),
                ..DesignColumns::default()
            },
            by: vec!["d".into()],
            statistics: vec![
                Statistic::Mean("q".into()),
                share("q"),
                share("q>=4"),
                share("q=2"),
            ],
            ruler: Ruler {
                scale: Some((1, 5)),
                missing: vec![9.0],
                points: vec![0.0, 30.0, 60.0, 80.0, 100.0],
            },
            confidence: 0.95,
            lonely: LonelyPsu::Adjust,
            ranks: Some(RankSet::Joint),
            margins: Vec::new(),
        }
    }

    /// Sums the rows of the table as the one pass over a file does.
    fn cells(table: &Table) -> (LevelSample, Vec<DomainCells>) {
        let [strata, psus, depts] = ["s", "p", "d"].map(|column| table.labels(column).unwrap());
        assert_eq!(strata.names().count(), 3);
        let sample = LevelSample {
            psus: psus
                .names()
                .map(|psu| (Some(psu[..1].to_owned()), psu.to_owned()))
                .collect(),
            items: vec!["q".into()],
        };
        let mut domains = Vec::new();
        for dept in depts.sorted() {
            let (mut psus_of, mut cells) = (Vec::new(), Vec::new());
            let mut item = ItemCounts::default();
            for row in (0..table.rows).filter(|row| depts.ids()[*row] == Some(dept)) {
                let weight = table.numbers("w").unwrap()[row].unwrap();
                let answer = table.numbers("q").unwrap()[row].unwrap();
                let Some(level) = (0..5_u8).find(|level| f64::from(level + 1) == answer) else {
                    item.silent += 1;
                    continue;
                };
                item.answers += 1;
                item.squares += weight * weight;
                let psu = psus.ids()[row].unwrap();
                let place = psus_of.iter().position(|it| *it == psu).unwrap_or_else(|| {
                    psus_of.push(psu);
                    cells.push([0.0; LEVELS]);
                    cells.len() - 1
                });
                cells[place][usize::from(level)] += weight;
            }
            domains.push(DomainCells {
                name: Some(depts.name(dept).to_owned()),
                psus: psus_of,
                items: vec![item],
                cells: vec![cells],
            });
        }
        (sample, domains)
    }

    #[test]
    fn sums_give_what_rows_give() {
        let table = table();
        assert_eq!(request().items_of_levels(), Some(vec!["q"]));

        let from_rows = analyze(&request(), &table).unwrap();
        let (sample, domains) = cells(&table);
        let from_sums = analyze_cells(&request(), &sample, domains).unwrap();

        assert_eq!(from_rows.notes, from_sums.notes);
        assert_eq!(from_rows.results.len(), 2 * 3 * 8);
        for (one, other) in from_rows.results.iter().zip(&from_sums.results) {
            assert_eq!(
                (&one.variable, &one.domain, one.n, one.status, one.statistic),
                (
                    &other.variable,
                    &other.domain,
                    other.n,
                    other.status,
                    other.statistic
                )
            );
            let numbers = |row: &ResultRow| {
                [
                    row.estimate,
                    row.se,
                    row.ci_low,
                    row.ci_high,
                    row.df,
                    row.n_eff,
                    row.deff,
                ]
            };
            for (one, other) in numbers(one).into_iter().zip(numbers(other)) {
                let (one, other) = (one.unwrap_or(-1.0), other.unwrap_or(-1.0));
                assert!((one - other).abs() <= 1e-11 * one.abs(), "{one} {other}");
            }
        }
    }

    #[test]
    fn a_psu_label_in_two_strata_is_refused_here_too() {
        let (mut sample, domains) = cells(&table());
        sample.psus[0].1 = sample.psus[1].1.clone();

        assert!(matches!(
            analyze_cells(&request(), &sample, domains),
            Err(AnalysisRefused::PsuInTwoStrata(_))
        ));
    }

    #[test]
    fn what_sums_cannot_answer_needs_the_rows() {
        let refused = |change: &dyn Fn(&mut Request)| {
            let mut request = request();
            change(&mut request);
            request.items_of_levels().is_none()
        };

        assert!(refused(&|request| request.design.fpc = Some("N".into())));
        assert!(refused(&|request| request.design.psu = None));
        assert!(refused(&|request| request.ruler.scale = Some((1, 4))));
        assert!(refused(&|request| request.ruler.missing = vec![0.5]));
        assert!(refused(
            &|request| request.statistics = vec![Statistic::Total("q".into())]
        ));
    }
}
