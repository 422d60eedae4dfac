//! `cargo run -p step8-fast-executor [-- ADDRESS [REQUEST]...]`: the demo of step 5, with its own server or one elsewhere.
//!
//! `-- --virtual` runs only the sleeping examples, on the virtual clock.
#![forbid(unsafe_code)]

#[path = "../../tools/tour/src/nobody_reads.rs"]
mod nobody_reads;

use std::env;
use std::process::ExitCode;

use step8_fast_executor::Options;

fn main() -> ExitCode {
    nobody_reads::end_when_nobody_reads();
    let options = match Options::parse(env::args_os().skip(1)) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("step8-fast-executor: {error}");
            return ExitCode::from(2);
        }
    };
    match step8_fast_executor::demo::demo(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("step8-fast-executor: {error}");
            ExitCode::FAILURE
        }
    }
}
