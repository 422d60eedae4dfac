//! Is the book true: does it show what the repository holds and does?

use std::path::Path;

use book::{Book, Programs};

#[test]
fn the_book_is_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let report = Book::open(&root).unwrap().check(&Programs::new(&root)).unwrap();
    assert!(report.findings.is_empty(), "\n{report}");
    assert!(report.pages > 1 && report.blocks > 1 && report.commands > 1, "something was looked at: {report}");
}
