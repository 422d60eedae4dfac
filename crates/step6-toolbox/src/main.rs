//! `cargo run -p step6-toolbox [-- --virtual]`: the demo of step 6.
#![forbid(unsafe_code)]

#[path = "../../tools/tour/src/nobody_reads.rs"]
mod nobody_reads;

use std::env;
use std::process::ExitCode;

use step6_toolbox::Options;

fn main() -> ExitCode {
    nobody_reads::end_when_nobody_reads();
    let options = match Options::parse(env::args_os().skip(1)) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("step6-toolbox: {error}");
            return ExitCode::from(2);
        }
    };
    match step6_toolbox::demo::demo(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("step6-toolbox: {error}");
            ExitCode::FAILURE
        }
    }
}
