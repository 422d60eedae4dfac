//! A repository of a few files, in which programs print what a test says.

use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, process};

use book::{Book, Report, Run};

/// A folder with files, removed when it is dropped.
pub(crate) struct Repository {
    root: PathBuf,
    /// What each program prints, and draws.
    pub(crate) prints: RefCell<String>,
    /// What the page becomes while a program runs.
    pub(crate) edited: RefCell<Option<String>>,
}

impl Repository {
    /// Has one page, `docs/page.md`, a summary that lists it, and a piece of code.
    pub(crate) fn with_page(text: &str) -> Repository {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("book-test-{}-{number}", process::id());
        let repository = Repository {
            root: env::temp_dir().join(name),
            prints: RefCell::default(),
            edited: RefCell::default(),
        };
        repository.write("docs/page.md", text);
        repository.write("docs/SUMMARY.md", "# Summary\n\n- [Page](page.md)\n");
        repository.write("x.rs", "fn x() {\n    1\n}\nfn y() {}\n");
        repository
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.root.join(path)).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap()
    }

    pub(crate) fn page(&self) -> String {
        self.read("docs/page.md")
    }

    /// Looks at all pages; runs no program.
    pub(crate) fn report(&self, renews: bool) -> Report {
        let run = |run: &Run<'_>| {
            if let Some(edited) = self.edited.take() {
                self.write("docs/page.md", &edited);
            }
            let words = run.command.split_whitespace();
            for file in words.filter(|word| word.ends_with(".svg") || word.ends_with(".html")) {
                self.write(file, &self.prints.borrow());
            }
            Ok(self.prints.borrow().clone())
        };
        let book = Book::open(&self.root).unwrap();
        book.check(&run, renews).unwrap()
    }

    /// Returns what a check finds, as it is printed.
    pub(crate) fn check(&self) -> Vec<String> {
        let findings = self.report(false).findings;
        findings.iter().map(ToString::to_string).collect()
    }

    /// Asserts that a check finds this and nothing else, that renewing mends it, and that doing so
    /// again changes nothing.
    #[track_caller]
    pub(crate) fn assert_stale(&self, finding: &str) {
        assert_eq!(self.check(), [finding]);
        assert!(
            self.report(false)
                .to_string()
                .contains("\nTo renew what is stale: ")
        );
        let renewed = self.report(true);
        assert!(renewed.findings.is_empty(), "{renewed}");
        assert_eq!(self.check(), [""; 0]);
        assert_eq!(
            self.report(true).renewed,
            [""; 0],
            "nothing is left to renew"
        );
    }
}

impl Drop for Repository {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.root);
    }
}
