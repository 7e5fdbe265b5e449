//! The small example that explains how to read rank intervals.

use crate::markup::Svg;

/// Draws the example: bar from 5 to 11, dot at 7.
#[must_use]
pub fn how_to_read() -> Svg {
    let mut svg = Svg::new();
    svg.draw(format_args!(
        r##"<svg viewBox="0 0 300 118" role="img" aria-label="读图示例：横条从第 5 到第 11，圆点在第 7" font-size="13"><g stroke="#e6e1d5">"##
    ));
    for line in 0..11 {
        let x = 20 + line * 26;
        svg.draw(format_args!(r#"<line x1="{x}" x2="{x}" y1="16" y2="70"/>"#));
    }
    svg.draw(format_args!(
        r##"</g><rect x="72" y="36" width="170" height="14" rx="7" fill="#938d7e"/><circle cx="124" cy="43" r="9" fill="#3b4a53" stroke="#fff" stroke-width="2"/><g fill="#14222b"><text x="72" y="26" text-anchor="middle">最好第 5</text><text x="242" y="26" text-anchor="middle">最差第 11</text><text x="124" y="88" text-anchor="middle">按得分排第 7</text></g><path d="M124 56v17" stroke="#14222b"/><text x="150" y="108" text-anchor="middle" fill="#55626b">95% 的把握，位次在横条之内</text></svg>"##
    ));
    svg
}
