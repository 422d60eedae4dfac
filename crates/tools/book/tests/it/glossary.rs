//! Does a word that a chapter links to the glossary lead back to that chapter?

use std::fs;
use std::path::Path;

/// Returns the texts of a page's links to the glossary, without emphasis.
fn words(page: &str) -> Vec<String> {
    let mut links: Vec<&str> = page.split("](glossary.md)").collect();
    links.pop();
    let text = |before: &str| before.rsplit('[').next().unwrap_or("").to_lowercase();
    let plain = |text: String| text.trim_matches(['*', '`', '.']).replace('\n', " ");
    links.into_iter().map(text).map(plain).collect()
}

/// Returns whether a word of a page is an entry's, in singular or in plural.
fn is_word(entry: &str, word: &str) -> bool {
    entry.starts_with(word) || word.starts_with(entry)
}

/// Returns the words of each row of the glossary, with the page to which the row leads.
fn entries(glossary: &str) -> Vec<(String, String)> {
    let rows = glossary.lines().filter(|line| line.starts_with("| **"));
    let entry = |row: &str| {
        let mut cells = row.trim_start_matches("| ").split(" | ");
        let word = cells.next()?.replace(['*', '`'], "").to_lowercase();
        let (_, target) = cells.next()?.split_once("](")?;
        let page = target.split(['#', ')']).next()?;
        Some((word, page.to_owned()))
    };
    rows.map(|row| entry(row).unwrap_or_else(|| panic!("{row}")))
        .collect()
}

#[test]
fn a_linked_word_leads_back_to_its_chapter() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs");
    let entries = entries(&fs::read_to_string(docs.join("glossary.md")).unwrap());
    let mut linked = 0;
    for file in fs::read_dir(&docs).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        if !name.ends_with(".md") {
            continue;
        }
        for word in words(&fs::read_to_string(docs.join(&name)).unwrap()) {
            if word == "glossary" {
                continue;
            }
            let leads_back =
                |(entry, page): &(String, String)| is_word(entry, &word) && *page == name;
            assert!(
                entries.iter().any(leads_back),
                "{name} links {word:?}: no entry leads back"
            );
            linked += 1;
        }
    }
    assert!(linked > 40, "{linked} words are linked");
}

#[test]
fn words_are_read_from_links_and_rows() {
    let page = "A [*park*](glossary.md) and\n[the\n`Wakers`](glossary.md), [x](y.md).\n";
    assert_eq!(words(page), ["park", "the `wakers"]);
    assert!(is_word("waker", "wakers") && is_word("virtual clock", "virtual"));
    assert!(!is_word("wake", "park"));
    let rows = "| word | where |\n| **`a`** | [5](b.md#c) | d |\n";
    assert_eq!(entries(rows), [("a".to_owned(), "b.md".to_owned())]);
}
