//! Is it said in the field's words?
//!
//! This reads all text and code of the project. It cannot judge a sentence, but it finds the
//! phrases that have a better word.

use std::path::Path;
use std::{fs, io};

/// Words and phrases, each with what to use instead. In a name, `_` counts as a space.
const WORDS: [(&str, &str); 21] = [
    ("whoever", "the caller, the waiter"),
    ("who waits", "the waiter"),
    ("nobody", "no task, no waiter"),
    ("code of others", "user code"),
    ("from elsewhere", "foreign"),
    ("go on", "continue, resume"),
    ("goes on", "continues, resumes"),
    ("gone on with", "continued, resumed"),
    ("wake for nothing", "a spurious wake-up"),
    ("woken for nothing", "woken spuriously"),
    ("polled for nothing", "polled spuriously"),
    ("for ever", "forever"),
    ("too few to mind", "the compaction threshold"),
    ("tidy up", "compact"),
    ("tidies up", "compacts"),
    ("tidied", "compacted"),
    ("none today", "a signature without an error"),
    ("look around", "park"),
    ("give turn", "run a task"),
    ("the house", "the architecture"),
    ("the stairs", "the steps"),
];

/// The files that may quote such phrases.
const QUOTING: [&str; 1] = ["crates/tools/book/tests/it/words.rs"];

/// Returns the phrases of a text, each with its line, from 1, and what to use instead.
fn find(text: &str) -> Vec<(usize, &'static str, &'static str)> {
    let mut found = vec![];
    for (line, text) in text.lines().enumerate() {
        let words = text.to_lowercase().replace('_', " ");
        let is_word = |(at, phrase): (usize, &str)| {
            let (before, after) = (&words[..at], &words[at + phrase.len()..]);
            !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
        };
        let is_in = |(phrase, _): &&(&str, &str)| words.match_indices(phrase).any(is_word);
        let in_line = WORDS.iter().filter(is_in);
        found.extend(in_line.map(|(phrase, instead)| (line + 1, *phrase, *instead)));
    }
    found
}

/// Reads the files of Rust and Markdown in a folder, and what is in its folders if it is `deep`.
fn read(
    root: &Path,
    folder: &str,
    deep: bool,
    texts: &mut Vec<(String, String)>,
) -> io::Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let path = format!("{folder}/{name}");
        let path = path.trim_start_matches("./").to_owned();
        if root.join(&path).is_dir() {
            if deep {
                read(root, &path, deep, texts)?;
            }
        } else if path.ends_with(".rs") || path.ends_with(".md") {
            texts.push((path.clone(), fs::read_to_string(root.join(&path))?));
        }
    }
    Ok(())
}

#[test]
fn the_words_are_those_of_the_field() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let mut texts = vec![];
    read(&root, ".", false, &mut texts).unwrap();
    for folder in ["benches", "crates", "docs"] {
        read(&root, folder, true, &mut texts).unwrap();
    }
    assert!(texts.len() > 300, "{} files", texts.len());
    let mut problems = vec![];
    let checked = texts
        .iter()
        .filter(|(path, _)| !QUOTING.contains(&path.as_str()));
    for (path, text) in checked {
        for (line, phrase, instead) in find(text) {
            problems.push(format!("{path}:{line}: not \"{phrase}\", but: {instead}"));
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn a_phrase_is_found_as_whole_words() {
    let text = "Whoever\nwait for everything\nthe loop goes on.\nfn woken_for_nothing() {}\n";
    let found: Vec<_> = find(text).iter().map(|found| (found.0, found.1)).collect();
    assert_eq!(
        found,
        [(1, "whoever"), (3, "goes on"), (4, "woken for nothing")]
    );
}
