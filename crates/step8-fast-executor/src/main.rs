//! `cargo run -p step8-fast-executor [-- ADDRESS [REQUEST]...]`: the demo of step 8, or its client
//! with another server.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use step8_fast_executor::demo::{ask, demo};

fn main() -> ExitCode {
    cli::run_client("step8-fast-executor", || demo(false), ask)
}
