//! A key written twice in one object: JSON readers keep the last silently, so an official would not notice.

use super::{finding::step, rule::Rule};
use crate::check::Findings;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::{cell::RefCell, collections::BTreeSet, fmt};

/// Notes every key that occurs again in its object.
pub(super) fn find(bytes: &[u8]) -> Findings {
    let findings = RefCell::new(Findings::default());
    let walk = Walk {
        pointer: String::new(),
        findings: &findings,
    };
    // Text that is no JSON is noted by the caller.
    let _ = walk.deserialize(&mut serde_json::Deserializer::from_slice(bytes));
    findings.into_inner()
}

struct Walk<'a> {
    pointer: String,
    findings: &'a RefCell<Findings>,
}

impl Walk<'_> {
    fn below(&self, key: &str) -> Self {
        Walk {
            pointer: format!("{}{}", self.pointer, step(key)),
            findings: self.findings,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = BTreeSet::new();
        while let Some(key) = map.next_key::<String>()? {
            let below = self.below(&key);
            if !seen.insert(key.clone()) {
                let message = format!("“{key}”写了不止一次");
                self.findings
                    .borrow_mut()
                    .add(below.pointer.clone(), Rule::DuplicateKey, message);
            }
            map.next_value_seed(below)?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let mut index = 0_usize;
        while seq
            .next_element_seed(self.below(&index.to_string()))?
            .is_some()
        {
            index += 1;
        }
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}
