//! `cargo run --release -p benches [-- --markdown --svg FILE --python]`: all workloads on all steps, in one table.
#![forbid(unsafe_code)]

use std::env;
use std::io::{self, Write};
use std::process::ExitCode;

use benches::Options;
use benches::measuring::Plan;

fn main() -> ExitCode {
    let options = match Options::parse(env::args_os().skip(1)) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("benches: {error}");
            return ExitCode::from(2);
        }
    };
    if cfg!(debug_assertions) {
        eprintln!(
            "benches: this build is not optimised, so the numbers mean nothing: say `cargo run --release`"
        );
    }
    let printed = benches::report(&options, Plan::default())
        .and_then(|text| io::stdout().write_all(text.as_bytes()));
    match printed {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("benches: {error}");
            ExitCode::FAILURE
        }
    }
}
