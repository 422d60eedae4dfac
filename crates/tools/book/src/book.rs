//! All pages, and what is wrong with them.

use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use crate::files::files;
use crate::finding::Finding;
use crate::page::{Page, Sources};
use crate::programs::Runner;
use crate::table::{BENCHMARKS, Table};
use crate::{links, mentions};

/// The pages of a repository.
#[derive(Debug)]
pub struct Book {
    root: PathBuf,
    pages: Vec<Page>,
    /// The pages to look at; if there are none, all.
    chosen: Vec<String>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Report {
    /// How many pages were looked at.
    pub pages: usize,
    /// How many blocks and pictures they have.
    pub blocks: usize,
    /// The pages and the pictures that were renewed.
    pub renewed: Vec<String>,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

impl Book {
    /// Reads all pages: `README.md`, those of `docs/`, and `README.md` in packages.
    ///
    /// # Errors
    ///
    /// Returns an error if a file cannot be read.
    pub fn open(root: &Path) -> io::Result<Book> {
        let mut paths = vec!["README.md".to_owned()];
        files(root, "docs", ".md", &mut paths)?;
        files(root, "crates", "/README.md", &mut paths)?;
        paths.retain(|path| root.join(path).exists());
        let read = |path: String| {
            let text = fs::read_to_string(root.join(&path))?;
            Ok(Page { path, text })
        };
        Ok(Book {
            root: root.to_owned(),
            pages: paths.into_iter().map(read).collect::<io::Result<_>>()?,
            chosen: vec![],
        })
    }

    /// Restricts the book to some pages; if none is named, to all.
    ///
    /// # Errors
    ///
    /// Returns a message if there is no such page.
    pub fn only(mut self, chosen: Vec<String>) -> Result<Book, String> {
        let is_page = |path: &&String| self.pages.iter().any(|page| page.path == **path);
        if let Some(unknown) = chosen.iter().find(|path| !is_page(path)) {
            let advice = "give some such as README.md or docs/why.md";
            return Err(format!("{unknown} is not a page: {advice}"));
        }
        self.chosen = chosen;
        Ok(self)
    }

    /// Finds what is stale or broken. If it `renews`, it makes anew what is stale.
    ///
    /// # Errors
    ///
    /// Returns an error if a page or a picture cannot be written.
    pub fn check(&self, runner: Runner<'_>, renews: bool) -> io::Result<Report> {
        let benchmarks = self.pages.iter().find(|page| page.path == BENCHMARKS);
        let sources = Sources {
            root: &self.root,
            runner,
            table: Table::new(benchmarks.map_or("", |page| &page.text)),
        };
        let mut report = Report::default();
        let is_chosen = |page: &&Page| self.chosen.is_empty() || self.chosen.contains(&page.path);
        for page in self.pages.iter().filter(is_chosen) {
            let mut fresh = page.make(&sources);
            report.pages += 1;
            report.blocks += fresh.blocks;
            report.findings.append(&mut fresh.broken);
            let mut text = page.text.clone();
            if renews {
                text = fresh.text();
                report.write(&self.root, page, &text)?;
                for (path, contents) in &fresh.pictures {
                    write(&self.root.join(path), contents)?;
                    report.renewed.push(path.clone());
                }
            } else {
                report.findings.append(&mut fresh.stale);
            }
            report
                .findings
                .extend(links::check(&self.root, &page.path, &text));
            report
                .findings
                .extend(mentions::check(&self.root, &page.path, &text));
        }
        if self.chosen.is_empty() {
            let paths: Vec<&str> = self.pages.iter().map(|page| page.path.as_str()).collect();
            report
                .findings
                .extend(links::check_summary(&self.root, &paths));
        }
        report.findings.sort();
        Ok(report)
    }
}

impl Report {
    /// Writes a page that has changed, unless it was edited while the commands ran.
    fn write(&mut self, root: &Path, page: &Page, text: &str) -> io::Result<()> {
        let path = root.join(&page.path);
        if text.trim_end() == page.text.trim_end() {
            return Ok(());
        }
        if fs::read_to_string(&path)? != page.text {
            let problem = "it was edited while the commands ran: renew it again";
            self.findings.push(Finding::new(&page.path, 0, problem));
            return Ok(());
        }
        self.renewed.push(page.path.clone());
        write(&path, text.as_bytes())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for path in &self.renewed {
            writeln!(f, "renewed {path}")?;
        }
        for finding in &self.findings {
            writeln!(f, "{finding}")?;
        }
        if self
            .findings
            .iter()
            .any(|finding| finding.problem.starts_with("stale "))
        {
            writeln!(f, "To renew what is stale: cargo run -p book -- renew")?;
        }
        match self.findings.len() {
            0 => write!(f, "All is true: ")?,
            count => write!(f, "Not true: {count} findings in ")?,
        }
        write!(f, "{} pages, {} blocks", self.pages, self.blocks)
    }
}

fn write(path: &Path, contents: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, contents)
}
