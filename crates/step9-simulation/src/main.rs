//! `cargo run -p step9-simulation [-- --seed N] [--clients N]`: the demo of step 9.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use step9_simulation::demo::{Crowd, demo, run_crowd};

const HELP: &str = "\
Runs a client and a server on real sockets and on a simulated network, and then
very many clients.

Usage: cargo run -p step9-simulation [-- [--seed N] [--clients N]]

  --seed N     from which all chance comes (default: 1)
  --clients N  how many clients, 1 to 1000000 (default: 100000)
  --help       print this
";

fn main() -> ExitCode {
    cli::run("step9-simulation", HELP, |mut arguments| {
        let mut crowd = Crowd::default();
        if let Some(seed) = arguments.number("--seed", 0..=u64::MAX)? {
            crowd.seed = seed;
        }
        if let Some(clients) = arguments.number("--clients", 1..=1_000_000)? {
            crowd.clients = clients;
        }
        arguments.end()?;
        demo(false, crowd.seed)?;
        run_crowd(&crowd)?;
        Ok(())
    })
}
