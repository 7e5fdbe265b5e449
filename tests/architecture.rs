//! The shape of the workspace: the order of the crates, their bans, and a reason for each dependency.
//!
//! The list of deliberate mistakes is in `docs/decisions/0013-the-crates-form-one-ordered-list.md`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Each crate may name only crates above it.
const ORDER: [&str; 15] = [
    "vocabulary",
    "survey-design",
    "response-collection",
    "rating-import",
    "analytics",
    "golden",
    "publication",
    "rectification",
    "migrations",
    "storage",
    "identity-vault",
    "snapshot",
    "workflows",
    "web",
    "huiyin",
];

const PURE: [&str; 7] = [
    "vocabulary",
    "survey-design",
    "response-collection",
    "rating-import",
    "analytics",
    "publication",
    "rectification",
];

/// (crate, what it may not name).
const BANS: [(&str, &str); 9] = [
    ("rectification", "response-collection"),
    ("analytics", "response-collection"),
    ("publication", "response-collection"),
    ("identity-vault", "response-collection"),
    ("identity-vault", "storage"),
    ("web", "identity-vault"),
    ("web", "migrations"),
    ("storage", "identity-vault"),
    ("storage", "rating-import"),
];

/// (library, the only crates that may name it).
const HOMES: [(&str, &[&str]); 7] = [
    ("sea-orm", &["storage", "identity-vault"]),
    ("sea-orm-migration", &["migrations"]),
    ("actix-web", &["web", "huiyin"]),
    ("parquet", &["snapshot"]),
    ("docx-rs", &["publication"]),
    ("lettre", &["workflows"]),
    ("ureq", &["workflows"]),
];

const IMPURE_LIBRARIES: [&str; 4] = ["sea-orm", "actix-web", "tokio", "lettre"];
const IMPURE_WORDS: [&str; 6] = [
    "SystemTime",
    "Instant::now",
    "Utc::now",
    "Local::now",
    "rand::rng()",
    "std::env",
];

/// What the test looks at: dependencies and source text per crate, and the README.
#[derive(Clone, Default)]
struct Shape {
    dependencies: BTreeMap<String, BTreeSet<String>>,
    sources: BTreeMap<String, Vec<(String, String)>>,
    readme: String,
}

impl Shape {
    fn of_this_workspace() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let output = Command::new(env!("CARGO"))
            .args([
                "metadata",
                "--no-deps",
                "--offline",
                "--format-version",
                "1",
            ])
            .current_dir(&root)
            .output()
            .unwrap();
        let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
        let mut shape = Self {
            readme: fs::read_to_string(root.join("README.md")).unwrap(),
            ..Self::default()
        };
        for package in metadata["packages"].as_array().unwrap() {
            let name = package["name"].as_str().unwrap().to_owned();
            let named = package["dependencies"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|dependency| dependency["kind"].is_null())
                .map(|dependency| dependency["name"].as_str().unwrap().to_owned())
                .collect();
            let folder = Path::new(package["manifest_path"].as_str().unwrap())
                .parent()
                .unwrap()
                .join("src");
            shape.sources.insert(name.clone(), rust_files(&folder));
            shape.dependencies.insert(name, named);
        }
        shape
    }

    fn problems(&self) -> Vec<String> {
        [
            self.order(),
            self.bans(),
            self.homes(),
            self.impurities(),
            self.forgotten(),
            self.reasons(),
        ]
        .concat()
    }

    fn order(&self) -> Vec<String> {
        let place = |name: &str| ORDER.iter().position(|listed| *listed == name);
        let unlisted = self
            .dependencies
            .keys()
            .filter(|name| place(name).is_none());
        let mut problems: Vec<_> = unlisted
            .map(|name| format!("{name} is not in the ordered list"))
            .collect();
        for (name, dependencies) in &self.dependencies {
            for dependency in dependencies {
                if let (Some(own), Some(other)) = (place(name), place(dependency))
                    && other >= own
                {
                    problems.push(format!("{name} names {dependency}, which is not above it"));
                }
            }
        }
        problems
    }

    fn bans(&self) -> Vec<String> {
        BANS.iter()
            .filter(|(name, banned)| {
                self.dependencies
                    .get(*name)
                    .is_some_and(|named| named.contains(*banned))
            })
            .map(|(name, banned)| format!("{name} may not name {banned}"))
            .collect()
    }

    fn homes(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for (library, homes) in HOMES {
            for (name, dependencies) in &self.dependencies {
                if dependencies.contains(library) && !homes.contains(&name.as_str()) {
                    problems.push(format!("{library} belongs to {homes:?}, not to {name}"));
                }
            }
        }
        problems
    }

    fn impurities(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for name in PURE {
            for library in IMPURE_LIBRARIES {
                if self
                    .dependencies
                    .get(name)
                    .is_some_and(|named| named.contains(library))
                {
                    problems.push(format!("pure crate {name} names {library}"));
                }
            }
            for (file, text) in self.sources.get(name).into_iter().flatten() {
                for word in IMPURE_WORDS {
                    if text.contains(word) {
                        problems.push(format!("pure crate {name} says {word} in {file}"));
                    }
                }
            }
        }
        problems
    }

    /// Files that no module names: the compiler never sees them.
    fn forgotten(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for files in self.sources.values() {
            for (file, _) in files {
                let path = Path::new(file);
                let (mut name, mut folder) = (path.file_stem(), path.parent());
                if name.is_some_and(|name| name == "mod") {
                    (name, folder) = (
                        folder.and_then(Path::file_name),
                        folder.and_then(Path::parent),
                    );
                }
                let (Some(name), Some(folder)) = (name.and_then(|it| it.to_str()), folder) else {
                    continue;
                };
                let line = format!("mod {name};");
                let above = [
                    folder.join("lib.rs"),
                    folder.join("main.rs"),
                    folder.join("mod.rs"),
                    folder.with_extension("rs"),
                ];
                let mut parents = files.iter().filter(|(other, _)| {
                    other != file && above.iter().any(|above| above == Path::new(other))
                });
                let root = ["lib", "main"].contains(&name);
                if !root && path.is_absolute() && !parents.any(|(_, text)| text.contains(&line)) {
                    problems.push(format!("no module names {file}"));
                }
            }
        }
        problems
    }

    fn reasons(&self) -> Vec<String> {
        let outside: BTreeSet<_> = self
            .dependencies
            .values()
            .flatten()
            .filter(|name| !ORDER.contains(&name.as_str()))
            .collect();
        outside
            .into_iter()
            .filter(|name| !self.readme.contains(&format!("| `{name}` |")))
            .map(|name| format!("README.md gives no reason for {name}"))
            .collect()
    }

    fn with_dependency(&self, name: &str, dependency: &str) -> Self {
        let mut changed = self.clone();
        changed
            .dependencies
            .get_mut(name)
            .unwrap()
            .insert(dependency.to_owned());
        changed
    }

    fn with_file(&self, name: &str, file: &str) -> Self {
        let mut changed = self.clone();
        let files = changed.sources.get_mut(name).unwrap();
        let path = Path::new(&files[0].0).with_file_name(file);
        files.push((path.display().to_string(), String::new()));
        changed
    }

    fn with_source(&self, name: &str, text: &str) -> Self {
        let mut changed = self.clone();
        changed
            .sources
            .get_mut(name)
            .unwrap()
            .push(("mistake.rs".to_owned(), text.to_owned()));
        changed
    }
}

fn rust_files(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push((
                    path.display().to_string(),
                    fs::read_to_string(&path).unwrap(),
                ));
            }
        }
    }
    found
}

#[test]
fn the_workspace_keeps_its_shape() {
    let problems = Shape::of_this_workspace().problems();

    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn each_deliberate_mistake_is_seen() {
    let good = Shape::of_this_workspace();
    let mistakes = [
        (
            "a pure crate names a crate below it",
            good.with_dependency("analytics", "storage"),
        ),
        (
            "the loop names ballots",
            good.with_dependency("rectification", "response-collection"),
        ),
        (
            "the vault names the database of answers",
            good.with_dependency("identity-vault", "storage"),
        ),
        (
            "pages name the vault",
            good.with_dependency("web", "identity-vault"),
        ),
        (
            "SQL outside its home",
            good.with_dependency("workflows", "sea-orm"),
        ),
        (
            "HTTP outside its home",
            good.with_dependency("workflows", "actix-web"),
        ),
        (
            "a clock in a pure crate",
            good.with_source("rectification", "let now = chrono::Utc::now();"),
        ),
        (
            "a file that no module names",
            good.with_file("web", "forgotten.rs"),
        ),
        (
            "a dependency without a reason",
            good.with_dependency("web", "left-pad"),
        ),
    ];

    for (mistake, shape) in mistakes {
        assert_eq!(
            shape.problems().len(),
            1,
            "{mistake}: {:?}",
            shape.problems()
        );
    }
}
