//! Whether a page names things that exist, and whether its code is compiled.

use std::fs;
use std::path::Path;

use crate::finding::Finding;
use crate::markdown::{fences, language, pieces, prose};

/// Where the pages whose Rust is compiled are listed.
const DOCTESTS: &str = "crates/tools/book/src/pages.rs";

/// For how many columns of code a site has room: for all that rustfmt makes.
const MOST_COLUMNS: usize = 100;

/// Finds commands that name a package, an example or a test that is not there, tests that are gone,
/// and blocks of code that say nothing of their language, are too wide, or are Rust and never
/// compiled.
pub(crate) fn check(root: &Path, path: &str, text: &str) -> Vec<Finding> {
    let mut findings = vec![];
    let mut find = |line: usize, problem: Result<(), String>| {
        findings.extend(
            problem
                .err()
                .map(|problem| Finding::new(path, line, problem)),
        );
    };
    for (is_code, line, piece) in pieces(&prose(text)) {
        if is_code {
            find(line, exists(root, &piece.replace('\n', " ")));
        }
    }
    let lines: Vec<&str> = text.lines().collect();
    for fence in fences(&lines).unwrap_or_default() {
        let is_made = fence.start > 0 && lines[fence.start - 1].starts_with("<!--");
        let is_doctest = || {
            let doctests = fs::read_to_string(root.join(DOCTESTS)).unwrap_or_default();
            !lines[fence.start].contains("ignore") && doctests.contains(&format!("/{path}\""))
        };
        find(
            fence.start,
            match language(lines[fence.start]) {
                "" => Err("this block must say what it is, such as ```text or ```sh".to_owned()),
                "rust" if !is_made && !is_doctest() => Err(format!(
                    "this is never compiled: cut it from a file with `code:`, \
                 or make it complete and add the page to {DOCTESTS}"
                )),
                _ => Ok(()),
            },
        );
        for i in fence.clone() {
            let columns = lines[i].chars().count();
            // A line of a difference has a sign before it.
            let most = MOST_COLUMNS + usize::from(language(lines[fence.start]) == "diff");
            find(
                i,
                match columns <= most {
                    true => Ok(()),
                    false => Err(format!(
                        "this line has {columns} columns: at most {most} fit"
                    )),
                },
            );
        }
        if ["sh", "console"].contains(&language(lines[fence.start])) {
            for i in fence {
                find(i, exists(root, lines[i].trim_start_matches("$ ")));
            }
        }
    }
    findings
}

/// Makes sure that a piece of code names something that exists, if it is a command or a test.
fn exists(root: &Path, code: &str) -> Result<(), String> {
    let problem = match code.split_once(".rs: ") {
        Some((file, name)) if file.starts_with("crates/") => test(root, file, name),
        _ if code.starts_with("cargo run") || code.starts_with("cargo test") => command(root, code),
        _ => None,
    };
    problem.map_or(Ok(()), |problem| Err(format!("`{code}`: {problem}")))
}

/// Says what is wrong with a test's name, as in `crates/x/tests/it/y.rs: name`.
fn test(root: &Path, file: &str, name: &str) -> Option<String> {
    let file = format!("{file}.rs");
    let Ok(source) = fs::read_to_string(root.join(&file)) else {
        return Some(format!("there is no {file}"));
    };
    let is_test = |(place, _): (usize, &str)| {
        let before = source[..place].trim_end();
        // A test that several crates share is a public function: each calls it from a test.
        before.ends_with(']') || before.ends_with("pub")
    };
    let is_there = source.match_indices(&format!("fn {name}(")).any(is_test);
    (!is_there).then(|| format!("{file} has no such test"))
}

/// Says what is wrong with a command.
fn command(root: &Path, command: &str) -> Option<String> {
    let after = |option: &str| {
        let mut words = command.split_whitespace();
        words
            .find(|word| *word == option)
            .and_then(|_| words.next())
    };
    let package = after("-p")?;
    let folders = ["crates", "crates/tools", "."].map(|folder| root.join(folder).join(package));
    let Some(folder) = folders
        .iter()
        .find(|folder| folder.join("Cargo.toml").exists())
    else {
        return Some(format!("there is no package `{package}`"));
    };
    let missing = |kind: &str| {
        let name = after(&format!("--{kind}"))?;
        let place = folder.join(format!("{kind}s")).join(name);
        let is_there = place.with_extension("rs").exists() || place.join("main.rs").exists();
        (!is_there).then(|| format!("`{package}` has no {kind} `{name}`"))
    };
    missing("example").or_else(|| missing("test"))
}
