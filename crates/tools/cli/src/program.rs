//! Exit codes, pipes, colours.

use std::ffi::OsStr;
use std::io::{self, IsTerminal, Write};
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
    // What has no newline at its end is not printed yet.
    if let Err(error) = io::stdout().flush() {
        exit_unprinted(program, error.kind() == io::ErrorKind::BrokenPipe, &error);
    }
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(program, &error);
            ExitCode::from(match error {
                Error::Usage(_) => 2,
                Error::Failure(_) => 1,
            })
        }
    }
}

/// Lets the program end when it can no longer print, instead of the panic of `println!`.
///
/// With success, and without a word, if the reader is gone, as with `| head`; otherwise with a
/// message and exit code 1. A panic would end one task only, where an executor catches it.
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
    complain(program, &format!("cannot print: {error}"));
    process::exit(1);
}

fn complain(program: &str, problem: &dyn std::fmt::Display) {
    // Not `eprintln!`, which panics if the message cannot be written.
    _ = writeln!(io::stderr(), "{program}: {problem}");
}

/// Returns whether to print in colours: to a terminal that can show them, whose user has not set
/// `NO_COLOR`.
pub fn has_color() -> bool {
    let (no_color, term) = (env::var_os("NO_COLOR"), env::var_os("TERM"));
    io::stdout().is_terminal() && colors_allowed(no_color.as_deref(), term.as_deref())
}

/// As no-color.org has it, any `NO_COLOR` but an empty one says no.
fn colors_allowed(no_color: Option<&OsStr>, term: Option<&OsStr>) -> bool {
    no_color.is_none_or(OsStr::is_empty) && term.is_none_or(|term| term != "dumb")
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
}
