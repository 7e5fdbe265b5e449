//! Parts that are tables: thin black lines over the whole width, no row torn apart.

use super::{
    DocumentTable,
    measure::{FANG, Font, HEI, WIDTH, size},
    text::run,
};
use docx_rs::{
    AlignmentType, Docx, LineSpacing, LineSpacingType, Paragraph, Table, TableCell,
    TableCellMargins, TableLayoutType, TableRow, VAlignType, WidthType,
};

/// Lines in a table, 20 points.
const TABLE_LINE: i32 = 400;
/// Space left and right of a text in a cell.
const BESIDE: usize = 85;

/// The table with its caption over it and half a line under it.
pub(super) fn add(file: Docx, content: &DocumentTable, on_new_page: bool) -> Docx {
    let caption = cell_text(&content.caption, &HEI, AlignmentType::Center)
        .keep_next(true)
        .page_break_before(on_new_page);
    let widths = widths(content);
    let head: Vec<_> = content
        .columns
        .iter()
        .map(|column| column.head.clone())
        .collect();
    let mut rows = vec![row(content, &widths, &head, &HEI)];
    for cells in &content.rows {
        rows.push(row(content, &widths, cells, &FANG));
    }
    let table = Table::new(rows)
        .set_grid(widths)
        .layout(TableLayoutType::Fixed)
        .width(WIDTH, WidthType::Dxa)
        .margins(TableCellMargins::new().margin(20, BESIDE, 20, BESIDE));
    let file = if content.caption.is_empty() && !on_new_page {
        file
    } else {
        file.add_paragraph(caption)
    };
    file.add_table(table)
        .add_paragraph(cell_text("", &FANG, AlignmentType::Left))
}

/// The width of the area shared out; what does not divide goes to the last column.
fn widths(content: &DocumentTable) -> Vec<usize> {
    let shares: Vec<usize> = content
        .columns
        .iter()
        .map(|column| usize::from(column.share.max(1)))
        .collect();
    let whole: usize = shares.iter().sum();
    let mut widths: Vec<usize> = shares
        .iter()
        .map(|share| WIDTH * share / whole.max(1))
        .collect();
    let used: usize = widths.iter().sum();
    if let Some(last) = widths.last_mut() {
        *last += WIDTH - used;
    }
    widths
}

fn row(content: &DocumentTable, widths: &[usize], texts: &[String], font: &Font) -> TableRow {
    let cells = content.columns.iter().zip(widths).enumerate();
    let cells = cells.map(|(index, (column, width))| {
        let align = if column.number {
            AlignmentType::Right
        } else {
            AlignmentType::Left
        };
        let text = texts.get(index).map_or("", String::as_str);
        TableCell::new()
            .width(*width, WidthType::Dxa)
            .vertical_align(VAlignType::Center)
            .add_paragraph(cell_text(text, font, align))
    });
    TableRow::new(cells.collect()).cant_split()
}

fn cell_text(text: &str, font: &Font, align: AlignmentType) -> Paragraph {
    let spacing = LineSpacing::new()
        .line_rule(LineSpacingType::Exact)
        .line(TABLE_LINE);
    Paragraph::new()
        .snap_to_grid(false)
        .line_spacing(spacing)
        .align(align)
        .add_run(run(text, font, size::TABLE))
}
