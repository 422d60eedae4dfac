//! What is code in a page, what is a heading, and what is a link.

use std::collections::{HashMap, HashSet};

/// The first line of a fenced block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fence<'a> {
    mark: char,
    length: usize,
    /// What the block is marked as, such as `rust`; empty if it is not marked.
    pub(crate) language: &'a str,
}

impl<'a> Fence<'a> {
    pub(crate) fn opened_by(line: &'a str) -> Option<Fence<'a>> {
        let text = line.trim_start_matches(' ');
        let mark = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let language = text.trim_start_matches(mark);
        let length = text.len() - language.len();
        // Three backticks and more may be a piece of code inside a line too.
        let is_fence = length >= 3 && !(mark == '`' && language.contains('`'));
        is_fence.then_some(Fence {
            mark,
            length,
            language: language.trim(),
        })
    }

    fn is_closed_by(&self, line: &str) -> bool {
        // As when it is opened: only spaces may stand before it, as `fenced` relies on.
        let text = line.trim_start_matches(' ').trim_end();
        text.len() >= self.length && text.chars().all(|c| c == self.mark)
    }

    /// Returns the line after the block that begins in line `start`.
    pub(crate) fn end(&self, lines: &[&str], start: usize) -> Result<usize, String> {
        let close = (start + 1..lines.len()).find(|i| self.is_closed_by(lines[*i]));
        close
            .map(|close| close + 1)
            .ok_or_else(|| "this block of code has no end".to_owned())
    }
}

/// Fences the lines, with a fence longer than any inside.
pub(crate) fn fenced(language: &str, lines: impl IntoIterator<Item = String>) -> Vec<String> {
    let lines: Vec<String> = lines.into_iter().collect();
    let longest = lines
        .iter()
        .filter_map(|line| Fence::opened_by(line))
        .map(|fence| fence.length)
        .max();
    let fence = "`".repeat(longest.map_or(3, |longest| longest + 1));
    let mut block = vec![format!("{fence}{language}")];
    block.extend(lines);
    block.push(fence);
    block
}

/// Returns the page without fenced blocks and comments. Lines stay where they are.
pub(crate) fn prose(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut prose = String::with_capacity(text.len());
    let mut at = 0;
    while at < lines.len() {
        let end = match Fence::opened_by(lines[at]) {
            Some(fence) => fence.end(&lines, at).unwrap_or(lines.len()),
            None if lines[at].trim_start().starts_with("<!--") => at + 1,
            None => {
                prose += lines[at];
                prose.push('\n');
                at += 1;
                continue;
            }
        };
        prose.extend(std::iter::repeat_n('\n', end - at));
        at = end;
    }
    prose
}

/// Splits prose at its pieces of inline code: text, code, text, and so on, with the place of each.
pub(crate) fn split_code(prose: &str) -> Vec<(bool, usize, &str)> {
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(tick) = prose[at..].find('`').map(|place| at + place) {
        let length = prose[tick..].len() - prose[tick..].trim_start_matches('`').len();
        let inside = tick + length;
        // It ends with as many backticks, within the paragraph.
        let paragraph = prose[inside..]
            .find("\n\n")
            .map_or(prose.len(), |end| inside + end);
        let mut runs = prose[inside..paragraph]
            .match_indices('`')
            .map(|(place, _)| inside + place);
        let close = runs.find(|place| {
            let run = &prose[*place..];
            !prose[..*place].ends_with('`')
                && run.len() - run.trim_start_matches('`').len() == length
        });
        match close {
            Some(close) => {
                pieces.push((false, start, &prose[start..tick]));
                pieces.push((true, inside, &prose[inside..close]));
                start = close + length;
                at = start;
            }
            None => at = inside,
        }
    }
    pieces.push((false, start, &prose[start..]));
    pieces
}

/// Returns the targets of all links and images, each with its line from 0.
pub(crate) fn links(text: &str) -> Vec<(usize, String)> {
    let prose = prose(text);
    // Links around code, as in [`x`](y), must stay in one piece.
    let mut outside = String::with_capacity(prose.len());
    let mut end = 0;
    for (is_code, start, piece) in split_code(&prose) {
        outside += &prose[end..start];
        end = start + piece.len();
        match is_code {
            true => outside.extend(piece.chars().map(|c| if c == '\n' { '\n' } else { ' ' })),
            false => outside += piece,
        }
    }
    let mut links = Vec::new();
    for (place, _) in outside.match_indices("](") {
        let target = target(&outside[place + 2..]);
        links.push((outside[..place].matches('\n').count(), target));
    }
    for (line, text) in outside.lines().enumerate() {
        let definition = text
            .strip_prefix('[')
            .and_then(|text| text.split_once("]: "));
        links.extend(definition.map(|(_, target)| {
            (
                line,
                target.split_whitespace().next().unwrap_or("").to_owned(),
            )
        }));
    }
    links
}

/// Returns the target that a link begins with: up to its closing parenthesis, without a title.
fn target(text: &str) -> String {
    let mut depth = 0;
    let end = text.find(|c| {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth < 0
    });
    let inside = text[..end.unwrap_or(0)].trim();
    match inside
        .strip_prefix('<')
        .and_then(|rest| rest.split_once('>'))
    {
        Some((target, _)) => target.to_owned(),
        None => inside.split_whitespace().next().unwrap_or("").to_owned(),
    }
}

/// Returns the anchors of all headings, by GitHub's rules.
pub(crate) fn anchors(text: &str) -> HashSet<String> {
    let prose = prose(text);
    let mut seen: HashMap<String, usize> = HashMap::new();
    let headings = prose.lines().filter_map(|line| {
        let title = line.trim_start_matches('#');
        let level = line.len() - title.len();
        ((1..=6).contains(&level) && title.starts_with(' ')).then_some(title.trim())
    });
    let mut anchors = HashSet::new();
    for heading in headings {
        let anchor = anchor(heading);
        let count = seen.entry(anchor.clone()).or_default();
        anchors.insert(if *count == 0 {
            anchor
        } else {
            format!("{anchor}-{count}")
        });
        *count += 1;
    }
    anchors
}

/// Returns it in lower case, with hyphens for spaces, and without all but letters, digits, `-` and
/// `_`.
fn anchor(heading: &str) -> String {
    // Of a link only its text shows.
    let mut shown = String::new();
    let mut rest = heading;
    while let Some((before, after)) = rest.split_once("](") {
        shown += before;
        rest = after.split_once(')').map_or("", |(_, rest)| rest);
    }
    shown += rest;
    let kept = shown.to_lowercase();
    kept.chars()
        .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_has_the_anchor_that_github_gives_it() {
        assert_eq!(anchor("What it costs"), "what-it-costs");
        assert_eq!(
            anchor("`switch`: why does a thread cost hundreds of times a yield?"),
            "switch-why-does-a-thread-cost-hundreds-of-times-a-yield"
        );
        assert_eq!(anchor("A & B, `a_b` -- c"), "a--b-a_b----c");
        assert_eq!(anchor("See [step 2](x.md) now"), "see-step-2-now");
    }

    #[test]
    fn equal_headings_are_numbered_and_code_has_none() {
        let text = "# A\n## A\n```sh\n# B\n```\n### A\n#no\n";
        let mut anchors: Vec<String> = anchors(text).into_iter().collect();
        anchors.sort();
        assert_eq!(anchors, ["a", "a-1", "a-2"]);
    }

    #[test]
    fn links_are_found_with_lines_but_not_in_code() {
        let text = "[a](x.md) `[b](no.md)` ![p](p.svg \"title\")\n[`c`](<y z.md>) [d\n\
            d](e(1).md)\n```md\n[e](no.md)\n```\n[f]: g.md\n<!-- [h](no.md) -->\n``a`[i](no)``";
        let links: Vec<(usize, String)> = links(text);
        let links: Vec<(usize, &str)> = links
            .iter()
            .map(|(line, target)| (*line, target.as_str()))
            .collect();
        assert_eq!(
            links,
            [
                (0, "x.md"),
                (0, "p.svg"),
                (1, "y z.md"),
                (2, "e(1).md"),
                (6, "g.md")
            ]
        );
    }

    #[test]
    fn a_backtick_without_a_partner_hides_nothing() {
        assert_eq!(links("a ` b [c](d)\n\n` [e](f)").len(), 2);
    }

    #[test]
    fn a_fence_is_longer_than_any_inside() {
        assert_eq!(fenced("text", ["a".to_owned()]), ["```text", "a", "```"]);
        assert_eq!(
            fenced("text", ["```".to_owned()]),
            ["````text", "```", "````"]
        );
    }
}
