//! The mark 回, the ripple behind headings, and the line icons.

use crate::markup::Svg;

/// A line icon on a 24 × 24 grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// Loudspeaker: read aloud.
    Sound,
    /// Arrow to the left.
    Back,
    /// Arrow to the right.
    Next,
    /// Bookmark: keep for later.
    Save,
    /// Padlock: privacy.
    Lock,
    /// Circle with an exclamation mark.
    Alert,
    /// A public building.
    Building,
    /// Tray of incoming work.
    Inbox,
    /// Columns.
    Chart,
    /// Speech bubble.
    Chat,
    /// Book.
    Book,
    /// Bell.
    Bell,
    /// Download.
    Down,
    /// Magnifying glass.
    Search,
    /// Tick.
    Check,
    /// Clock face.
    Clock,
    /// Sheet of paper.
    File,
    /// Shield with a tick.
    Shield,
    /// Person.
    User,
    /// Question mark in a circle.
    Help,
    /// Small arrow downwards.
    Caret,
    /// Flag.
    Flag,
    /// Eye.
    Eye,
}

impl Icon {
    const fn paths(self) -> &'static str {
        match self {
            Self::Sound => {
                r#"<path d="M4 9v6h4l5 4V5L8 9H4z"/><path d="M16.5 8.5a5 5 0 0 1 0 7M19 6a8.5 8.5 0 0 1 0 12" fill="none"/>"#
            }
            Self::Back => r#"<path d="M15 5l-7 7 7 7" fill="none"/>"#,
            Self::Next => r#"<path d="M9 5l7 7-7 7" fill="none"/>"#,
            Self::Save => r#"<path d="M6 4h12v17l-6-4.5L6 21z" fill="none"/>"#,
            Self::Lock => {
                r#"<rect x="5" y="11" width="14" height="9" rx="2" fill="none"/><path d="M8 11V8a4 4 0 0 1 8 0v3" fill="none"/>"#
            }
            Self::Alert => {
                r#"<circle cx="12" cy="12" r="9" fill="none"/><path d="M12 7.5v5.5M12 16.2v.3" fill="none"/>"#
            }
            Self::Building => r#"<path d="M4 20h16M6 20V9l6-5 6 5v11M10 20v-5h4v5" fill="none"/>"#,
            Self::Inbox => {
                r#"<path d="M4 13l3-8h10l3 8v6H4zM4 13h5l1.5 2.5h3L15 13h5" fill="none"/>"#
            }
            Self::Chart => r#"<path d="M4 20V4M4 20h16M8 16v-4M12.5 16V8M17 16v-6" fill="none"/>"#,
            Self::Chat => r#"<path d="M4 5h16v11H11l-5 4v-4H4z" fill="none"/>"#,
            Self::Book => {
                r#"<path d="M5 4h13v16H7a2 2 0 0 1-2-2zM5 18a2 2 0 0 1 2-2h11" fill="none"/>"#
            }
            Self::Bell => {
                r#"<path d="M6 17V11a6 6 0 0 1 12 0v6l1.5 1.5h-15zM10 21h4" fill="none"/>"#
            }
            Self::Down => r#"<path d="M12 4v11M7 10.5l5 5 5-5M5 20h14" fill="none"/>"#,
            Self::Search => {
                r#"<circle cx="11" cy="11" r="6" fill="none"/><path d="M15.5 15.5L20 20" fill="none"/>"#
            }
            Self::Check => r#"<path d="M5 12.5l4.5 4.5L19 7.5" fill="none"/>"#,
            Self::Clock => {
                r#"<circle cx="12" cy="12" r="8.5" fill="none"/><path d="M12 7.5V12l3 2" fill="none"/>"#
            }
            Self::File => r#"<path d="M6 3h8l4 4v14H6zM14 3v4h4" fill="none"/>"#,
            Self::Shield => {
                r#"<path d="M12 3l7 3v5c0 5-3 8.3-7 10-4-1.7-7-5-7-10V6z" fill="none"/><path d="M8.8 12l2.3 2.3 4.2-4.4" fill="none"/>"#
            }
            Self::User => {
                r#"<circle cx="12" cy="8" r="4" fill="none"/><path d="M4.5 20c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5" fill="none"/>"#
            }
            Self::Help => {
                r#"<circle cx="12" cy="12" r="9" fill="none"/><path d="M9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M12 16.6v.3" fill="none"/>"#
            }
            Self::Caret => r#"<path d="M7 10l5 5 5-5" fill="none"/>"#,
            Self::Flag => r#"<path d="M6 21V4h11l-2 4 2 4H6" fill="none"/>"#,
            Self::Eye => {
                r#"<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z" fill="none"/><circle cx="12" cy="12" r="2.6" fill="none"/>"#
            }
        }
    }

    /// Draws the icon `size` pixels wide and high with a line of 1.8.
    #[must_use]
    pub fn draw(self, size: u16) -> Svg {
        self.draw_bold(size, "1.8")
    }

    /// Draws the icon with a heavier line, for small sizes.
    #[must_use]
    pub fn draw_bold(self, size: u16, line: &'static str) -> Svg {
        let mut svg = Svg::new();
        let paths = self.paths();
        svg.draw(format_args!(
            r#"<svg width="{size}" height="{size}" viewBox="0 0 24 24" aria-hidden="true" focusable="false" fill="currentColor" stroke="currentColor" stroke-width="{line}" stroke-linecap="round" stroke-linejoin="round">{paths}</svg>"#
        ));
        svg
    }
}

/// The mark 「回」: a speech bubble that holds an answer. Our own mark; no emblem and no seal.
#[must_use]
pub fn mark(size: u16) -> Svg {
    let mut svg = Svg::new();
    svg.draw(format_args!(
        r##"<svg width="{size}" height="{size}" viewBox="0 0 36 36" aria-hidden="true" focusable="false"><path d="M8 2h20a6 6 0 0 1 6 6v17a6 6 0 0 1-6 6H17l-6.2 4.4a.9.9 0 0 1-1.4-.8L9.7 31H8a6 6 0 0 1-6-6V8a6 6 0 0 1 6-6z" fill="#a12b1f"/><rect x="8.5" y="7.5" width="19" height="18" rx="2.2" fill="none" stroke="#fff" stroke-width="2.4"/><rect x="14" y="13" width="8" height="7" rx="1" fill="#fff"/></svg>"##
    ));
    svg
}

/// Rings that spread from a point, behind a heading; `class` places them.
#[must_use]
pub fn ripple(class: &'static str, size: u16, rings: u16) -> Svg {
    let centre = f64::from(size) / 2.0;
    let mut svg = Svg::new();
    svg.draw(format_args!(
        r#"<svg class="{class}" width="{size}" height="{size}" viewBox="0 0 {size} {size}" aria-hidden="true" focusable="false" fill="none" stroke="currentColor" stroke-width="1.5">"#
    ));
    for ring in 1..=rings {
        let radius = centre * f64::from(ring) / f64::from(rings) - 2.0;
        svg.draw(format_args!(
            r#"<circle cx="{centre}" cy="{centre}" r="{radius:.0}"/>"#
        ));
    }
    svg.draw(format_args!("</svg>"));
    svg
}

/// The shape that repeats the colour of a band: triangle up, dot, triangle down, ring.
#[must_use]
pub fn band_mark(class: &str) -> Svg {
    let shape = match class {
        "hi" => r#"<path d="M7 1.5l6 11H1z" fill="currentColor"/>"#,
        "lo" => r#"<path d="M7 12.5l6-11H1z" fill="currentColor"/>"#,
        "mid" => r#"<circle cx="7" cy="7" r="5.5" fill="currentColor"/>"#,
        _ => {
            r#"<circle cx="7" cy="7" r="4.5" fill="none" stroke="currentColor" stroke-width="2"/>"#
        }
    };
    let mut svg = Svg::new();
    svg.draw(format_args!(
        r#"<svg class="mk" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" focusable="false">{shape}</svg>"#
    ));
    svg
}
