//! Parts that are paragraphs.

use super::{
    HeadingLevel, Part,
    measure::{
        FANG, FOUR_CHARACTERS, Font, HEI, KAI, LINE, RED, SONG, TITLE, TRACKING, TWO_CHARACTERS,
        fonts, size,
    },
    page::line,
};
use docx_rs::{
    AlignmentType, BorderType, BreakType, LineSpacing, LineSpacingType, Paragraph, ParagraphBorder,
    ParagraphBorderPosition, ParagraphBorders, Run, SpecialIndentType,
};

/// Lines of a title, 35 points.
const TITLE_LINE: i32 = 700;
/// From the top of the area to the mark, 35 mm.
const ABOVE_MARK: u32 = 1_984;
/// The red rule, 1 point; in eighths of a point.
const RULE: usize = 8;
/// From the number to the rule, 4 mm in points.
const ABOVE_RULE: usize = 11;

/// The paragraphs of a part that is no table.
pub(super) fn paragraphs(part: &Part, on_new_page: bool) -> Vec<Paragraph> {
    let mut made = match part {
        Part::Mark(text) => vec![mark(text)],
        Part::Number(text) => vec![number(text)],
        Part::Title(text) => vec![title(text)],
        Part::Addressee(text) => vec![body().add_run(run(text, &FANG, size::TEXT))],
        Part::Heading(level, text) => vec![heading(*level, text)],
        Part::Paragraph(text) => vec![indented().add_run(run(text, &FANG, size::TEXT))],
        Part::Blank(text) => vec![blank(text)],
        Part::Signature { from, date } => signature(from, date),
        Part::Table(_) | Part::NewPage => Vec::new(),
    };
    if on_new_page && !made.is_empty() {
        let first = made.remove(0).page_break_before(true);
        made.insert(0, first);
    }
    made
}

/// Text in a font and a size; what XML cannot hold is left out, and a line break in it is a blank.
pub(super) fn run(text: &str, font: &Font, half_points: usize) -> Run {
    let run = Run::new().fonts(fonts(font)).size(half_points);
    let run = if half_points == size::TEXT {
        run.character_spacing(TRACKING)
    } else {
        run
    };
    run.add_text(holdable(text))
}

/// The text without the characters XML 1.0 has no place for.
pub(super) fn holdable(text: &str) -> String {
    text.chars()
        .map(|letter| {
            if matches!(letter, '\n' | '\r' | '\t') {
                ' '
            } else {
                letter
            }
        })
        .filter(|letter| !letter.is_control() && !matches!(letter, '\u{fffe}' | '\u{ffff}'))
        .collect()
}

/// A line of small print.
pub(super) fn small(text: &str) -> Paragraph {
    let spacing = LineSpacing::new()
        .line_rule(LineSpacingType::Auto)
        .line(240);
    Paragraph::new()
        .snap_to_grid(false)
        .line_spacing(spacing)
        .align(AlignmentType::Center)
        .add_run(run(text, &SONG, size::SMALL))
}

fn body() -> Paragraph {
    Paragraph::new()
        .align(AlignmentType::Both)
        .line_spacing(line(LINE))
}

/// A paragraph whose first line is two characters in.
fn indented() -> Paragraph {
    let first = Some(SpecialIndentType::FirstLine(TWO_CHARACTERS));
    body().indent(None, first, None, None)
}

fn mark(text: &str) -> Paragraph {
    Paragraph::new()
        .snap_to_grid(false)
        .align(AlignmentType::Center)
        .line_spacing(LineSpacing::new().before(ABOVE_MARK).after(0))
        .add_run(run(text, &TITLE, size::MARK).color(RED))
}

fn number(text: &str) -> Paragraph {
    let rule = ParagraphBorder::new(ParagraphBorderPosition::Bottom)
        .val(BorderType::Single)
        .size(RULE)
        .space(ABOVE_RULE)
        .color(RED);
    let mut paragraph = Paragraph::new()
        .align(AlignmentType::Center)
        .line_spacing(line(LINE).before_lines(200).before(2 * LINE.unsigned_abs()))
        .add_run(run(text, &FANG, size::TEXT));
    paragraph.property = paragraph
        .property
        .set_borders(ParagraphBorders::with_empty().set(rule));
    paragraph
}

fn title(text: &str) -> Paragraph {
    let two_lines = 2 * LINE.unsigned_abs();
    Paragraph::new()
        .snap_to_grid(false)
        .keep_next(true)
        .align(AlignmentType::Center)
        .line_spacing(
            line(TITLE_LINE)
                .before(two_lines)
                .after(LINE.unsigned_abs()),
        )
        .add_run(title_run(text))
}

/// The lines of a title in one run.
fn title_run(text: &str) -> Run {
    let mut lines = text.lines();
    let first = run(lines.next().unwrap_or_default(), &TITLE, size::TITLE);
    lines.fold(first, |run, line| {
        run.add_break(BreakType::TextWrapping)
            .add_text(holdable(line))
    })
}

fn heading(level: HeadingLevel, text: &str) -> Paragraph {
    let (style, font) = match level {
        HeadingLevel::First => ("Heading1", &HEI),
        HeadingLevel::Second => ("Heading2", &KAI),
    };
    indented()
        .style(style)
        .keep_next(true)
        .add_run(run(text, font, size::TEXT))
}

/// A line for handwriting: the words, and a rule to the right end.
fn blank(text: &str) -> Paragraph {
    let rule = "\u{3000}".repeat(12);
    indented()
        .add_run(run(text, &FANG, size::TEXT))
        .add_run(run(&rule, &FANG, size::TEXT).underline("single"))
}

/// The date four characters from the right, the office centred over it.
fn signature(from: &str, date: &str) -> Vec<Paragraph> {
    let over = i32::try_from(from.chars().count()).unwrap_or_default() * 320;
    let under = width_of(date);
    let right = (FOUR_CHARACTERS + (under - over) / 2).max(0);
    let at_right = |text: &str, distance: i32| {
        Paragraph::new()
            .align(AlignmentType::Right)
            .keep_lines(true)
            .indent(None, None, Some(distance), None)
            .add_run(run(text, &FANG, size::TEXT))
    };
    let two_lines = 2 * LINE.unsigned_abs();
    vec![
        at_right(from, right)
            .keep_next(true)
            .line_spacing(line(LINE).before(two_lines)),
        at_right(date, FOUR_CHARACTERS).line_spacing(line(LINE)),
    ]
}

/// Width of a text of 3 号: digits are half as wide as characters.
fn width_of(text: &str) -> i32 {
    text.chars()
        .map(|letter| if letter.is_ascii() { 160 } else { 320 })
        .sum()
}
