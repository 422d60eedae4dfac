//! Prints letters: the program of the crate's documentation, complete.
//!
//! `cargo run -p cli --example letters -- --shout --count 5`

use std::process::ExitCode;

const HELP: &str = "\
Usage: letters [--shout] [--count N]

  --shout    in capitals
  --count N  how many, 1 to 26 (default: 3)
  --help     print this
";

fn main() -> ExitCode {
    cli::run("letters", HELP, |mut arguments| {
        let shout = arguments.flag("--shout")?;
        let count = arguments.number("--count", 1..=26)?.unwrap_or(3);
        arguments.end()?;

        let letters = if shout { 'A'..='Z' } else { 'a'..='z' };
        letters.take(count).for_each(|letter| println!("{letter}"));
        Ok(())
    })
}
