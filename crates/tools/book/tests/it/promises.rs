//! Do the pages on guarantees and on classic bugs show all that tests say they hold?

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    fs::read_to_string(root.join(path)).unwrap()
}

/// Returns what the comments of all tests say, from the beginning of a mark to its colon.
fn labels(folder: &Path, labels: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            self::labels(&path, labels);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let source = fs::read_to_string(path).unwrap();
            let comments = source
                .lines()
                .filter_map(|line| line.trim().strip_prefix("/// "));
            let marks = comments
                .filter(|text| text.starts_with("Promise (") || text.starts_with("Classic bug"));
            labels.extend(marks.map(|text| text.split(':').next().unwrap().to_owned()));
        }
    }
}

#[test]
fn each_kind_of_promise_has_a_table() {
    let mut found = BTreeSet::new();
    labels(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."),
        &mut found,
    );
    assert!(found.len() > 8, "{found:?}");
    let pages = read("docs/guarantees.md") + &read("docs/classic-bugs.md");
    for label in found {
        assert!(
            pages.contains(&format!("<!-- tests: {label} -->")),
            "{label}"
        );
    }
}

#[test]
fn each_classic_bug_has_a_test() {
    let page = read("docs/classic-bugs.md");
    let told = page.lines().filter_map(|line| line.strip_prefix("| **"));
    let told: BTreeSet<&str> = told.map(|row| row.split("**").next().unwrap()).collect();
    let tested = page.lines().filter(|line| line.contains("](../crates/"));
    let tested: BTreeSet<&str> = tested.map(|row| row.split(" | ").next().unwrap()).collect();
    assert!(told.len() >= 20, "{told:?}");
    assert_eq!(
        told,
        tested
            .iter()
            .map(|cell| cell.trim_start_matches("| "))
            .collect()
    );
}

#[test]
fn each_broken_program_is_in_the_page() {
    let page = read("docs/classic-bugs.md");
    let bugs = read("crates/step8-fast-executor/examples/broken/bugs.rs");
    let names = bugs.split("name: \"").skip(1);
    for name in names.map(|rest| rest.split('"').next().unwrap()) {
        let command = format!("cargo run -p step8-fast-executor --example broken -- {name}`");
        assert!(page.contains(&command), "{name}");
    }
}
