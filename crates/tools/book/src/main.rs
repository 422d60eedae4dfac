//! `cargo run -p book -- check`: is the book true? `-- renew` renews what is stale. Pages may be named after either.
#![forbid(unsafe_code)]

use std::env;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use book::{Book, Programs};

const USAGE: &str = "\
cargo run -p book -- check [PAGE...]    finds what is stale or broken in README.md and docs/
cargo run -p book -- renew [PAGE...]    makes anew what is stale
A page is a path from the repository's root, such as docs/why.md. Without one it is all of them.
How blocks are written: cargo doc -p book --open
";

fn main() -> ExitCode {
    let mut arguments = Vec::new();
    for argument in env::args_os().skip(1) {
        match argument.into_string() {
            Ok(argument) => arguments.push(argument),
            Err(argument) => {
                return fail(
                    2,
                    &format!("{argument:?} is no page: its name is not UTF-8"),
                );
            }
        }
    }
    let (verb, pages) = match arguments.split_first() {
        Some((verb, pages)) if verb == "check" || verb == "renew" => {
            (verb.as_str(), pages.to_vec())
        }
        Some((help, [])) if help == "--help" => return print(USAGE, ExitCode::SUCCESS),
        Some((unknown, _)) => {
            return fail(
                2,
                &format!("{unknown:?} is unknown: give check or renew, or --help"),
            );
        }
        None => return fail(2, "give check or renew, or --help to see how"),
    };

    // The repository that this program was built from.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let book = match Book::open(&root) {
        Ok(book) => book,
        Err(error) => return fail(1, &error.to_string()),
    };
    let book = match book.only(pages) {
        Ok(book) => book,
        Err(error) => return fail(2, &error),
    };
    let programs = Programs::new(&root);
    match if verb == "check" {
        book.check(&programs)
    } else {
        book.renew(&programs)
    } {
        Ok(report) => print(
            &report.to_string(),
            ExitCode::from(u8::from(!report.findings.is_empty())),
        ),
        Err(error) => fail(1, &error.to_string()),
    }
}

/// Prints and gives the exit code, unless nobody reads what is printed.
fn print(text: &str, code: ExitCode) -> ExitCode {
    match io::stdout().write_all(text.as_bytes()) {
        Ok(()) => code,
        Err(error) => fail(1, &format!("cannot print: {error}")),
    }
}

fn fail(code: u8, message: &str) -> ExitCode {
    // Not `eprintln!`, which panics if nobody reads the message.
    let _ = writeln!(io::stderr(), "book: {message}");
    ExitCode::from(code)
}
