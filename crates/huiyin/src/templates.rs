//! The shipped templates, embedded in the binary, and templates an official has edited, read from files.

use crate::exit::Failure;
use rust_embed::RustEmbed;
use std::{fs, path::Path};
use survey_design::{
    DemoWorld, HotlineMapping, IndicatorSet, Questionnaire, Rules, SurveyMapping, TemplateKind,
    TemplateProblem, World, check_folder, parse_demo, parse_hotline_mapping, parse_indicators,
    parse_questionnaire, parse_rules, parse_survey_mapping, parse_world, reference_candidates,
};
use workflows::WorldTemplates;

#[derive(RustEmbed)]
#[folder = "../../survey-templates"]
struct Shipped;

/// Files of the shipped templates: (path, bytes).
pub fn shipped() -> Vec<(String, Vec<u8>)> {
    Shipped::iter()
        .filter_map(|path| Some((path.to_string(), Shipped::get(&path)?.data.into_owned())))
        .collect()
}

/// Files of a folder: (path from its root, bytes).
///
/// # Errors
/// When the folder or a file in it cannot be read.
pub fn of_folder(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let entries = fs::read_dir(&next).map_err(|error| Failure::file(&next, &error))?;
        for entry in entries {
            let path = entry.map_err(|error| Failure::file(&next, &error))?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = fs::read(&path).map_err(|error| Failure::file(&path, &error))?;
                let name = path
                    .strip_prefix(folder)
                    .unwrap_or(&path)
                    .to_string_lossy()
                    .replace('\\', "/");
                files.push((name, bytes));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The world of this name (shipped) or file, with the templates it names.
///
/// # Errors
/// When a file is missing or breaks a rule; every problem is named.
pub fn world(name: &str) -> Result<WorldTemplates, Failure> {
    let shipped_path = match name {
        "yunxi" => Some("worlds/yunxi.json"),
        "airport" => Some("examples/airport/world.json"),
        "mailbox" => Some("examples/mailbox/world.json"),
        _ => None,
    };
    match shipped_path {
        Some(path) => assembled(path, &shipped()),
        None => {
            let path = Path::new(name);
            let folder = path
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty())
                .unwrap_or(Path::new("."));
            if !path.is_file() {
                return Err(Failure::new(
                    10,
                    format!(
                        "没有城市模板 {name}；可用内置名称 yunxi、airport、mailbox，或给出文件路径"
                    ),
                ));
            }
            let file = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let mut files = of_folder(folder)?;
            files.extend(beside_worlds(folder)?);
            files.extend(shipped());
            assembled(&file, &files)
        }
    }
}

/// Templates in the folders beside `worlds`, for a world in a copy of the shipped folders: an edited rule must not lose to a
/// shipped one.
fn beside_worlds(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let absolute = fs::canonicalize(folder).map_err(|error| Failure::file(folder, &error))?;
    let mut files = Vec::new();
    if !absolute.ends_with(TemplateKind::World.folder()) {
        return Ok(files);
    }
    for kind in [
        TemplateKind::Rules,
        TemplateKind::Indicators,
        TemplateKind::Questionnaire,
    ] {
        let name = kind.folder();
        let beside = absolute.with_file_name(name);
        if beside.is_dir() {
            let found = of_folder(&beside)?.into_iter();
            files.extend(found.map(|(file, bytes)| (format!("{name}/{file}"), bytes)));
        }
    }
    Ok(files)
}

/// The demonstration shipped with the binary.
///
/// # Errors
/// When it breaks a rule.
pub fn demo() -> Result<DemoWorld, Failure> {
    let files = shipped();
    found("worlds/yunxi-demo.json", &files).and_then(|bytes| parse_demo(bytes).map_err(broken))
}

fn assembled(path: &str, files: &[(String, Vec<u8>)]) -> Result<WorldTemplates, Failure> {
    let world: World = parse_world(found(path, files)?).map_err(broken)?;
    let named = |kind: TemplateKind, reference: &str| {
        reference_candidates(path, kind, reference)
            .iter()
            .find_map(|candidate| found(candidate, files).ok())
            .ok_or_else(|| Failure::new(10, format!("模板 {path} 引用的 {reference} 不存在")))
    };
    let rules: Rules = parse_rules(named(TemplateKind::Rules, &world.rules)?).map_err(broken)?;
    let indicators: Option<IndicatorSet> = match &world.indicators {
        Some(reference) => {
            Some(parse_indicators(named(TemplateKind::Indicators, reference)?).map_err(broken)?)
        }
        None => None,
    };
    let mut questionnaires: Vec<Questionnaire> = Vec::new();
    for reference in &world.questionnaires {
        questionnaires.push(
            parse_questionnaire(named(TemplateKind::Questionnaire, reference)?).map_err(broken)?,
        );
    }
    Ok(WorldTemplates {
        world,
        rules,
        indicators,
        questionnaires,
    })
}

fn found<'f>(path: &str, files: &'f [(String, Vec<u8>)]) -> Result<&'f [u8], Failure> {
    files
        .iter()
        .find(|(name, _)| name == path)
        .map(|(_, bytes)| bytes.as_slice())
        .ok_or_else(|| Failure::new(10, format!("模板 {path} 不存在")))
}

/// The text of a mapping of a survey agency's columns, read.
///
/// # Errors
/// When it breaks a rule.
pub fn survey_mapping(text: &[u8]) -> Result<SurveyMapping, Failure> {
    parse_survey_mapping(text).map_err(broken)
}

/// The text of a mapping of hotline columns, read.
///
/// # Errors
/// When it breaks a rule.
pub fn hotline_mapping(text: &[u8]) -> Result<HotlineMapping, Failure> {
    parse_hotline_mapping(text).map_err(broken)
}

#[expect(clippy::needless_pass_by_value, reason = "used as a map_err function")]
fn broken(problems: Vec<TemplateProblem>) -> Failure {
    let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
    Failure::new(
        1,
        format!(
            "模板有 {} 处问题：\n  {}",
            problems.len(),
            lines.join("\n  ")
        ),
    )
}

/// Problems of all files of a folder, or of the shipped templates.
///
/// # Errors
/// When the folder cannot be read.
pub fn problems(folder: Option<&Path>) -> Result<(usize, Vec<TemplateProblem>), Failure> {
    let files = folder.map_or_else(|| Ok(shipped()), of_folder)?;
    let templates = files
        .iter()
        .filter(|(path, _)| path.ends_with(".json") && !path.starts_with("schema/"))
        .count();
    Ok((templates, check_folder(&files)))
}
