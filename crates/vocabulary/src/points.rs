//! Exact decimals: points of the ruler and weights. Stored as integers, never as floats.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{borrow::Cow, fmt};

macro_rules! exact_decimal {
    ($(#[$doc:meta])* $name:ident, $places:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(i64);

        impl $name {
            /// How many of the smallest step make one.
            pub const SCALE: i64 = 10_i64.pow($places);

            /// From a count of the smallest step.
            #[must_use]
            pub const fn from_steps(steps: i64) -> Self {
                Self(steps)
            }

            /// From a whole number.
            #[must_use]
            pub const fn whole(value: i32) -> Self {
                Self(value as i64 * Self::SCALE)
            }

            /// The count of the smallest step.
            #[must_use]
            pub const fn steps(self) -> i64 {
                self.0
            }

            /// The value for use in an estimate.
            #[must_use]
            #[expect(clippy::cast_precision_loss, reason = "estimates are f64 by decision")]
            pub fn as_f64(self) -> f64 {
                self.0 as f64 / Self::SCALE as f64
            }

            /// Reads plain decimal text such as `87.5` or `-2`.
            ///
            /// # Errors
            /// [`NotExact`] when the text is not a plain decimal number, has more places than are kept, or is too large.
            pub fn parse(text: &str) -> Result<Self, NotExact> {
                parse_steps(text.trim(), $places).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_steps(f, self.0, $places)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if self.0 % Self::SCALE == 0 {
                    serializer.serialize_i64(self.0 / Self::SCALE)
                } else {
                    serializer.serialize_f64(self.as_f64())
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let number = serde_json_number(deserializer)?;
                Self::parse(&number).map_err(de::Error::custom)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"type": "number"})
            }
        }
    };
}

exact_decimal! {
    /// Points on the 0-100 ruler, exact to a ten-thousandth.
    Points, 4
}
exact_decimal! {
    /// A weight (of a channel, a group or a rating), exact to a millionth.
    Weight, 6
}

/// A text that is not an exact decimal of the kept precision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotExact(String);

impl fmt::Display for NotExact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not an exact decimal number of the kept precision",
            self.0
        )
    }
}

impl std::error::Error for NotExact {}

/// The shortest text that reads back as the same number; JSON numbers arrive through it unchanged.
fn serde_json_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Number {
        Whole(i64),
        Decimal(f64),
    }
    Ok(match Number::deserialize(deserializer)? {
        Number::Whole(value) => value.to_string(),
        Number::Decimal(value) => format!("{value}"),
    })
}

fn parse_steps(text: &str, places: usize) -> Result<i64, NotExact> {
    let refuse = || NotExact(text.chars().take(40).collect());
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let kept = decimals.trim_end_matches('0');
    if whole.is_empty() || !plain(whole) || !plain(decimals) || kept.len() > places {
        return Err(refuse());
    }
    format!("{whole}{kept:0<places$}")
        .parse::<i64>()
        .map(|steps| sign * steps)
        .map_err(|_| refuse())
}

fn write_steps(f: &mut fmt::Formatter<'_>, steps: i64, places: usize) -> fmt::Result {
    let digits = format!("{:0>width$}", steps.unsigned_abs(), width = places + 1);
    let (whole, decimals) = digits.split_at(digits.len() - places);
    let sign = if steps < 0 { "-" } else { "" };
    match decimals.trim_end_matches('0') {
        "" => write!(f, "{sign}{whole}"),
        kept => write!(f, "{sign}{whole}.{kept}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Points, Weight};

    #[test]
    fn decimals_survive_text_exactly() {
        for text in ["0", "100", "87.5", "-2.25", "0.0001", "99.9999"] {
            assert_eq!(Points::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Weight::parse("1.013018").unwrap().steps(), 1_013_018);
    }

    #[test]
    fn more_places_than_kept_are_refused_not_rounded() {
        assert!(Points::parse("0.00001").is_err());
        assert!(Points::parse("0.50000000").is_ok());
        for text in [
            "",
            "-",
            ".5",
            "1e3",
            "１２",
            "1,000",
            "99999999999999999999",
        ] {
            assert!(Points::parse(text).is_err(), "{text}");
        }
    }
}
