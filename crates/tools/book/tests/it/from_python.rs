//! Is what `docs/from-python.md` names as a counterpart there?

use std::fs;
use std::path::{Path, PathBuf};

/// What Rust itself has for a name of Python.
const LANGUAGE: [&str; 2] = ["async fn", ".await"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

/// The public names of one file, and its own.
struct Names(Vec<String>);

impl Names {
    fn of(path: &Path) -> Names {
        let source = fs::read_to_string(path).unwrap();
        let has_trait = source.contains("pub trait");
        let mut names = vec![path.file_stem().unwrap().to_str().unwrap().to_owned()];
        for line in source.lines() {
            let words: Vec<&str> = line
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .filter(|word| !word.is_empty() && !["async", "const"].contains(word))
                .collect();
            let is_variant = line.starts_with("    ") && line.trim_start().starts_with(is_capital);
            match words[..] {
                ["pub", _, name, ..] => names.push(name.to_owned()),
                ["impl", ..] => names.extend(words.iter().map(|word| (*word).to_owned())),
                ["fn", name, ..] if has_trait => names.push(name.to_owned()),
                [name, ..] if is_variant => names.push(name.to_owned()),
                _ => {}
            }
        }
        Names(names)
    }

    /// Whether all parts of `oneshot::Sender::send` are here.
    fn have(&self, path: &str) -> bool {
        path.split("::")
            .all(|part| self.0.iter().any(|name| name == part))
    }
}

fn is_capital(c: char) -> bool {
    c.is_ascii_uppercase()
}

fn names() -> Vec<Names> {
    let mut names = Vec::new();
    let mut folders: Vec<PathBuf> = ["step5-executor", "step6-toolbox"]
        .map(|step| root().join("crates").join(step).join("src"))
        .into();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => names.push(Names::of(&path)),
            }
        }
    }
    names
}

/// Returns the three cells of each row of the table.
fn rows() -> Vec<[String; 3]> {
    let page = fs::read_to_string(root().join("docs/from-python.md")).unwrap();
    let table = page
        .lines()
        .skip_while(|line| !line.starts_with("| Python | here | how"));
    let rows = table.skip(2).take_while(|line| line.starts_with('|'));
    let cells = |line: &str| {
        let cells: Vec<String> = line.split('|').map(|cell| cell.trim().to_owned()).collect();
        let [_, python, here, differs, _] = cells.try_into().unwrap_or_else(|cells| {
            panic!("a row has three cells: {cells:?}");
        });
        [python, here, differs]
    };
    rows.map(cells).collect()
}

/// Returns what is between backquotes.
fn code(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

#[test]
fn each_counterpart_is_there() {
    let names = names();
    let is_known =
        |name: &str| LANGUAGE.contains(&name) || names.iter().any(|names| names.have(name));
    let mut missing = Vec::new();
    for [python, here, differs] in rows() {
        missing.extend(
            code(&here)
                .filter(|name| !is_known(name))
                .map(|name| format!("{python}: there is no `{name}`")),
        );
        let is_heading = python.starts_with("**");
        if !is_heading && code(&here).next().is_none() && (here != "none" || differs.is_empty()) {
            missing.push(format!(
                "{python}: neither a name nor \"none\" and a reason"
            ));
        }
    }
    assert!(missing.is_empty(), "\n{}", missing.join("\n"));
}

#[test]
fn a_counterpart_that_is_not_there_is_found() {
    let names = names();
    let is_known = |path: &str| names.iter().any(|names| names.have(path));
    assert!(is_known("JoinHandle::abort") && is_known("Until::AllCompleted"));
    for path in ["JoinHandle::explode", "JoinHandle::accept", "Unknown"] {
        assert!(!is_known(path), "{path}");
    }
}

#[test]
fn no_name_of_asyncio_is_left_out() {
    let rows = rows();
    let names = rows.iter().flat_map(|[python, ..]| code(python)).count();
    assert!(
        names >= 230,
        "only {names}: the high-level API alone has 186"
    );
}
