//! The domains of an analysis: the whole sample, or the crossed labels of some columns.

use super::{AnalysisRefused, Table};
use std::collections::BTreeMap;

/// A part of the sample.
pub(super) struct Domain {
    /// Its labels joined by commas; `None` for the whole sample.
    pub(super) name: Option<String>,
    /// Its rows, ascending from 0.
    pub(super) rows: Vec<u32>,
}

/// The domains in reading order of their labels; a row with a blank label is in none.
pub(super) fn domains(table: &Table, by: &[String]) -> Result<Vec<Domain>, AnalysisRefused> {
    let rows = 0..u32::try_from(table.rows).expect("a file has fewer rows than 2^32");
    if by.is_empty() {
        return Ok(vec![Domain {
            name: None,
            rows: rows.collect(),
        }]);
    }
    let mut columns = Vec::new();
    for name in by {
        let labels = table.labels(name);
        let labels = labels.ok_or_else(|| AnalysisRefused::NoColumn(name.clone()))?;
        let sorted = labels.sorted();
        let mut place = vec![0; sorted.len()];
        for (order, id) in sorted.iter().enumerate() {
            place[*id as usize] = order;
        }
        columns.push((labels, sorted, place));
    }
    let mut found: BTreeMap<Vec<usize>, Vec<u32>> = BTreeMap::new();
    for row in rows {
        let places = columns
            .iter()
            .map(|(labels, _, place)| labels.ids()[row as usize].map(|id| place[id as usize]));
        if let Some(key) = places.collect::<Option<Vec<_>>>() {
            found.entry(key).or_default().push(row);
        }
    }
    Ok(found
        .into_iter()
        .map(|(key, rows)| {
            let labels = key.iter().zip(&columns);
            let names: Vec<_> = labels
                .map(|(place, (labels, sorted, _))| labels.name(sorted[*place]))
                .collect();
            Domain {
                name: Some(names.join(",")),
                rows,
            }
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_crossed_in_reading_order_and_a_blank_is_in_no_domain() {
        let mut table = Table::new(5);
        table.insert_labels("dept", ["10", "9", "9", "", "10"].into_iter().collect());
        table.insert_labels("sex", ["M", "M", "F", "F", "M"].into_iter().collect());

        let found = domains(&table, &["dept".to_owned(), "sex".to_owned()]).unwrap();

        let shown: Vec<_> = found
            .iter()
            .map(|domain| (domain.name.as_deref().unwrap(), domain.rows.as_slice()))
            .collect();
        assert_eq!(
            shown,
            [("9,F", &[2][..]), ("9,M", &[1][..]), ("10,M", &[0, 4][..])]
        );
        assert_eq!(domains(&table, &[]).unwrap()[0].rows, [0, 1, 2, 3, 4]);
    }
}
