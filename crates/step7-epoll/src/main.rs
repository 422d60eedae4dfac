//! `cargo run --release -p step7-epoll`: the demo of step 7. It works without `--release` too, only slower.
#![forbid(unsafe_code)]

#[path = "../../tools/tour/src/nobody_reads.rs"]
mod nobody_reads;

use std::env;
use std::process::ExitCode;

use step7_epoll::Options;

fn main() -> ExitCode {
    nobody_reads::end_when_nobody_reads();
    let options = match Options::parse(env::args_os().skip(1)) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("step7-epoll: {error}");
            return ExitCode::from(2);
        }
    };
    match step7_epoll::demo::demo(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("step7-epoll: {error}");
            ExitCode::FAILURE
        }
    }
}
