//! Does the book's table of contents have all chapters?

use std::path::Path;

use crate::finding::Finding;
use crate::links::resolve;
use crate::markdown::links;
use crate::page::Page;

/// The table of contents.
pub(crate) const SUMMARY: &str = "docs/SUMMARY.md";

/// Finds chapters that the summary does not list, or lists twice. That each listed one is there is checked as a link.
pub(crate) fn check(root: &Path, pages: &[Page]) -> Vec<Finding> {
    let Some(summary) = pages.iter().find(|page| page.path == SUMMARY) else {
        // A repository without a book has none.
        let is_book = root.join("docs").exists();
        return if is_book {
            vec![Finding::broken(SUMMARY, 1, "it is missing")]
        } else {
            Vec::new()
        };
    };
    let listed: Vec<(usize, String)> = links(&summary.text)
        .into_iter()
        .filter_map(|(line, target)| Some((line, resolve(SUMMARY, &target).ok()?)))
        .collect();
    let mut findings = Vec::new();
    for page in pages
        .iter()
        .filter(|page| page.path.starts_with("docs/") && page.path != SUMMARY)
    {
        let lines: Vec<usize> = listed
            .iter()
            .filter(|(_, path)| *path == page.path)
            .map(|(line, _)| line + 1)
            .collect();
        match lines[..] {
            [_] => {}
            [] => findings.push(Finding::broken(
                SUMMARY,
                1,
                format!("{} is not listed", page.path),
            )),
            [_, again, ..] => findings.push(Finding::broken(
                SUMMARY,
                again,
                format!("{} is listed twice", page.path),
            )),
        }
    }
    findings
}
