//! `cargo run -p step1-interleaver`: the demo of step 1. It takes no arguments.
#![forbid(unsafe_code)]

#[path = "../../tools/tour/src/nobody_reads.rs"]
mod nobody_reads;

use std::env;
use std::process::ExitCode;

fn main() -> ExitCode {
    nobody_reads::end_when_nobody_reads();
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
