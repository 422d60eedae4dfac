//! Is the book true: does it show what the repository holds and does?

use std::path::Path;

use book::Book;

#[test]
fn the_book_is_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let root = root.canonicalize().unwrap();
    let book = Book::open(&root).unwrap();
    let report = book.check(&|run| book::run(&root, run), false).unwrap();
    assert!(report.pages > 10 && report.blocks > 100, "{report}");
    assert!(report.findings.is_empty(), "\n{report}");
}
