//! Style sheets and scripts inside the binary, under names that change with their content.

use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Files;

/// A file as browsers get it; its address changes with every change of its bytes.
#[derive(Debug)]
pub struct Asset {
    /// Address such as `/assets/citizen.9f2c41d877ab03e6.css`.
    pub href: String,
    /// Media type with character set.
    pub media_type: &'static str,
    /// The bytes.
    pub bytes: Vec<u8>,
}

static CITIZEN_CSS: LazyLock<Asset> = LazyLock::new(|| style_sheet("citizen"));
static CONSOLE_CSS: LazyLock<Asset> = LazyLock::new(|| style_sheet("console"));
static LETTERS_CSS: LazyLock<Asset> = LazyLock::new(|| style_sheet("letters"));
static PORTAL_CSS: LazyLock<Asset> = LazyLock::new(|| style_sheet("portal"));
static CITIZEN_JS: LazyLock<Asset> = LazyLock::new(|| script("citizen"));
static CONSOLE_JS: LazyLock<Asset> = LazyLock::new(|| script("console"));

/// The style sheet of the citizen pages.
#[must_use]
pub fn citizen_css() -> &'static str {
    &CITIZEN_CSS.href
}

/// The style sheet of the workplaces.
#[must_use]
pub fn console_css() -> &'static str {
    &CONSOLE_CSS.href
}

/// The style sheet of letters on paper.
#[must_use]
pub fn letters_css() -> &'static str {
    &LETTERS_CSS.href
}

/// The style sheet of the public portal.
#[must_use]
pub fn portal_css() -> &'static str {
    &PORTAL_CSS.href
}

/// The optional script of the citizen pages.
#[must_use]
pub fn citizen_js() -> &'static str {
    &CITIZEN_JS.href
}

/// The optional script of the workplaces.
#[must_use]
pub fn console_js() -> &'static str {
    &CONSOLE_JS.href
}

/// The file with exactly this address.
#[must_use]
pub fn find(href: &str) -> Option<&'static Asset> {
    [
        &CITIZEN_CSS,
        &CONSOLE_CSS,
        &LETTERS_CSS,
        &PORTAL_CSS,
        &CITIZEN_JS,
        &CONSOLE_JS,
    ]
    .into_iter()
    .map(|asset| &**asset)
    .find(|asset| asset.href == href)
}

fn style_sheet(face: &str) -> Asset {
    let text = format!("{}{}", source("tokens.css"), source(&format!("{face}.css")));
    named(
        face,
        "css",
        "text/css; charset=utf-8",
        without_comments(&text),
    )
}

fn script(face: &str) -> Asset {
    let text = source(&format!("{face}.js"));
    named(
        face,
        "js",
        "text/javascript; charset=utf-8",
        without_comments(&text),
    )
}

fn source(name: &str) -> String {
    let file = Files::get(name).expect("the asset is embedded at compile time");
    String::from_utf8(file.data.into_owned()).expect("our assets are UTF-8")
}

fn named(face: &str, extension: &str, media_type: &'static str, text: String) -> Asset {
    let digest = hex::encode(Sha256::digest(text.as_bytes()));
    Asset {
        href: format!("/assets/{face}.{}.{extension}", &digest[..16]),
        media_type,
        bytes: text.into_bytes(),
    }
}

/// Takes out `/* … */` and the spaces at the start of lines; our sources have neither inside strings.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, tail)| tail);
    }
    out.push_str(rest);
    let lines: Vec<&str> = out
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_content_and_leads_to_it() {
        let asset = find(citizen_css()).unwrap();

        assert!(String::from_utf8_lossy(&asset.bytes).contains("--qing-700"));
        assert!(find("/assets/citizen.css").is_none());
    }

    #[test]
    fn comments_are_not_sent() {
        for href in [
            citizen_css(),
            console_css(),
            portal_css(),
            citizen_js(),
            console_js(),
        ] {
            let text = String::from_utf8_lossy(&find(href).unwrap().bytes).into_owned();
            assert!(!text.contains("/*"), "{href}");
        }
    }

    /// Chrome 66 and iOS 12: what they cannot parse would take the whole script or rule with it.
    #[test]
    fn citizen_script_and_style_are_written_for_old_web_views() {
        let text = |href| String::from_utf8_lossy(&find(href).unwrap().bytes).into_owned();
        let (script, style) = (text(citizen_js()), text(citizen_css()));

        for new in [
            "=>", "let ", "const ", "`", "?.", "??", "async ", "class ", "...",
        ] {
            assert!(!script.contains(new), "{new} in the script");
        }
        for new in [
            ":has(",
            ":is(",
            ":where(",
            "inset:",
            "clamp(",
            ":min(",
            ":max(",
            "aspect-ratio",
            "@layer",
            "@container",
            "place-",
        ] {
            assert!(!style.contains(new), "{new} in the style");
        }
    }

    #[test]
    fn citizen_style_uses_no_flex_gap_because_old_web_views_ignore_it() {
        let text = String::from_utf8_lossy(&find(citizen_css()).unwrap().bytes).into_owned();

        for rule in text
            .split('}')
            .filter(|rule| rule.contains("display:flex") || rule.contains("display:inline-flex"))
        {
            assert!(!rule.contains("gap:"), "{rule}");
        }
    }
}
