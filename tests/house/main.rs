//! The rules of the house, checked on the source itself.
//!
//! Layers import only what stands below them; every file says what it is for and stays small enough to be read
//! at once; nothing lies at the top but what a Rust project needs; nothing in the tree depends on one machine.
//! When a rule here is in the way of better code, change the rule and say why in the same commit.

#![allow(clippy::unwrap_used, reason = "a test may stop at a surprise")]

mod reader;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use reader::{code_of, crate_paths, is_word, line_of, mentions, without_tests};

const GUI: &[&str] = &["egui", "eframe", "epaint", "winit", "rfd"];
const NETWORK: &[&str] = &[
    "tokio",
    "tokio_util",
    "hyper",
    "hyper_util",
    "rustls",
    "s3s",
    "std::net",
];
const FILES: &[&str] = &[
    "std::fs",
    "std::env",
    "std::process",
    "keyring",
    "directories",
];
const LOCKS: &[&str] = &["Mutex", "RwLock", "std::thread", "std::sync::mpsc"];
const CLOCKS: &[&str] = &[
    "Timestamp::now",
    "Instant::now",
    "SystemTime::now",
    "jiff::Zoned::now",
];
/// Crates whose names begin so.
const SDK: &str = "aws_";

/// One folder or file of `src/` and what it may import of the crate, as words apart by blanks.
/// `name::part` allows only that part of a layer.
const LAYERS: &[(&str, &str)] = &[
    ("domain", ""),
    ("words", "domain settings"),
    ("shared_files", "domain"),
    ("settings", "domain shared_files"),
    ("catalog", "domain"),
    ("storage", "domain shared_files"),
    ("builtin", "domain"),
    ("transfers", "domain storage"),
    ("doctor", "domain shared_files settings storage"),
    ("django", "domain settings storage"),
    ("exchange", "domain settings django"),
    (
        "worker",
        // Words, because the preview of the settings is text: why a link cannot be shown.
        "domain words settings catalog storage builtin transfers doctor django exchange",
    ),
    ("state", "domain words settings catalog worker::messages"),
    ("ui", "domain words settings catalog state"),
    (
        "cli",
        "domain words settings catalog storage builtin transfers doctor django exchange worker",
    ),
    (
        "app",
        "domain words settings catalog worker state ui cli::launch",
    ),
];

/// What a layer must not name, whatever it may import.
fn forbidden(layer: &str) -> Vec<&'static str> {
    let groups: &[&[&str]] = match layer {
        "domain" | "catalog" => &[GUI, NETWORK, FILES, CLOCKS],
        "words" => &[GUI, NETWORK, FILES, LOCKS, CLOCKS],
        "settings" | "django" => &[GUI, NETWORK],
        "exchange" => &[GUI, NETWORK, FILES, LOCKS, CLOCKS],
        "storage" | "transfers" | "builtin" => &[GUI, &["keyring"]],
        "worker" | "cli" => &[&["egui", "eframe", "epaint", "winit"]],
        "state" => &[GUI, NETWORK, FILES, LOCKS, CLOCKS],
        "ui" => &[NETWORK, FILES, LOCKS, CLOCKS, &["rfd", "&mut State"]],
        "app" => &[NETWORK],
        _ => &[GUI],
    };
    groups.concat()
}

/// Layers that speak to S3 through the SDK.
const MAY_USE_SDK: &[&str] = &["storage"];

/// Places where tasks and threads may be started.
const MAY_SPAWN: &[&str] = &["worker", "builtin", "cli"];

/// Files that may name a thing their layer must not, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[(
    "src/domain/time.rs",
    "Timestamp::now",
    "the clock is read here, for the outer layers",
)];

/// Files longer than the limit, and why.
const LONG_FILES: &[(&str, &str)] = &[];
const LONGEST_FILE: usize = 450;

/// What may lie at the top.
const TOP: &[&str] = &[
    ".ci",
    ".gitignore",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "assets",
    "src",
    "tests",
];

/// What the program is built on, whatever else comes and goes.
const FOUNDATIONS: &[&str] = &[
    "eframe",
    "egui",
    "rfd",
    "aws-sdk-s3",
    "aws-config",
    "tokio",
    "keyring",
    "serde",
    "directories",
    "flate2",
    "rsa",
];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &[
    "utils", "util", "helpers", "helper", "common", "types", "manager", "misc",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file of the project, relative to its top: what git tracks or would track.
fn project_files() -> Vec<String> {
    let listed = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root())
        .output();
    let files: BTreeSet<String> = match listed {
        Ok(output) if output.status.success() && !output.stdout.is_empty() => {
            String::from_utf8(output.stdout)
                .unwrap()
                .split_terminator('\0')
                .map(str::to_owned)
                .collect()
        }
        // An unpacked archive has no git: everything in it counts but the build.
        _ => walk(root())
            .into_iter()
            .map(|path| relative(&path))
            .collect(),
    };
    // A deleted file stays in git's list until the deletion is staged.
    let files: Vec<_> = files
        .into_iter()
        .filter(|file| root().join(file).exists())
        .collect();
    assert!(
        files.iter().any(|file| file == "Cargo.toml"),
        "no files found in {}",
        root().display()
    );
    files
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "target" && name != ".git" {
                found.extend(walk(&path));
            }
        } else {
            found.push(path);
        }
    }
    found
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap()
        .to_string_lossy()
        .replace('\\', "/")
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn rust_files(under: &str) -> Vec<String> {
    let files: Vec<_> = project_files()
        .into_iter()
        .filter(|file| file.starts_with(under) && file.ends_with(".rs"))
        .collect();
    assert!(!files.is_empty(), "no Rust file in {under}");
    files
}

/// The layer of a file: its folder in `src/`, or its name without the ending.
fn layer_of(file: &str) -> &str {
    let inside = file.strip_prefix("src/").unwrap();
    inside.split('/').next().unwrap().trim_end_matches(".rs")
}

/// How deep a file's module lies: 1 for `src/state.rs` and `src/state/mod.rs`, 2 for `src/state/listing.rs`.
fn depth_of(file: &str) -> usize {
    let inside = file.strip_prefix("src/").unwrap();
    inside.trim_end_matches("/mod.rs").split('/').count()
}

#[test]
fn layers_import_only_what_stands_below() {
    let mut broken = Vec::new();
    for file in rust_files("src/") {
        let name = layer_of(&file);
        if name == "lib" || name == "main" {
            continue;
        }
        let Some((_, may_use)) = LAYERS.iter().find(|(layer, _)| *layer == name) else {
            broken.push(format!(
                "{file}: {name} is no layer of the house; give it a row in LAYERS"
            ));
            continue;
        };
        let code = code_of(&read(&file));
        for (at, path) in crate_paths(&code, depth_of(&file)) {
            let head = path.split("::").next().unwrap();
            if head == name || !LAYERS.iter().any(|(layer, _)| *layer == head) {
                continue;
            }
            if !may_use
                .split(' ')
                .any(|allowed| allowed == head || allowed == path)
            {
                broken.push(format!(
                    "{file}:{}: {name} uses crate::{path}",
                    line_of(&code, at)
                ));
            }
        }
    }
    assert!(
        broken.is_empty(),
        "imports against the direction of flow:\n{}",
        broken.join("\n")
    );
}

#[test]
fn layers_stay_away_from_what_is_not_theirs() {
    let mut broken = Vec::new();
    for file in rust_files("src/") {
        let name = layer_of(&file);
        if name == "lib" || name == "main" || file.ends_with("/tests.rs") {
            continue;
        }
        let whole = code_of(&read(&file));
        let code = without_tests(&whole);
        let mut never = forbidden(name);
        if !MAY_USE_SDK.contains(&name) {
            never.push(SDK);
        }
        if !MAY_SPAWN.contains(&name) {
            never.extend(["tokio::spawn", "task::spawn", "thread::spawn", "JoinSet"]);
        }
        for needle in never {
            if EXCEPTIONS
                .iter()
                .any(|(place, what, _)| *place == file && *what == needle)
            {
                continue;
            }
            for at in mentions(code, needle) {
                broken.push(format!(
                    "{file}:{}: {name} names {needle}",
                    line_of(code, at)
                ));
            }
        }
    }
    assert!(
        broken.is_empty(),
        "outside their layer:\n{}",
        broken.join("\n")
    );
}

/// A product is named for people; what is done goes by what its server answered.
#[test]
fn the_name_of_a_product_decides_nothing() {
    const MAY_NAME: [&str; 4] = ["domain", "settings", "words", "doctor"];
    let mut deciding = Vec::new();
    for file in rust_files("src/") {
        let is_test = file.ends_with("tests.rs");
        if is_test || MAY_NAME.contains(&layer_of(&file)) {
            continue;
        }
        let whole = code_of(&read(&file));
        let code = without_tests(&whole);
        for at in mentions(code, "Product::") {
            deciding.push(format!("{file}:{}", line_of(code, at)));
        }
    }
    assert!(deciding.is_empty(), "{}", deciding.join("\n"));
}

#[test]
fn every_file_opens_with_what_it_is_for() {
    let mut broken = Vec::new();
    for file in rust_files("")
        .into_iter()
        .filter(|file| file.starts_with("src/") || file.starts_with("tests/"))
    {
        let source = read(&file);
        let opening = source
            .lines()
            .take_while(|line| line.starts_with("//!"))
            .count();
        if opening == 0 {
            broken.push(format!("{file} does not open with //!"));
        } else if opening > 20 {
            broken.push(format!(
                "{file} opens with {opening} lines; the long story belongs elsewhere"
            ));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn files_can_be_read_at_once() {
    let mut broken = Vec::new();
    for file in rust_files("src/") {
        let lines = read(&file).lines().count();
        let excused = LONG_FILES.iter().any(|(long, _)| *long == file);
        if lines > LONGEST_FILE && !excused {
            broken.push(format!(
                "{file} has {lines} lines; look for the second subject inside"
            ));
        } else if lines <= LONGEST_FILE && excused {
            broken.push(format!(
                "{file} has only {lines} lines; take it off LONG_FILES"
            ));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn module_names_say_something() {
    let empty: Vec<_> = rust_files("src/")
        .into_iter()
        .filter(|file| {
            file.trim_end_matches(".rs")
                .split('/')
                .any(|part| EMPTY_NAMES.contains(&part))
        })
        .collect();
    assert!(
        empty.is_empty(),
        "these names say nothing about what is inside: {empty:?}"
    );
}

#[test]
fn only_what_a_rust_project_needs_lies_at_the_top() {
    let extra: BTreeSet<_> = project_files()
        .iter()
        .map(|file| file.split('/').next().unwrap().to_owned())
        .filter(|entry| !TOP.contains(&entry.as_str()))
        .collect();
    assert!(extra.is_empty(), "not expected at the top: {extra:?}");
}

#[test]
fn the_foundations_are_used() {
    let manifest = read("Cargo.toml");
    let sources: Vec<String> = rust_files("src/").iter().map(|file| read(file)).collect();
    let unused: Vec<_> = FOUNDATIONS
        .iter()
        .filter(|name| {
            let named = |line: &str| line.split([' ', '=']).next() == Some(**name);
            let path = format!("{}::", name.replace('-', "_"));
            !manifest.lines().any(named) || !sources.iter().any(|source| source.contains(&path))
        })
        .collect();
    assert!(unused.is_empty(), "not built on any more: {unused:?}");
}

#[test]
fn nothing_depends_on_one_machine() {
    // Put together here, so that this file does not hold them itself.
    let paths = [
        ["/wo", "rk/"],
        ["/ro", "ot/"],
        ["/tmp/", "wt/"],
        ["/tmp/", "bin/"],
        ["/Us", "ers/"],
    ]
    .map(|parts| parts.concat());
    let hosts = [
        ["pypi.", "org"],
        ["npmjs.", "org"],
        ["static.crates.", "io"],
        ["index.crates.", "io"],
        ["deb.debian.", "org"],
    ]
    .map(|parts| parts.concat());
    let mut broken = Vec::new();
    for file in project_files() {
        // Pictures and fonts are not text.
        let Ok(text) = fs::read_to_string(root().join(&file)) else {
            continue;
        };
        for needle in &paths {
            let machine_path = |at: usize| {
                !text[..at]
                    .chars()
                    .next_back()
                    .is_some_and(|c| is_word(c) || "./-".contains(c))
            };
            if let Some((at, _)) = text
                .match_indices(needle.as_str())
                .find(|(at, _)| machine_path(*at))
            {
                broken.push(format!("{file}:{}: {needle}", line_of(&text, at)));
            }
        }
        for needle in &hosts {
            if let Some(at) = text.find(needle.as_str()) {
                broken.push(format!("{file}:{}: {needle}", line_of(&text, at)));
            }
        }
    }
    assert!(
        broken.is_empty(),
        "only true on one machine:\n{}",
        broken.join("\n")
    );
}
