//! The golden file.

use anyhow::{Context, Result};
use serde_json::{Map, Value};
use std::path::Path;

/// One golden entry.
pub struct Entry {
    /// Name of the figure.
    pub name: String,
    /// Section letter.
    pub section: String,
    /// What R said instead of a number.
    pub error: Option<String>,
    /// Monte-Carlo: numbers agree only within bounds.
    pub monte_carlo: bool,
    /// Everything that was written.
    pub fields: Map<String, Value>,
}

impl Entry {
    /// A field as a number; R's `"NaN"` and `"Inf"` are numbers too.
    pub fn number(&self, field: &str) -> Option<f64> {
        as_number(self.fields.get(field)?)
    }
}

/// A JSON number, or one of R's texts for a number JSON does not have.
pub fn as_number(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => match text.as_str() {
            "NaN" => Some(f64::NAN),
            "Inf" => Some(f64::INFINITY),
            "-Inf" => Some(f64::NEG_INFINITY),
            _ => None,
        },
        value => value.as_f64(),
    }
}

/// Reads the entries of the wanted sections; all when none is named.
pub fn read(path: &Path, sections: &[String]) -> Result<Vec<Entry>> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let Value::Object(mut file) = serde_json::from_str(&text)? else {
        anyhow::bail!("{} is not an object", path.display());
    };
    let Some(Value::Array(entries)) = file.remove("entries") else {
        anyhow::bail!("{} has no entries", path.display());
    };
    let entries = entries.into_iter().map(entry).collect::<Result<Vec<_>>>()?;
    Ok(entries
        .into_iter()
        .filter(|entry| sections.is_empty() || sections.contains(&entry.section))
        .collect())
}

fn entry(value: Value) -> Result<Entry> {
    let Value::Object(fields) = value else {
        anyhow::bail!("an entry is not an object");
    };
    let text = |field: &str| fields.get(field).and_then(Value::as_str).map(str::to_owned);
    Ok(Entry {
        name: text("name").context("an entry without a name")?,
        section: text("section").context("an entry without a section")?,
        error: text("error"),
        monte_carlo: fields.get("mc").and_then(Value::as_bool) == Some(true),
        fields,
    })
}
