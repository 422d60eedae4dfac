//! Prints what criterion has measured, as one table, and draws it.
#![forbid(unsafe_code)]

use std::process::ExitCode;
use std::{fs, io};

use benches::{chart, results, table, workloads};

const HELP: &str = "\
Prints what each step costs, as `cargo bench -p benches` has measured it.

Usage: cargo run --release -p benches [-- [--markdown] [--svg FILE]]

  --markdown  print the table as Markdown
  --svg FILE  draw the table as a chart, too
  --help      print this

To measure, within two minutes: cargo bench -p benches -- --quick
";

fn main() -> ExitCode {
    cli::run("benches", HELP, |mut arguments| {
        let is_markdown = arguments.flag("--markdown")?;
        let svg = arguments.file("--svg")?;
        arguments.end()?;

        let found = results::read(&results::folder()?, &workloads::all())?;
        if let Some(file) = svg {
            fs::write(&file, chart::svg(&found.comparisons)).map_err(|error| {
                let message = format!("cannot write {}: {error}", file.display());
                io::Error::new(error.kind(), message)
            })?;
        }
        print!(
            "{}",
            if is_markdown {
                table::markdown(&found.comparisons)
            } else {
                table::plain(&found.comparisons)
            }
        );
        if !found.missing.is_empty() {
            eprintln!("not measured yet: {}", found.missing.join(", "));
        }
        Ok(())
    })
}
