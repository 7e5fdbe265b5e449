//! Files that are wrong as text, before any field is looked at.

use super::folder::{file, with};
use survey_design::{check_folder, parse_rules};

const RULES: &str = "rules/yunxi-2026.json";

fn codes_of(path: &str, text: &str) -> Vec<(String, String, &'static str)> {
    let problems = check_folder(&with(path, text.as_bytes().to_vec()));
    problems
        .into_iter()
        .map(|p| (p.file, p.pointer, p.code))
        .collect()
}

fn text() -> String {
    String::from_utf8(file(RULES)).unwrap()
}

#[test]
fn sd_101_half_a_file_names_line_and_column() {
    let half: String = text().chars().take(900).collect();

    let problems = parse_rules(half.as_bytes()).unwrap_err();

    assert_eq!((problems.len(), problems[0].code), (1, "SD-101"));
    assert!(
        problems[0].message.contains("行"),
        "{}",
        problems[0].message
    );
    for bytes in [&b""[..], b"\xff\xfe", b"[", b"\x00"] {
        assert_eq!(parse_rules(bytes).unwrap_err()[0].code, "SD-101");
    }
}

#[test]
fn sd_102_an_unknown_schema_or_folder_is_refused() {
    let stranger = text().replace("rules.schema.json", "rulez.schema.json");

    let found = codes_of(RULES, &stranger);

    assert!(
        found.contains(&(RULES.to_owned(), "/$schema".to_owned(), "SD-102")),
        "{found:?}"
    );
    let found = codes_of("drafts/x.json", "{}");
    assert_eq!(
        found,
        [("drafts/x.json".to_owned(), String::new(), "SD-102")]
    );
}

#[test]
fn sd_106_a_key_written_twice_is_refused_even_in_a_map() {
    let twice = text().replacen("\"survey\": 40", "\"survey\": 90, \"survey\": 40", 1);
    assert_ne!(twice, text());

    let found = codes_of(RULES, &twice);

    let pointer = "/channel_weights/general/survey".to_owned();
    assert_eq!(found, [(RULES.to_owned(), pointer, "SD-106")]);
}

#[test]
fn sd_110_the_same_code_and_version_in_two_files_is_refused() {
    let found = codes_of("rules/zz-copy.json", &text());

    let expected = (
        "rules/zz-copy.json".to_owned(),
        "/code".to_owned(),
        "SD-110",
    );
    assert_eq!(found, [expected]);
}

#[test]
fn a_byte_order_mark_is_no_problem() {
    let marked = format!("\u{feff}{}", text());

    assert!(codes_of(RULES, &marked).is_empty());
    assert!(parse_rules(marked.as_bytes()).is_ok());
}

#[test]
fn the_folder_tells_the_kind_when_no_schema_is_named() {
    let line = "  \"$schema\": \"../schema/rules.schema.json\",\n";
    let bare = text().replace(line, "");
    assert_ne!(bare, text());

    assert!(codes_of(RULES, &bare).is_empty());
}

#[test]
fn all_problems_come_at_once_with_file_pointer_rule_and_remedy() {
    let broken = text()
        .replace("\"survey\": 40", "\"survey\": 41")
        .replace("\"cadres\": 15", "\"cadres\": 16")
        .replace(
            "\"units_per_person\"",
            "\"unit_per_person\": 8, \"units_per_person\"",
        )
        .replace("\"2026-05-01\"", "\"2026-05-02\"");

    let problems = check_folder(&with(RULES, broken.into_bytes()));

    let codes: Vec<_> = problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["SD-103", "SD-201", "SD-202", "SD-210"]);
    for problem in problems {
        assert_eq!(problem.file, RULES);
        assert!(problem.pointer.starts_with('/'));
        assert!(!problem.message.is_empty() && !problem.remedy.is_empty());
    }
}

#[test]
fn random_damage_never_panics() {
    let whole = file(RULES);
    for position in (0..whole.len()).step_by(7) {
        let mut bytes = whole.clone();
        bytes[position] = b'}';
        let _ = check_folder(&[(RULES.to_owned(), bytes)]);
        let _ = parse_rules(&whole[..position]);
    }
}
