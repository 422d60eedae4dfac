//! `cargo run -p step1-interleaver`: the demo of step 1. It takes no arguments.
#![forbid(unsafe_code)]

use std::env;
use std::process::ExitCode;

fn main() -> ExitCode {
    if let Some(argument) = env::args_os().nth(1) {
        eprintln!("step1-interleaver: it takes no arguments, so leave out {argument:?}");
        return ExitCode::from(2);
    }
    match step1_interleaver::demo::demo() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("step1-interleaver: {error}");
            ExitCode::FAILURE
        }
    }
}
