//! Statistics with the answers they are made of.

use super::{AnalysisRefused, ColumnKind, Condition, Request, Statistic, Table, Test};

/// One statistic of one variable, ready to be estimated in any domain.
pub(super) struct Measure {
    /// As it is asked for and printed.
    pub(super) variable: String,
    /// `mean`, `proportion`, …
    pub(super) word: &'static str,
    pub(super) kind: Kind,
}

/// The answers, one element per row, `None` where there is none.
pub(super) enum Kind {
    /// Points.
    Mean(Vec<Option<f64>>),
    /// 1 where the condition is met, else 0.
    Proportion(Vec<Option<f64>>),
    /// Numbers.
    Total(Vec<Option<f64>>),
    /// Numbers above and below the line.
    Ratio(Vec<Option<f64>>, Vec<Option<f64>>),
    /// Numbers, and the share below the quantile.
    Quantile(Vec<Option<f64>>, f64),
}

/// Which estimator a measure needs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Form {
    Mean,
    Proportion,
    Total,
    Ratio,
    /// With the share below.
    Quantile(f64),
}

impl Kind {
    pub(super) fn form(&self) -> Form {
        match self {
            Self::Mean(_) => Form::Mean,
            Self::Proportion(_) => Form::Proportion,
            Self::Total(_) => Form::Total,
            Self::Ratio(..) => Form::Ratio,
            Self::Quantile(_, share) => Form::Quantile(*share),
        }
    }
}

/// What a statistic stands for: itself, or one measure per value of a column.
pub(super) fn measures(
    statistic: &Statistic,
    request: &Request,
    table: &Table,
) -> Result<Vec<Measure>, AnalysisRefused> {
    let answers = |column: &String| request.ruler.answers(table, column);
    let kind = match statistic {
        Statistic::Shares(column) => return shares(column, request, table),
        Statistic::Mean(column) => Kind::Mean(request.ruler.points(table, column)?),
        Statistic::Proportion(condition) => {
            Kind::Proportion(condition_met(condition, request, table)?)
        }
        Statistic::Total(column) => Kind::Total(answers(column)?),
        Statistic::Ratio {
            numerator,
            denominator,
        } => Kind::Ratio(answers(numerator)?, answers(denominator)?),
        Statistic::Quantile { column, share } => Kind::Quantile(answers(column)?, *share),
    };
    Ok(vec![Measure {
        variable: statistic.to_string(),
        word: statistic.word(),
        kind,
    }])
}

/// One proportion per level of the scale, or per label of the file that is no missing code.
fn shares(column: &str, request: &Request, table: &Table) -> Result<Vec<Measure>, AnalysisRefused> {
    let values: Vec<String> = match request.kind_of_shares() {
        ColumnKind::Number => {
            let levels = request.ruler.levels();
            levels.iter().map(ToString::to_string).collect()
        }
        ColumnKind::Label => {
            let labels = table.labels(column);
            let labels = labels.ok_or_else(|| AnalysisRefused::NoColumn(column.to_owned()))?;
            let names = labels.sorted().into_iter().map(|id| labels.name(id));
            names
                .filter(|name| !request.ruler.is_missing(name))
                .map(str::to_owned)
                .collect()
        }
    };
    let measure = |value| {
        let condition = Condition {
            column: column.to_owned(),
            test: Test::Is(value),
        };
        Ok(Measure {
            variable: condition.to_string(),
            word: "proportion",
            kind: Kind::Proportion(condition_met(&condition, request, table)?),
        })
    };
    values.into_iter().map(measure).collect()
}

fn condition_met(
    condition: &Condition,
    request: &Request,
    table: &Table,
) -> Result<Vec<Option<f64>>, AnalysisRefused> {
    let column = condition.column.as_str();
    let numbers = |met: &dyn Fn(f64) -> bool| {
        let answers = request.ruler.answers(table, column)?;
        let share = |answer: Option<f64>| answer.map(|answer| share(met(answer)));
        Ok(answers.into_iter().map(share).collect())
    };
    match &condition.test {
        Test::AtLeast(least) => numbers(&|answer| answer >= *least),
        Test::AtMost(most) => numbers(&|answer| answer <= *most),
        Test::Is(value) => match (request.kind_of_shares(), value.parse::<f64>()) {
            (ColumnKind::Number, Ok(level)) => numbers(&|answer| answer.total_cmp(&level).is_eq()),
            (ColumnKind::Number, Err(_)) => numbers(&|_| false),
            (ColumnKind::Label, _) => labels_equal(column, value, request, table),
        },
    }
}

fn labels_equal(
    column: &str,
    value: &str,
    request: &Request,
    table: &Table,
) -> Result<Vec<Option<f64>>, AnalysisRefused> {
    let labels = table.labels(column);
    let labels = labels.ok_or_else(|| AnalysisRefused::NoColumn(column.to_owned()))?;
    let answer = |id: &Option<u32>| {
        let name = id.map(|id| labels.name(id))?;
        (!request.ruler.is_missing(name)).then(|| share(name == value))
    };
    Ok(labels.ids().iter().map(answer).collect())
}

pub(super) fn share(met: bool) -> f64 {
    f64::from(u8::from(met))
}
