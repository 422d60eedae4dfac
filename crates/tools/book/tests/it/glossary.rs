//! Do the glossary and the chapters lead to each other?

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

/// Returns whether a word of a page is an entry's, in whatever form: they begin alike.
fn is_word(entry: &str, word: &str) -> bool {
    let equal = entry.chars().zip(word.chars()).take(5);
    equal.clone().count() > 2 && equal.clone().all(|(one, other)| one == other)
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
fn chapters_and_glossary_lead_to_each_other() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs");
    let entries = entries(&fs::read_to_string(docs.join("glossary.md")).unwrap());
    assert!(entries.len() > 70, "{} words", entries.len());
    let mut linked = vec![];
    for file in fs::read_dir(&docs).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".md") {
            let words = words(&fs::read_to_string(docs.join(&name)).unwrap());
            let words = words.into_iter().filter(|word| word != "glossary");
            linked.extend(words.map(|word| (word, name.clone())));
        }
    }
    for (word, page) in &linked {
        let leads_back = |(entry, to): &(String, String)| is_word(entry, word) && to == page;
        assert!(
            entries.iter().any(leads_back),
            "no entry leads back to {word:?} in {page}"
        );
    }
    for (entry, page) in &entries {
        let is_linked = |(word, from): &(String, String)| is_word(entry, word) && from == page;
        assert!(
            linked.iter().any(is_linked),
            "{page} does not link {entry:?}"
        );
    }
}

#[test]
fn words_are_read_from_links_and_rows() {
    let page = "A [*park*](glossary.md) and\n[the\n`Wakers`](glossary.md), [x](y.md).\n";
    assert_eq!(words(page), ["park", "the `wakers"]);
    assert!(is_word("child", "children") && is_word("virtual clock", "virtual"));
    assert!(!is_word("compact", "completion") && !is_word("wake", "wait"));
    let rows = "| word | where |\n| **`a`** | [5](b.md#c) | d |\n";
    assert_eq!(entries(rows), [("a".to_owned(), "b.md".to_owned())]);
}
