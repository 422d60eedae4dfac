//! `cargo run -p step4-select [-- ADDRESS [REQUEST]...]`: the demo of step 4, with a server of its own or elsewhere.
#![forbid(unsafe_code)]

#[path = "../../tools/tour/src/nobody_reads.rs"]
mod nobody_reads;

use std::env;
use std::process::ExitCode;

use step4_select::Options;

fn main() -> ExitCode {
    nobody_reads::end_when_nobody_reads();
    let options = match Options::parse(env::args_os().skip(1)) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("step4-select: {error}");
            return ExitCode::from(2);
        }
    };
    match step4_select::demo::demo(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("step4-select: {error}");
            ExitCode::FAILURE
        }
    }
}
