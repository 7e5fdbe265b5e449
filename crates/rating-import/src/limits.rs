//! How large a file may be before it is refused unread.

/// Upper limits of one file; all of them count what is really there, not what the file declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file as sent.
    pub bytes: usize,
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
    pub cells: usize,
}

impl Default for Limits {
    /// The limits of a public office: 20 MB, 200,000 rows, 256 columns.
    fn default() -> Self {
        Self {
            bytes: 20 * 1024 * 1024,
            entries: 200,
            inflated_bytes: 200 * 1024 * 1024,
            inflated_ratio: 100,
            shared_strings: 2_000_000,
            rows: 200_000,
            columns: 256,
            cells: 5_000_000,
        }
    }
}
