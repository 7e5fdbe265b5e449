//! How large a file may be before it is refused.

/// Upper limits of one file; all of them count what is really there, not what the file declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file as sent.
    pub bytes: u64,
    /// Bytes of an old workbook, which has to be held in memory.
    pub old_workbook_bytes: u64,
    /// Entries of a workbook's archive.
    pub entries: usize,
    /// Bytes of a workbook's archive after inflating.
    pub inflated_bytes: u64,
    /// Inflated bytes for each byte as sent.
    pub inflated_ratio: u64,
    /// Strings a workbook may declare; the reader reserves memory for as many.
    pub shared_strings: u64,
    /// Highest row number that may hold a value.
    pub rows: u32,
    /// Highest column number that may hold a value.
    pub columns: u32,
    /// Cells with a value in the whole file.
    pub cells: u64,
}

impl Default for Limits {
    /// The limits of a public office. Rows are read one by one, so the numbers bound time and disk, not memory:
    /// half a million hotline orders with their texts are 150 to 250 MB, a province's year is split by month; no
    /// spreadsheet shows more than 1,048,576 rows; the distinct texts of a workbook stay in memory, so they are few.
    fn default() -> Self {
        const MIB: u64 = 1024 * 1024;
        Self {
            bytes: 256 * MIB,
            old_workbook_bytes: 32 * MIB,
            entries: 200,
            inflated_bytes: 1024 * MIB,
            inflated_ratio: 100,
            shared_strings: 4_000_000,
            rows: 1_048_576,
            columns: 256,
            cells: 40_000_000,
        }
    }
}
