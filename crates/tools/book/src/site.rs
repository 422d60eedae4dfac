//! What mdBook asks for when it makes a site of the pages.
//!
//! A site holds the pages and no sources, so its links to sources must lead to where the repository
//! can be read. That is mdBook's own setting `git-repository-url`.

/// Where such a repository shows a file of its main branch.
const FILES: &str = "blob/HEAD";

/// Takes what mdBook hands to a preprocessor, and returns the book that it wants back: links out of
/// `docs/` lead to the repository, or are plain text if it is not known where that is.
///
/// # Errors
///
/// Returns a message if the input is not `[CONTEXT, BOOK]`.
pub fn preprocess(input: &str) -> Result<String, String> {
    let (context, book) = halves(input.trim())
        .ok_or("mdBook runs this: its input is a context and a book, as JSON in an array")?;
    let setting = context.split_once("\"git-repository-url\":\"");
    let repository = setting.and_then(|(_, rest)| rest.split('"').next());
    Ok(match repository.map(|url| url.trim_end_matches('/')) {
        None | Some("") => without_links(book),
        Some(url) => book.replace("](../", &format!("]({url}/{FILES}/")),
    })
}

/// Takes an array of two elements apart. The JSON is mdBook's, so it is known to be right.
fn halves(array: &str) -> Option<(&str, &str)> {
    let inside = array.strip_prefix('[')?.strip_suffix(']')?;
    let (mut depth, mut is_text, mut is_escaped) = (0, false, false);
    for (place, char) in inside.char_indices() {
        match char {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => is_text = !is_text,
            _ if is_text => {}
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            ',' if depth == 0 => return Some((&inside[..place], &inside[place + 1..])),
            _ => {}
        }
    }
    None
}

/// Leaves of each link out of `docs/` only its text.
fn without_links(mut book: &str) -> String {
    let mut text = String::new();
    while let Some((before, after)) = book.split_once("](../") {
        let mut depth = 1;
        let open = before.rfind(|char| {
            depth += i32::from(char == ']') - i32::from(char == '[');
            depth == 0
        });
        match (open, after.split_once(')')) {
            (Some(open), Some((_, rest))) => {
                text.extend([&before[..open], &before[open + 1..]]);
                book = rest;
            }
            // It is no link.
            _ => {
                text.extend([before, "](../"]);
                book = after;
            }
        }
    }
    text + book
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(setting: &str, page: &str) -> String {
        let context = format!(r#"{{"a":[1,"\"]"],"html":{{{setting}"x":null}}}}"#);
        let input = format!(r#"[{context},{{"content":"{page}"}}]"#);
        let book = preprocess(&input).unwrap();
        let page = book.strip_prefix(r#"{"content":""#).unwrap();
        page.strip_suffix(r#""}"#).unwrap().to_owned()
    }

    const PAGE: &str = "a [`b[0]`](../crates/b.rs), [c](c.md)\\n[d](../d) and ![e](e.svg)";

    #[test]
    fn links_to_sources_lead_to_the_repository() {
        let page = site(r#""git-repository-url":"https://h/r/","#, PAGE);
        let expected = "a [`b[0]`](https://h/r/blob/HEAD/crates/b.rs), [c](c.md)\\n\
                        [d](https://h/r/blob/HEAD/d) and ![e](e.svg)";
        assert_eq!(page, expected);
    }

    #[test]
    fn without_a_repository_they_are_text() {
        let expected = "a `b[0]`, [c](c.md)\\nd and ![e](e.svg)";
        for setting in ["", r#""git-repository-url":null,"#] {
            assert_eq!(site(setting, PAGE), expected);
        }
    }

    #[test]
    fn what_is_not_from_mdbook_is_refused() {
        for input in ["", "[]", "{}", "[{\"a\":1}]"] {
            assert!(preprocess(input).unwrap_err().starts_with("mdBook runs"));
        }
    }
}
