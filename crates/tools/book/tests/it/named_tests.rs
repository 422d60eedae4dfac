//! Do the pages on guarantees and on classic bugs name a test in each row?
//!
//! A test is written as `crates/step5-executor/tests/it/join.rs: join_parks`. The book's check
//! finds those that are gone.

use std::fs;
use std::path::Path;

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    fs::read_to_string(root.join(path)).unwrap()
}

/// Returns the rows of the tables whose last column is `test`.
fn rows(page: &str) -> Vec<&str> {
    let is_row = |line: &str| line.starts_with('|');
    let lines: Vec<&str> = page.lines().collect();
    let tables = lines.chunk_by(|one, next| is_row(one) == is_row(next));
    let with_tests = tables.filter(|table| is_row(table[0]) && last_cell(table[0]) == "test");
    with_tests
        .flat_map(|table| table.iter().skip(2).copied())
        .collect()
}

fn last_cell(row: &str) -> &str {
    let row = row.trim_end().trim_end_matches('|');
    row.rsplit('|').next().unwrap().trim()
}

fn names_a_test(row: &str) -> bool {
    let cell = last_cell(row);
    cell.starts_with("`crates/") && cell.contains(".rs: ")
}

#[test]
fn each_guarantee_names_its_test() {
    let page = read("docs/guarantees.md");
    let rows = rows(&page);
    assert!(rows.len() >= 40, "{} guarantees", rows.len());
    for row in rows {
        assert!(names_a_test(row), "{row}");
    }
}

#[test]
fn each_classic_bug_names_its_test() {
    let page = read("docs/classic-bugs.md");
    let rows = rows(&page);
    assert!(rows.len() >= 20, "{} bugs", rows.len());
    for row in rows {
        assert!(names_a_test(row), "{row}");
    }
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

#[test]
fn a_row_without_a_test_is_found() {
    let page = "| promise | test |\n|---|---|\n| a | `crates/x/y.rs: z` |\n| b | |\n\n\
        | x | y |\n|---|---|\n| c | d |\n";
    let without: Vec<&str> = rows(page)
        .into_iter()
        .filter(|row| !names_a_test(row))
        .collect();
    assert_eq!(without, ["| b | |"]);
}
