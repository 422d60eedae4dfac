//! All pages: whether they are true, and how they are renewed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use crate::blocks::{Maker, Verdict};
use crate::finding::Finding;
use crate::languages::{self, DOCTESTS};
use crate::packages::{names_in, packages};
use crate::page::Page;
use crate::programs::Runner;
use crate::{links, mentions, summary};

/// The pages of a repository.
#[derive(Debug)]
pub struct Book {
    root: PathBuf,
    pages: Vec<Page>,
    /// The pages that are looked at; all if it is empty.
    chosen: Vec<String>,
}

/// What a check has found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What is stale or broken, by page and line.
    pub findings: Vec<Finding>,
    /// The files that were written, from the repository's root. Empty after a check.
    pub renewed: Vec<String>,
    /// How many pages were looked at.
    pub pages: usize,
    /// How many blocks have a directive.
    pub blocks: usize,
    /// How many different commands ran.
    pub commands: usize,
}

/// The files that must be written anew.
type Changes = BTreeMap<String, Vec<u8>>;

impl Book {
    /// Reads all pages of the repository in a folder.
    ///
    /// # Errors
    ///
    /// Returns an error if a page or folder cannot be read: the message names it.
    pub fn open(root: impl Into<PathBuf>) -> io::Result<Book> {
        let root = root.into();
        let mut paths = vec!["README.md".to_owned()];
        markdown_below(&root, "docs", &mut paths)?;
        let folders = packages(&root)?.into_values();
        paths.extend(folders.map(|folder| format!("{folder}/README.md")));
        paths.retain(|path| root.join(path).exists());
        let mut pages = Vec::new();
        for path in paths {
            let text =
                fs::read_to_string(root.join(&path)).map_err(|error| named(&path, &error))?;
            pages.push(Page { path, text });
        }
        Ok(Book {
            root,
            pages,
            chosen: Vec::new(),
        })
    }

    /// Chooses some pages only, given by their paths from the repository's root.
    ///
    /// # Errors
    ///
    /// Returns a message if one is not a page.
    pub fn only(self, paths: Vec<String>) -> Result<Book, String> {
        let is_page = |path: &String| self.pages.iter().any(|page| page.path == *path);
        match paths.iter().find(|path| !is_page(path)) {
            Some(unknown) => Err(format!(
                "{unknown} is not a page: give some such as README.md or docs/why.md"
            )),
            None => Ok(Book {
                chosen: paths,
                ..self
            }),
        }
    }

    /// Finds what is stale or broken.
    pub fn check(&self, runner: &dyn Runner) -> Report {
        let (mut report, _) = self.judge(runner);
        report.findings.extend(self.check_rest());
        report.findings.sort();
        report
    }

    /// Renews what is stale; what is broken stays, and is in the report.
    ///
    /// What is not stale is not touched, so a second time nothing happens.
    ///
    /// # Errors
    ///
    /// Returns an error if a file cannot be written: the message names it.
    pub fn renew(self, runner: &dyn Runner) -> io::Result<Report> {
        let (mut report, changes) = self.judge(runner);
        report.findings.retain(|finding| !finding.is_stale);
        for (path, contents) in changes {
            let file = self.root.join(&path);
            // The commands took their time: what was written meanwhile must not be lost.
            if let Some(page) = self.pages.iter().find(|page| page.path == path)
                && fs::read(&file).ok().as_deref() != Some(page.text.as_bytes())
            {
                let problem = "it was edited while the commands ran: renew it again";
                report.findings.push(Finding::broken(&path, 0, problem));
                continue;
            }
            let folder = file.parent().unwrap_or(&self.root);
            let written = fs::create_dir_all(folder).and_then(|()| fs::write(&file, contents));
            written.map_err(|error| named(&path, &error))?;
            report.renewed.push(path);
        }
        // What is written anew may have mended a link, or broken one.
        let renewed = Book {
            chosen: self.chosen,
            ..Book::open(self.root)?
        };
        report.findings.extend(renewed.check_rest());
        report.findings.sort();
        Ok(report)
    }

    fn chosen(&self) -> impl Iterator<Item = &Page> {
        let is_chosen = |page: &&Page| self.chosen.is_empty() || self.chosen.contains(&page.path);
        self.pages.iter().filter(is_chosen)
    }

    /// Looks at all blocks that have a directive, and at the directives.
    fn judge(&self, runner: &dyn Runner) -> (Report, Changes) {
        let maker = Maker::new(&self.root, runner);
        let (mut report, mut changes) = (Report::default(), Changes::new());
        for page in self.chosen() {
            let (blocks, findings) = page.blocks();
            report.findings.extend(findings);
            report.pages += 1;
            report.blocks += blocks.len();
            let mut fresh = Vec::new();
            for block in &blocks {
                report.findings.push(match maker.judge(page, block) {
                    Ok(Verdict::Good) => continue,
                    Ok(Verdict::Stale {
                        problem,
                        line,
                        lines,
                    }) => {
                        fresh.push((block.lines.clone(), lines));
                        let line = line.map_or(block.line, |line| block.lines.start + line);
                        Finding::stale(&page.path, line, problem)
                    }
                    Ok(Verdict::StalePicture {
                        problem,
                        path,
                        contents,
                    }) => {
                        changes.insert(path, contents);
                        Finding::stale(&page.path, block.line, problem)
                    }
                    Err(problem) => Finding::broken(&page.path, block.line, problem),
                });
            }
            if !fresh.is_empty() {
                changes.insert(page.path.clone(), page.with(&fresh).into_bytes());
            }
        }
        report.commands = maker.commands();
        (report, changes)
    }

    /// Looks at what no directive makes.
    fn check_rest(&self) -> Vec<Finding> {
        let packages = packages(&self.root).unwrap_or_default();
        let doctests = fs::read_to_string(self.root.join(DOCTESTS)).unwrap_or_default();
        let mut findings = Vec::new();
        for page in self.chosen() {
            findings.extend(links::check(&self.root, page));
            findings.extend(mentions::check(&self.root, &packages, page));
            findings.extend(languages::check(page, &page.blocks().0, &doctests));
        }
        if self.chosen.is_empty() {
            findings.extend(summary::check(&self.pages));
        }
        findings
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
        let stale = self.findings.iter().filter(|finding| finding.is_stale);
        let mut pages: Vec<&str> = stale.map(|finding| finding.file.as_str()).collect();
        pages.dedup();
        if !pages.is_empty() {
            let pages = pages.join(" ");
            writeln!(
                f,
                "To renew what is stale: cargo run -p book -- renew {pages}"
            )?;
        }
        match self.findings.len() {
            0 => write!(f, "All is true: ")?,
            count => write!(f, "Not true: {count} findings in ")?,
        }
        let Report {
            pages,
            blocks,
            commands,
            ..
        } = self;
        write!(f, "{pages} pages, {blocks} blocks, {commands} commands")
    }
}

fn markdown_below(root: &Path, folder: &str, paths: &mut Vec<String>) -> io::Result<()> {
    for name in names_in(root, folder)? {
        let path = format!("{folder}/{name}");
        if root.join(&path).is_dir() {
            markdown_below(root, &path, paths)?;
        } else if name.ends_with(".md") {
            paths.push(path);
        }
    }
    Ok(())
}

fn named(path: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{path}: {error}"))
}
