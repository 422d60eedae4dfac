//! `cargo run [-- STEP...]`: the demos of all steps in order, or of those that are named. `--list` lists them.
#![forbid(unsafe_code)]

mod steps;

use std::env;
use std::ffi::OsString;
use std::process::ExitCode;

use steps::{STEPS, Step};

fn main() -> ExitCode {
    match Command::parse(env::args_os().skip(1)) {
        Ok(Command::List) => {
            for step in STEPS {
                println!("{}  {:<20} {}", step.number, step.package, step.adds);
            }
            ExitCode::SUCCESS
        }
        Ok(Command::Run(steps)) => run(&steps),
        Err(message) => {
            eprintln!("tour: {message}");
            ExitCode::from(2)
        }
    }
}

/// Runs demos, each below a heading, up to the first that fails.
fn run(steps: &[&Step]) -> ExitCode {
    for (i, step) in steps.iter().enumerate() {
        if i > 0 {
            println!();
        }
        println!("== Step {}: {}", step.number, step.adds);
        println!("   Read it in crates/{}, run it with `cargo run -p {}`", step.package, step.package);
        println!();
        if let Err(error) = (step.demo)() {
            eprintln!("tour: step {}: {error}", step.number);
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// What the command line asks for.
enum Command {
    List,
    Run(Vec<&'static Step>),
}

impl Command {
    fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Command, String> {
        let (mut chosen, mut list) = (Vec::new(), false);
        for argument in arguments {
            if argument == "--list" {
                list = true;
                continue;
            }
            let step = argument.to_str().and_then(|number| STEPS.iter().find(|step| step.number == number));
            chosen.push(step.ok_or_else(|| {
                let numbers: Vec<_> = STEPS.iter().map(|step| step.number).collect();
                let numbers = numbers.join(", ");
                format!("{argument:?} is no step: give some of {numbers}, or --list to see them, or nothing for all")
            })?);
        }
        if list {
            return Ok(Command::List);
        }
        if chosen.is_empty() {
            chosen.extend(STEPS);
        }
        Ok(Command::Run(chosen))
    }
}
