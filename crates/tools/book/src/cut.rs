//! Which lines of a file a page shows.

use std::fs;
use std::ops::Range;
use std::path::Path;

use crate::rust_source::RustSource;

/// A piece of a file.
#[derive(Debug)]
pub(crate) struct Cut {
    /// From the repository's root.
    pub(crate) path: String,
    /// The item, after those that contain it; empty for the whole file.
    items: Vec<String>,
    /// Items inside it that are left out.
    without: Vec<String>,
    /// Texts in the first and in the last line that are taken.
    from: Option<String>,
    to: Option<String>,
    docs: bool,
}

impl Cut {
    /// Reads `FILE#ITEM / ITEM without ITEM, ITEM from "TEXT" to "TEXT"`.
    pub(crate) fn parse(text: &str, docs: bool) -> Result<Cut, String> {
        let (text, from, to) = match text.split_once(" from \"") {
            None => (text, None, None),
            Some((text, ends)) => {
                let ends = ends
                    .strip_suffix('"')
                    .ok_or("the text after `from` or `to` has no closing quote")?;
                let (from, to) = ends
                    .split_once("\" to \"")
                    .map_or((ends, None), |(from, to)| (from, Some(to)));
                (text, Some(from.to_owned()), to.map(str::to_owned))
            }
        };
        let (text, without) = text.split_once(" without ").unwrap_or((text, ""));
        let (path, items) = text.split_once('#').unwrap_or((text, ""));
        let names = |names: &str, separator: &str| {
            names
                .split(separator)
                .map(|name| name.trim().to_owned())
                .filter(|name| !name.is_empty())
                .collect()
        };
        let path = path.trim().to_owned();
        if path.is_empty() || path.contains(char::is_whitespace) {
            return Err(format!("`{path}` is not the path of a file"));
        }
        Ok(Cut {
            path,
            items: names(items, " / "),
            without: names(without, ","),
            from,
            to,
            docs,
        })
    }

    /// Returns the language that a block of it is marked as.
    pub(crate) fn language(&self) -> &'static str {
        match self.path.rsplit_once('.').map_or("", |(_, ending)| ending) {
            "rs" => "rust,ignore",
            "toml" => "toml",
            "py" => "python",
            "sh" => "sh",
            "md" => "markdown",
            _ => "text",
        }
    }

    /// Returns the lines, without the indentation that all of them share.
    pub(crate) fn take(&self, root: &Path) -> Result<Vec<String>, String> {
        let named = |problem: String| format!("{}: {problem}", self.path);
        let text =
            fs::read_to_string(root.join(&self.path)).map_err(|error| named(error.to_string()))?;
        self.take_from(&text).map_err(named)
    }

    fn take_from(&self, text: &str) -> Result<Vec<String>, String> {
        let source = RustSource::new(text);
        let lines: Vec<&str> = text.lines().collect();

        let mut range = 0..lines.len();
        for name in &self.items {
            range = source.item(name, range)?;
        }
        let inside = range.clone();
        let mut is_taken = vec![false; lines.len()];
        if !self.items.is_empty() {
            range.start = source.top(range.start);
            // Above an item, what is not an attribute is documentation.
            (range.start..inside.start)
                .for_each(|i| is_taken[i] = self.docs || lines[i].trim_start().starts_with("#["));
        }
        is_taken[inside.clone()].fill(true);

        for name in &self.without {
            let item = source.item(name, inside.clone())?;
            let mut top = source.top(item.start);
            // With the empty line above it, or else there would be two.
            if top > 0 && lines[top - 1].is_empty() {
                top -= 1;
            }
            is_taken[top..item.end].fill(false);
        }
        if let Some(from) = &self.from {
            let part = part(&lines, inside, from, self.to.as_deref())?;
            (0..lines.len())
                .filter(|i| !part.contains(i))
                .for_each(|i| is_taken[i] = false);
        }
        let taken: Vec<&str> = (0..lines.len())
            .filter(|i| is_taken[*i])
            .map(|i| lines[i])
            .collect();
        Ok(without_indentation(&taken))
    }
}

/// Returns the lines from the only one with a text to the next one with another, or to the end.
fn part(
    lines: &[&str],
    place: Range<usize>,
    from: &str,
    to: Option<&str>,
) -> Result<Range<usize>, String> {
    let found: Vec<usize> = place.clone().filter(|i| lines[*i].contains(from)).collect();
    let [start] = found[..] else {
        let count = found.len();
        return Err(format!("the text `{from}` is in {count} lines, not in one"));
    };
    let Some(to) = to else {
        return Ok(start..place.end);
    };
    match (start..place.end).find(|i| lines[*i].contains(to)) {
        Some(end) => Ok(start..end + 1),
        None => Err(format!("no line from `{from}` on has the text `{to}`")),
    }
}

fn without_indentation(lines: &[&str]) -> Vec<String> {
    let indents = lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start_matches([' ', '\t']).len());
    let indent = indents.min().unwrap_or(0);
    lines
        .iter()
        .map(|line| line.get(indent..).unwrap_or("").to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "\
//! A file.

/// Doc.
#[derive(Debug)]
pub struct X {
    /// Why.
    a: u8,
}

impl X {
    /// Doc of one.
    fn one(&self) -> u8 {
        let a = self.a;
        a + 1
    }

    /// Doc of two.
    #[inline]
    fn two(&self) -> u8 {
        2
    }
}

impl Y {
    fn one() {}
}
";

    fn cut(what: &str, docs: bool) -> Result<String, String> {
        Ok(Cut::parse(&format!("x.rs{what}"), docs)?
            .take_from(SOURCE)?
            .join("\n"))
    }

    #[test]
    fn an_item_comes_with_its_attributes() {
        assert_eq!(
            cut("#struct X", false).unwrap(),
            "#[derive(Debug)]\npub struct X {\n    /// Why.\n    a: u8,\n}"
        );
        assert!(
            cut("#struct X", true)
                .unwrap()
                .starts_with("/// Doc.\n#[derive(Debug)]\n")
        );
    }

    #[test]
    fn an_item_inside_another_is_not_indented() {
        assert_eq!(cut("#impl Y / fn one", false).unwrap(), "fn one() {}");
        assert!(
            cut("#fn one", false)
                .unwrap_err()
                .contains("in each of the lines 12, 25")
        );
    }

    #[test]
    fn what_is_inside_can_be_left_out() {
        let rest = [
            "impl X {",
            "    /// Doc of one.",
            "    fn one(&self) -> u8 {",
            "        let a = self.a;",
            "        a + 1",
            "    }",
            "}",
        ];
        let rest = rest.join("\n");
        assert_eq!(cut("#impl X without fn two", false).unwrap(), rest);
        assert_eq!(
            cut("#impl Y without fn three", false).unwrap_err(),
            "there is no `fn three`"
        );
    }

    #[test]
    fn two_texts_cut_further() {
        assert_eq!(
            cut("#impl X / fn one from \"let a\" to \"+\"", false).unwrap(),
            "let a = self.a;\na + 1"
        );
        assert_eq!(
            cut(" from \"fn two\" to \"2\"", false).unwrap(),
            "fn two(&self) -> u8 {\n    2"
        );
        assert!(
            cut("#impl X from \"Doc\"", false)
                .unwrap_err()
                .contains("is in 2 lines, not in one")
        );
        assert!(
            cut("#impl X from \"let a\" to \"zz\"", false)
                .unwrap_err()
                .contains("no line from `let a` on")
        );
        assert!(
            cut("#impl X from \"let a", false)
                .unwrap_err()
                .contains("no closing quote")
        );
    }

    #[test]
    fn without_an_item_it_is_the_file() {
        assert_eq!(cut("", false).unwrap(), SOURCE.trim_end());
    }
}
