//! `cargo run -p step5-executor [-- ADDRESS [REQUEST]...]`: the demo of step 5, or its client with
//! another server.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use step5_executor::demo::{ask, demo};

fn main() -> ExitCode {
    cli::run_client("step5-executor", || demo(false), ask)
}
