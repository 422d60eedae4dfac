//! Which lines of a file a page shows.

use std::fs;
use std::ops::Range;
use std::path::Path;

use crate::narrow::{COLUMNS, columns, narrow};

/// What may come before the name of an item.
const BEFORE: [&str; 7] = [
    "pub(crate) ",
    "pub(super) ",
    "pub ",
    "async ",
    "unsafe ",
    "default ",
    "const ",
];

/// A piece of a file.
#[derive(Debug)]
pub(crate) struct Cut<'a> {
    /// From the repository's root.
    pub(crate) path: &'a str,
    /// The item, and before it the items that contain it.
    items: Vec<&'a str>,
    /// Texts in the first line to take, and in the last.
    ends: Option<(&'a str, &'a str)>,
    docs: bool,
}

impl<'a> Cut<'a> {
    /// Reads `FILE#ITEM / ITEM from "TEXT" to "TEXT"`.
    pub(crate) fn parse(text: &'a str, docs: bool) -> Result<Cut<'a>, String> {
        let (text, ends) = match text.split_once(" from \"") {
            None => (text, None),
            Some((text, ends)) => {
                let ends = ends
                    .strip_suffix('"')
                    .and_then(|ends| ends.split_once("\" to \""));
                (
                    text,
                    Some(ends.ok_or("the end is `from \"TEXT\" to \"TEXT\"`")?),
                )
            }
        };
        let (path, items) = text
            .split_once('#')
            .ok_or("a piece of a file is `FILE#ITEM`")?;
        Ok(Cut {
            path: path.trim(),
            items: items.trim().split(" / ").collect(),
            ends,
            docs,
        })
    }

    /// Returns the lines, without the indentation that all of them share. If one is longer than a
    /// page has room for, they are laid out anew.
    pub(crate) fn take(&self, root: &Path) -> Result<Vec<String>, String> {
        let taken = fs::read_to_string(root.join(self.path)).map_err(|error| error.to_string());
        let taken = taken.and_then(|text| {
            let (taken, indentation) = self.take_from(&text)?;
            let is_wide = taken.iter().any(|line| columns(line) > COLUMNS);
            match is_wide && self.path.ends_with(".rs") {
                true => Ok(self.take_from(&narrow(&text, COLUMNS + indentation)?)?.0),
                false => Ok(taken),
            }
        });
        taken.map_err(|problem| format!("{}: {problem}", self.path))
    }

    /// Returns the lines, and how much they were indented.
    fn take_from(&self, text: &str) -> Result<(Vec<String>, usize), String> {
        let lines: Vec<&str> = text.lines().collect();
        let mut range = 0..lines.len();
        for name in &self.items {
            range = item(&lines, name, range)?;
        }
        let top = (0..range.start)
            .rev()
            .take_while(|i| is_above(lines[*i]))
            .last();
        let above = top.unwrap_or(range.start)..range.start;
        let is_taken = |line: &&&str| self.docs || line.trim_start().starts_with("#[");
        let mut taken: Vec<&str> = lines[above].iter().filter(is_taken).copied().collect();
        taken.extend(&lines[range]);
        if let Some((from, to)) = self.ends {
            taken = part(&taken, from, to)?.to_vec();
        }
        Ok(without_indentation(&taken))
    }
}

/// Finds in `place` the item that begins with `name`. Returns its lines, without what belongs to it
/// above.
///
/// The file is laid out by rustfmt, so an item ends with a line that is indented like its first.
fn item(lines: &[&str], name: &str, place: Range<usize>) -> Result<Range<usize>, String> {
    let found: Vec<usize> = place
        .clone()
        .filter(|i| declares(lines[*i], name))
        .collect();
    let [start] = found[..] else {
        let numbers: Vec<_> = found.iter().map(|i| (i + 1).to_string()).collect();
        return Err(match &numbers[..] {
            [] => format!("there is no `{name}`"),
            numbers => format!(
                "`{name}` begins in each of the lines {}: say more of it, \
                 or what is around it, as in `impl X / fn y`",
                numbers.join(", ")
            ),
        });
    };
    let is_end = |i: &usize| {
        indent(lines[*i]) == indent(lines[start]) && lines[*i].ends_with(['}', ';', ','])
    };
    let end = (start..place.end).find(is_end);
    let end = end.ok_or_else(|| format!("`{name}` has no end"))?;
    Ok(start..end + 1)
}

/// Returns whether a line declares what `name` says. Generics of an `impl` may be left out.
fn declares(line: &str, name: &str) -> bool {
    let mut line = line.trim_start();
    if line.starts_with("impl") && !name.contains('<') {
        return begins(&without_generics(line), name);
    }
    while !begins(line, name) {
        match BEFORE.iter().find_map(|word| line.strip_prefix(word)) {
            Some(rest) => line = rest,
            None => return false,
        }
    }
    true
}

/// Returns whether a line begins with a name that ends there too.
fn begins(line: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let rest = line.strip_prefix(name);
    rest.is_some_and(|rest| !(name.ends_with(is_word) && rest.starts_with(is_word)))
}

fn without_generics(line: &str) -> String {
    let mut depth = 0_i32;
    let mut is_outside = |c: &char| {
        depth += i32::from(*c == '<') - i32::from(*c == '>');
        depth <= 0 && *c != '>'
    };
    line.chars().filter(|c| is_outside(c)).collect()
}

/// Returns whether a line belongs to the item below it: an attribute, documentation, a comment.
fn is_above(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("#[") || line.starts_with("//") && !line.starts_with("//!")
}

/// Returns the lines from the only one with one text to the next one with another text.
fn part<'l, 't>(lines: &'l [&'t str], from: &str, to: &str) -> Result<&'l [&'t str], String> {
    let count = lines.iter().filter(|line| line.contains(from)).count();
    if count != 1 {
        return Err(format!("the text `{from}` is in {count} lines, not in one"));
    }
    let start = lines
        .iter()
        .position(|line| line.contains(from))
        .unwrap_or(0);
    let end = lines[start..].iter().position(|line| line.contains(to));
    let end = end.ok_or_else(|| format!("no line from `{from}` on has the text `{to}`"))?;
    Ok(&lines[start..=start + end])
}

fn without_indentation(lines: &[&str]) -> (Vec<String>, usize) {
    let filled = lines.iter().filter(|line| !line.is_empty());
    let least = filled.map(|line| indent(line)).min().unwrap_or(0);
    let cut = |line: &&str| line.get(least..).unwrap_or("").to_owned();
    (lines.iter().map(cut).collect(), least)
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
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

pub(crate) struct Xy(u8);

impl<T: Into<u8>> X<T> {
    /// Doc of one.
    fn one(
        &self,
    ) -> u8 {
        let a = self.a;
        a + 1
    }

    async fn two(&self) {}
}

impl Y {
    fn one() {}
}

const B: T = T {
    a: 1,
};
";

    fn cut(what: &str, docs: bool) -> Result<String, String> {
        let what = format!("x.rs#{what}");
        Ok(Cut::parse(&what, docs)?.take_from(SOURCE)?.0.join("\n"))
    }

    #[test]
    fn an_item_comes_with_its_attributes() {
        let item = "#[derive(Debug)]\npub struct X {\n    /// Why.\n    a: u8,\n}";
        assert_eq!(cut("struct X", false).unwrap(), item);
        assert_eq!(cut("struct X", true).unwrap(), format!("/// Doc.\n{item}"));
        assert_eq!(cut("const B", false).unwrap().lines().count(), 3);
        assert_eq!(cut("struct Xy", true).unwrap(), "pub(crate) struct Xy(u8);");
    }

    #[test]
    fn an_item_inside_another_is_not_indented() {
        assert_eq!(cut("impl Y / fn one", false).unwrap(), "fn one() {}");
        assert_eq!(cut("fn two", false).unwrap(), "async fn two(&self) {}");
        let one = cut("impl X / fn one", false).unwrap();
        assert!(one.starts_with("fn one(\n    &self,\n) -> u8 {\n") && one.ends_with("1\n}"));
    }

    #[test]
    fn two_texts_cut_further() {
        let part = |ends: &str| cut(&format!("impl X / fn one from {ends}"), false);
        assert_eq!(
            part("\"let a\" to \"+\"").unwrap(),
            "let a = self.a;\na + 1"
        );
        let error = part("\"a\" to \"b\"").unwrap_err();
        assert_eq!(error, "the text `a` is in 2 lines, not in one");
        let error = part("\"let a\" to \"zz\"").unwrap_err();
        assert_eq!(error, "no line from `let a` on has the text `zz`");
        assert!(part("\"let a\"").unwrap_err().starts_with("the end is"));
    }

    #[test]
    fn what_is_not_one_item_is_told() {
        let error = cut("fn one", false).unwrap_err();
        assert!(error.contains("in each of the lines 14, 25"), "{error}");
        assert_eq!(cut("fn z", false).unwrap_err(), "there is no `fn z`");
        assert!(Cut::parse("x.rs", false).is_err());
    }
}
