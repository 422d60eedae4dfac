//! A page, and the blocks in it that have a directive.

use std::ops::Range;

use crate::directive::Directive;
use crate::finding::Finding;
use crate::markdown::Fence;

/// A file of Markdown.
#[derive(Debug)]
pub(crate) struct Page {
    /// From the repository's root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// A directive, and the lines below it that it makes. Lines count from 0.
#[derive(Debug)]
pub(crate) struct Block {
    /// The directive's line.
    pub(crate) line: usize,
    pub(crate) directive: Directive,
    /// Empty if there is no block yet.
    pub(crate) lines: Range<usize>,
}

impl Page {
    /// Finds all blocks, and what is wrong with directives.
    pub(crate) fn blocks(&self) -> (Vec<Block>, Vec<Finding>) {
        let lines: Vec<&str> = self.text.lines().collect();
        let (mut blocks, mut findings) = (Vec::new(), Vec::new());
        let mut at = 0;
        while at < lines.len() {
            match block_at(&lines, at) {
                Ok(None) => at += 1,
                Ok(Some((end, block))) => {
                    at = end;
                    blocks.extend(block);
                }
                Err(problem) => {
                    findings.push(Finding::broken(&self.path, at, problem));
                    // After a block without an end, it is unknown what is code.
                    let is_endless = |i: &usize| {
                        Fence::opened_by(lines[*i]).is_some_and(|f| f.end(&lines, *i).is_err())
                    };
                    if (at..lines.len()).take(2).any(|i| is_endless(&i)) {
                        break;
                    }
                    at += 1;
                }
            }
        }
        (blocks, findings)
    }

    /// Returns the page with other lines in some blocks: for each in order, its place and its
    /// lines.
    pub(crate) fn with(&self, changes: &[(Range<usize>, Vec<String>)]) -> String {
        let mut lines: Vec<String> = self.text.lines().map(str::to_owned).collect();
        // From the last to the first, so that places stay what they were.
        for (place, fresh) in changes.iter().rev() {
            lines.splice(place.clone(), fresh.iter().cloned());
        }
        lines.join("\n") + "\n"
    }
}

/// Reads what begins in a line: a fence, or a directive with its block. Returns the line after it.
fn block_at(lines: &[&str], at: usize) -> Result<Option<(usize, Option<Block>)>, String> {
    if let Some(fence) = Fence::opened_by(lines[at]) {
        return Ok(Some((fence.end(lines, at)?, None)));
    }
    if !lines[at].trim_start().starts_with("<!--") {
        return Ok(None);
    }
    let comment = lines[at].strip_prefix("<!--");
    let comment = comment.ok_or("a directive begins at the start of its line")?;
    let comment = comment.trim_end().strip_suffix("-->");
    let comment = comment.ok_or("a directive ends on its line, with `-->`")?;
    let directive = Directive::parse(comment.trim())?;
    let below = at + 1;
    let next = lines.get(below).copied().unwrap_or("");
    let end = match &directive {
        Directive::Code(_) | Directive::Diff { .. } | Directive::Output(_) => {
            match Fence::opened_by(next) {
                Some(fence) => fence.end(lines, below)?,
                None => below,
            }
        }
        Directive::Rows(_) => {
            let is_row = |line: &&&str| line.starts_with('|');
            below + lines[below..].iter().take_while(is_row).count()
        }
        Directive::Picture(_) => below + usize::from(!next.is_empty()),
    };
    let second = lines.get(below + 1).copied().unwrap_or("");
    if end == below && next.is_empty() && Fence::opened_by(second).is_some() {
        let problem = "the block must follow right below its directive: remove the empty line";
        return Err(problem.to_owned());
    }
    let block = Block {
        line: at,
        directive,
        lines: below..end,
    };
    Ok(Some((end, Some(block))))
}
