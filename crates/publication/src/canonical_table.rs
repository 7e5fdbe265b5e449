//! The published table in one single spelling, and the digest people compare.

use crate::{
    row::{COLUMNS, cells},
    safe_cell,
};
use analytics::RankingRow;
use sha2::{Digest, Sha256};

/// The table as UTF-8 CSV: English column names, rows sorted by class and unit, exactly the published digits,
/// LF line ends, no byte order mark. Hidden figures are empty.
#[must_use]
pub fn canonical_table<'a>(rows: impl IntoIterator<Item = &'a RankingRow>) -> Vec<u8> {
    let mut rows: Vec<&RankingRow> = rows.into_iter().collect();
    rows.sort_by(|a, b| (&a.class, &a.unit).cmp(&(&b.class, &b.unit)));
    let mut lines = vec![COLUMNS.map(str::to_owned)];
    lines.extend(
        rows.into_iter()
            .map(|row| cells(row).map(|cell| safe_cell(&cell.text()))),
    );
    csv_bytes(&lines)
}

/// SHA-256 of [`canonical_table`] in lower-case hexadecimal digits.
#[must_use]
pub fn table_digest<'a>(rows: impl IntoIterator<Item = &'a RankingRow>) -> String {
    hex::encode(Sha256::digest(canonical_table(rows)))
}

/// Lines of cells as CSV with LF line ends.
pub(crate) fn csv_bytes<const N: usize>(lines: &[[String; N]]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for line in lines {
        writer
            .write_record(line)
            .expect("lines of one length written to memory");
    }
    writer.into_inner().expect("flushing to memory cannot fail")
}

#[cfg(test)]
mod tests {
    use crate::{canonical_table, sample, table_digest};

    #[test]
    fn the_table_holds_the_published_digits_sorted_by_class_and_unit() {
        let table = String::from_utf8(canonical_table(&sample::rows())).unwrap();

        assert_eq!(
            table,
            "unit,class,n,score,ci_low,ci_high,band,rank_low,rank_high,place,status,weight_covered,flags\n\
             D01,service,140,88.95,86.50,91.32,same,1,3,2,ranked,100.00,\n\
             D02,service,152,92.10,90.00,94.00,above,1,2,1,ranked,80.00,weight_reallocated(hall) not_applicable(hall)\n\
             D03,service,,,,,,,,,hidden,100.00,too_few_ratings\n"
        );
    }

    #[test]
    fn the_order_of_rows_does_not_matter_and_a_digit_does() {
        let mut turned = sample::rows();
        turned.reverse();
        assert_eq!(table_digest(&turned), table_digest(&sample::rows()));

        turned[2].score = Some(88.96);
        assert_ne!(table_digest(&turned), table_digest(&sample::rows()));
    }
}
