//! The parts of a page: code, headings, links.

use std::ops::Range;

/// Returns the lines of each block that is fenced by backticks, with its fences. If one is not
/// closed, the line in which it begins is the error.
pub(crate) fn fences(lines: &[&str]) -> Result<Vec<Range<usize>>, usize> {
    let (mut fences, mut at) = (vec![], 0);
    while at < lines.len() {
        let ticks = ticks(lines[at]);
        if ticks >= 3 {
            let start = at;
            let closes = |line: &&str| line.trim() == "`".repeat(ticks);
            let inside = lines[start + 1..].iter().position(closes).ok_or(start)?;
            at = start + 1 + inside;
            fences.push(start..at + 1);
        }
        at += 1;
    }
    Ok(fences)
}

/// Returns how many backticks a line begins with.
fn ticks(line: &str) -> usize {
    let line = line.trim_start();
    line.len() - line.trim_start_matches('`').len()
}

/// Returns what a fence marks its block as, such as `rust`; empty if it says nothing.
pub(crate) fn language(fence: &str) -> &str {
    let words = fence.trim().trim_start_matches('`');
    words.split(',').next().unwrap_or("")
}

/// Fences lines, with a fence longer than any inside.
pub(crate) fn fenced(language: &str, lines: Vec<String>) -> Vec<String> {
    let longest = lines.iter().map(|line| ticks(line)).max().unwrap_or(0);
    let fence = "`".repeat(3.max(longest + 1));
    let mut block = vec![format!("{fence}{language}")];
    block.extend(lines);
    block.push(fence);
    block
}

/// Returns the page without fenced blocks and comments. Lines stay where they are.
pub(crate) fn prose(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let fences = fences(&lines).unwrap_or_default();
    let line = |(i, line): (usize, &&str)| {
        let is_prose = !line.starts_with("<!--") && !fences.iter().any(|fence| fence.contains(&i));
        if is_prose {
            format!("{line}\n")
        } else {
            "\n".to_owned()
        }
    };
    lines.iter().enumerate().map(line).collect()
}

/// Splits prose at its backticks into text and code, each with its line from 0. A piece of code
/// ends within its paragraph.
pub(crate) fn pieces(prose: &str) -> Vec<(bool, usize, String)> {
    let (mut pieces, mut line) = (vec![], 0);
    for paragraph in prose.split_inclusive("\n\n") {
        for (i, piece) in paragraph.split('`').enumerate() {
            pieces.push((i % 2 == 1, line, piece.to_owned()));
            line += piece.matches('\n').count();
        }
    }
    pieces
}

/// Returns the targets of all links and images, each with its line from 0.
pub(crate) fn links(text: &str) -> Vec<(usize, String)> {
    // A link may be around code, as in [`x`](y), so only the text of the code is taken out.
    let text: String = pieces(&prose(text))
        .into_iter()
        .map(|(is_code, _, piece)| match is_code {
            true => "\n".repeat(piece.matches('\n').count()),
            false => piece,
        })
        .collect();
    let link = |(place, _)| {
        let (target, _) = text[place + 2..].split_once(')')?;
        let line = text[..place].matches('\n').count();
        Some((line, target.trim().to_owned()))
    };
    text.match_indices("](").filter_map(link).collect()
}

/// Returns the anchors of all headings, by GitHub's rules.
pub(crate) fn anchors(text: &str) -> Vec<String> {
    let mut anchors: Vec<String> = vec![];
    for line in prose(text).lines() {
        let title = line.trim_start_matches('#');
        if title.len() == line.len() || !title.starts_with(' ') {
            continue;
        }
        let first = anchor(title.trim());
        let mut anchor = first.clone();
        for count in 1.. {
            if !anchors.contains(&anchor) {
                break;
            }
            anchor = format!("{first}-{count}");
        }
        anchors.push(anchor);
    }
    anchors
}

/// Returns a heading in lower case, with hyphens for spaces, and without all but letters, digits,
/// `-` and `_`.
fn anchor(heading: &str) -> String {
    // Of a link only its text shows.
    let mut pieces = heading.split("](");
    let mut shown = pieces.next().unwrap_or("").to_owned();
    for piece in pieces {
        shown += piece.split_once(')').map_or("", |(_, rest)| rest);
    }
    let kept = shown.to_lowercase().replace(' ', "-");
    let is_kept = |c: &char| c.is_alphanumeric() || "-_".contains(*c);
    kept.chars().filter(is_kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_has_the_anchor_of_github() {
        assert_eq!(anchor("What it costs"), "what-it-costs");
        assert_eq!(anchor("`switch`: why? A & B, `a_b`"), "switch-why-a--b-a_b");
        assert_eq!(anchor("See [step 2](x.md) now"), "see-step-2-now");
        let text = "# A\n## A\n```sh\n# B\n```\n### A\n#no\n";
        assert_eq!(anchors(text), ["a", "a-1", "a-2"]);
    }

    #[test]
    fn links_are_found_with_lines_but_not_in_code() {
        let text = "[a](x.md) `[b](no.md)` ![p](p.svg)\n[`c\nc`](y.md) [d\nd](z.md)\n\
                    ```md\n[e](no.md)\n```\n<!-- [h](no.md) -->\na ` b\n\n[i](i.md)\n";
        let links = links(text);
        let links: Vec<_> = links
            .iter()
            .map(|(line, to)| (*line, to.as_str()))
            .collect();
        let expected = [
            (0, "x.md"),
            (0, "p.svg"),
            (2, "y.md"),
            (3, "z.md"),
            (10, "i.md"),
        ];
        assert_eq!(links, expected);
    }

    #[test]
    fn a_fence_is_longer_than_any_inside() {
        let fenced = |line: &str| fenced("text", vec![line.to_owned()]);
        assert_eq!(fenced("a"), ["```text", "a", "```"]);
        assert_eq!(fenced(" ```"), ["````text", " ```", "````"]);
    }

    #[test]
    fn a_block_that_is_not_closed_is_found() {
        assert_eq!(fences(&["a", "```sh", "``", "```", "```"]), Err(4));
        let closed = fences(&["a", "```sh", "``", "```"]);
        assert_eq!(closed.unwrap().first(), Some(&(1..4)));
    }
}
