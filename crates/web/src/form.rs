//! Forms of the workplaces: fields in order, one button, errors beside what caused them.

use crate::{Svg, frame::ConsoleFrame, icon::Icon};
use askama::Template;
use std::borrow::Cow;

/// A form with one button.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActionForm {
    /// Where it is posted.
    pub action: String,
    /// What it does and what follows, above the fields.
    pub lead: String,
    /// Fields in order.
    pub fields: Vec<Field>,
    /// Words on the button.
    pub submit: &'static str,
    /// A remark beside the button.
    pub note: String,
    /// Why the last attempt was refused.
    pub problem: Option<String>,
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Name posted.
    pub name: Cow<'static, str>,
    /// Words over it.
    pub label: Cow<'static, str>,
    /// How to fill it in.
    pub hint: Cow<'static, str>,
    /// What it holds now.
    pub value: String,
    /// What kind of field it is.
    pub input: Input,
    /// Whether the browser asks for it.
    pub needed: bool,
    /// Whether it takes the whole width.
    pub wide: bool,
}

/// What kind of field it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// One line.
    Line,
    /// Several lines.
    Area,
    /// A password, never filled in by us; what the browser may fill in.
    Secret(&'static str),
    /// A code of a second factor.
    Code,
    /// Any of these: value and words; the value of the field names the ticked ones, by blanks.
    AnyOf(Vec<(&'static str, &'static str)>),
    /// A date.
    Date,
    /// A whole number.
    Number,
    /// Exactly one of these: value and words.
    OneOf(Vec<(&'static str, &'static str)>),
    /// Exactly one of many, value and words, in a list that opens.
    Choice(Vec<(String, String)>),
    /// A file; the form is then sent in parts.
    File,
    /// Not shown.
    Hidden,
}

impl Field {
    /// A needed field of this kind.
    #[must_use]
    pub fn new(
        name: impl Into<Cow<'static, str>>,
        label: impl Into<Cow<'static, str>>,
        hint: impl Into<Cow<'static, str>>,
        input: Input,
    ) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            hint: hint.into(),
            value: String::new(),
            input,
            needed: true,
            wide: false,
        }
    }

    /// A needed field of several lines over the whole width.
    #[must_use]
    pub fn area(name: &'static str, label: &'static str, hint: &'static str) -> Self {
        let mut field = Self::new(name, label, hint, Input::Area);
        field.wide = true;
        field
    }

    /// A field that is sent along unseen.
    #[must_use]
    pub fn hidden(name: &'static str, value: impl Into<String>) -> Self {
        let mut field = Self::new(name, "", "", Input::Hidden);
        field.value = value.into();
        field
    }

    /// Whether one of several is ticked.
    pub(crate) fn holds(&self, value: &str) -> bool {
        self.value.split(' ').any(|held| held == value)
    }

    /// The field with a value in it.
    #[must_use]
    pub fn holding(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// The field, left empty if one likes.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.needed = false;
        self
    }
}

impl ActionForm {
    /// How the browser sends it.
    pub(crate) fn encoding(&self) -> &'static str {
        let sends_file = |field: &Field| field.input == Input::File;
        if self.fields.iter().any(sends_file) {
            "multipart/form-data"
        } else {
            "application/x-www-form-urlencoded"
        }
    }
}

/// A plain table of a workplace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Heading over it.
    pub heading: String,
    /// Column heads; true for numbers.
    pub head: Vec<(&'static str, bool)>,
    /// Rows of cells.
    pub rows: Vec<Vec<Cell>>,
    /// Said when there is no row.
    pub empty: &'static str,
}

/// One cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Text.
    pub text: String,
    /// Address; empty for plain text.
    pub href: String,
}

impl Cell {
    /// Plain text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            href: String::new(),
        }
    }

    /// Text that leads somewhere.
    #[must_use]
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            href: href.into(),
        }
    }
}

impl Table {
    /// Whether the column holds numbers.
    pub(crate) fn is_number(&self, column: &usize) -> bool {
        self.head.get(*column).is_some_and(|head| head.1)
    }
}

/// A page of paragraphs, one form and tables.
#[derive(Debug, Template)]
#[template(path = "console/form_page.html")]
pub struct FormPage {
    /// Frame.
    pub frame: ConsoleFrame,
    /// Paragraphs on top.
    pub lead: Vec<String>,
    /// The form; none when nothing can be done now.
    pub form: Option<ActionForm>,
    /// Tables below.
    pub tables: Vec<Table>,
}

/// A part of a page under its own heading.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// Heading; empty where the table has one.
    pub heading: &'static str,
    /// Paragraphs.
    pub words: Vec<String>,
    /// A drawing under the paragraphs.
    pub drawing: Option<Svg>,
    /// Lines to be written down, each for itself.
    pub lines: Vec<String>,
    /// A way on: address and words.
    pub link: Option<(&'static str, &'static str)>,
    /// A table with its own heading, above the paragraphs.
    pub table: Option<Table>,
    /// Forms, each with its own button.
    pub forms: Vec<ActionForm>,
}

/// A page of parts, each with its own forms.
#[derive(Debug, Template)]
#[template(path = "console/sections.html")]
pub struct SectionsPage {
    /// Frame.
    pub frame: ConsoleFrame,
    /// Paragraphs on top.
    pub lead: Vec<String>,
    /// The parts in order.
    pub sections: Vec<Section>,
}
