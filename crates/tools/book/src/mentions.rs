//! Whether the commands and the tests that a page names are there.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::commands::Command;
use crate::finding::Finding;
use crate::markdown::{Fence, prose, split_code};
use crate::page::Page;

/// Finds commands that name a package, an example or a test that is not there, and tests that are
/// gone. `packages` has the folder of each package.
pub(crate) fn check(root: &Path, packages: &BTreeMap<String, String>, page: &Page) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (line, text) in mentioned(&page.text) {
        let problem = match test(&text) {
            Some((file, name)) => has_test(root, file, name),
            None => follow(root, packages, &text),
        };
        if let Err(problem) = problem {
            let problem = format!("`{text}`: {problem}");
            findings.push(Finding::broken(&page.path, line, problem));
        }
    }
    findings
}

/// Reads `crates/x/tests/it/y.rs: name`, which names a test.
fn test(text: &str) -> Option<(&str, &str)> {
    let (file, name) = text.split_once(".rs: ")?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_test = file.starts_with("crates/") && name.chars().all(is_name);
    is_test.then(|| (&text[..file.len() + 3], name))
}

fn has_test(root: &Path, file: &str, name: &str) -> Result<(), String> {
    let source = fs::read_to_string(root.join(file)).map_err(|_| format!("there is no {file}"))?;
    let is_test = |(place, _): (usize, &str)| {
        let before = source[..place].trim_end();
        // A test that several crates share is a public function, which they call from theirs.
        before.ends_with(']') || before.ends_with("pub")
    };
    match source.match_indices(&format!("fn {name}(")).any(is_test) {
        true => Ok(()),
        false => Err(format!("{file} has no such test")),
    }
}

fn follow(root: &Path, packages: &BTreeMap<String, String>, text: &str) -> Result<(), String> {
    // What has other options is not looked at, so that a page may say `cargo run --help`.
    let Ok(command) = Command::parse(text) else {
        return Ok(());
    };
    let Some(package) = command.package else {
        return Ok(());
    };
    let folder = packages.get(&package);
    let folder = folder.ok_or_else(|| format!("there is no package `{package}`"))?;
    for (kind, name) in [("example", command.example), ("test", command.test)] {
        let Some(name) = name else { continue };
        let place = root.join(format!("{folder}/{kind}s/{name}"));
        if !(place.with_extension("rs").exists() || place.join("main.rs").exists()) {
            return Err(format!("`{package}` has no {kind} `{name}`"));
        }
    }
    Ok(())
}

/// Returns all cargo commands and tests in inline code and in blocks for a shell, each with its
/// line from 0.
fn mentioned(text: &str) -> Vec<(usize, String)> {
    let mut mentioned = Vec::new();
    let mut push = |line: usize, text: &str| {
        let text = text.trim_start_matches("$ ").trim();
        // A shell's comment is not part of it.
        let text = text.split(" #").next().unwrap_or("").trim();
        let is_command = text.starts_with("cargo run") || text.starts_with("cargo test");
        if is_command || test(text).is_some() {
            mentioned.push((line, text.to_owned()));
        }
    };
    let prose = prose(text);
    for (is_code, start, piece) in split_code(&prose) {
        if is_code {
            let line = prose[..start].matches('\n').count();
            push(line, &piece.replace('\n', " "));
        }
    }
    let lines: Vec<&str> = text.lines().collect();
    let mut at = 0;
    while at < lines.len() {
        let Some(fence) = Fence::opened_by(lines[at]) else {
            at += 1;
            continue;
        };
        let end = fence.end(&lines, at).unwrap_or(lines.len());
        if matches!(fence.language, "sh" | "console") {
            (at..end).for_each(|i| push(i, lines[i]));
        }
        at = end;
    }
    mentioned
}
