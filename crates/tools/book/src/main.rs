//! `cargo run -p book` finds out whether the book is true. `-- renew` renews what is stale, and
//! `-- mdbook` is what mdBook runs.
#![forbid(unsafe_code)]

use std::io::{self, Read};
use std::path::Path;
use std::process::ExitCode;

use book::Book;
use cli::Error;

const HELP: &str = "\
Finds what is stale or broken in README.md and docs/, or renews what is stale.

Usage: cargo run -p book [-- [check | renew] [PAGE...]]

  check   find what is stale or broken (what it does without an argument)
  renew   make anew what is stale
  PAGE    a path from the repository's root, such as docs/why.md (default: all)
  mdbook  what docs/book.toml has mdBook run, for the links to sources
  --help  print this

How the blocks in a page are written: see crates/tools/book/src/lib.rs
";

fn main() -> ExitCode {
    cli::run("book", HELP, |arguments| {
        let operands = arguments.operands()?.into_iter().map(cli::text);
        let mut pages = operands.collect::<Result<Vec<String>, Error>>()?;
        let renews = match pages.first().map(String::as_str) {
            None | Some("check") => false,
            Some("renew") => true,
            Some("mdbook") => return mdbook(&pages[1..]),
            Some(unknown) => {
                let problem = format!("{unknown:?} is unknown: give check or renew, or --help");
                return Err(Error::Usage(problem));
            }
        };
        pages = pages.split_off(pages.len().min(1));

        // The repository from which this program was built.
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
        let root = root.canonicalize()?;
        let book = Book::open(&root)?.only(pages).map_err(Error::Usage)?;
        let report = book.check(&|run| book::run(&root, run), renews)?;
        println!("{report}");
        match report.findings.len() {
            0 => Ok(()),
            _ => Err(Error::Failure("the book is not true".to_owned())),
        }
    })
}

/// Says that it supports every renderer, or turns mdBook's input into its output.
fn mdbook(arguments: &[String]) -> Result<(), Error> {
    if arguments.first().is_some_and(|first| first == "supports") {
        return Ok(());
    }
    let mut input = String::new();
    io::stdin().read_to_string(&mut input)?;
    print!("{}", book::preprocess(&input).map_err(Error::Usage)?);
    Ok(())
}
