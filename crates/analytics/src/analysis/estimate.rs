//! One measure in one domain: estimate, error, interval, or why there is none.

use super::{
    AnalysisRefused, ResultRow, Status,
    domains::Domain,
    measure::{Form, Kind, Measure},
    sample::{Sample, Units},
};
use crate::{
    estimation::{
        Kish, ProportionInterval, ProportionSample, QuantileRule, kish, korn_graubard, mean,
        proportion_interval, quantile, ratio, total,
    },
    t_quantile,
};

/// Differences below this share of the numbers compared are rounding.
const ROUNDING: f64 = 1e-12;

/// A row of the results, and the unit totals of its linearised variable when it may be ranked.
pub(super) struct Estimated {
    pub(super) row: ResultRow,
    pub(super) totals: Option<Vec<f64>>,
}

/// The answers of a domain that have weight; an element may stand for all answers of a unit, with their mean.
pub(super) struct Answers {
    /// The unit of each element.
    pub(super) units: Vec<u32>,
    /// The weight of each element.
    pub(super) weights: Vec<f64>,
    /// The value of each element.
    pub(super) y: Vec<Option<f64>>,
    /// Below the line; empty when there is no line.
    pub(super) x: Vec<Option<f64>>,
    /// Weight and value of the answers pooled by value, where elements stand for several; else empty.
    pub(super) pooled: Vec<(f64, f64)>,
    /// Answers and their effective number; `None` when there is no answer.
    pub(super) kish: Option<Kish>,
    /// Whether the domain has anybody with weight at all.
    pub(super) inhabited: bool,
}

/// Estimates a measure from the rows of a domain.
pub(super) fn estimate(
    sample: &Sample,
    measure: &Measure,
    domain: &Domain,
    confidence: f64,
) -> Result<Estimated, AnalysisRefused> {
    let row = ResultRow::empty(measure.word, &measure.variable, domain.name.clone());
    let (rows, answers) = Answers::of_rows(sample, &measure.kind, domain);
    let totals = |z: &[f64]| sample.unit_totals(&rows, z);
    conclude(
        row,
        &answers,
        measure.kind.form(),
        &sample.units,
        confidence,
        totals,
    )
}

/// Completes an empty row from the answers; `totals` sums a linearised variable over the units.
pub(super) fn conclude(
    row: ResultRow,
    answers: &Answers,
    form: Form,
    units: &Units,
    confidence: f64,
    totals: impl FnOnce(&[f64]) -> Result<Vec<f64>, AnalysisRefused>,
) -> Result<Estimated, AnalysisRefused> {
    let without_totals = |row| Ok(Estimated { row, totals: None });
    let Some(kish) = answers.kish else {
        let status = if answers.inhabited {
            Status::NoAnswers
        } else {
            Status::EmptyDomain
        };
        return without_totals(row.with(status));
    };
    let row = ResultRow {
        n: kish.n,
        n_eff: Some(kish.effective_n),
        ..row
    };
    let Some(Value { value, z }) = answers.linearised(form) else {
        return without_totals(row.with(Status::ZeroDenominator));
    };
    let (df, psus) = units.freedom(&answers.units);
    let row = ResultRow {
        estimate: Some(value),
        df: Some(df),
        ..row
    };
    if psus < 2 {
        return without_totals(row.with(Status::SinglePsu));
    }
    let totals = totals(&z)?;
    let precision = Precision {
        variance: units.variance(&totals)?,
        df,
        confidence,
        kish,
    };
    let row = answers.judged(row, value, form, &precision);
    let totals = (row.status == Status::Ok).then_some(totals);
    Ok(Estimated { row, totals })
}

/// The estimate, and the linearised variable that its variance or, for a quantile, that of the share below it comes from.
struct Value {
    value: f64,
    z: Vec<f64>,
}

/// How exact an estimate is.
struct Precision {
    variance: f64,
    df: f64,
    confidence: f64,
    kish: Kish,
}

impl Precision {
    fn se(&self) -> f64 {
        self.variance.max(0.0).sqrt()
    }

    fn t(&self) -> f64 {
        t_quantile(self.df, self.confidence)
    }

    fn t_interval(&self, estimate: f64) -> (f64, f64) {
        let half = self.t() * self.se();
        (estimate - half, estimate + half)
    }

    fn korn_graubard(&self, share: f64, variance: f64) -> Option<(f64, f64)> {
        let sample = self.of_share(share, variance);
        korn_graubard(&sample, self.kish.design_effect, self.confidence)
    }

    fn of_share(&self, estimate: f64, variance: f64) -> ProportionSample {
        ProportionSample {
            estimate,
            variance,
            n: self.kish.n,
            df: self.df,
        }
    }
}

impl Answers {
    /// The rows of a domain that have an answer and weight, and their answers.
    fn of_rows(sample: &Sample, kind: &Kind, domain: &Domain) -> (Vec<u32>, Self) {
        let (y, x) = match kind {
            Kind::Mean(y) | Kind::Proportion(y) | Kind::Total(y) | Kind::Quantile(y, _) => {
                (y, None)
            }
            Kind::Ratio(y, x) => (y, Some(x)),
        };
        let weight = |row: &u32| sample.weights[*row as usize];
        let counts = |row: &&u32| {
            let place = **row as usize;
            weight(row) > 0.0 && y[place].is_some() && x.is_none_or(|x| x[place].is_some())
        };
        let rows: Vec<u32> = domain.rows.iter().filter(counts).copied().collect();
        let pick = |column: &Vec<Option<f64>>| {
            let cells = rows.iter().map(|row| column[*row as usize]);
            cells.collect()
        };
        let weights: Vec<f64> = rows.iter().map(weight).collect();
        let answers = Self {
            units: sample.units_of(&rows),
            kish: kish(weights.iter().copied()),
            weights,
            y: pick(y),
            x: x.map(pick).unwrap_or_default(),
            pooled: Vec::new(),
            inhabited: domain.rows.iter().any(|row| weight(row) > 0.0),
        };
        (rows, answers)
    }

    fn linearised(&self, form: Form) -> Option<Value> {
        let (weights, y) = (&self.weights, &self.y);
        let linearised = match form {
            Form::Mean | Form::Proportion => mean(weights, y)?,
            Form::Total => total(weights, y)?,
            Form::Ratio => ratio(weights, y, &self.x)?,
            Form::Quantile(share) => {
                let value = quantile(weights, y, share, QuantileRule::Math)?;
                let z = mean(weights, &self.below(value))?.z;
                return Some(Value { value, z });
            }
        };
        Some(Value {
            value: linearised.estimate,
            z: linearised.z,
        })
    }

    /// 1 for answers up to a value, else 0.
    fn below(&self, value: f64) -> Vec<Option<f64>> {
        let share = |y: &Option<f64>| y.map(|y| f64::from(u8::from(y <= value)));
        self.y.iter().map(share).collect()
    }

    /// Whether all answers are equal, so that the error of a mean, share or quantile cannot be known.
    fn equal(&self) -> bool {
        let mut values = self.weighted().map(|(_, value)| value);
        let first = values.next();
        values.all(|value| Some(value) == first)
    }

    /// Weight and value of each answer, or of the pooled ones.
    fn weighted(&self) -> impl Iterator<Item = (f64, f64)> {
        let single: &[f64] = if self.pooled.is_empty() {
            &self.weights
        } else {
            &[]
        };
        let single = single.iter().zip(&self.y);
        let single = single.filter_map(|(weight, y)| y.map(|y| (*weight, y)));
        single.chain(self.pooled.iter().copied())
    }

    /// Whether each answer is the same multiple of the one below the line.
    fn proportional(&self, multiple: f64) -> bool {
        self.y.iter().zip(&self.x).all(|pair| match pair {
            (Some(y), Some(x)) => (y - multiple * x).abs() <= ROUNDING * y.abs(),
            _ => true,
        })
    }

    fn judged(&self, row: ResultRow, value: f64, form: Form, precision: &Precision) -> ResultRow {
        let varies = match form {
            Form::Total => true,
            Form::Ratio => !self.proportional(value),
            Form::Mean | Form::Proportion | Form::Quantile(_) => !self.equal(),
        };
        if !varies {
            return self.unvaried(row, form, precision);
        }
        let interval = match form {
            Form::Quantile(_) => self.quantile_interval(value, precision),
            Form::Proportion => precision.korn_graubard(value, precision.variance),
            Form::Mean | Form::Total | Form::Ratio => Some(precision.t_interval(value)),
        };
        let interval = interval.filter(|_| precision.df > 0.0);
        let status = match interval {
            Some(_) => Status::Ok,
            None if precision.df > 0.0 => Status::TooFewAnswers,
            None => Status::NoDegreesOfFreedom,
        };
        let se = match form {
            Form::Quantile(_) => interval.map(|(low, high)| (high - low) / (2.0 * precision.t())),
            _ => Some(precision.se()),
        };
        ResultRow {
            se,
            ci_low: interval.map(|(low, _)| low),
            ci_high: interval.map(|(_, high)| high),
            deff: matches!(form, Form::Mean | Form::Proportion)
                .then(|| self.design_effect(value, precision)),
            status,
            ..row
        }
    }

    /// The variance over S²∕n, what as many answers drawn with replacement would have.
    ///
    /// Source: Kish 1965, section 8.1; as `estimation::design_effect`, for answers pooled by value too.
    fn design_effect(&self, mean: f64, precision: &Precision) -> f64 {
        let squares: f64 = self
            .weighted()
            .map(|(weight, y)| weight * (y - mean).powi(2))
            .sum();
        let answers = precision.kish.n as f64 - 1.0;
        precision.variance * answers * self.weights.iter().sum::<f64>() / squares
    }

    /// The interval of the share below the quantile, mapped back (Woodruff 1952); none at the largest answer, where the
    /// share cannot vary.
    fn quantile_interval(&self, estimate: f64, precision: &Precision) -> Option<(f64, f64)> {
        let below = self.below(estimate);
        if below.iter().flatten().all(|share| *share >= 1.0) {
            return None;
        }
        let sample = precision.of_share(mean(&self.weights, &below)?.estimate, precision.variance);
        let method = ProportionInterval::Mean;
        let (low, high) = proportion_interval(&sample, method, precision.confidence)?;
        let value = |share| quantile(&self.weights, &self.y, share, QuantileRule::Math);
        (low >= 0.0 && high <= 1.0).then(|| value(low).zip(value(high)))?
    }

    /// All answers equal: the error is 0, a mean or share is the answer itself, and only a share has an interval.
    fn unvaried(&self, row: ResultRow, form: Form, precision: &Precision) -> ResultRow {
        let answer = self.weighted().next().map(|(_, value)| value);
        let interval = match (form, answer) {
            (Form::Proportion, Some(share)) => precision.korn_graubard(share, 0.0),
            _ => None,
        };
        ResultRow {
            estimate: match form {
                Form::Mean | Form::Proportion => answer,
                _ => row.estimate,
            },
            se: Some(0.0),
            ci_low: interval.map(|(low, _)| low),
            ci_high: interval.map(|(_, high)| high),
            ..row.with(Status::NoVariation)
        }
    }
}
