//! What tests say that they hold, and the table of it.
//!
//! A test says so in a paragraph of its doc comment, such as `/// Promise (time): A sleep is never
//! early.` Tests that hold the same say it in the same words.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::files::files;

/// The folders and tests that several steps run, by the beginning of `PATH: TEST`. The first that
/// fits counts.
const SHARED: [(&str, &[u32]); 5] = [
    ("crates/tools/testing/tests/suites/udp.rs", &[5, 8, 9]),
    ("crates/tools/testing/tests/suites/", &[5, 8]),
    // Step 8's callers try before they arm, so its selector need not keep these two.
    (
        "crates/tools/testing/src/conformance.rs: an_event_disarms",
        &[4, 7],
    ),
    (
        "crates/tools/testing/src/conformance.rs: hears_again_what_was_left",
        &[4, 7],
    ),
    ("crates/tools/testing/src/conformance.rs", &[4, 7, 8]),
];

/// What one test says that it holds.
#[derive(Debug)]
struct Mark {
    text: String,
    path: String,
    test: String,
}

impl Mark {
    /// Returns the steps that run the test.
    fn steps(&self) -> Vec<u32> {
        let name = format!("{}: {}", self.path, self.test);
        let shared = SHARED.iter().find(|(start, _)| name.starts_with(start));
        match shared {
            Some((_, steps)) => steps.to_vec(),
            None => {
                let after = self.path.strip_prefix("crates/step").unwrap_or("");
                let digits = after.split('-').next().unwrap_or("");
                digits.parse().into_iter().collect()
            }
        }
    }
}

/// Makes the table of all that tests hold under a label: what it is, the steps, and the tests. What
/// an earlier step promises comes first.
pub(crate) fn table(root: &Path, label: &str) -> Result<Vec<String>, String> {
    let mut paths = vec![];
    files(root, "crates", ".rs", &mut paths).map_err(|error| error.to_string())?;
    let mut marks: Vec<Mark> = vec![];
    for path in paths {
        let source = fs::read_to_string(root.join(&path)).map_err(|error| error.to_string())?;
        marks.extend(read(&path, &source, label)?);
    }
    if marks.is_empty() {
        return Err(format!("no test has a paragraph `/// {label}: ...`"));
    }
    let kind = label.split(" (").next().unwrap_or(label).to_lowercase();
    let mut rows = vec![
        format!("| {kind} | steps | tests |"),
        "|---|---|---|".to_owned(),
    ];
    // By the words, which several tests may share: the steps and the tests.
    let mut held: Vec<(&str, BTreeSet<u32>, Vec<&Mark>)> = vec![];
    for mark in &marks {
        let known = held.iter().position(|(text, ..)| *text == mark.text);
        let place = known.unwrap_or_else(|| {
            held.push((&mark.text, BTreeSet::new(), vec![]));
            held.len() - 1
        });
        held[place].1.extend(mark.steps());
        held[place].2.push(mark);
    }
    held.sort_by(|one, other| one.1.cmp(&other.1));
    for (text, steps, tests) in held {
        let steps: Vec<String> = steps.iter().map(u32::to_string).collect();
        let link = |mark: &&Mark| format!("[`{}`](../{})", mark.test, mark.path);
        let tests: Vec<String> = tests.iter().map(link).collect();
        rows.push(format!(
            "| {text} | {} | {} |",
            steps.join(", "),
            tests.join(", ")
        ));
    }
    Ok(rows)
}

/// Reads what the tests of a file say under a label.
fn read(path: &str, source: &str, label: &str) -> Result<Vec<Mark>, String> {
    let lines: Vec<&str> = source.lines().map(str::trim_start).collect();
    let start = format!("/// {label}:");
    let mut marks = vec![];
    for (i, line) in lines.iter().enumerate() {
        let Some(first) = line.strip_prefix(&start) else {
            continue;
        };
        let more = lines[i + 1..]
            .iter()
            .map_while(|line| line.strip_prefix("/// "));
        let text: Vec<&str> = [first].into_iter().chain(more).collect();
        // The text may begin on the line below, and a bar would end a cell of the table.
        let text = text.join(" ").trim_start().replace('|', "\\|");
        let is_above = |line: &&&str| line.starts_with("///") || line.starts_with("#[");
        let item = lines[i..]
            .iter()
            .find(|line| !is_above(line))
            .unwrap_or(&"");
        let item = item.strip_prefix("pub ").unwrap_or(item);
        let test = item
            .strip_prefix("fn ")
            .and_then(|item| item.split_once('('));
        let (test, _) = test.ok_or_else(|| format!("{path}: `{text}` is not said by a test"))?;
        marks.push(Mark {
            text,
            path: path.to_owned(),
            test: test.to_owned(),
        });
    }
    Ok(marks)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "/// Holds: not of a test? yes\nmod x;\n";

    fn said(source: &str) -> Vec<(String, String)> {
        let marks = read("x.rs", source, "Rule (time)").unwrap();
        marks
            .into_iter()
            .map(|mark| (mark.test, mark.text))
            .collect()
    }

    #[test]
    fn a_paragraph_of_a_tests_comment_is_read() {
        let source = "/// Why.\n///\n/// Rule (time): A sleep\n/// is never early.\n///\n\
            /// Bug: late\n#[test]\nfn sleeps() {}\n\
            /// Rule (order): First in, first out.\n#[test]\nfn orders() {}\n\
            mod x {\n    /// Rule (time):\n    /// Zero | one.\n    pub fn zero(x: u8) {}\n}\n";
        let expected = [
            ("sleeps", "A sleep is never early."),
            ("zero", "Zero \\| one."),
        ];
        assert_eq!(
            said(source),
            expected.map(|(a, b)| (a.to_owned(), b.to_owned()))
        );
    }

    #[test]
    fn what_no_test_says_is_refused() {
        let problem = read("x.rs", SOURCE, "Holds").unwrap_err();
        assert_eq!(problem, "x.rs: `not of a test? yes` is not said by a test");
    }

    #[test]
    fn a_test_has_the_steps_that_run_it() {
        let steps = |path: &str, test: &str| {
            let (text, path, test) = (String::new(), path.to_owned(), test.to_owned());
            Mark { text, path, test }.steps()
        };
        assert_eq!(steps("crates/step7-epoll/tests/it/x.rs", "x"), [7]);
        assert_eq!(steps("crates/tools/testing/tests/suites/x.rs", "x"), [5, 8]);
        assert_eq!(
            steps("crates/tools/testing/tests/suites/udp.rs", "x"),
            [5, 8, 9]
        );
        let conformance = "crates/tools/testing/src/conformance.rs";
        assert_eq!(steps(conformance, "a_wait_is_never_early"), [4, 7, 8]);
        assert_eq!(steps(conformance, "an_event_disarms"), [4, 7]);
    }
}
