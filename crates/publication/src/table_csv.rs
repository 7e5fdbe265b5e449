//! The table people download, and the list that explains its columns.

use crate::{
    ClassTable, TableRow,
    canonical_table::csv_bytes,
    field_dictionary::FIELDS,
    row::{Cell, band_label, cells, flag_labels, status_label},
    safe_cell,
};

/// Tells spreadsheet programs that the file is UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The class tables as one CSV file with Chinese headings and a byte order mark.
///
/// Text cells are safe from being run as formulas. Units hidden show `<10`, the number being `hidden_below`.
#[must_use]
pub fn table_csv(tables: &[ClassTable], hidden_below: u32) -> Vec<u8> {
    let mut lines = vec![FIELDS.map(|field| field.heading.to_owned())];
    for table in tables {
        for line in &table.rows {
            let cells = labelled_cells(table, line, hidden_below);
            lines.push(cells.map(|cell| safe_cell(&cell.text())));
        }
    }
    with_mark(csv_bytes(&lines))
}

/// The field dictionary of the tables as CSV with a byte order mark.
#[must_use]
pub fn field_dictionary_csv() -> Vec<u8> {
    let mut lines = vec![["字段", "英文名", "类型", "含义"].map(str::to_owned)];
    lines.extend(
        FIELDS.map(|field| [field.heading, field.name, field.kind, field.meaning].map(safe_cell)),
    );
    with_mark(csv_bytes(&lines))
}

/// Lines of one length as a CSV file with a byte order mark, safe from being run as formulas.
#[must_use]
pub fn list_csv<const N: usize>(lines: &[[String; N]]) -> Vec<u8> {
    let safe = lines
        .iter()
        .map(|line| line.each_ref().map(|cell| safe_cell(cell)));
    with_mark(csv_bytes(&safe.collect::<Vec<_>>()))
}

/// The cells of a row under [`FIELDS`], with Chinese labels instead of codes.
pub(crate) fn labelled_cells(table: &ClassTable, line: &TableRow, hidden_below: u32) -> [Cell; 16] {
    let row = &line.row;
    let [
        unit,
        class,
        n,
        score,
        ci_low,
        ci_high,
        _,
        rank_low,
        rank_high,
        place,
        _,
        weight_covered,
        _,
    ] = cells(row);
    let n = match n {
        Cell::Empty => Cell::Text(format!("<{hidden_below}")),
        known => known,
    };
    [
        Cell::Text(table.name.clone()),
        class,
        unit,
        Cell::Text(line.unit_name.clone()),
        n,
        score,
        ci_low,
        ci_high,
        row.band
            .map_or(Cell::Empty, |band| Cell::Text(band_label(band).to_owned())),
        rank_low,
        rank_high,
        place,
        Cell::Text(line.change.label()),
        Cell::Text(status_label(row.status).to_owned()),
        weight_covered,
        Cell::Text(flag_labels(&row.flags)),
    ]
}

fn with_mark(csv: Vec<u8>) -> Vec<u8> {
    [BYTE_ORDER_MARK.to_vec(), csv].concat()
}

#[cfg(test)]
mod tests {
    use super::{field_dictionary_csv, table_csv};
    use crate::sample;

    fn text(csv: Vec<u8>) -> String {
        String::from_utf8(csv).unwrap()
    }

    #[test]
    fn the_table_opens_as_utf_8_with_chinese_headings() {
        let csv = text(table_csv(&[sample::table()], 10));

        assert!(csv.starts_with("\u{feff}类别,类别编号,单位编号,单位,有效样本,得分,"));
        assert!(csv.contains("服务管理类,service,D01,市人社局,140,88.95,86.50,91.32,与平均相当,1,3,2,持平,参加排名,100.00,\n"));
    }

    #[test]
    fn a_hidden_unit_shows_that_its_sample_is_too_small_and_no_figure() {
        let csv = text(table_csv(&[sample::table()], 10));

        assert!(csv.contains("D03,市档案馆,<10,,,,,,,,—,样本不足，不予公布,100.00,样本不足\n"));
    }

    #[test]
    fn a_unit_name_that_is_a_formula_stays_text() {
        let mut table = sample::table();
        table.rows[0].unit_name = "=HYPERLINK(\"http://x\")".to_owned();

        let csv = text(table_csv(&[table], 10));

        assert!(csv.contains("\"'=HYPERLINK(\"\"http://x\"\")\""));
    }

    #[test]
    fn the_dictionary_explains_every_column_of_the_table() {
        let dictionary = text(field_dictionary_csv());

        for heading in text(table_csv(&[], 10))
            .trim_start_matches('\u{feff}')
            .trim_end()
            .split(',')
        {
            assert!(dictionary.contains(&format!("\n{heading},")), "{heading}");
        }
    }
}
