//! What holds on every page.

use askama::Template;
use std::{collections::BTreeSet, fs, path::Path};

/// Renders a page, checks what holds on every page, keeps it for a browser, and gives the markup back.
pub fn rendered(name: &str, page: &impl Template) -> String {
    checked(name, page.render().unwrap())
}

/// As [`rendered`], for a page the site gave.
pub fn checked(name: &str, html: String) -> String {
    keep(name, &html);
    assert_eq!(html.matches("<h1").count(), 1, "{name}: exactly one h1");
    let english = html.contains(r#"<html lang="en""#);
    assert!(
        english || html.contains(r#"<html lang="zh-CN""#),
        "{name}: language"
    );
    if english {
        no_unmarked_chinese(name, &html);
    } else {
        full_width_punctuation(name, &html);
    }
    assert!(
        html.contains(r##"<a class="skip" href="#main">"##),
        "{name}: skip link"
    );
    assert!(
        html.contains(r#"<main id="main""#) || html.contains(r#"<main class="main" id="main""#),
        "{name}: main"
    );
    assert!(!html.contains(" style="), "{name}: no inline style");
    assert!(!html.contains("<style"), "{name}: no style element");
    assert!(!html.contains(" onclick="), "{name}: no inline handler");
    for script in html.split("<script").skip(1) {
        assert!(
            script.starts_with(" src=\"/assets/"),
            "{name}: no inline script"
        );
    }
    let title = between(&html, "<title>", "</title>");
    assert!(
        title.chars().count() > 6,
        "{name}: a title that says something: {title}"
    );
    no_id_twice(name, &html);
    every_link_leads_somewhere(name, &html);
    html
}

pub fn h1(html: &str) -> String {
    let inside = html.split("<h1").nth(1).unwrap();
    between(inside, ">", "</h1>")
}

fn between(html: &str, start: &str, end: &str) -> String {
    html.split_once(start)
        .unwrap()
        .1
        .split_once(end)
        .unwrap()
        .0
        .to_owned()
}

fn no_id_twice(name: &str, html: &str) {
    let mut seen = BTreeSet::new();
    for part in html.split(" id=\"").skip(1) {
        let id = part.split('"').next().unwrap();
        assert!(seen.insert(id), "{name}: id {id} twice");
    }
    for part in html.split(" for=\"").skip(1) {
        let id = part.split('"').next().unwrap();
        assert!(
            seen.contains(id),
            "{name}: a label for {id}, which is not there"
        );
    }
    for part in html.split("aria-describedby=\"").skip(1) {
        for id in part.split('"').next().unwrap().split(' ') {
            assert!(
                seen.contains(id),
                "{name}: described by {id}, which is not there"
            );
        }
    }
}

fn every_link_leads_somewhere(name: &str, html: &str) {
    for part in html.split("href=\"").skip(1) {
        let href = part.split('"').next().unwrap();
        let known = href.starts_with('/')
            || href.starts_with('#')
            || href.starts_with('?')
            || href == "data:,";
        assert!(known, "{name}: link {href:?}");
        if let Some(id) = href.strip_prefix('#') {
            assert!(
                html.contains(&format!("id=\"{id}\"")),
                "{name}: link to {id}, which is not there"
            );
        }
    }
}

/// On an English page every Chinese word stands in an element that says so.
fn no_unmarked_chinese(name: &str, html: &str) {
    let mut open: Vec<bool> = Vec::new();
    for part in html.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap();
        let void = [
            "input", "meta", "link", "rect", "path", "circle", "!doctype",
        ]
        .iter()
        .any(|void| tag.starts_with(void))
            || tag.ends_with('/');
        if tag.starts_with('/') {
            open.pop();
        } else if !void {
            let inside = open.last().copied().unwrap_or(false);
            open.push(inside || tag.contains("lang=\"zh-CN\""));
        }
        let marked = open.last().copied().unwrap_or(false);
        let chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        assert!(
            marked || !text.contains(chinese),
            "{name}: Chinese without a mark: {text}"
        );
    }
}

/// Next to Chinese letters the marks are full-width.
fn full_width_punctuation(name: &str, html: &str) {
    let mut text = String::new();
    let mut inside = false;
    for letter in html.chars() {
        match letter {
            '<' => inside = true,
            '>' => inside = false,
            other if !inside => text.push(other),
            _ => {}
        }
    }
    let letters: Vec<char> = text.chars().collect();
    for pair in letters.windows(2) {
        let wrong = ('\u{4e00}'..='\u{9fff}').contains(&pair[0])
            && matches!(pair[1], ',' | ';' | ':' | '?' | '!' | '(');
        assert!(!wrong, "{name}: half-width {:?} after {}", pair[1], pair[0]);
    }
}

fn keep(name: &str, html: &str) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages");
    fs::create_dir_all(folder.join("assets")).unwrap();
    fs::write(folder.join(format!("{name}.html")), html).unwrap();
    for href in [
        web::asset::citizen_css(),
        web::asset::console_css(),
        web::asset::letters_css(),
        web::asset::portal_css(),
        web::asset::citizen_js(),
    ] {
        fs::write(
            folder.join(&href[1..]),
            &web::asset::find(href).unwrap().bytes,
        )
        .unwrap();
    }
}
