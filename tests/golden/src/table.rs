//! A CSV file as named columns.

use anyhow::{Context, Result};
use std::collections::HashMap;
use std::path::Path;
use std::str::FromStr;

/// A CSV file, one vector of texts per column.
pub struct Table {
    path: String,
    columns: HashMap<String, Vec<String>>,
}

impl Table {
    /// Reads a file with a header line.
    pub fn read(path: &Path) -> Result<Self> {
        let mut reader = csv::Reader::from_path(path)
            .with_context(|| format!("cannot open {}", path.display()))?;
        let names: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
        let mut columns = vec![Vec::new(); names.len()];
        for record in reader.records() {
            for (column, text) in columns.iter_mut().zip(&record?) {
                column.push(text.to_owned());
            }
        }
        Ok(Self {
            path: path.display().to_string(),
            columns: names.into_iter().zip(columns).collect(),
        })
    }

    /// Whether there is such a column.
    pub fn has(&self, name: &str) -> bool {
        self.columns.contains_key(name)
    }

    /// A column as it is written.
    pub fn text(&self, name: &str) -> Result<Vec<String>> {
        self.columns
            .get(name)
            .cloned()
            .with_context(|| format!("{} has no column {name}", self.path))
    }

    /// A column of numbers; empty and `NA` are `None`.
    pub fn optional<T: FromStr>(&self, name: &str) -> Result<Vec<Option<T>>> {
        self.text(name)?
            .iter()
            .enumerate()
            .map(|(row, text)| match text.as_str() {
                "" | "NA" => Ok(None),
                text => {
                    text.parse().map(Some).ok().with_context(|| {
                        format!("{}, row {}: {name} is {text:?}", self.path, row + 1)
                    })
                }
            })
            .collect()
    }

    /// A column of whole numbers that may not be empty.
    pub fn whole(&self, name: &str) -> Result<Vec<i64>> {
        self.optional(name)?
            .into_iter()
            .enumerate()
            .map(|(row, number)| {
                number.with_context(|| format!("{}, row {}: {name} is empty", self.path, row + 1))
            })
            .collect()
    }

    /// A column of numbers; empty is NaN.
    pub fn numbers(&self, name: &str) -> Result<Vec<f64>> {
        Ok(self
            .optional(name)?
            .into_iter()
            .map(|number| number.unwrap_or(f64::NAN))
            .collect())
    }
}
