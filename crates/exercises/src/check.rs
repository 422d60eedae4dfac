//! Whether an exercise is ready to be solved, as it comes.

use std::process::{Command, Stdio};
use std::{fs, io};

use crate::{Exercise, Outcome};

/// Returns what is wrong with an exercise as it comes: it must compile and fail, be laid out by
/// rustfmt, and be named by a page of the book.
///
/// # Errors
///
/// Returns an error if it cannot be tried, or if the book cannot be read.
pub fn problems(exercise: &Exercise) -> io::Result<Vec<String>> {
    let mut problems = Vec::new();
    match exercise.attempt(false)? {
        Outcome::Broken => {
            let command = command(exercise);
            // Of a syntax error, rustfmt would say nothing better.
            return Ok(vec![format!("it does not compile: `{command}` shows why")]);
        }
        Outcome::Unsolved => {}
        Outcome::Solved => problems.push("it is solved already".to_owned()),
    }
    for name in ["exercise.rs", "test.rs", "solution.rs"] {
        let mut rustfmt = Command::new("rustfmt");
        rustfmt
            .args(["--check", "--quiet", "--edition", "2024"])
            .arg(exercise.file(name));
        if !rustfmt.stdout(Stdio::null()).status()?.success() {
            problems.push(format!("rustfmt would change its {name}"));
        }
    }
    if !is_in_the_book(exercise)? {
        let command = command(exercise);
        problems.push(format!("no page of the book has `{command}`"));
    }
    Ok(problems)
}

fn command(exercise: &Exercise) -> String {
    format!("cargo run -p exercises {}", exercise.name())
}

fn is_in_the_book(exercise: &Exercise) -> io::Result<bool> {
    for page in fs::read_dir(exercise.file("../../../docs"))? {
        let page = page?.path();
        if page.extension().is_some_and(|ending| ending == "md") {
            let text = fs::read_to_string(page)?;
            if text
                .lines()
                .any(|line| line.trim_end().ends_with(&command(exercise)))
            {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
