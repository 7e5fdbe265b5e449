//! The page: paper, area, grid, the styles, the page number and the small print.

use super::{
    SmallPrint,
    measure::{
        ABOVE, BELOW, FANG, FOOTER, Font, HEADER, HEI, KAI, LEFT, LINE, ONE_CHARACTER, PAGE, RIGHT,
        SONG, fonts, size,
    },
    text::{run, small},
};
use docx_rs::{
    AlignmentType, DocGrid, DocGridType, Docx, FieldCharType, Footer, Header, InstrPAGE, InstrText,
    LineSpacing, LineSpacingType, PageMargin, Paragraph, Style, StyleType,
};

/// The empty document with its page.
pub(super) fn set_up(file: Docx, small_print: Option<&SmallPrint>) -> Docx {
    let margin = PageMargin::new()
        .top(ABOVE)
        .bottom(BELOW)
        .left(LEFT)
        .right(RIGHT)
        .header(HEADER)
        .footer(FOOTER);
    let grid = DocGrid::new()
        .grid_type(DocGridType::Lines)
        .line_pitch(LINE.unsigned_abs() as usize);
    let mut file = file
        .page_size(PAGE.0, PAGE.1)
        .page_margin(margin)
        .default_fonts(fonts(&FANG))
        .default_size(size::TEXT)
        .add_style(heading("Heading1", "heading 1", &HEI, 0))
        .add_style(heading("Heading2", "heading 2", &KAI, 1))
        .footer(footer(Side::Right, small_print))
        .even_footer(footer(Side::Left, small_print));
    if let Some(print) = small_print {
        file = file.header(header(print)).even_header(header(print));
    }
    file.document.section_property = file.document.section_property.doc_grid(grid);
    file
}

/// A style that programs list in the outline.
fn heading(id: &str, name: &str, font: &Font, level: usize) -> Style {
    Style::new(id, StyleType::Paragraph)
        .name(name)
        .fonts(fonts(font))
        .size(size::TEXT)
        .line_spacing(line(LINE))
        .outline_lvl(level)
        .q_format(true)
}

/// Lines of exactly this height.
pub(super) fn line(height: i32) -> LineSpacing {
    LineSpacing::new()
        .line_rule(LineSpacingType::Exact)
        .line(height)
        .before(0)
        .after(0)
}

/// Where the page number stands: outside, one character in.
#[derive(Clone, Copy)]
enum Side {
    /// On odd pages.
    Right,
    /// On even pages.
    Left,
}

fn footer(side: Side, small_print: Option<&SmallPrint>) -> Footer {
    let number = run("— ", &SONG, size::PAGE_NUMBER)
        .add_field_char(FieldCharType::Begin, false)
        .add_instr_text(InstrText::PAGE(InstrPAGE::new()))
        .add_field_char(FieldCharType::Separate, false)
        .add_text("1")
        .add_field_char(FieldCharType::End, false)
        .add_text(" —");
    let paragraph = Paragraph::new().snap_to_grid(false).add_run(number);
    let paragraph = match side {
        Side::Right => {
            paragraph
                .align(AlignmentType::Right)
                .indent(None, None, Some(ONE_CHARACTER), None)
        }
        Side::Left => {
            paragraph
                .align(AlignmentType::Left)
                .indent(Some(ONE_CHARACTER), None, None, None)
        }
    };
    let last = small_print.map_or("", |print| print.footer.as_str());
    Footer::new()
        .add_paragraph(paragraph)
        .add_paragraph(small(last))
}

fn header(print: &SmallPrint) -> Header {
    Header::new().add_paragraph(small(&print.header))
}
