//! What a section computes.

use analytics::estimation::t_interval;

/// One named figure with its fields.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Name, as in the golden file.
    pub name: String,
    /// Fields: `estimate`, `se`, `ci_lower`, `df`, ….
    pub values: Vec<(&'static str, Value)>,
    /// Where the entry documents a trap of R: the fields in which R's number is not ours, and why. Any other field must agree.
    pub trap: Option<(&'static [&'static str], &'static str)>,
}

/// The value of one field.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number; NaN where the golden file says NaN.
    Number(f64),
    /// Numbers in order.
    List(Vec<f64>),
    /// A text.
    Text(String),
    /// Texts in order.
    Texts(Vec<String>),
    /// A Monte-Carlo number: whatever lies between the two.
    Between(f64, f64),
    /// Monte-Carlo numbers that fall, as many as the draws happened to need.
    Falling(Vec<f64>),
    /// No number, and why.
    Refused(String),
}

/// The fields of a number and of what is known about its error.
pub const WHOLE: &[&str] = &["estimate", "se", "ci_lower", "ci_upper", "df"];
/// The fields of an error alone.
pub const ERROR: &[&str] = &["se", "ci_lower", "ci_upper"];
/// The ends of an interval alone.
pub const ENDS: &[&str] = &["ci_lower", "ci_upper"];

impl Figure {
    /// A figure without fields yet.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            values: Vec::new(),
            trap: None,
        }
    }

    /// A figure that has no number: nothing under `estimate` but the reason.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "errors and texts are handed over as they come"
    )]
    pub fn refused(name: impl Into<String>, reason: impl ToString) -> Self {
        Self::new(name).with("estimate", Value::Refused(reason.to_string()))
    }

    /// Adds a number.
    #[must_use]
    pub fn number(self, field: &'static str, number: f64) -> Self {
        self.with(field, Value::Number(number))
    }

    /// Adds an estimate with its standard error, its degrees of freedom and, where there are any, its 95 % t interval.
    #[must_use]
    pub fn estimate(self, estimate: f64, variance: f64, df: f64) -> Self {
        let figure = self
            .number("estimate", estimate)
            .number("se", variance.sqrt())
            .number("df", df);
        match t_interval(estimate, variance, df, 0.95) {
            Some((low, high)) => figure.number("ci_lower", low).number("ci_upper", high),
            None => figure,
        }
    }

    /// Adds any value.
    #[must_use]
    pub fn with(mut self, field: &'static str, value: Value) -> Self {
        self.values.push((field, value));
        self
    }

    /// Says that these fields of the golden entry show a trap of R, where we differ on purpose.
    #[must_use]
    pub fn trap(mut self, fields: &'static [&'static str], why: &'static str) -> Self {
        self.trap = Some((fields, why));
        self
    }

    /// [`Self::trap`] where `ours` is false.
    #[must_use]
    pub fn trap_unless(
        self,
        ours: bool,
        fields: &'static [&'static str],
        why: &'static str,
    ) -> Self {
        if ours { self } else { self.trap(fields, why) }
    }

    /// The value of a field.
    pub fn value(&self, field: &str) -> Option<&Value> {
        self.values
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, value)| value)
    }

    /// Why there is no number, if there is none.
    pub fn refusal(&self) -> Option<&str> {
        match self.value("estimate") {
            Some(Value::Refused(reason)) => Some(reason),
            _ => None,
        }
    }
}
