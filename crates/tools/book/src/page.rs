//! What is in a page: which blocks have a directive, and where?

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

/// A directive, and the lines below it that it makes.
#[derive(Debug)]
pub(crate) struct Block {
    /// The directive's line, from 0.
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
                    findings.push(Finding::broken(&self.path, at + 1, problem));
                    // After a block without an end, nobody knows what is code.
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

    /// The page with other lines in its blocks: in order, for each block that changes, its place and its new lines.
    pub(crate) fn with(&self, changes: &[(Range<usize>, Vec<String>)]) -> String {
        let lines: Vec<&str> = self.text.lines().collect();
        let mut text = String::with_capacity(self.text.len());
        let mut at = 0;
        let mut push = |line: &str| {
            text += line;
            text.push('\n');
        };
        for (place, fresh) in changes {
            lines[at..place.start].iter().for_each(|line| push(line));
            fresh.iter().for_each(|line| push(line));
            at = place.end;
        }
        lines[at..].iter().for_each(|line| push(line));
        text
    }
}

/// What begins in a line: a fence, or a directive with its block. Gives the line after it.
fn block_at(lines: &[&str], at: usize) -> Result<Option<(usize, Option<Block>)>, String> {
    if let Some(fence) = Fence::opened_by(lines[at]) {
        return Ok(Some((fence.end(lines, at)?, None)));
    }
    if !lines[at].trim_start().starts_with("<!--") {
        return Ok(None);
    }
    let comment = lines[at]
        .strip_prefix("<!--")
        .ok_or("a directive begins at the start of its line")?;
    let comment = comment
        .trim_end()
        .strip_suffix("-->")
        .ok_or("a directive ends on its line, with `-->`")?;
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
            below
                + lines[below..]
                    .iter()
                    .take_while(|line| line.starts_with('|'))
                    .count()
        }
        Directive::Picture(_) => below + usize::from(!next.is_empty()),
    };
    if end == below
        && lines
            .get(below + 1)
            .is_some_and(|line| next.is_empty() && Fence::opened_by(line).is_some())
    {
        return Err(
            "the block has to follow right below its directive: remove the empty line".to_owned(),
        );
    }
    Ok(Some((
        end,
        Some(Block {
            line: at,
            directive,
            lines: below..end,
        }),
    )))
}
