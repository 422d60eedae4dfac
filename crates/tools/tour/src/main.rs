//! `cargo run [-- STEP...]`: the demos of all steps in order, or of those that are named, each with its picture.
//! `--help` says the rest.
#![forbid(unsafe_code)]

mod files;
mod nobody_reads;
mod options;
mod steps;

use std::env;
use std::ffi::OsStr;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use options::{Command, HELP, Options};
use steps::{Runs, STEPS, Step};
use timeline::{Picture, TextOptions};

fn main() -> ExitCode {
    nobody_reads::end_when_nobody_reads();
    match Command::parse(env::args_os().skip(1)) {
        Ok(Command::Help) => exit_code(print(HELP)),
        Ok(Command::List) => {
            let line =
                |step: &Step| format!("{}  {:<20} {}\n", step.number, step.package, step.adds);
            exit_code(print(&STEPS.iter().map(line).collect::<String>()))
        }
        Ok(Command::Run(options)) => exit_code(run(&options)),
        Err(message) => {
            complain(&message);
            ExitCode::from(2)
        }
    }
}

/// Why the tour stops early.
enum Stop {
    /// Nobody reads what it prints any more, as with `| head`: then there is nothing to say.
    NobodyReads,
    Failure(String),
}

impl From<String> for Stop {
    fn from(message: String) -> Stop {
        Stop::Failure(message)
    }
}

fn exit_code(result: Result<(), Stop>) -> ExitCode {
    match result {
        Ok(()) | Err(Stop::NobodyReads) => ExitCode::SUCCESS,
        Err(Stop::Failure(message)) => {
            complain(&message);
            ExitCode::FAILURE
        }
    }
}

/// Not `eprintln!`, which panics if nobody can read the message.
fn complain(message: &str) {
    let _ = writeln!(io::stderr(), "tour: {message}");
}

/// Runs demos, each below a heading and above its picture, up to the first that fails.
fn run(options: &Options) -> Result<(), Stop> {
    // Before the demos, which take their time.
    let svg = options.svg.as_deref().map(files::open).transpose()?;
    let html = options.html.as_deref().map(files::open).transpose()?;
    for (i, step) in options.steps.iter().enumerate() {
        let Step {
            number,
            package,
            adds,
            ..
        } = step;
        let gap = if i > 0 { "\n" } else { "" };
        print(&format!("{gap}== Step {number}: {adds}\n"))?;
        print(&format!(
            "   read it in docs/{package}.md and crates/{package}\n   run it with `cargo run -p {package}`\n\n"
        ))?;
        let runs = Runs::new(options.virtual_time);
        (step.demo)(&runs).map_err(|error| format!("step {number}: {error}"))?;
        let picture = runs.into_picture(&format!("Step {number}: {adds}"));
        print(&format!("\n{}", drawn(&picture, options)))?;
        if let Some(file) = &svg {
            file.write(&picture.to_svg())?;
        }
        if let Some(file) = &html {
            file.write(&picture.to_html())?;
        }
    }
    if options.steps.len() == STEPS.len() {
        print("\nThat was the tour. Now read how it is done, from docs/SUMMARY.md on.\n")?;
    }
    Ok(())
}

fn drawn(picture: &Picture, options: &Options) -> String {
    let color = has_color(
        env::var_os("NO_COLOR").as_deref(),
        io::stdout().is_terminal(),
    );
    // In passing, a few rows will do.
    let most_rows = if options.timeline { usize::MAX } else { 10 };
    let text = TextOptions {
        width: options.width,
        most_rows,
        color,
        counts_of_each: options.timeline,
    };
    picture.to_text_with(&text)
}

/// Colours are for a terminal, unless its user has said not to.
fn has_color(no_color: Option<&OsStr>, is_terminal: bool) -> bool {
    is_terminal && no_color.is_none_or(OsStr::is_empty)
}

/// Prints, and says so if nobody reads it.
fn print(text: &str) -> Result<(), Stop> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => Stop::NobodyReads,
            _ => Stop::Failure(format!("cannot print: {error}")),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_for_a_terminal_whose_user_has_not_said_no() {
        assert!(has_color(None, true));
        // As no-color.org has it: any value but the empty one.
        assert!(has_color(Some(OsStr::new("")), true));
        assert!(!has_color(Some(OsStr::new("0")), true));
        assert!(!has_color(None, false));
    }
}
