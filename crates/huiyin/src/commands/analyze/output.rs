//! Results as JSON with 17 significant digits, or as a table for people.

use analytics::analysis::{ResultRow, Status};

const COLUMNS: [&str; 12] = [
    "statistic",
    "variable",
    "domain",
    "estimate",
    "se",
    "ci_low",
    "ci_high",
    "df",
    "n",
    "n_eff",
    "deff",
    "status",
];

/// A JSON array, one object per line; a number that is absent is null.
pub fn json(results: &[ResultRow]) -> String {
    let rows: Vec<_> = results.iter().map(object).collect();
    format!("[{}]\n", rows.join(",\n "))
}

fn object(row: &ResultRow) -> String {
    let text = |text: &str| serde_json::Value::from(text).to_string();
    let number = |value: Option<f64>| value.map_or_else(|| "null".to_owned(), seventeen_digits);
    let values = [
        text(row.statistic),
        text(&row.variable),
        row.domain
            .as_deref()
            .map_or_else(|| "null".to_owned(), text),
        number(row.estimate),
        number(row.se),
        number(row.ci_low),
        number(row.ci_high),
        number(row.df),
        row.n.to_string(),
        number(row.n_eff),
        number(row.deff),
        text(code(row.status)),
    ];
    let fields: Vec<_> = COLUMNS
        .iter()
        .zip(values)
        .map(|(name, value)| format!("\"{name}\":{value}"))
        .collect();
    format!("{{{}}}", fields.join(","))
}

/// 662.28736… as `662.28736298741887`, very large and very small numbers as `1.5000000000000000e-9`.
fn seventeen_digits(value: f64) -> String {
    let scientific = format!("{value:.16e}");
    let exponent = scientific
        .split_once('e')
        .and_then(|(_, exponent)| exponent.parse().ok());
    match exponent {
        Some(exponent @ -5..=16) => format!(
            "{value:.*}",
            usize::from((16_i16 - exponent).unsigned_abs())
        ),
        _ => scientific,
    }
}

/// An aligned table, then a line for each status that needs words.
pub fn table(results: &[ResultRow]) -> String {
    let mut lines = vec![COLUMNS.map(str::to_owned)];
    lines.extend(results.iter().map(cells));
    let widths: Vec<usize> = (0..COLUMNS.len())
        .map(|column| {
            lines
                .iter()
                .map(|line| width(&line[column]))
                .max()
                .unwrap_or(0)
        })
        .collect();
    let mut text = String::new();
    for line in &lines {
        let padded = line
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(column, (cell, width_of))| {
                let blanks = " ".repeat(width_of - width(cell));
                if matches!(column, 3..=10) {
                    blanks + cell
                } else {
                    cell.clone() + &blanks
                }
            });
        let padded: Vec<_> = padded.collect();
        text += padded.join("  ").trim_end();
        text.push('\n');
    }
    let mut explained: Vec<Status> = Vec::new();
    for row in results {
        if row.status != Status::Ok && !explained.contains(&row.status) {
            explained.push(row.status);
            text += &format!("{}：{}\n", code(row.status), words(row.status));
        }
    }
    text
}

fn cells(row: &ResultRow) -> [String; 12] {
    let number = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), six_digits);
    [
        row.statistic.to_owned(),
        row.variable.clone(),
        row.domain.clone().unwrap_or_else(|| "–".to_owned()),
        number(row.estimate),
        number(row.se),
        number(row.ci_low),
        number(row.ci_high),
        number(row.df),
        row.n.to_string(),
        number(row.n_eff),
        number(row.deff),
        code(row.status).to_owned(),
    ]
}

/// Six significant digits, never less than the whole number.
fn six_digits(value: f64) -> String {
    let whole = format!("{:.0}", value.abs());
    if value.fract() == 0.0 {
        return format!("{value:.0}");
    }
    let decimals = 6_usize.saturating_sub(whole.len());
    format!("{value:.decimals$}")
}

/// Columns on a terminal: East Asian characters take two.
fn width(text: &str) -> usize {
    text.chars()
        .map(|letter| if letter >= '\u{2e80}' { 2 } else { 1 })
        .sum()
}

fn code(status: Status) -> &'static str {
    match status {
        Status::Ok => "ok",
        Status::EmptyDomain => "empty_domain",
        Status::NoAnswers => "no_answers",
        Status::ZeroDenominator => "zero_denominator",
        Status::SinglePsu => "single_psu",
        Status::NoDegreesOfFreedom => "no_degrees_of_freedom",
        Status::NoVariation => "no_variation",
        Status::TooFewAnswers => "too_few_answers",
        Status::NotRanked => "not_ranked",
    }
}

fn words(status: Status) -> &'static str {
    match status {
        Status::Ok => "数字齐全 / all numbers are there",
        Status::EmptyDomain => "这一组没有权数大于 0 的行 / no row with weight",
        Status::NoAnswers => "这一组没有有效回答 / every answer is blank or a missing code",
        Status::ZeroDenominator => "分母合计为 0 / the total below the line is 0",
        Status::SinglePsu => {
            "回答都来自一个抽样单元，不能估计误差 / all answers from one PSU, no standard error"
        }
        Status::NoDegreesOfFreedom => {
            "抽样单元不比层多，不能给出区间 / as many strata as PSUs, no interval"
        }
        Status::NoVariation => {
            "回答全都相同，只有占比能给出区间 / all answers equal, only shares have an interval"
        }
        Status::TooFewAnswers => {
            "回答太少，不能给出分位数的区间 / too few answers for the interval of a quantile"
        }
        Status::NotRanked => "没有可用的误差，不排名 / no usable standard error, no place",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seventeen_digits_tell_every_number_apart() {
        for (value, expected) in [
            (662.287_363_034_562, "662.28736303456196"),
            (0.0, "0.0000000000000000"),
            (-141.0, "-141.00000000000000"),
            (0.1, "0.10000000000000001"),
            (1_234_567_890_123_456.0, "1234567890123456.0"),
            (1.5e-9, "1.5000000000000000e-9"),
            (1e300, "1.0000000000000001e300"),
        ] {
            assert_eq!(seventeen_digits(value), expected);
            assert_eq!(seventeen_digits(value).parse::<f64>().unwrap(), value);
        }
    }

    #[test]
    fn people_read_six_digits() {
        for (value, expected) in [
            (662.287_363, "662.287"),
            (9.408_94, "9.40894"),
            (0.012_345_678, "0.01235"),
            (12_345_678.9, "12345679"),
            (-41.0, "-41"),
        ] {
            assert_eq!(six_digits(value), expected);
        }
    }

    #[test]
    fn columns_are_aligned_with_chinese_names_too() {
        let row = |domain: &str, estimate| ResultRow {
            statistic: "mean",
            variable: "q1".into(),
            domain: Some(domain.into()),
            estimate,
            se: None,
            ci_low: None,
            ci_high: None,
            df: None,
            n: 3,
            n_eff: None,
            deff: None,
            status: Status::NoAnswers,
        };

        let text = table(&[row("交通局", Some(71.5)), row("A", None)]);

        let lines: Vec<_> = text.lines().collect();
        assert!(
            lines[1].starts_with("mean       q1        交通局   71.5000"),
            "{text}"
        );
        assert!(
            lines[2].starts_with("mean       q1        A              –"),
            "{text}"
        );
        assert_eq!(lines.len(), 4, "{text}");
    }
}
