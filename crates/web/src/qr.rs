//! A link as a square to be scanned.

use crate::Svg;
use qrcode::{Color, EcLevel, QrCode};

/// Modules of quiet zone around the code (ISO/IEC 18004 asks for four).
const QUIET: usize = 4;

/// The text as a QR code of the middle level of error correction; empty for a text too long for one.
pub(crate) fn qr(text: &str) -> Svg {
    let mut svg = Svg::new();
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else {
        return svg;
    };
    let (width, dots) = (code.width(), code.to_colors());
    let side = width + 2 * QUIET;
    svg.draw(format_args!(
        r##"<svg class="qr" viewBox="0 0 {side} {side}" role="img" aria-label="二维码" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d=""##
    ));
    for (place, _) in dots
        .iter()
        .enumerate()
        .filter(|(_, dot)| **dot == Color::Dark)
    {
        let (x, y) = (place % width + QUIET, place / width + QUIET);
        svg.draw(format_args!("M{x} {y}h1v1h-1z"));
    }
    svg.draw(format_args!(r#""/></svg>"#));
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_becomes_one_square_and_a_book_none() {
        let svg = qr("https://hy.example.cn/s/2026Q3#0123-4567").to_string();

        // The three corners: a dark module at the start, the end of the first row, and below.
        assert!(svg.contains("M4 4h1v1h-1z"), "{svg}");
        assert_eq!(svg.matches("<path").count(), 2);
        assert_eq!(qr(&"x".repeat(5_000)).to_string(), "");
    }
}
