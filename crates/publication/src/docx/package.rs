//! The archive: what the library writes, with our fonts and our particulars.

use super::{
    Document,
    measure::{FONTS, Font},
    text::holdable,
};
use docx_rs::Docx;
use std::io::{self, Cursor};

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// The bytes of the file.
pub(super) fn packed(file: Docx, document: &Document) -> io::Result<Vec<u8>> {
    let mut parts = file.build();
    parts.styles = in_chinese(parts.styles);
    parts.font_table = font_table().into_bytes();
    parts.doc_props.core = particulars(document).into_bytes();
    let mut bytes = Cursor::new(Vec::new());
    parts.pack(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes.into_inner())
}

/// Says that the text is Chinese as written in the mainland: the same character is drawn otherwise in Japan.
fn in_chinese(styles: Vec<u8>) -> Vec<u8> {
    let end = "</w:rPr></w:rPrDefault>";
    let said = format!(r#"<w:lang w:val="en-US" w:eastAsia="zh-CN"/>{end}"#);
    match String::from_utf8(styles) {
        Ok(text) => text.replacen(end, &said, 1).into_bytes(),
        Err(other) => other.into_bytes(),
    }
}

/// Every font with its substitutes, in the order a program is to try them.
fn font_table() -> String {
    let fonts: String = FONTS.iter().map(|font| font_entry(font)).collect();
    format!(r#"{HEAD}<w:fonts xmlns:w="{WORD}">{fonts}</w:fonts>"#)
}

fn font_entry(font: &Font) -> String {
    let (name, substitutes, family) = (font.name, font.substitutes, font.family);
    let charset = if family == "roman" { "00" } else { "86" };
    format!(
        r#"<w:font w:name="{name}"><w:altName w:val="{substitutes}"/><w:charset w:val="{charset}"/><w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>"#
    )
}

/// Title, issuer and day, as programs and screen readers show them; no name of a person.
fn particulars(document: &Document) -> String {
    let (title, issuer) = (escaped(&document.title), escaped(&document.issuer));
    let day = document.issued_on;
    format!(
        r#"{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{title}</dc:title><dc:creator>{issuer}</dc:creator><dc:language>zh-CN</dc:language><dcterms:created xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:modified></cp:coreProperties>"#
    )
}

fn escaped(text: &str) -> String {
    holdable(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
