//! Searches for a seed with which a client breaks, and makes the run smaller while it still does.
//!
//! `cargo run --release -p step9-simulation --example seeds` does so for three clients with classic
//! bugs, and then runs the mended ones with a thousand seeds. `--help` prints the options.
#![forbid(unsafe_code)]

mod counted_twice;
mod lab;
mod late_answer;
mod options;
mod restarted_limit;

use std::process::ExitCode;

use cli::Error;
use lab::{Broken, Program};
use options::{HELP, Options};
use step9_simulation::{Setup, search, shrink};

/// All programs, by the name that the command line has for them.
const PROGRAMS: &[Program] = &[
    late_answer::PROGRAM,
    counted_twice::PROGRAM,
    restarted_limit::PROGRAM,
];

/// In how many seeds each bug must be found.
const SEEDS: u64 = 1_000;

fn main() -> ExitCode {
    cli::run("seeds", HELP, |arguments| {
        let options = Options::parse(arguments, PROGRAMS)?;
        for program in &options.programs {
            show(program, &options)?;
        }
        Ok(())
    })
}

/// Finds the bug of a program, and shows that the mended one does not have it.
fn show(program: &Program, options: &Options) -> Result<(), Error> {
    println!("{}: {}", program.name, program.bug);
    let (found, smallest) = find(program)
        .ok_or_else(|| Error::Failure(format!("{}: not found in {SEEDS} seeds", program.name)))?;
    for (what, (setup, broken)) in [("found", &found), ("shrunk", &smallest)] {
        println!("  {what:<6}  {}", described(setup));
        println!("          {broken}");
    }
    if let Some((seed, broken)) = mended_breaks(program, options.seeds) {
        let message = format!(
            "{}: the mended one breaks with seed {seed}: {broken}",
            program.name
        );
        return Err(Error::Failure(message));
    }
    println!("  mended  {} seeds, and none breaks it", options.seeds);
    options.draw(program, &smallest.0)
}

/// Searches for the bug, and shrinks the run.
fn find(program: &Program) -> Option<((Setup, Broken), (Setup, Broken))> {
    let breaks = |setup: &Setup| program.run(setup, false).err();
    let (setup, broken) = search(&lab::start(), 0..SEEDS, breaks)?;
    let smallest = shrink(setup.clone(), broken.clone(), breaks);
    Some(((setup, broken), smallest))
}

/// Runs the mended program with so many seeds. Returns the first that breaks it.
fn mended_breaks(program: &Program, seeds: u64) -> Option<(u64, Broken)> {
    let breaks = |setup: &Setup| program.run(setup, true).err();
    search(&lab::start(), 0..seeds, breaks).map(|(setup, broken)| (setup.seed, broken))
}

fn described(setup: &Setup) -> String {
    let Setup {
        seed,
        clients,
        requests,
        loss,
    } = setup;
    let clients = clients.len();
    let s = |count: usize| if count == 1 { "" } else { "s" };
    let (c, r) = (s(clients), s(*requests as usize));
    format!("seed {seed}: {clients} client{c} with {requests} request{r}, {loss} % lost")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Promise (network): Each planted bug is found within a thousand seeds, and shrunk to at most
    /// three clients.
    #[test]
    fn each_bug_is_found_and_shrunk() {
        for program in PROGRAMS {
            let (found, (smallest, _)) = find(program).expect(program.name);
            assert!(
                smallest.clients.len() <= 3,
                "{}: {smallest:?}",
                program.name
            );
            assert!(smallest.requests <= found.0.requests);
            // It breaks each time in the same way.
            let again = program.run(&smallest, false).unwrap_err();
            assert_eq!(again, program.run(&smallest, false).unwrap_err());
        }
    }

    #[test]
    fn no_mended_program_breaks() {
        for program in PROGRAMS {
            assert_eq!(mended_breaks(program, 200), None, "{}", program.name);
        }
    }
}
