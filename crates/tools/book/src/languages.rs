//! Whether each block of code says what it is, and is compiled if it is Rust.

use crate::finding::Finding;
use crate::markdown::Fence;
use crate::page::{Block, Page};

/// Where the pages with doctests are listed.
pub(crate) const DOCTESTS: &str = "crates/tools/book/src/pages.rs";

/// Finds blocks of Rust that have no directive and are not doctests, and blocks without a language.
pub(crate) fn check(page: &Page, blocks: &[Block], doctests: &str) -> Vec<Finding> {
    let lines: Vec<&str> = page.text.lines().collect();
    let is_doctest = doctests.contains(&format!("/{}\"", page.path));
    let mut findings = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let Some(fence) = Fence::opened_by(lines[at]) else {
            at += 1;
            continue;
        };
        // One without an end is found as such.
        let Ok(end) = fence.end(&lines, at) else {
            break;
        };
        let is_made = blocks.iter().any(|block| block.lines.start == at);
        let problem = match fence.language.split(',').next().unwrap_or("") {
            _ if is_made => None,
            "" => Some("this block must say what it is, such as ```text or ```sh".to_owned()),
            "rust" if fence.language.contains("ignore") => Some(
                "this is never compiled: cut it from a file with `code:`, or make it a doctest"
                    .to_owned(),
            ),
            "rust" if !is_doctest => Some(format!(
                "this is never compiled: cut it from a file with `code:`, or add {} to {DOCTESTS}",
                page.path
            )),
            _ => None,
        };
        findings.extend(problem.map(|problem| Finding::broken(&page.path, at, problem)));
        at = end;
    }
    findings
}
