//! `cargo run --release -p step7-epoll`: the demo of step 7. It works without `--release` too, only
//! slower.
#![forbid(unsafe_code)]

use std::process::ExitCode;

const HELP: &str = "\
Runs a program with more sockets than select has room for, on select and on
epoll, and measures what a round trip costs beside idle sockets.

Usage: cargo run --release -p step7-epoll
";

fn main() -> ExitCode {
    cli::run("step7-epoll", HELP, |arguments| {
        arguments.end()?;
        step7_epoll::demo::demo()?;
        Ok(())
    })
}
