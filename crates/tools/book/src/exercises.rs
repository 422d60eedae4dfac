//! Is each exercise complete, compiled, and set by a page?

use std::fs;
use std::path::Path;

use crate::finding::Finding;
use crate::page::Page;

const FOLDER: &str = "crates/tools/book/exercises";
const LIST: &str = "crates/tools/book/exercises/main.rs";

/// Finds exercises that lack something.
pub(crate) fn check(root: &Path, pages: &[Page]) -> Vec<Finding> {
    let entries = fs::read_dir(root.join(FOLDER))
        .into_iter()
        .flatten()
        .flatten();
    let folders = entries.filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> = folders
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let list = fs::read_to_string(root.join(LIST)).unwrap_or_default();
    let mut findings = Vec::new();
    for name in names {
        for file in ["exercise.rs", "solution.rs", "test.rs"] {
            let path = format!("{FOLDER}/{name}/{file}");
            if !root.join(&path).exists() {
                findings.push(Finding::broken(
                    &path,
                    1,
                    "this part of the exercise is missing",
                ));
            }
        }
        if !list.contains(&format!("mod {name} ")) {
            findings.push(Finding::broken(
                LIST,
                1,
                format!("the exercise `{name}` is not listed"),
            ));
        }
        if !pages
            .iter()
            .any(|page| page.text.contains(&format!("--ignored {name}")))
        {
            let path = format!("{FOLDER}/{name}/exercise.rs");
            findings.push(Finding::broken(
                &path,
                1,
                format!("no page has the command that ends in `--ignored {name}`"),
            ));
        }
    }
    findings
}
