//! Is the book true: does it show what the repository holds and does?

use std::fs;
use std::path::{Path, PathBuf};

use book::Book;

fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    root.canonicalize().unwrap()
}

#[test]
fn the_book_is_true() {
    let root = root();
    let book = Book::open(&root).unwrap();
    let report = book.check(&|run| book::run(&root, run), false).unwrap();
    assert!(report.pages > 10 && report.blocks > 100, "{report}");
    assert!(report.findings.is_empty(), "\n{report}");
}

#[test]
fn front_pages_name_the_version_of_rust() {
    let read = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    let manifest = read("Cargo.toml");
    let (_, version) = manifest.split_once("rust-version = \"").unwrap();
    let version = format!("Rust {} or later", version.split('"').next().unwrap());
    for page in ["README.md", "docs/index.md"] {
        assert!(read(page).contains(&version), "{page} must say: {version}");
    }
}

/// The documentation of a step leads to its chapter, and to the step after it.
#[test]
fn each_step_leads_to_its_chapter_and_the_next() {
    let steps = fs::read_dir(root().join("crates")).unwrap();
    let steps = steps.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut steps: Vec<String> = steps.filter(|name| name.starts_with("step")).collect();
    steps.sort();
    for (i, step) in steps.iter().enumerate() {
        let source = fs::read_to_string(root().join(format!("crates/{step}/src/lib.rs"))).unwrap();
        let chapter = format!("[`docs/{step}.md`](../../../docs/{step}.md)");
        assert!(source.contains(&chapter), "{step} must have: {chapter}");
        assert!(root().join(format!("docs/{step}.md")).exists());
        if let Some(next) = steps.get(i + 1) {
            let next = format!("](../{}/index.html)", next.replace('-', "_"));
            assert!(source.contains(&next), "{step} must have: {next}");
        }
    }
}
