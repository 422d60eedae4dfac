//! How a program starts, prints and ends: exit codes, pipes, colours, columns.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::ops::RangeInclusive;
use std::process::{self, ExitCode};
use std::{env, panic};

use crate::{Arguments, Error};

/// Runs a program: prints `help` if that is asked for, or else calls `main` with the arguments.
///
/// Prints an error of `main` as one line, and returns its exit code. Calls [`exit_on_broken_pipe`]
/// first.
pub fn run(
    program: &'static str,
    help: &str,
    main: impl FnOnce(Arguments) -> Result<(), Error>,
) -> ExitCode {
    exit_on_broken_pipe(program);
    let arguments = Arguments::new(env::args_os().skip(1));
    let outcome = if arguments.ask_for_help() {
        print!("{help}");
        Ok(())
    } else {
        main(arguments)
    };
    // A last line without a newline is not printed yet.
    if let Err(error) = io::stdout().flush() {
        exit_unprinted(program, error.kind() == io::ErrorKind::BrokenPipe, &error);
    }
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            print_error(program, &error);
            ExitCode::from(match error {
                Error::Usage(_) => 2,
                Error::Failure(_) => 1,
            })
        }
    }
}

/// Lets the program end when it can no longer print, instead of the panic of `println!`.
///
/// If the reader is gone, as with `| head`, it exits with success and without a message; otherwise
/// with a message and exit code 1. (Where an executor catches panics, a panic would end one task.)
pub fn exit_on_broken_pipe(program: &'static str) {
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        let message = panic.payload().downcast_ref::<String>();
        let message = message.map_or("", String::as_str);
        if let Some(error) = message.strip_prefix("failed printing to stdout: ") {
            exit_unprinted(program, error.starts_with("Broken pipe"), &error);
        }
        if message.starts_with("failed printing to stderr: ") {
            process::exit(1);
        }
        report(panic);
    }));
}

fn exit_unprinted(program: &str, is_broken_pipe: bool, error: &dyn std::fmt::Display) -> ! {
    if is_broken_pipe {
        process::exit(0);
    }
    print_error(program, &format!("cannot print: {error}"));
    process::exit(1);
}

fn print_error(program: &str, problem: &dyn std::fmt::Display) {
    // Not `eprintln!`, which panics if the message cannot be written.
    _ = writeln!(io::stderr(), "{program}: {problem}");
}

/// Returns whether to print in colours: the terminal can show them, and the user has not set
/// `NO_COLOR`.
pub fn has_color() -> bool {
    let (no_color, term) = (env::var_os("NO_COLOR"), env::var_os("TERM"));
    io::stdout().is_terminal() && colors_allowed(no_color.as_deref(), term.as_deref())
}

/// By the rule of no-color.org, any `NO_COLOR` that is not empty says no.
fn colors_allowed(no_color: Option<&OsStr>, term: Option<&OsStr>) -> bool {
    no_color.is_none_or(OsStr::is_empty) && term.is_none_or(|term| term != "dumb")
}

/// Returns how many columns to print: those that `COLUMNS` names, if they are in `range`, or else
/// those of the terminal, from 40 to 200, or else 80.
pub fn columns(range: RangeInclusive<usize>) -> usize {
    let columns = env::var("COLUMNS").ok();
    let columns = columns.and_then(|columns| columns.parse().ok());
    let columns = columns.filter(|columns| range.contains(columns));
    columns.or_else(terminal_columns).unwrap_or(80)
}

/// Asks the terminal how wide it is: shells do not tell the programs that they start.
fn terminal_columns() -> Option<usize> {
    if !io::stdout().is_terminal() {
        return None;
    }
    let mut stty = process::Command::new("stty");
    let stty = stty.arg("size").stdin(File::open("/dev/tty").ok()?);
    parse_columns(&String::from_utf8(stty.output().ok()?.stdout).ok()?)
}

/// Reads the columns in what `stty size` prints. Zero means that the terminal does not know.
fn parse_columns(size: &str) -> Option<usize> {
    let columns: usize = size.split_whitespace().nth(1)?.parse().ok()?;
    (columns > 0).then_some(columns.clamp(40, 200))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_color_and_dumb_terminals_are_heeded() {
        let allowed = |no_color: Option<&str>, term: Option<&str>| {
            colors_allowed(no_color.map(OsStr::new), term.map(OsStr::new))
        };
        assert!(allowed(None, None));
        assert!(allowed(None, Some("xterm")));
        assert!(allowed(Some(""), Some("xterm")));
        assert!(!allowed(Some("0"), Some("xterm")));
        assert!(!allowed(None, Some("dumb")));
    }

    #[test]
    fn a_terminal_is_taken_from_40_to_200_columns() {
        let sizes = ["24 120\n", "24 500\n", "24 7\n", "0 0\n", "", "24 x"];
        let columns = [Some(120), Some(200), Some(40), None, None, None];
        assert_eq!(sizes.map(parse_columns), columns);
    }
}
