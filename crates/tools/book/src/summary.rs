//! Whether the book's table of contents has all chapters.

use crate::finding::Finding;
use crate::links::resolve;
use crate::markdown::links;
use crate::page::Page;

/// The table of contents.
const SUMMARY: &str = "docs/SUMMARY.md";

/// Finds chapters that the summary does not list, or lists twice. That each listed one is there is
/// checked as a link.
pub(crate) fn check(pages: &[Page]) -> Vec<Finding> {
    let Some(summary) = pages.iter().find(|page| page.path == SUMMARY) else {
        return vec![Finding::broken(SUMMARY, 0, "it is missing")];
    };
    let links = links(&summary.text).into_iter();
    let listed = links.filter_map(|(line, target)| Some((line, resolve(SUMMARY, &target).ok()?)));
    let listed: Vec<(usize, String)> = listed.collect();
    let is_chapter = |page: &&Page| page.path.starts_with("docs/") && page.path != SUMMARY;
    let mut findings = Vec::new();
    for page in pages.iter().filter(is_chapter) {
        let mut lines = listed.iter().filter(|(_, path)| *path == page.path);
        let (line, problem) = match (lines.next(), lines.next()) {
            (Some(_), None) => continue,
            (None, _) => (0, "is not listed"),
            (_, Some((again, _))) => (*again, "is listed twice"),
        };
        let problem = format!("{} {problem}", page.path);
        findings.push(Finding::broken(SUMMARY, line, problem));
    }
    findings
}
