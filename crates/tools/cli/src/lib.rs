//! Options, usage, exit codes and broken pipes, once for all programs that take arguments.
//!
//! A program hands [`run`] its help and its main function. That function takes one option after the
//! other out of the [`Arguments`], and calls [`end`](Arguments::end) when there should be no more:
//!
//! ```no_run
//! use std::process::ExitCode;
//!
//! const HELP: &str = "\
//! Usage: letters [--shout] [--count N]
//!
//!   --shout    in capitals
//!   --count N  how many, 1 to 26 (default: 3)
//!   --help     print this
//! ";
//!
//! fn main() -> ExitCode {
//!     cli::run("letters", HELP, |mut arguments| {
//!         let shout = arguments.flag("--shout")?;
//!         let count = arguments.number("--count", 1..=26)?.unwrap_or(3);
//!         arguments.end()?;
//!
//!         let letters = if shout { 'A'..='Z' } else { 'a'..='z' };
//!         letters.take(count).for_each(|letter| println!("{letter}"));
//!         Ok(())
//!     })
//! }
//! ```
//!
//! - An option that takes a value is written `--count 5` or `--count=5`. If it is given twice, the
//!   last one counts.
//! - Everything after `--` is an operand, even if it begins with a dash.
//! - A mistake in the arguments prints one line, which names the mistake and says what to do, and
//!   has exit code 2. A failure prints one line, and has exit code 1.
//! - Programs print with `println!`. When the reader is gone, as with `| head`, the program ends
//!   with success; when the disk is full, it fails with exit code 1. Neither is a panic.
//!
//! | file | what is in it |
//! |---|---|
//! | `arguments.rs` | the parser |
//! | `error.rs` | errors, with the exit code of each |
//! | `program.rs` | exit codes, pipes, the terminal's colours and width |
//! | `client.rs` | `ADDRESS [REQUEST]...`, the arguments of the demos that ask a server |
#![forbid(unsafe_code)]

mod arguments;
mod client;
mod error;
mod program;

pub use arguments::{Arguments, address, nearest, seconds, text};
pub use client::{run_client, server_and_requests};
pub use error::Error;
pub use program::{columns, exit_on_broken_pipe, has_color, run};
