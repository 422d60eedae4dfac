//! A repository of a few files, and a runner that runs nothing.
#![allow(dead_code, reason = "each file of tests uses a part of it")]

use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, process};

use book::{Book, Ran, Report, Run, Runner};

/// A folder with files, removed when it is dropped.
pub(crate) struct Repository {
    root: PathBuf,
    runner: Fake,
}

/// Prints what it was told to, for every command.
#[derive(Default)]
pub(crate) struct Fake {
    prints: RefCell<String>,
    draws: RefCell<String>,
    writes: RefCell<Option<(PathBuf, String)>>,
    exit: Cell<i32>,
    /// How many commands it was given.
    runs: Cell<usize>,
}

impl Repository {
    /// Has one page, `docs/page.md`, and a summary that lists it.
    pub(crate) fn with_page(text: &str) -> Repository {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "book-test-{}-{}",
            process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let repository = Repository {
            root: env::temp_dir().join(name),
            runner: Fake::default(),
        };
        repository.write("docs/page.md", text);
        repository.write("docs/SUMMARY.md", "# Summary\n\n- [Page](page.md)\n");
        repository
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Moves a file, and leaves a link to it.
    pub(crate) fn turn_into_link(&self, path: &str, to: &str) {
        fs::rename(self.root.join(path), self.root.join(to)).unwrap();
        std::os::unix::fs::symlink(self.root.join(to), self.root.join(path)).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap()
    }

    pub(crate) fn page(&self) -> String {
        self.read("docs/page.md")
    }

    pub(crate) fn prints(&self, text: &str) {
        text.clone_into(&mut self.runner.prints.borrow_mut());
    }

    /// Lets somebody write a page while the commands run.
    pub(crate) fn writes_meanwhile(&self, text: &str) {
        let page = self.root.join("docs/page.md");
        self.runner.writes.replace(Some((page, text.to_owned())));
    }

    pub(crate) fn draws(&self, text: &str) {
        text.clone_into(&mut self.runner.draws.borrow_mut());
    }

    pub(crate) fn exits_with(&self, status: i32) {
        self.runner.exit.set(status);
    }

    /// How many commands have run so far.
    pub(crate) fn runs(&self) -> usize {
        self.runner.runs.get()
    }

    fn report(&self, renew: bool) -> Report {
        let book = Book::open(&self.root).unwrap();
        if renew {
            book.renew(&self.runner)
        } else {
            book.check(&self.runner)
        }
        .unwrap()
    }

    /// What a check finds, as it is printed, without how to renew it.
    pub(crate) fn check(&self) -> Vec<String> {
        let print =
            |finding: &book::Finding| finding.to_string().lines().next().unwrap().to_owned();
        self.report(false).findings.iter().map(print).collect()
    }

    /// What is still wrong after it was renewed.
    pub(crate) fn renew(&self) -> Vec<String> {
        self.report(true)
            .findings
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    /// Asserts that a check finds one stale thing, that renewing mends it, and that doing so again changes nothing.
    pub(crate) fn assert_stale_and_renewable(&self, problem: &str) {
        let found = self.report(false).findings;
        assert!(found.len() == 1 && found[0].renewable, "{found:?}");
        assert_eq!(found[0].problem, problem);
        assert!(
            found[0]
                .to_string()
                .contains("cargo run -p book -- renew docs/page.md")
        );
        assert_eq!(self.renew(), [""; 0]);
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
        let _ = fs::remove_dir_all(&self.root);
    }
}

impl Runner for Fake {
    fn run(&self, runs: &[Run]) -> Vec<Result<Ran, String>> {
        self.runs.set(self.runs.get() + runs.len());
        if let Some((page, text)) = self.writes.take() {
            fs::write(page, text).unwrap();
        }
        let run = |run: &Run| {
            if let Some(file) = run
                .command
                .arguments
                .iter()
                .find(|argument| argument.ends_with(".svg"))
            {
                fs::write(file, &*self.draws.borrow()).map_err(|error| error.to_string())?;
            }
            let exit = run.stops_after.is_none().then_some(self.exit.get());
            Ok(Ran {
                text: self.prints.borrow().clone(),
                exit,
            })
        };
        runs.iter().map(run).collect()
    }
}
