//! Do the files of each crate form levels: does none use a file that uses it?

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The modules that each module of a crate uses.
type Uses = BTreeMap<String, BTreeSet<String>>;

fn crates() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let folders = ["crates", "crates/tools"].map(|folder| fs::read_dir(root.join(folder)).unwrap());
    let folders = folders.into_iter().flatten();
    let mut crates: Vec<PathBuf> = folders.map(|entry| entry.unwrap().path()).collect();
    crates.retain(|folder| folder.join("src/lib.rs").exists());
    crates.sort();
    crates
}

/// Returns the text of each module, without comments and tests.
fn modules(source: &Path, parent: &str, modules: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(source).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        if path.is_dir() {
            self::modules(&path, &join(parent, stem), modules);
        } else if path.extension().is_some_and(|ending| ending == "rs") && stem != "main" {
            let text = fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]\nmod ").next().unwrap();
            let lines = text.lines().map(|line| line.split("//").next().unwrap());
            let text = lines.collect::<Vec<_>>().join(" ");
            let name = match stem {
                "mod" => parent.to_owned(),
                stem => join(parent, stem),
            };
            modules.insert(name, text);
        }
    }
}

fn join(parent: &str, name: &str) -> String {
    match parent {
        "" => name.to_owned(),
        parent => format!("{parent}::{name}"),
    }
}

/// Takes a path with groups apart, such as `a::{b, c::{d, e}}`.
fn expand(prefix: &str, path: &str, paths: &mut Vec<String>) {
    let end = path.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    let (head, rest) = path.split_at(end.unwrap_or(path.len()));
    let Some(group) = rest
        .strip_prefix('{')
        .filter(|_| head.ends_with("::") || head.is_empty())
    else {
        return paths.push(format!("{prefix}{head}"));
    };
    let (mut depth, mut start) = (0, 0);
    for (place, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            ',' | '}' if depth == 0 => {
                expand(
                    &format!("{prefix}{head}"),
                    group[start..place].trim(),
                    paths,
                );
                start = place + 1;
                if c == '}' {
                    break;
                }
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
}

/// Returns the paths in a module's text that begin in its crate, from the root.
fn paths(module: &str, text: &str) -> Vec<String> {
    let parent = module.rsplit_once("::").map_or("", |(parent, _)| parent);
    let above = join(parent, "").trim_end_matches("::").to_owned();
    let mut paths = Vec::new();
    for (word, prefix) in [("crate::", String::new()), ("super::", above)] {
        let prefix = if prefix.is_empty() {
            prefix
        } else {
            prefix + "::"
        };
        for (place, _) in text.match_indices(word) {
            expand(&prefix, &text[place + word.len()..], &mut paths);
        }
    }
    paths
}

fn uses(folder: &Path) -> Uses {
    let mut modules = BTreeMap::new();
    self::modules(&folder.join("src"), "", &mut modules);
    // The root exports a name from another module: that module is meant.
    let root = modules.remove("lib").unwrap();
    let mut exported = Vec::new();
    for (place, word) in root.match_indices(" use ") {
        expand("", root[place + word.len()..].trim(), &mut exported);
    }
    let resolve = |path: &str| -> Option<String> {
        let first = path.split("::").next()?;
        let is_module = |name: &&String| name.split("::").next() == Some(first);
        let is_export = |export: &&String| export.ends_with(&format!("::{first}"));
        let mut path = match modules.keys().find(is_module) {
            Some(_) => path,
            None => exported.iter().find(is_export)?,
        };
        while !modules.contains_key(path) {
            path = path.rsplit_once("::")?.0;
        }
        Some(path.to_owned())
    };
    let mut uses = Uses::new();
    for (module, text) in &modules {
        let paths = paths(module, text);
        let used = paths.iter().filter_map(|path| resolve(path));
        uses.insert(module.clone(), used.filter(|used| used != module).collect());
    }
    uses
}

/// Returns what is left when the modules that use none, or are used by none, are taken away again
/// and again: the circles, and what is between them.
fn circles(mut uses: Uses) -> BTreeSet<String> {
    loop {
        let used: BTreeSet<String> = uses.values().flatten().cloned().collect();
        let is_inside = |module: &String| !uses[module].is_empty() && used.contains(module);
        let inside: BTreeSet<String> = uses.keys().filter(|m| is_inside(m)).cloned().collect();
        if inside.len() == uses.len() {
            return inside;
        }
        uses.retain(|module, _| inside.contains(module));
        for used in uses.values_mut() {
            used.retain(|module| inside.contains(module));
        }
    }
}

#[test]
fn the_files_of_each_crate_form_levels() {
    let crates = crates();
    assert!(crates.len() > 10);
    for folder in crates {
        let circles = circles(uses(&folder));
        assert!(circles.is_empty(), "{}: {circles:?}", folder.display());
    }
}

#[test]
fn uses_are_found_in_every_form() {
    let uses = uses(Path::new(env!("CARGO_MANIFEST_DIR")));
    let used = |module: &str| -> Vec<&str> { uses[module].iter().map(String::as_str).collect() };
    assert_eq!(used("mentions"), ["finding", "markdown"]);
    assert!(used("book").contains(&"mentions"), "in a group");

    let mut all = Vec::new();
    expand("", "a::{b, c::{d, e::F as G}, H}; rest, {x}", &mut all);
    assert_eq!(all, ["a::b", "a::c::d", "a::c::e::F", "a::H"]);
    assert_eq!(
        paths("net::udp", "use super::readiness::X;"),
        ["net::readiness::X"]
    );
}

#[test]
fn a_circle_is_found() {
    let uses = |all: &[(&str, &[&str])]| -> Uses {
        let used = |used: &[&str]| used.iter().map(|name| (*name).to_owned()).collect();
        all.iter()
            .map(|(module, names)| ((*module).to_owned(), used(names)))
            .collect()
    };
    assert_eq!(
        circles(uses(&[("a", &["b"]), ("b", &["c"]), ("c", &[])])),
        [].into()
    );
    let circle = circles(uses(&[
        ("a", &["b"]),
        ("b", &["c"]),
        ("c", &["b", "d"]),
        ("d", &[]),
    ]));
    assert_eq!(circle, ["b".to_owned(), "c".to_owned()].into());
}
