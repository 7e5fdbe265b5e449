//! Rakes the rows of a file to margins several times: `rake_file FILE MARGINS.csv WEIGHT`; prints the CPU and wall seconds of each
//! time and the sum of the raked weights, as the peers of `tests/bench` do. Reading the file is not counted.

#![expect(clippy::unwrap_used, reason = "a measurement that fails should stop")]

use analytics::{
    analysis::ColumnKind,
    weighting::{Cells, Margin, Stopping, rake},
};
use snapshot::microdata::read_columns;
use std::{path::Path, time::Instant};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, margins, weight] = arguments.as_slice() else {
        panic!("FILE MARGINS.csv WEIGHT");
    };
    let margins = read_margins(Path::new(margins));
    let mut columns = vec![(weight.clone(), ColumnKind::Number)];
    columns.extend(margins.iter().map(|m| (m.name.clone(), ColumnKind::Label)));
    let table = read_columns(Path::new(file), &columns).unwrap();
    let weights: Vec<f64> = table
        .numbers(weight)
        .unwrap()
        .iter()
        .flatten()
        .copied()
        .collect();
    for _ in 0..5 {
        let (cpu, wall) = (cpu_seconds(), Instant::now());
        let levels: Vec<Vec<u32>> = margins
            .iter()
            .map(|margin| {
                let labels = table.labels(&margin.name).unwrap();
                let level = margin.level_ids(labels.names()).unwrap();
                let ids = labels.ids().iter().flatten();
                ids.map(|id| level[*id as usize]).collect()
            })
            .collect();
        let levels: Vec<&[u32]> = levels.iter().map(Vec::as_slice).collect();
        let cells = Cells::assign(&levels).unwrap();
        let raked = rake(&weights, &cells, &margins, None, Stopping::default()).unwrap();
        let sum: f64 = raked.weights().iter().sum();
        let (cpu, wall) = (cpu_seconds() - cpu, wall.elapsed().as_secs_f64());
        println!("{{\"cpu\": {cpu:.6}, \"wall\": {wall:.6}, \"check\": [{sum:.6}]}}");
    }
}

fn read_margins(path: &Path) -> Vec<Margin> {
    let names = [
        ("margin", ColumnKind::Label),
        ("level", ColumnKind::Label),
        ("count", ColumnKind::Number),
    ];
    let table = read_columns(path, &names.map(|(name, kind)| (name.to_owned(), kind))).unwrap();
    let label = |column: &str, row: usize| {
        let labels = table.labels(column).unwrap();
        labels.name(labels.ids()[row].unwrap()).to_owned()
    };
    let mut margins: Vec<Margin> = Vec::new();
    for row in 0..table.rows {
        let (name, level) = (label("margin", row), label("level", row));
        let count = table.numbers("count").unwrap()[row].unwrap();
        match margins.last_mut().filter(|margin| margin.name == name) {
            Some(margin) => margin.levels.push((level, count)),
            None => margins.push(Margin {
                name,
                levels: vec![(level, count)],
            }),
        }
    }
    margins
}

/// CPU time of this thread, from Linux.
fn cpu_seconds() -> f64 {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let nanoseconds = times.split_whitespace().next();
    nanoseconds
        .and_then(|time| time.parse::<f64>().ok())
        .unwrap()
        / 1e9
}
