//! A page, and what it must be: the same with its blocks made anew.

use std::fs;
use std::path::Path;

use crate::directive::Directive;
use crate::finding::Finding;
use crate::links::{links, resolve};
use crate::markdown::fences;
use crate::programs::Runner;
use crate::table::Table;

/// Units of time. Of a real run they may differ, as the numbers before them may.
const UNITS: [&str; 4] = ["ns", "µs", "ms", "s"];

/// A file of Markdown.
#[derive(Debug)]
pub(crate) struct Page {
    /// From the repository's root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// What a page must be.
#[derive(Debug, Default)]
pub(crate) struct Fresh {
    lines: Vec<String>,
    /// How many directives there are.
    pub(crate) blocks: usize,
    /// What was stale, and is mended in `lines`.
    pub(crate) stale: Vec<Finding>,
    /// What a person must mend.
    pub(crate) broken: Vec<Finding>,
    /// The pictures that are stale, and the pages that play them, and what they must be.
    pub(crate) pictures: Vec<(String, Vec<u8>)>,
}

/// What a page is made from.
pub(crate) struct Sources<'a> {
    pub(crate) root: &'a Path,
    pub(crate) runner: Runner<'a>,
    /// The table of which other pages quote rows.
    pub(crate) table: Table,
}

impl Fresh {
    fn keep(&mut self, lines: &[&str]) {
        self.lines
            .extend(lines.iter().map(|line| (*line).to_owned()));
    }

    fn find(&mut self, page: &str, line: usize, problem: &str) {
        self.broken.push(Finding::new(page, line, problem));
    }

    pub(crate) fn text(&self) -> String {
        self.lines.join("\n") + "\n"
    }
}

impl Page {
    /// Makes all blocks anew.
    pub(crate) fn make(&self, sources: &Sources<'_>) -> Fresh {
        let lines: Vec<&str> = self.text.lines().collect();
        let mut fresh = Fresh::default();
        let fences = match fences(&lines) {
            Ok(fences) => fences,
            Err(line) => {
                // From there on, prose cannot be told from code.
                fresh.lines = lines.iter().map(|line| (*line).to_owned()).collect();
                fresh.find(&self.path, line, "this block of code has no end");
                return fresh;
            }
        };
        let fence_at = |line: usize| fences.iter().find(|fence| fence.start == line).cloned();
        let table_at = |line: usize| {
            let rows = lines[line..].iter().take_while(|row| row.starts_with('|'));
            line..line + rows.count()
        };
        let mut at = 0;
        while let Some(&line) = lines.get(at) {
            if let Some(fence) = fence_at(at) {
                fresh.keep(&lines[fence.clone()]);
                at = fence.end;
            } else if line.trim_start().starts_with("<!--") {
                fresh.keep(&[line]);
                let place = fence_at(at + 1).unwrap_or_else(|| table_at(at + 1));
                let shown = &lines[place.clone()];
                let is_apart = lines.get(at + 1) == Some(&"") && fence_at(at + 2).is_some();
                match self.block(at, shown, is_apart, sources, &mut fresh) {
                    Ok(made) => fresh.lines.extend(made),
                    Err(problem) => {
                        fresh.find(&self.path, at, &problem);
                        fresh.keep(shown);
                    }
                }
                at = place.end;
            } else {
                let row = sources.table.row(&self.path, line);
                if row != line {
                    let made = std::slice::from_ref(&row);
                    fresh.stale.push(self.stale("table", at, &[line], made));
                }
                fresh.lines.push(row);
                at += 1;
            }
        }
        fresh
    }

    /// Makes what must be below the directive in line `at`, where `shown` is now.
    fn block(
        &self,
        at: usize,
        shown: &[&str],
        is_apart: bool,
        sources: &Sources<'_>,
        fresh: &mut Fresh,
    ) -> Result<Vec<String>, String> {
        fresh.blocks += 1;
        let directive = Directive::parse(self.text.lines().nth(at).unwrap_or(""))?;
        if directive.kind == "picture" {
            return self.draw(&directive, at, sources, fresh).map(|()| vec![]);
        }
        if is_apart {
            return Err("the block must follow right below: remove the empty line".to_owned());
        }
        let made = directive.make(sources.root, sources.runner)?;
        match made.filter(|made| !is_same(shown, made, directive.has("real"))) {
            Some(made) => {
                let finding = self.stale(directive.kind, at + 1, shown, &made);
                fresh.stale.push(finding);
                Ok(made)
            }
            None => Ok(shown.iter().map(|line| (*line).to_owned()).collect()),
        }
    }

    /// Says what is stale, at the first line that differs.
    fn stale(&self, what: &str, start: usize, shown: &[&str], made: &[String]) -> Finding {
        let line = |i: usize| (shown.get(i).copied(), made.get(i).map(String::as_str));
        let differs = (0..shown.len().max(made.len())).find(|i| line(*i).0 != line(*i).1);
        let place = differs.filter(|_| !shown.is_empty()).unwrap_or(0);
        let problem = match line(place) {
            _ if shown.is_empty() => format!("stale {what}: it is not shown yet"),
            (Some(old), Some(new)) => format!("stale {what}: `{old}` must be `{new}`"),
            (None, Some(new)) => format!("stale {what}: `{new}` is missing"),
            (old, None) => format!("stale {what}: `{}` must go", old.unwrap_or("")),
        };
        let start = start - usize::from(shown.is_empty());
        Finding::new(&self.path, start + place, problem)
    }

    /// Draws a picture anew, and the page that plays it, if they must be to the byte what is drawn.
    fn draw(
        &self,
        directive: &Directive<'_>,
        at: usize,
        sources: &Sources<'_>,
        fresh: &mut Fresh,
    ) -> Result<(), String> {
        let paths = directive.pictures()?;
        let next = links(self.text.lines().nth(at + 1).unwrap_or(""));
        let targets = next.iter().map(|(_, target)| resolve(&self.path, target));
        let targets: Vec<_> = targets.flatten().collect();
        if let Some(path) = paths
            .iter()
            .find(|path| !targets.iter().any(|to| to == *path))
        {
            let form = match path.ends_with(".html") {
                true => "[![what is in it](picture)](page)",
                false => "![what is in it](picture)",
            };
            return Err(format!("the next line must lead to {path}, as `{form}`"));
        }
        let root = sources.root;
        if directive.has("real") && paths.iter().all(|path| root.join(path).exists()) {
            return Ok(());
        }
        for (path, drawn) in directive.draw(root, sources.runner)? {
            if fs::read(root.join(path)).ok().as_ref() != Some(&drawn) {
                let problem = format!("stale picture: {path}");
                fresh.stale.push(Finding::new(&self.path, at, problem));
                fresh.pictures.push((path.to_owned(), drawn));
            }
        }
        Ok(())
    }
}

/// Returns whether a block shows what it must. Of a real run, numbers and their units may differ.
fn is_same(shown: &[&str], made: &[String], is_real: bool) -> bool {
    if is_real {
        return words(&shown.join("\n")) == words(&made.join("\n"));
    }
    shown.iter().eq(made.iter())
}

fn words(text: &str) -> Vec<String> {
    let letters = |word: &str| word.replace(|c: char| c.is_ascii_digit() || ".,".contains(c), "");
    let words = text.split_whitespace().map(letters);
    words
        .filter(|word| !word.is_empty() && !UNITS.contains(&word.as_str()))
        .collect()
}

#[cfg(test)]
mod tests {
    fn is_same(shown: &str, made: &str, is_real: bool) -> bool {
        let made: Vec<String> = made.lines().map(str::to_owned).collect();
        super::is_same(&shown.lines().collect::<Vec<_>>(), &made, is_real)
    }

    #[test]
    fn of_a_real_run_numbers_and_units_may_differ() {
        assert!(is_same(
            "  100   55.0 µs. 3",
            "  100  1,380.5 ns.  22",
            true
        ));
        assert!(is_same(
            "[\"request0\", \"request1\"]",
            "[\"request1\", \"request0\"]",
            true
        ));
        assert!(is_same(
            "thread 'main' (12) panicked",
            "thread 'main' (3) panicked",
            true
        ));
        assert!(!is_same("9 sockets", "9 tasks", true));
        assert!(!is_same("a 1", "a 1\nb", true));
    }

    #[test]
    fn else_each_byte_counts() {
        assert!(is_same("a\n1.002 s", "a\n1.002 s", false));
        assert!(!is_same("1.002 s", "1.003 s", false));
        assert!(!is_same("a", "a\n\n", false));
    }
}
