//! Where an item of Rust begins and ends.
//!
//! Not a parser: it knows just enough to tell braces in code from those in comments and strings. So
//! sources need no marks.

use std::ops::Range;

/// A file of Rust, and what is code in it.
pub(crate) struct RustSource<'a> {
    lines: Vec<&'a str>,
    /// The lines with a space for each byte of comments, strings and characters.
    code: Vec<String>,
}

impl<'a> RustSource<'a> {
    pub(crate) fn new(text: &'a str) -> RustSource<'a> {
        RustSource {
            lines: text.lines().collect(),
            code: only_code(text).lines().map(str::to_owned).collect(),
        }
    }

    /// Returns the lines of the item that begins with `name`, looked for in `place`: without
    /// documentation and attributes.
    pub(crate) fn item(&self, name: &str, place: Range<usize>) -> Result<Range<usize>, String> {
        let found: Vec<usize> = place
            .clone()
            .filter(|i| begins_with(&self.code[*i], self.lines[*i], name))
            .collect();
        match found[..] {
            [start] => Ok(start..self.end(name, start, place.end)?),
            [] => Err(format!("there is no `{name}`")),
            _ => {
                let numbers: Vec<String> = found.iter().map(|i| (i + 1).to_string()).collect();
                let numbers = numbers.join(", ");
                let advice = "say more of it, or what is around it, as in `impl X / fn y`";
                Err(format!(
                    "`{name}` begins in each of the lines {numbers}: {advice}"
                ))
            }
        }
    }

    /// Returns the line after the item that starts in a line.
    fn end(&self, name: &str, start: usize, limit: usize) -> Result<usize, String> {
        // `const X: T = T { .. };` continues after its braces.
        let by_semicolon = ["const ", "static ", "type ", "use ", "let "]
            .iter()
            .any(|word| name.starts_with(word))
            && !name.starts_with("const fn");
        let (mut depth, mut braces) = (0_usize, 0_usize);
        for i in start..limit {
            for c in self.code[i].chars() {
                match c {
                    '(' | '[' => depth += 1,
                    ')' | ']' => depth = depth.saturating_sub(1),
                    '{' => braces += 1,
                    '}' => {
                        braces = braces.saturating_sub(1);
                        if depth == 0 && braces == 0 && !by_semicolon {
                            return Ok(i + 1);
                        }
                    }
                    ';' if depth == 0 && braces == 0 => return Ok(i + 1),
                    _ => {}
                }
            }
        }
        Err(format!("`{name}` has no end"))
    }

    /// Returns the first line of what belongs to an item and stands above it: attributes,
    /// documentation and comments.
    pub(crate) fn top(&self, item: usize) -> usize {
        let above = |i: &usize| {
            let line = self.lines[*i].trim_start();
            line.starts_with("//") && !line.starts_with("//!") || line.starts_with("#[")
        };
        (0..item).rev().take_while(above).last().unwrap_or(item)
    }
}

/// Returns whether a line declares what `name` says.
fn begins_with(code: &str, line: &str, name: &str) -> bool {
    const BEFORE: [&str; 8] = [
        "pub(crate) ",
        "pub(super) ",
        "pub ",
        "async ",
        "unsafe ",
        "default ",
        "extern \"C\" ",
        "const ",
    ];
    let indent = line.len() - line.trim_start().len();
    if code
        .as_bytes()
        .get(indent)
        .is_none_or(u8::is_ascii_whitespace)
    {
        return false;
    }
    let line = &line[indent..];
    // `impl Iterator for Y` also names `impl<I: Iterator> Iterator for Y<I>`.
    if line.starts_with("impl") && !name.contains('<') {
        return is_prefix(name, &without_generics(line));
    }
    let mut rest = line;
    loop {
        if is_prefix(name, rest) {
            return true;
        }
        match BEFORE.iter().find_map(|word| rest.strip_prefix(word)) {
            Some(behind) => rest = behind,
            None => return false,
        }
    }
}

/// Returns whether a line begins with a name that ends there too.
fn is_prefix(name: &str, line: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    line.strip_prefix(name)
        .is_some_and(|behind| !(name.ends_with(is_word) && behind.starts_with(is_word)))
}

fn without_generics(line: &str) -> String {
    let mut depth = 0_usize;
    let mut is_outside = |c: char| {
        match c {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    };
    line.chars().filter(|c| is_outside(*c)).collect()
}

/// Returns the text with a space for each byte that is not code. Line breaks stay.
fn only_code(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        let length = skipped(&bytes[at..], at > 0 && is_name(bytes[at - 1]));
        if length == 0 {
            // What is not ASCII is not looked at.
            code.push(if bytes[at].is_ascii() {
                bytes[at] as char
            } else {
                '?'
            });
            at += 1;
        } else {
            let end = (at + length).min(bytes.len());
            code.extend(
                bytes[at..end]
                    .iter()
                    .map(|byte| if *byte == b'\n' { '\n' } else { ' ' }),
            );
            at = end;
        }
    }
    code
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Returns the length of the comment, string or character that begins here; zero if none does.
fn skipped(bytes: &[u8], inside_name: bool) -> usize {
    let through = |from: usize, end: &[u8]| {
        let found = bytes[from..]
            .windows(end.len())
            .position(|window| window == end);
        found.map_or(bytes.len(), |place| from + place + end.len())
    };
    match bytes {
        [b'/', b'/', ..] => bytes
            .iter()
            .position(|byte| *byte == b'\n')
            .unwrap_or(bytes.len()),
        [b'/', b'*', ..] => block_comment(bytes),
        [b'"', ..] => escaped(bytes, b'"'),
        [b'r', ..] if !inside_name => raw(bytes),
        [b'b' | b'c', b'r', ..] if !inside_name => match raw(&bytes[1..]) {
            0 => 0,
            length => length + 1,
        },
        [b'\'', b'\\', ..] => escaped(bytes, b'\''),
        // A character, or else a lifetime. It may be several bytes long.
        [b'\'', first, ..] if *first != b'\'' => {
            let length = (2..=5).find(|i| bytes.get(*i) == Some(&b'\''));
            match length {
                Some(2) => 3,
                Some(_) if !first.is_ascii() => through(1, b"'"),
                _ => 0,
            }
        }
        _ => 0,
    }
}

/// Returns the length of a string or character with escapes.
fn escaped(bytes: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < bytes.len() && bytes[at] != quote {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at + 1
}

/// Returns the length of a string such as `r#"..."#`; zero if this is not one.
fn raw(bytes: &[u8]) -> usize {
    let hashes = bytes[1..].iter().take_while(|byte| **byte == b'#').count();
    if bytes.get(1 + hashes) != Some(&b'"') {
        return 0;
    }
    let mut end = vec![b'"'];
    end.resize(1 + hashes, b'#');
    let begin = hashes + 2;
    let found = bytes[begin..]
        .windows(end.len())
        .position(|window| window == end);
    found.map_or(bytes.len(), |place| begin + place + end.len())
}

/// Returns the length of a comment, which may contain others.
fn block_comment(bytes: &[u8]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < bytes.len() {
        match bytes[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(text: &str, name: &str) -> Result<String, String> {
        let source = RustSource::new(text);
        let range = source.item(name, 0..text.lines().count())?;
        Ok(text.lines().collect::<Vec<_>>()[range].join("\n"))
    }

    #[test]
    fn braces_in_strings_and_comments_do_not_count() {
        let text = "fn f<'a>(x: &'a str) {\n  // }\n  /* } /* } */ } */\n  \
            g(\"}\\\"}\", '}', '\\'', r#\"\"}\"#, b'}', 'é');\n}\nfn h() {}";
        assert_eq!(
            item(text, "fn f").unwrap(),
            text.strip_suffix("\nfn h() {}").unwrap()
        );
    }

    #[test]
    fn an_item_is_named_by_how_it_begins() {
        let text = "// fn run\npub struct Run(u8);\nimpl Run {\n    \
            pub(crate) async fn run(\n        &self,\n    ) {\n    }\n    fn runs() {}\n}";
        assert_eq!(
            item(text, "fn run").unwrap(),
            "    pub(crate) async fn run(\n        &self,\n    ) {\n    }"
        );
        assert_eq!(item(text, "struct Run").unwrap(), "pub struct Run(u8);");
        assert_eq!(item(text, "impl Run").unwrap().lines().count(), 7);
    }

    #[test]
    fn an_impl_may_be_named_without_its_generics() {
        let text = "impl<I: Iterator<Item = u8>> Iterator for X<I> {}\nimpl<I> X<I> {}\nimpl Xy {}";
        assert_eq!(
            item(text, "impl Iterator for X").unwrap(),
            text.lines().next().unwrap()
        );
        assert_eq!(item(text, "impl X").unwrap(), "impl<I> X<I> {}");
        assert_eq!(item(text, "impl<I> X<I>").unwrap(), "impl<I> X<I> {}");
    }

    #[test]
    fn a_constant_ends_with_its_semicolon() {
        let text = "const A: [T; 2] = [T { a: 1 }, T { a: 2 }];\nconst B: T = T {\n    a: 1,\n\
            };\nconst fn c() {}\n";
        assert_eq!(item(text, "const A").unwrap().lines().count(), 1);
        assert_eq!(item(text, "const B").unwrap().lines().count(), 3);
        assert_eq!(item(text, "const fn c").unwrap(), "const fn c() {}");
    }

    #[test]
    fn missing_ambiguous_and_endless_items_are_told() {
        assert_eq!(item("fn a() {}", "fn b").unwrap_err(), "there is no `fn b`");
        assert!(
            item("fn a() {}\n mod x { fn a() {} }\nfn a() {}", "fn a")
                .unwrap_err()
                .contains("in each of the lines 1, 3")
        );
        assert_eq!(item("fn a() {", "fn a").unwrap_err(), "`fn a` has no end");
    }
}
