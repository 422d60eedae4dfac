//! `cargo run -p step4-select [-- ADDRESS [REQUEST]...]`: the demo of step 4, or its client with
//! another server.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use step4_select::demo::{ask, demo};

fn main() -> ExitCode {
    cli::run_client("step4-select", demo, ask)
}
