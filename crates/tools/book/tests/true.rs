//! Is the book true: does it show what the repository holds and does?

use std::path::Path;

use book::{Book, Programs, Report};

/// Checks some pages, or all if none is named.
fn check(pages: Vec<String>) -> Report {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    Book::open(&root)
        .unwrap()
        .only(pages)
        .unwrap()
        .check(&Programs::new(&root))
        .unwrap()
}

#[test]
fn the_book_is_true() {
    let report = check(vec![]);
    assert!(
        report.pages > 1 && report.blocks > 1 && report.commands > 1,
        "something was looked at: {report}"
    );
    let mut stale: Vec<_> = report
        .findings
        .into_iter()
        .map(|finding| finding.file)
        .collect();
    stale.dedup();
    // A machine that stands still for a second makes a program a second late. What is really stale is stale again.
    if !stale.is_empty() {
        let report = check(stale);
        assert!(report.findings.is_empty(), "\n{report}");
    }
}
