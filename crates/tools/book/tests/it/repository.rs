//! A repository of a few files, and a runner that runs nothing.

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
    /// What is written while a command runs.
    writes: RefCell<Option<(PathBuf, String)>>,
    exit: Cell<i32>,
    /// How many commands it was given.
    runs: Cell<usize>,
}

impl Repository {
    /// Has one page, `docs/page.md`, and a summary that lists it.
    pub(crate) fn with_page(text: &str) -> Repository {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("book-test-{}-{number}", process::id());
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

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap()
    }

    pub(crate) fn page(&self) -> String {
        self.read("docs/page.md")
    }

    pub(crate) fn prints(&self, text: &str) {
        text.clone_into(&mut self.runner.prints.borrow_mut());
    }

    /// Writes a page while the commands run.
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

    /// Returns how many commands have run so far.
    pub(crate) fn runs(&self) -> usize {
        self.runner.runs.get()
    }

    fn open(&self) -> Book {
        Book::open(&self.root).unwrap()
    }

    fn renewed(&self) -> Report {
        self.open().renew(&self.runner).unwrap()
    }

    /// Returns what a check finds, as it is printed.
    pub(crate) fn check(&self) -> Vec<String> {
        printed(&self.open().check(&self.runner))
    }

    /// Returns what is still wrong after it was renewed.
    pub(crate) fn renew(&self) -> Vec<String> {
        printed(&self.renewed())
    }

    /// Asserts that a check finds one stale thing, that renewing mends it, and that doing so again
    /// changes nothing.
    pub(crate) fn assert_stale(&self, problem: &str) {
        let report = self.open().check(&self.runner);
        let [finding] = &report.findings[..] else {
            panic!("not one finding: {report}")
        };
        assert!(finding.is_stale);
        assert_eq!(finding.problem, problem);
        let how = "To renew what is stale: cargo run -p book -- renew docs/page.md\n";
        assert!(report.to_string().contains(how), "{report}");
        assert_eq!(self.renew(), [""; 0]);
        assert_eq!(self.check(), [""; 0]);
        assert_eq!(self.renewed().renewed, [""; 0], "nothing is left to renew");
    }
}

fn printed(report: &Report) -> Vec<String> {
    report.findings.iter().map(ToString::to_string).collect()
}

impl Drop for Repository {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.root);
    }
}

impl Runner for Fake {
    fn run(&self, run: &Run) -> Result<Ran, String> {
        self.runs.set(self.runs.get() + 1);
        if let Some((page, text)) = self.writes.take() {
            fs::write(page, text).unwrap();
        }
        let mut arguments = run.command.arguments.iter();
        if let Some(file) = arguments.find(|argument| argument.ends_with(".svg")) {
            fs::write(file, &*self.draws.borrow()).unwrap();
        }
        let exit = run.stops_after.is_none().then_some(self.exit.get());
        let text = self.prints.borrow().clone();
        Ok(Ran { text, exit })
    }
}
