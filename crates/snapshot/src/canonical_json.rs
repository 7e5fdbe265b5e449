//! JSON in one single spelling, so that a changed byte is a changed document.

use crate::{BundleFault, Fault};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// The one spelling: keys sorted, two spaces of indentation, LF, a line end after the last brace.
///
/// # Panics
/// When the value has map keys that are no text, which no bundle type has.
#[must_use]
pub fn canonical_json<T: Serialize>(value: &T) -> Vec<u8> {
    let value = serde_json::to_value(value).expect("bundle types are plain data with text keys");
    let mut bytes = serde_json::to_vec_pretty(&sorted(value)).expect("a JSON value can be written");
    bytes.push(b'\n');
    bytes
}

/// Reads a document and refuses every other spelling of it.
pub(crate) fn read_canonical<T: Serialize + DeserializeOwned>(
    file: &str,
    bytes: &[u8],
) -> Result<T, BundleFault> {
    let value: T = serde_json::from_slice(bytes).map_err(|error| {
        let place = format!("第 {} 行第 {} 列无法识别", error.line(), error.column());
        BundleFault::new(file, Fault::NotReadable, "可识别的 JSON", place)
    })?;
    if canonical_json(&value) == bytes {
        Ok(value)
    } else {
        Err(BundleFault::new(
            file,
            Fault::NotCanonical,
            "键按顺序排列、两个空格缩进的 JSON",
            "同一内容的另一种写法",
        ))
    }
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.into_iter().collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(
                entries
                    .into_iter()
                    .map(|(key, inner)| (key, sorted(inner)))
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        plain => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::{canonical_json, read_canonical};
    use crate::Fault;
    use std::collections::BTreeMap;

    type Numbers = BTreeMap<String, u64>;

    #[test]
    fn another_spelling_of_the_same_document_is_refused() {
        let numbers: Numbers = [("a".to_owned(), 1), ("b".to_owned(), 2)].into();
        let bytes = canonical_json(&numbers);

        assert_eq!(bytes, b"{\n  \"a\": 1,\n  \"b\": 2\n}\n");
        assert_eq!(read_canonical::<Numbers>("x.json", &bytes), Ok(numbers));
        for other in [
            "{\"a\":1,\"b\":2}",
            "{\n  \"b\": 2,\n  \"a\": 1\n}\n",
            "{\n  \"a\": 1,\n  \"b\": 2\n}",
        ] {
            let fault = read_canonical::<Numbers>("x.json", other.as_bytes()).unwrap_err();
            assert_eq!(fault.fault, Fault::NotCanonical);
        }
        let fault = read_canonical::<Numbers>("x.json", b"{").unwrap_err();
        assert_eq!(fault.fault, Fault::NotReadable);
    }
}
