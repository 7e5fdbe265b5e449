//! The receipt and what happens next.

use crate::{
    frame::CitizenFrame,
    markup::{Svg, escaped},
};
use askama::Template;

/// Shown once after handing in.
#[derive(Debug, Template)]
#[template(path = "citizen/receipt.html")]
pub struct ReceiptPage {
    /// Frame.
    pub frame: CitizenFrame,
    /// The code in groups of four.
    pub code: String,
    /// The whole receipt as a square code.
    pub qr: Svg,
    /// How the answer is kept, in words that are true of the round.
    pub kept: &'static str,
    /// The day it is shown, which is the day of handing in.
    pub day: String,
    /// What happens next, in order.
    pub steps: Vec<ReceiptStep>,
}

/// One step to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptStep {
    /// What happens.
    pub what: &'static str,
    /// When.
    pub when: String,
}

impl ReceiptPage {
    fn received(&self) -> String {
        self.frame.language.received_on(&self.day)
    }
}

/// A text as a square code of black squares on white, with the quiet edge readers need; nothing when it is too long.
#[must_use]
pub fn square_code(text: &str, words: &str) -> Svg {
    let mut svg = Svg::new();
    let Ok(code) = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M) else {
        return svg;
    };
    let width = code.width();
    let whole = width + 2 * EDGE;
    svg.draw(format_args!(
        r#"<svg class="qr" viewBox="0 0 {whole} {whole}" role="img" aria-label="{}" shape-rendering="crispEdges"><rect width="{whole}" height="{whole}" fill="white"/><path d=""#,
        escaped(words)
    ));
    let dark = |place: &usize| code[(*place % width, *place / width)] == qrcode::Color::Dark;
    for place in (0..width * width).filter(dark) {
        let (x, y) = (place % width + EDGE, place / width + EDGE);
        svg.draw(format_args!("M{x} {y}h1v1h-1z"));
    }
    svg.draw(format_args!(r#"" fill="black"/></svg>"#));
    svg
}

/// Squares of white around a square code (ISO/IEC 18004).
const EDGE: usize = 4;
