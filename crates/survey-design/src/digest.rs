//! One digest for each template, so that every score can name the rules it was made with.

use serde::Serialize;
use sha2::{Digest, Sha256};

/// SHA-256 (lower-case hex) of the value's JSON with object keys in sorted order.
///
/// Two files that differ only in layout or key order have the same digest.
///
/// # Panics
/// When the value cannot be written as JSON, which no template type allows.
#[must_use]
pub fn canonical_digest<T: Serialize>(value: &T) -> String {
    let json = serde_json::to_value(value).expect("template types are plain data");
    hex::encode(Sha256::digest(sorted(&json).to_string()))
}

fn sorted(value: &serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            Value::Object(
                entries
                    .into_iter()
                    .map(|(key, inner)| (key.clone(), sorted(inner)))
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        plain => plain.clone(),
    }
}
