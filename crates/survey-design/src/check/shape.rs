//! Whether a file has the shape its published JSON Schema describes; reports every place.
//!
//! Knows the part of JSON Schema that the generated schemas use, and the exact decimals of `vocabulary`.

use super::{finding::step, rule::Rule};
use crate::check::Findings;
use serde_json::{Map, Value};
use vocabulary::{Points, Weight};

/// Notes every place where `content` departs from `schema`; returns the pointers of unknown fields.
pub(super) fn check(schema: &Value, content: &Value, findings: &mut Findings) -> Vec<String> {
    let mut walk = Walk {
        root: schema,
        findings,
        unknown: Vec::new(),
    };
    walk.value(schema, content, "");
    walk.unknown
}

struct Walk<'a> {
    root: &'a Value,
    findings: &'a mut Findings,
    unknown: Vec<String>,
}

impl<'a> Walk<'a> {
    fn value(&mut self, schema: &'a Value, value: &Value, pointer: &str) {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            return self.reference(reference, value, pointer);
        }
        if let Some(branches) = branches(schema) {
            return self.branches(branches, value, pointer);
        }
        if !type_fits(schema, value) {
            let wanted = type_words(schema);
            let message = format!("这里应为{wanted}，写的是{}", words(value));
            return self.findings.add(pointer, Rule::WrongValue, message);
        }
        match value {
            Value::Object(fields) => self.object(schema, fields, pointer),
            Value::Array(elements) => self.array(schema, elements, pointer),
            Value::Number(_) => self.number(schema, value, pointer),
            Value::String(text) => self.text(schema, text, pointer),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn reference(&mut self, reference: &str, value: &Value, pointer: &str) {
        let target = reference
            .strip_prefix('#')
            .and_then(|path| self.root.pointer(path));
        let Some(target) = target else { return };
        let exact = match (reference.rsplit('/').next(), value) {
            (Some("Points"), Value::Number(number)) => Points::parse(&number.to_string()).is_ok(),
            (Some("Weight"), Value::Number(number)) => Weight::parse(&number.to_string()).is_ok(),
            _ => true,
        };
        if exact {
            self.value(target, value, pointer);
        } else {
            let message = format!("{value} 的小数位数太多，或者数值太大");
            self.findings.add(pointer, Rule::NumberNotExact, message);
        }
    }

    /// Follows the one branch the value seems to mean, so that the report is about that branch.
    fn branches(&mut self, branches: &'a [Value], value: &Value, pointer: &str) {
        if let Some(meant) = branches.iter().find(|branch| self.is_meant(branch, value)) {
            return self.value(meant, value, pointer);
        }
        let names: Vec<&str> = branches.iter().filter_map(branch_name).collect();
        let message = format!("这里只能是 {}，写的是{}", names.join("、"), words(value));
        self.findings.add(pointer, Rule::WrongValue, message);
    }

    fn is_meant(&self, branch: &Value, value: &Value) -> bool {
        if branch.get("type").and_then(Value::as_str) == Some("null") {
            return value.is_null();
        }
        if branch.get("$ref").is_some() {
            return !value.is_null();
        }
        match (branch_name(branch), value) {
            (Some(name), Value::String(text)) => branch.get("const").is_some() && text == name,
            (Some(name), Value::Object(fields)) => fields.contains_key(name),
            (None, _) => type_fits(branch, value) && enum_fits(branch, value),
            _ => false,
        }
    }

    fn object(&mut self, schema: &'a Value, fields: &Map<String, Value>, pointer: &str) {
        let listed = schema.get("properties").and_then(Value::as_object);
        let required = schema.get("required").and_then(Value::as_array);
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            if !fields.contains_key(name) {
                let message = format!("缺少“{name}”");
                self.findings.add(pointer, Rule::MissingField, message);
            }
        }
        for (key, value) in fields {
            let below = format!("{pointer}{}", step(key));
            match listed.and_then(|listed| listed.get(key)) {
                Some(inner) => self.value(inner, value, &below),
                None => self.other_field(schema, key, value, below),
            }
        }
    }

    /// A key the type does not list: an entry of a map, or unknown.
    fn other_field(&mut self, schema: &'a Value, key: &str, value: &Value, below: String) {
        let names = schema
            .pointer("/propertyNames/enum")
            .and_then(Value::as_array);
        let is_name = names.is_none_or(|names| names.iter().any(|name| name == key));
        match schema.get("additionalProperties") {
            Some(inner @ Value::Object(_)) if is_name => self.value(inner, value, &below),
            None | Some(Value::Bool(true)) if is_name => {}
            _ => {
                self.findings.add(
                    below.clone(),
                    Rule::UnknownField,
                    format!("没有“{key}”这一项"),
                );
                self.unknown.push(below);
            }
        }
    }

    fn array(&mut self, schema: &'a Value, elements: &[Value], pointer: &str) {
        let Some(inner) = schema.get("items") else {
            return;
        };
        let unique = schema.get("uniqueItems").and_then(Value::as_bool) == Some(true);
        for (index, element) in elements.iter().enumerate() {
            let below = format!("{pointer}/{index}");
            if unique && elements[..index].contains(element) {
                let message = format!("{}列了不止一次", words(element));
                self.findings.add(below.clone(), Rule::WrongValue, message);
            }
            self.value(inner, element, &below);
        }
    }

    fn number(&mut self, schema: &Value, value: &Value, pointer: &str) {
        let bound = |name: &str| schema.get(name).and_then(Value::as_f64);
        let number = value.as_f64().unwrap_or(f64::NAN);
        let format = schema.get("format").and_then(Value::as_str).unwrap_or("");
        let fits = bound("minimum").is_none_or(|least| number >= least)
            && bound("maximum").is_none_or(|most| number <= most)
            && integer_fits(format, value);
        if !fits {
            let message = format!("{value} 超出这一项的范围");
            self.findings.add(pointer, Rule::NumberNotExact, message);
        }
    }

    fn text(&mut self, schema: &Value, text: &str, pointer: &str) {
        let is_date = schema.get("format").and_then(Value::as_str) == Some("date");
        if is_date && text.parse::<chrono::NaiveDate>().is_err() {
            let message = format!("“{text}”不是日期");
            self.findings.add(pointer, Rule::DateInvalid, message);
        }
        if !enum_fits(schema, &Value::from(text)) {
            let names = schema.get("enum").and_then(Value::as_array);
            let names: Vec<&str> = names
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            let message = format!("这里只能是 {}，写的是“{text}”", names.join("、"));
            self.findings.add(pointer, Rule::WrongValue, message);
        }
    }
}

fn branches(schema: &Value) -> Option<&[Value]> {
    let list = schema.get("oneOf").or_else(|| schema.get("anyOf"))?;
    list.as_array().map(Vec::as_slice)
}

/// The word by which an official chooses the branch: a constant, or the key of a one-key object.
fn branch_name(branch: &Value) -> Option<&str> {
    let word = branch
        .get("const")
        .or_else(|| branch.pointer("/required/0"));
    word.and_then(Value::as_str)
}

fn enum_fits(schema: &Value, value: &Value) -> bool {
    let listed = schema.get("enum").and_then(Value::as_array);
    listed.is_none_or(|listed| listed.contains(value))
}

fn integer_fits(format: &str, value: &Value) -> bool {
    match format {
        "uint8" => value.as_u64().is_some_and(|v| u8::try_from(v).is_ok()),
        "uint16" => value.as_u64().is_some_and(|v| u16::try_from(v).is_ok()),
        "uint32" => value.as_u64().is_some_and(|v| u32::try_from(v).is_ok()),
        "uint64" => value.is_u64(),
        "int32" => value.as_i64().is_some_and(|v| i32::try_from(v).is_ok()),
        _ => true,
    }
}

fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn type_fits(schema: &Value, value: &Value) -> bool {
    let types = types(schema);
    types.is_empty()
        || types.into_iter().any(|name| match name {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            _ => value.is_null(),
        })
}

fn type_words(schema: &Value) -> String {
    let word = |name: &str| match name {
        "object" => "一组项目 {…}",
        "array" => "列表 […]",
        "string" => "文字",
        "boolean" => "true 或 false",
        "integer" => "整数",
        "number" => "数",
        _ => "null",
    };
    let words: Vec<&str> = types(schema).into_iter().map(word).collect();
    words.join("或")
}

fn words(value: &Value) -> String {
    match value {
        Value::Object(_) => "一组项目".to_owned(),
        Value::Array(_) => "列表".to_owned(),
        plain => plain.to_string(),
    }
}
