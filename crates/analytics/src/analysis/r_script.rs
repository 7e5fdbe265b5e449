//! The R script that gives the same numbers with the package `survey`.

use super::{ColumnKind, Condition, RankSet, Request, Statistic, Test};
use crate::estimation::LonelyPsu;
use crate::weighting::Margin;
use std::fmt::Write;

const ESTIMATORS: &str = include_str!("estimators.R");

/// Where R finds the microdata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RSource {
    /// A text file with this delimiter.
    Text {
        /// Its path.
        path: String,
        /// Between the cells.
        delimiter: char,
    },
    /// A Parquet file, read with the package `arrow`.
    Parquet {
        /// Its path.
        path: String,
    },
}

/// An R script that prints one line per result, with 17 significant digits, in the columns of the results.
///
/// `column=value` on a scale compares numbers, else labels. Places are reproduced for [`RankSet::Joint`] only: the other sets are
/// simulated. Where a result carries another status than `ok`, R may stop, or print a number that no one should use.
///
/// Source: R `survey` 4.1 or later (Lumley 2004).
#[must_use]
pub fn r_script(request: &Request, source: &RSource) -> String {
    let mut script = format!(
        "# Rscript this.R > results.csv\nlibrary(survey)\noptions(survey.lonely.psu = {})\n\n# The file.\n{}\n",
        text(lonely(request.lonely)),
        read(source)
    );
    let codes = numbers(&request.ruler.missing);
    let points = numbers(&request.ruler.points);
    let first = request.ruler.scale.map_or(1, |(first, _)| first);
    let ranks = if request.ranks == Some(RankSet::Joint) {
        "TRUE"
    } else {
        "FALSE"
    };
    script += &format!(
        "missing_codes <- {codes}\nlevel_points <- {points}\nscale_first <- {first}\nupper <- 1 - (1 - {}) / 2\nranks <- {ranks}\n\n",
        request.confidence
    );
    script += ESTIMATORS;
    script += &design(request);
    script += &raking(&request.margins);
    script += &domains(&request.by);
    script += "\n# The statistics.\n";
    for statistic in &request.statistics {
        script += &measure(request, statistic);
    }
    script += "\ndigits <- sapply(results, is.numeric)\nresults[digits] <- lapply(results[digits], function(v) sprintf(\"%.17g\", v))\nwrite.csv(results, row.names = FALSE)\n";
    script
}

fn read(source: &RSource) -> String {
    match source {
        RSource::Text { path, delimiter } => format!(
            "d <- read.csv({}, sep = {}, colClasses = \"character\", na.strings = character(), check.names = FALSE, fileEncoding = \"UTF-8-BOM\")",
            text(path),
            text(&delimiter.to_string())
        ),
        RSource::Parquet { path } => format!(
            "d <- as.data.frame(arrow::read_parquet({}))\nd[] <- lapply(d, function(v) {{ v <- if (is.numeric(v)) sprintf(\"%.17g\", v) else as.character(v); ifelse(is.na(v), \"\", v) }})\n",
            text(path)
        ),
    }
}

fn lonely(lonely: LonelyPsu) -> &'static str {
    match lonely {
        LonelyPsu::Fail => "fail",
        LonelyPsu::Remove => "remove",
        LonelyPsu::Adjust => "adjust",
        LonelyPsu::Average => "average",
        LonelyPsu::Certainty => "certainty",
    }
}

fn design(request: &Request) -> String {
    let columns = &request.design;
    let mut script = "\n# The design.\n".to_owned();
    let mut set = |name: &str, kind: &str, column: &Option<String>| match column {
        None => false,
        Some(column) => {
            let _ = writeln!(script, "d$.{name} <- {kind}({})", text(column));
            true
        }
    };
    let weight = set("w", "numbers", &columns.weight);
    let strata = set("strata", "labels_of", &columns.strata);
    let psu = set("psu", "labels_of", &columns.psu);
    let fpc = set("fpc1", "numbers", &columns.fpc);
    let second = set("ssu", "labels_of", &columns.second_stage);
    let second_fpc = set("fpc2", "numbers", &columns.second_fpc);
    let two_stages = psu && fpc && (second || second_fpc);
    if !weight {
        script += "d$.w <- 1\n";
    }
    if two_stages && !second {
        script += "d$.ssu <- seq_len(nrow(d))\n";
    }
    if two_stages && !second_fpc {
        script += "d$.fpc2 <- 1e15\n";
    }
    let ids = match (psu, two_stages) {
        (false, _) => "~1",
        (true, false) => "~.psu",
        (true, true) => "~.psu + .ssu",
    };
    let strata = if strata { ", strata = ~.strata" } else { "" };
    let fpc = match (fpc, two_stages) {
        (false, _) => "",
        (true, false) => ", fpc = ~.fpc1",
        (true, true) => ", fpc = ~.fpc1 + .fpc2",
    };
    let nest = if columns.nested { ", nest = TRUE" } else { "" };
    let _ = writeln!(
        script,
        "design <- svydesign(ids = {ids}{strata}{fpc}, weights = ~.w, data = d{nest})"
    );
    script
}

/// `calibrate` and not `rake`, whose errors of small groups are too large.
fn raking(margins: &[Margin]) -> String {
    let Some(first) = margins.first() else {
        return String::new();
    };
    let size = |margin: &Margin| margin.levels.iter().map(|(_, count)| count).sum::<f64>();
    let mut script = "\n# Raking.\npopulation <- c(`(Intercept)` = ".to_owned();
    let _ = writeln!(script, "{})", size(first));
    let mut terms = Vec::new();
    for (place, margin) in margins.iter().enumerate() {
        let names: Vec<_> = margin.levels.iter().map(|(name, _)| text(name)).collect();
        let scale = size(first) / size(margin);
        let counts: Vec<f64> = margin
            .levels
            .iter()
            .map(|(_, count)| count * scale)
            .collect();
        let levels = names.join(", ");
        let _ = writeln!(
            script,
            "levels <- c({levels})\ndesign$variables$.m{place} <- factor(labels_of({}), levels)\n\
             population <- c(population, setNames({}, paste0(\".m{place}\", levels))[-1])",
            text(&margin.name),
            numbers(&counts)
        );
        terms.push(format!(".m{place}"));
    }
    let _ = writeln!(
        script,
        "design <- calibrate(design, ~{}, population, calfun = \"raking\", epsilon = 1e-10, maxit = 500)",
        terms.join(" + ")
    );
    script
}

fn domains(by: &[String]) -> String {
    if by.is_empty() {
        return "\ndomains <- NA\n".to_owned();
    }
    let columns: Vec<_> = by
        .iter()
        .map(|column| format!("labels_of({})", text(column)))
        .collect();
    format!(
        "\n# The domains.\nlabels <- list({})\ndomain_of_row <- do.call(paste, c(labels, sep = \",\"))\n\
         domain_of_row[Reduce(`|`, lapply(labels, is.na))] <- NA\ndomains <- sort(unique(domain_of_row))\n",
        columns.join(", ")
    )
}

fn measure(request: &Request, statistic: &Statistic) -> String {
    let call = |variable: &str, rest: String| {
        let word = statistic.word();
        format!("measure({}, {}, {rest})\n", text(word), text(variable))
    };
    let name = statistic.to_string();
    match statistic {
        Statistic::Mean(column) => call(&name, format!("points({})", text(column))),
        Statistic::Total(column) => call(&name, format!("answers({})", text(column))),
        Statistic::Ratio {
            numerator,
            denominator,
        } => call(
            &name,
            format!(
                "answers({}), answers({})",
                text(numerator),
                text(denominator)
            ),
        ),
        Statistic::Quantile { column, share } => {
            call(&name, format!("answers({}), share = {share}", text(column)))
        }
        Statistic::Proportion(condition) => call(&name, condition_met(request, condition)),
        Statistic::Shares(column) => {
            let (values, cells) = match request.kind_of_shares() {
                ColumnKind::Number => (numbers(&request.ruler.levels()), "answers"),
                ColumnKind::Label => {
                    let column = text(column);
                    (
                        format!("sort(unique(label_answers({column})))"),
                        "label_answers",
                    )
                }
            };
            let column = text(column);
            format!(
                "for (value in {values}) measure(\"proportion\", paste0({column}, \"=\", value), share({cells}({column}) == value))\n"
            )
        }
    }
}

fn condition_met(request: &Request, condition: &Condition) -> String {
    let column = text(&condition.column);
    match (&condition.test, request.kind_of_shares()) {
        (Test::AtLeast(least), _) => format!("share(answers({column}) >= {least})"),
        (Test::AtMost(most), _) => format!("share(answers({column}) <= {most})"),
        (Test::Is(value), ColumnKind::Number) => {
            format!("share(answers({column}) == as.numeric({}))", text(value))
        }
        (Test::Is(value), ColumnKind::Label) => {
            format!("share(label_answers({column}) == {})", text(value))
        }
    }
}

fn numbers(values: &[f64]) -> String {
    let values: Vec<_> = values.iter().map(ToString::to_string).collect();
    format!("c({})", values.join(", "))
}

/// An R string.
fn text(value: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in value.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted += "\\n",
            '\r' => quoted += "\\r",
            '\t' => quoted += "\\t",
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{DesignColumns, Ruler};

    fn request() -> Request {
        Request {
            design: DesignColumns {
                psu: Some("dnum".into()),
                fpc: Some("fpc1".into()),
                second_stage: Some("snum".into()),
                second_fpc: Some("fpc2".into()),
                ..DesignColumns::default()
            },
            by: vec!["s \"1\"".into()],
            statistics: vec![Statistic::Mean("api00".into())],
            ruler: Ruler::default(),
            confidence: 0.95,
            lonely: LonelyPsu::Adjust,
            ranks: None,
            margins: vec![Margin {
                name: "sex".into(),
                levels: vec![("F".into(), 60.0), ("M".into(), 40.0)],
            }],
        }
    }

    #[test]
    fn the_script_says_what_was_asked() {
        let source = RSource::Text {
            path: "a\\b.csv".into(),
            delimiter: '\t',
        };

        let script = r_script(&request(), &source);

        for line in [
            "d <- read.csv(\"a\\\\b.csv\", sep = \"\\t\",",
            "design <- svydesign(ids = ~.psu + .ssu, fpc = ~.fpc1 + .fpc2, weights = ~.w, data = d)",
            "design <- calibrate(design, ~.m0, population, calfun = \"raking\"",
            "population <- c(population, setNames(c(60, 40), paste0(\".m0\", levels))[-1])",
            "labels <- list(labels_of(\"s \\\"1\\\"\"))",
            "measure(\"mean\", \"api00\", points(\"api00\"))",
        ] {
            assert!(script.contains(line), "{line} is not in\n{script}");
        }
    }
}
