//! Recomputes every figure of a golden battery by name and says which match.

mod compare;
mod designs;
mod entry;
mod figure;
mod fixture;
mod r_likelihood;
mod ranked;
mod report;
mod section_a;
mod section_b;
mod section_c;
mod section_d;
mod section_e;
mod section_f;
mod section_g;
mod section_h;
mod section_i;
mod section_j;
mod section_k;
mod section_l;
mod section_m;
mod section_n;
mod section_o;
mod section_w;
mod sections;
mod table;

use clap::Parser;
use std::path::PathBuf;
use std::process::ExitCode;

/// Recomputes a battery of figures that R computed and compares them by name.
#[derive(Debug, Parser)]
struct Arguments {
    /// Folder of the fixture and of the golden file.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR")))]
    dir: PathBuf,
    /// What the names of the fixture's files begin with.
    #[arg(long, default_value = "fixture_small")]
    fixture: String,
    /// The golden file.
    #[arg(long, default_value = "golden.json")]
    golden: String,
    /// Only these sections, as in `A,C`.
    #[arg(long, value_delimiter = ',')]
    section: Vec<String>,
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let report = run(&arguments)?;
    print!("{report}");
    Ok(if report.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn run(arguments: &Arguments) -> anyhow::Result<report::Report> {
    let fixture = fixture::Fixture::read(&arguments.dir, &arguments.fixture)?;
    let entries = entry::read(&arguments.dir.join(&arguments.golden), &arguments.section)?;
    Ok(report::Report::of(&fixture, &entries))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_of_the_shipped_battery_matches() {
        let report = run(&Arguments::parse_from(["golden"])).unwrap();
        assert!(report.is_clean(), "{report}");
    }
}
