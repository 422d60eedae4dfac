//! Is the book true: does it show what the repository holds and does?

use std::path::Path;

use book::{Book, Programs};

#[test]
fn the_book_is_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let book = Book::open(&root).unwrap();
    let report = book.check(&Programs::new(&root));
    let is_looked_at = report.pages > 1 && report.blocks > 1 && report.commands > 1;
    assert!(is_looked_at, "{report}");
    assert!(report.findings.is_empty(), "\n{report}");
}
