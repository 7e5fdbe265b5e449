//! `huiyin analyze`: design-based estimates from any file of microdata; needs no database.

mod output;

use crate::{
    cli::{Analyze, Common, Lonely, Rank},
    commands::write_out,
    exit::{Failure, Outcome},
};
use analytics::{
    analysis::{
        Analysis, AnalysisRefused, ColumnKind, DesignColumns, Note, RSource, RankSet, Request,
        Ruler, Statistic, StatisticProblem, analyze, analyze_cells, r_script,
    },
    estimation::LonelyPsu,
    weighting::Margin,
};
use snapshot::{
    WideError,
    microdata::{self, MicrodataError},
};
use std::{fs, num::NonZeroUsize, path::Path, process::ExitCode, thread};

/// Analyses a file; what is no error but worth knowing goes to standard error.
///
/// # Errors
/// When the file cannot be read, the request cannot be understood, or the data make every number doubtful.
pub fn run(common: &Common, options: &Analyze) -> Outcome {
    let names = microdata::column_names(&options.file).map_err(unreadable)?;
    let request = request(options, &names)?;
    if let Some(path) = &options.r_script {
        let script = r_script(&request, &source(&options.file)?);
        if path == Path::new("-") {
            write_out(script.as_bytes())?;
            return Ok(ExitCode::SUCCESS);
        }
        fs::write(path, script).map_err(|error| Failure::file(path, &error))?;
    }
    let found = analysis(&options.file, &request)?;
    for note in &found.notes {
        eprintln!("注意：{}", words(note));
    }
    let text = if common.json {
        output::json(&found.results)
    } else {
        output::table(&found.results)
    };
    write_out(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// From sums where they are enough, else from the rows.
fn analysis(path: &Path, request: &Request) -> Result<Analysis, Failure> {
    let threads = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let found = match microdata::level_cells(path, request, threads).map_err(not_summed)? {
        Some(sums) => analyze_cells(request, sums.sample(), sums.domains()),
        None => {
            let table = microdata::read_columns(path, &request.columns()).map_err(unreadable)?;
            analyze(request, &table)
        }
    };
    found.map_err(|refused| refusal(&refused))
}

fn request(options: &Analyze, names: &[String]) -> Result<Request, Failure> {
    let mut statistics: Vec<Statistic> =
        options.mean.iter().cloned().map(Statistic::Mean).collect();
    let not_understood = |problem: StatisticProblem| Failure::new(2, problem.to_string());
    for text in &options.prop {
        statistics.push(Statistic::proportion(text, names).map_err(not_understood)?);
    }
    statistics.extend(options.total.iter().cloned().map(Statistic::Total));
    for text in &options.ratio {
        statistics.push(Statistic::ratio(text, names).map_err(not_understood)?);
    }
    for text in &options.quantile {
        statistics.push(Statistic::quantile(text, names).map_err(not_understood)?);
    }
    if statistics.is_empty() {
        return Err(Failure::new(
            2,
            "没有写要算什么；请至少给出 --mean、--prop、--total、--ratio、--quantile 之一",
        ));
    }
    Ok(Request {
        design: DesignColumns {
            weight: options.weight.clone(),
            strata: options.strata.clone(),
            psu: options.psu.clone(),
            fpc: options.fpc.clone(),
            second_stage: options.second_stage.clone(),
            second_fpc: options.second_fpc.clone(),
            nested: options.nested,
        },
        by: options.by.clone(),
        statistics,
        ruler: Ruler {
            scale: options.scale,
            missing: options.missing.clone(),
            points: options.points.clone(),
        },
        confidence: options.confidence,
        lonely: lonely(options.lonely),
        ranks: options.rank.map(rank_set),
        margins: options
            .rake
            .as_deref()
            .map(margins)
            .transpose()?
            .unwrap_or_default(),
    })
}

fn lonely(rule: Lonely) -> LonelyPsu {
    match rule {
        Lonely::Fail => LonelyPsu::Fail,
        Lonely::Remove => LonelyPsu::Remove,
        Lonely::Adjust => LonelyPsu::Adjust,
        Lonely::Average => LonelyPsu::Average,
        Lonely::Certainty => LonelyPsu::Certainty,
    }
}

fn rank_set(set: Rank) -> RankSet {
    match set {
        Rank::Joint => RankSet::Joint,
        Rank::Simultaneous => RankSet::Simultaneous,
        Rank::Marginal => RankSet::Marginal,
    }
}

/// The margins of a file with three columns: variable, level, count; whatever the header calls them.
fn margins(path: &Path) -> Result<Vec<Margin>, Failure> {
    let names = microdata::column_names(path).map_err(unreadable)?;
    let [variable, level, count, ..] = names.as_slice() else {
        return Err(Failure::new(
            2,
            format!("{} 应当有三列：变量、类别、人数", path.display()),
        ));
    };
    let wanted = [
        (variable.clone(), ColumnKind::Label),
        (level.clone(), ColumnKind::Label),
        (count.clone(), ColumnKind::Number),
    ];
    let table = microdata::read_columns(path, &wanted).map_err(unreadable)?;
    let label = |column: &str, row: usize| {
        let labels = table.labels(column)?;
        Some(labels.name(labels.ids()[row]?).to_owned())
    };
    let mut margins: Vec<Margin> = Vec::new();
    for row in 0..table.rows {
        let count = table.numbers(count).and_then(|counts| counts[row]);
        let (Some(name), Some(level), Some(count)) =
            (label(variable, row), label(level, row), count)
        else {
            let shown = path.display();
            return Err(Failure::new(
                1,
                format!("{shown} 第 {} 行（不算表头）有空格", row + 1),
            ));
        };
        match margins.iter_mut().find(|margin| margin.name == name) {
            Some(margin) => margin.levels.push((level, count)),
            None => margins.push(Margin {
                name,
                levels: vec![(level, count)],
            }),
        }
    }
    Ok(margins)
}

fn source(path: &Path) -> Result<RSource, Failure> {
    let shown = path.display().to_string();
    Ok(match microdata::delimiter(path).map_err(unreadable)? {
        Some(delimiter) => RSource::Text {
            path: shown,
            delimiter,
        },
        None => RSource::Parquet { path: shown },
    })
}

fn unreadable(error: MicrodataError) -> Failure {
    let line = error.to_string();
    match error {
        MicrodataError::Io { path, source } => Failure::file(&path, &source),
        MicrodataError::NoColumn { .. } | MicrodataError::ColumnTwice(_) => Failure::new(2, line),
        MicrodataError::NotANumber { .. } | MicrodataError::OtherType { .. } => {
            Failure::new(1, line)
        }
        MicrodataError::NoHeader(_)
        | MicrodataError::NotUtf8 { .. }
        | MicrodataError::Uneven { .. }
        | MicrodataError::Parquet { .. } => Failure::new(11, line),
    }
}

fn not_summed(error: WideError) -> Failure {
    let line = error.to_string();
    match error {
        WideError::Io { path, source } => Failure::file(&path, &source),
        WideError::Parquet { .. } => Failure::new(11, line),
        _ => Failure::new(1, line),
    }
}

fn refusal(refused: &AnalysisRefused) -> Failure {
    let usage = matches!(
        refused,
        AnalysisRefused::Points { .. } | AnalysisRefused::SecondWithoutFirst
    );
    Failure::new(if usage { 2 } else { 1 }, refused.to_string())
}

fn words(note: &Note) -> String {
    match note {
        Note::ZeroWeights { rows, first } => format!(
            "{rows} 行的权数是 0（第一处是第 {first} 行，不算表头）；它们留在抽样设计里，不进入任何估计"
        ),
        Note::LonelyStrata(strata) => format!(
            "{} 只有一个抽样单元，其误差按 --lonely 的约定计算；建议并层",
            strata.join("、")
        ),
        Note::ThinLevels(levels) => {
            let each = |(margin, level, psus, people): &(String, String, usize, usize)| {
                format!("{margin}={level}（{psus} 个单元，{people} 人）")
            };
            let levels: Vec<_> = levels.iter().map(each).collect();
            format!(
                "以下边际类别不足 2 个抽样单元或 30 人，建议合并：{}",
                levels.join("、")
            )
        }
    }
}
