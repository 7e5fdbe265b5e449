//! Microdata as columns: one element per row of the file.

use std::collections::HashMap;

/// The columns that were read from a file of microdata.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Number of data rows; every column has as many elements.
    pub rows: usize,
    numbers: HashMap<String, Vec<Option<f64>>>,
    labels: HashMap<String, Labels>,
}

impl Table {
    /// A table of `rows` rows without columns.
    #[must_use]
    pub fn new(rows: usize) -> Self {
        Self {
            rows,
            ..Self::default()
        }
    }

    /// Adds a column of numbers; a blank cell is `None`.
    ///
    /// # Panics
    /// When the column is not as long as the table.
    pub fn insert_numbers(&mut self, name: &str, values: Vec<Option<f64>>) {
        assert_eq!(values.len(), self.rows, "a column is as long as its table");
        self.numbers.insert(name.to_owned(), values);
    }

    /// Adds a column of labels.
    ///
    /// # Panics
    /// When the column is not as long as the table.
    pub fn insert_labels(&mut self, name: &str, labels: Labels) {
        assert_eq!(labels.rows(), self.rows, "a column is as long as its table");
        self.labels.insert(name.to_owned(), labels);
    }

    /// The column read as numbers.
    #[must_use]
    pub fn numbers(&self, name: &str) -> Option<&[Option<f64>]> {
        self.numbers.get(name).map(Vec::as_slice)
    }

    /// The column read as labels.
    #[must_use]
    pub fn labels(&self, name: &str) -> Option<&Labels> {
        self.labels.get(name)
    }
}

/// A column of labels, stored once each: departments, strata, clusters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    ids: Vec<Option<u32>>,
    names: Vec<String>,
    known: HashMap<String, u32>,
}

impl Labels {
    /// Appends the label of the next row; an empty text is a blank cell.
    pub fn push(&mut self, label: &str) {
        let id = if label.is_empty() {
            None
        } else {
            Some(self.id(label))
        };
        self.ids.push(id);
    }

    fn id(&mut self, label: &str) -> u32 {
        if let Some(&id) = self.known.get(label) {
            return id;
        }
        let id = u32::try_from(self.names.len()).expect("fewer labels than rows, and rows fit");
        self.names.push(label.to_owned());
        self.known.insert(label.to_owned(), id);
        id
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.ids.len()
    }

    /// The label number of each row, dense from 0 in order of first appearance; `None` for a blank cell.
    #[must_use]
    pub fn ids(&self) -> &[Option<u32>] {
        &self.ids
    }

    /// The label with this number.
    #[must_use]
    pub fn name(&self, id: u32) -> &str {
        &self.names[id as usize]
    }

    /// The labels in order of their numbers.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// The label numbers in reading order: numbers by value, then texts by character.
    #[must_use]
    pub fn sorted(&self) -> Vec<u32> {
        let mut ids: Vec<u32> = (0..).take(self.names.len()).collect();
        ids.sort_by(|&one, &other| reading_order(self.name(one), self.name(other)));
        ids
    }
}

impl<'a> FromIterator<&'a str> for Labels {
    fn from_iter<I: IntoIterator<Item = &'a str>>(labels: I) -> Self {
        let mut column = Self::default();
        for label in labels {
            column.push(label);
        }
        column
    }
}

fn reading_order(one: &str, other: &str) -> std::cmp::Ordering {
    let number = |text: &str| text.parse::<f64>().ok().filter(|value| value.is_finite());
    match (number(one), number(other)) {
        (Some(left), Some(right)) => left.total_cmp(&right).then_with(|| one.cmp(other)),
        (Some(_), None) => std::cmp::Ordering::Less,
        (None, Some(_)) => std::cmp::Ordering::Greater,
        (None, None) => one.cmp(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_numbered_as_they_appear_and_a_blank_has_no_number() {
        let labels: Labels = ["b", "", "a", "b"].into_iter().collect();

        assert_eq!(labels.ids(), [Some(0), None, Some(1), Some(0)]);
        assert_eq!(labels.name(1), "a");
    }

    #[test]
    fn numbers_read_by_value_and_come_before_texts() {
        let labels: Labels = ["x", "10", "9", "010", "a"].into_iter().collect();

        let names: Vec<_> = labels
            .sorted()
            .into_iter()
            .map(|id| labels.name(id))
            .collect();
        assert_eq!(names, ["9", "010", "10", "a", "x"]);
    }
}
