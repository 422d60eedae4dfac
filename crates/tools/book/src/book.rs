//! Is the book true, and if not, how is it renewed?

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::blocks::{DOCTESTS, Maker, Results, Verdict, check_languages};
use crate::finding::Finding;
use crate::mentions::Packages;
use crate::page::Page;
use crate::programs::{Run, Runner};
use crate::temporary::{Temporary, write};
use crate::{links, summary};

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

/// Files that must be written anew.
type Changes = Vec<(String, Vec<u8>)>;

impl Book {
    /// Reads all pages of the repository in a folder.
    ///
    /// # Errors
    ///
    /// When a page or folder cannot be read: the message names it.
    pub fn open(root: impl Into<PathBuf>) -> io::Result<Book> {
        let root = root.into();
        let mut paths = vec!["README.md".to_owned()];
        markdown_below(&root, "docs", &mut paths)?;
        for folder in names_in(&root, "crates")? {
            paths.push(format!("crates/{folder}/README.md"));
        }
        paths.retain(|path| root.join(path).exists());
        let pages = paths.into_iter().map(|path| {
            let text =
                fs::read_to_string(root.join(&path)).map_err(|error| named(&path, &error))?;
            Ok(Page { path, text })
        });
        let pages = pages.collect::<io::Result<Vec<Page>>>()?;
        Ok(Book {
            pages,
            root,
            chosen: Vec::new(),
        })
    }

    /// Looks at some pages only, given by their paths from the repository's root.
    ///
    /// # Errors
    ///
    /// A message that names one that is no page.
    pub fn only(mut self, paths: Vec<String>) -> Result<Book, String> {
        match paths
            .iter()
            .find(|path| self.pages.iter().all(|page| page.path != **path))
        {
            Some(unknown) => Err(format!(
                "{unknown} is no page: give some such as README.md or docs/why.md"
            )),
            None => {
                self.chosen = paths;
                Ok(self)
            }
        }
    }

    /// Finds what is stale or broken.
    ///
    /// # Errors
    ///
    /// When there is no place for temporary files.
    pub fn check(&self, runner: &dyn Runner) -> io::Result<Report> {
        let (mut report, _) = self.judge(runner)?;
        report.findings.extend(self.check_rest());
        report.findings.sort();
        Ok(report)
    }

    /// Renews what is stale; what is broken stays, and is in the report.
    ///
    /// Each file is replaced at once. What is not stale is not touched, so a second time nothing happens.
    ///
    /// # Errors
    ///
    /// When a file cannot be written: the message names it.
    pub fn renew(self, runner: &dyn Runner) -> io::Result<Report> {
        let (mut report, changes) = self.judge(runner)?;
        for (path, contents) in changes {
            // The commands took their time: what somebody has written meanwhile must not be lost.
            let before = self.pages.iter().find(|page| page.path == path);
            if before.is_some_and(|page| {
                fs::read_to_string(self.root.join(&path)).ok().as_ref() != Some(&page.text)
            }) {
                report.findings.push(Finding::broken(
                    &path,
                    1,
                    "it was edited while the commands ran: renew it again",
                ));
                continue;
            }
            write(&self.root.join(&path), &contents).map_err(|error| named(&path, &error))?;
            report.renewed.push(path);
        }
        report.findings.retain(|finding| !finding.renewable);
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
        self.pages
            .iter()
            .filter(|page| self.chosen.is_empty() || self.chosen.contains(&page.path))
    }

    /// Looks at all blocks that have a directive, and at the directives.
    fn judge(&self, runner: &dyn Runner) -> io::Result<(Report, Changes)> {
        let drawings = Temporary::new()?;
        let maker = Maker {
            root: &self.root,
            drawings: &drawings,
        };
        let mut report = Report::default();
        let mut pages = Vec::new();
        for page in self.chosen() {
            let (blocks, findings) = page.blocks();
            report.findings.extend(findings);
            report.blocks += blocks.len();
            pages.push((page, blocks));
        }
        report.pages = pages.len();

        let mut runs: Vec<Run> = Vec::new();
        for (page, blocks) in &pages {
            for run in blocks.iter().filter_map(|block| maker.run(page, block)) {
                if !runs.contains(&run) {
                    runs.push(run);
                }
            }
        }
        report.commands = runs.len();
        let results = runner.run(&runs);
        let results: Results = runs.into_iter().zip(results).collect();

        let mut changes = HashMap::new();
        for (page, blocks) in &pages {
            let mut lines = Vec::new();
            for block in blocks {
                let stale = match maker.judge(page, block, &results) {
                    Ok(Verdict::Good) => continue,
                    Ok(Verdict::Lines(difference, problem, fresh)) => {
                        lines.push((block.lines.clone(), fresh));
                        let line = difference.map_or(block.line, |line| block.lines.start + line);
                        Finding::stale(&page.path, line + 1, problem)
                    }
                    Ok(Verdict::File(problem, path, contents)) => {
                        changes.insert(path, contents);
                        Finding::stale(&page.path, block.line + 1, problem)
                    }
                    Err(problem) => Finding::broken(&page.path, block.line + 1, problem),
                };
                report.findings.push(stale);
            }
            if !lines.is_empty() {
                changes.insert(page.path.clone(), page.with(&lines).into_bytes());
            }
        }
        let mut changes: Changes = changes.into_iter().collect();
        changes.sort();
        Ok((report, changes))
    }

    /// Looks at what no directive makes.
    fn check_rest(&self) -> Vec<Finding> {
        let packages = Packages::find(&self.root);
        let doctests = fs::read_to_string(self.root.join(DOCTESTS)).unwrap_or_default();
        let mut findings = Vec::new();
        for page in self.chosen() {
            findings.extend(links::check(&self.root, page));
            findings.extend(packages.check(page));
            findings.extend(check_languages(page, &page.blocks().0, &doctests));
        }
        if self.chosen.is_empty() {
            findings.extend(summary::check(&self.root, &self.pages));
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
        let Report {
            pages,
            blocks,
            commands,
            ..
        } = self;
        let verdict = match self.findings.len() {
            0 => "all is true".to_owned(),
            1 => "1 thing is not true".to_owned(),
            count => format!("{count} things are not true"),
        };
        writeln!(
            f,
            "{verdict}: {pages} pages, {blocks} blocks, {commands} commands"
        )
    }
}

/// The names of what is in a folder, in order; nothing if there is no such folder.
fn names_in(root: &Path, folder: &str) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(root.join(folder)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(|error| named(folder, &error))?,
    };
    let name = |entry: io::Result<fs::DirEntry>| {
        entry.map(|entry| entry.file_name().to_string_lossy().into_owned())
    };
    let mut names = entries.map(name).collect::<io::Result<Vec<String>>>()?;
    names.sort();
    Ok(names)
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
