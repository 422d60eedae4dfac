//! `cargo run -p step3-sleeping-heap [-- --virtual]`: the demo of step 3, on the real or on the virtual clock.
#![forbid(unsafe_code)]

#[path = "../../tools/tour/src/nobody_reads.rs"]
mod nobody_reads;

use std::env;
use std::process::ExitCode;

use step3_sleeping_heap::Options;

fn main() -> ExitCode {
    nobody_reads::end_when_nobody_reads();
    let options = match Options::parse(env::args_os().skip(1)) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("step3-sleeping-heap: {error}");
            return ExitCode::from(2);
        }
    };
    match step3_sleeping_heap::demo::demo(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("step3-sleeping-heap: {error}");
            ExitCode::FAILURE
        }
    }
}
