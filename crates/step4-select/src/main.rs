//! `cargo run -p step4-select [-- ADDRESS [REQUEST]...]`: the demo of step 4, with a server of its own or elsewhere.
#![forbid(unsafe_code)]

use std::env;
use std::process::ExitCode;

use step4_select::Options;

fn main() -> ExitCode {
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
