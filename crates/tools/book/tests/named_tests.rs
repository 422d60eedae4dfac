//! Do the tests and the broken programs exist that the pages on guarantees and on classic bugs name?

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

fn page(name: &str) -> String {
    let path = root().join("docs").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A test that a page names: its name, and its file from the root of the repository.
type Named = (String, PathBuf);

/// Returns what a text names as "`test` in [title](file)".
fn named(text: &str) -> Vec<Named> {
    // Prose is broken into lines anywhere.
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.match_indices("` in [")
        .map(|(end, _)| {
            let name = text[..end].rsplit('`').next().unwrap();
            let target = text[end..]
                .split_once("](")
                .and_then(|(_, rest)| rest.split_once(')'))
                .unwrap()
                .0;
            (name.to_owned(), Path::new("docs").join(target))
        })
        .collect()
}

/// Returns the named tests that do not exist.
fn missing(named: &[Named]) -> Vec<&Named> {
    let exists = |(name, file): &Named| {
        let source = fs::read_to_string(root().join(file)).unwrap_or_default();
        // A test of every selector is a function, which a list names.
        let is_test = |before: &str| before.ends_with("#[test]") || before.ends_with("pub(crate)");
        source
            .match_indices(&format!("fn {name}("))
            .any(|(place, _)| is_test(source[..place].trim_end()))
    };
    named.iter().filter(|test| !exists(test)).collect()
}

/// Returns the items of the lists of a page, each with the heading above it.
fn items(page: &str) -> Vec<(&str, String)> {
    let (mut heading, mut items) = ("", Vec::<(&str, String)>::new());
    for line in page.lines() {
        match line.strip_prefix("## ") {
            Some(next) => heading = next,
            None if line.starts_with("- ") => items.push((heading, line.to_owned())),
            None if line.starts_with("  ") => items.last_mut().unwrap().1.push_str(line),
            None => {}
        }
    }
    items
}

#[test]
fn each_guarantee_is_held_by_tests_that_exist() {
    let page = page("guarantees.md");
    assert_eq!(missing(&named(&page)), [] as [&Named; 0]);
    let promises = items(&page)
        .into_iter()
        .filter(|(heading, _)| *heading != "What is not promised");
    for (heading, promise) in promises {
        assert!(
            !named(&promise).is_empty(),
            "no test holds a promise of {heading:?}: {promise}"
        );
    }
    assert!(named(&page).len() > 50);
}

#[test]
fn each_classic_bug_is_caught_by_tests_that_exist() {
    let page = page("classic-bugs.md");
    assert_eq!(missing(&named(&page)), [] as [&Named; 0]);
    let bugs: Vec<&str> = page.split("\n## ").skip(1).collect();
    assert_eq!(bugs.len(), 20);
    for bug in bugs {
        let title = bug.lines().next().unwrap();
        assert!(!named(bug).is_empty(), "no test catches {title:?}");
        assert!(
            bug.contains("- How it shows: ") && bug.contains("- The right code "),
            "{title:?} is not told"
        );
    }
}

#[test]
fn each_broken_program_is_in_the_page_and_each_in_the_page_runs() {
    let page = page("classic-bugs.md");
    let bugs =
        fs::read_to_string(root().join("crates/step5-executor/examples/broken/bugs.rs")).unwrap();
    let names = bugs
        .split("name: \"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap());
    let command = "`cargo run -p step5-executor --example broken -- ";
    let shown = page
        .split(command)
        .skip(1)
        .map(|rest| rest.split('`').next().unwrap());
    assert_eq!(shown.collect::<Vec<_>>(), names.collect::<Vec<_>>());
}

#[test]
fn a_test_that_is_gone_is_found_missing() {
    let text = "Held by `each_classic_bug_is_caught_by_tests_that_exist` in\n  [this](../crates/tools/book/tests/named_tests.rs), \
        `missing` in [this](../crates/tools/book/tests/named_tests.rs), `gone` in [that](../crates/tools/book/tests/gone.rs).";
    let named = named(text);
    assert_eq!(
        missing(&named)
            .into_iter()
            .map(|test| &test.0[..])
            .collect::<Vec<_>>(),
        ["missing", "gone"]
    );
}
