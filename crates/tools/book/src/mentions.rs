//! Does each command that a page mentions name something that is there?

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::commands::Command;
use crate::finding::Finding;
use crate::markdown::{Fence, prose, split_code};
use crate::page::Page;

/// The packages of a workspace, by name, and where each one is.
#[derive(Debug, Default)]
pub(crate) struct Packages(HashMap<String, PathBuf>);

impl Packages {
    /// Finds the packages in `crates/`, `crates/tools/` and `benches`.
    pub(crate) fn find(root: &Path) -> Packages {
        let folders = ["crates", "crates/tools"]
            .into_iter()
            .filter_map(|folder| fs::read_dir(root.join(folder)).ok())
            .flatten()
            .flatten()
            .map(|entry| entry.path());
        let named = |folder: PathBuf| {
            let manifest = fs::read_to_string(folder.join("Cargo.toml")).ok()?;
            let name = manifest
                .lines()
                .find_map(|line| line.strip_prefix("name = \""))?
                .strip_suffix('"')?;
            Some((name.to_owned(), folder))
        };
        Packages(
            folders
                .chain([root.join("benches")])
                .filter_map(named)
                .collect(),
        )
    }

    /// Finds commands in a page that name a package, an example or a test that is not there.
    pub(crate) fn check(&self, page: &Page) -> Vec<Finding> {
        let mentioned = mentioned(&page.text);
        let problem = |(line, text): (usize, String)| {
            let problem = self.follow(&text).err()?;
            Some(Finding::broken(
                &page.path,
                line + 1,
                format!("`{text}` does not run: {problem}"),
            ))
        };
        mentioned.into_iter().filter_map(problem).collect()
    }

    fn follow(&self, text: &str) -> Result<(), String> {
        // Other options are not looked at, so that a page may say `cargo run --help`.
        let Ok(command) = Command::parse(text) else {
            return Ok(());
        };
        let Some(package) = command.package else {
            return Ok(());
        };
        let folder = self
            .0
            .get(&package)
            .ok_or_else(|| format!("there is no package `{package}`"))?;
        for (kind, file) in [("example", command.example), ("test", command.test)] {
            let Some(name) = file else { continue };
            let place = folder.join(format!("{kind}s")).join(&name);
            let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
            let is_listed = manifest.contains(&format!("[[{kind}]]\nname = \"{name}\""));
            if !(place.with_extension("rs").exists() || place.join("main.rs").exists() || is_listed)
            {
                return Err(format!("the package `{package}` has no {kind} `{name}`"));
            }
        }
        Ok(())
    }
}

/// All cargo commands in inline code and in blocks for a shell, each with its line from 0.
fn mentioned(text: &str) -> Vec<(usize, String)> {
    let mut mentioned = Vec::new();
    let mut push = |line: usize, text: &str| {
        let text = text.trim_start_matches("$ ").trim();
        // A shell's comment is no part of it.
        let text = text.split(" #").next().unwrap_or("").trim();
        if text.starts_with("cargo run") || text.starts_with("cargo test") {
            mentioned.push((line, text.to_owned()));
        }
    };
    let prose = prose(text);
    for (is_code, start, piece) in split_code(&prose) {
        if is_code {
            push(
                prose[..start].matches('\n').count(),
                &piece.replace('\n', " "),
            );
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
